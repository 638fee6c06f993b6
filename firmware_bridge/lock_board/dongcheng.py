"""The parcel-locker board of Hangzhou Dongcheng (docs/devices/lock-boards.md).

`02 LEN BOARD SEQ CMD DLEN [DATA] BCC 03`. A reply has a result where the command was and names
neither the command nor the cell: only its sequence number tells which question it answers.
"""

from typing import Final

from firmware_bridge.assembler import Fault, More, Verdict, Whole
from firmware_bridge.checksum import bcc
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    Question,
    Reply,
    Request,
    Unlock,
    Unlocked,
    UnlockRefused,
    bits_of,
    unspoken,
)

HEAD: Final = 0x02
TAIL: Final = 0x03
SHORTEST: Final = 8
LONGEST: Final = 100
UNLOCK: Final = ord("O")
STATUS: Final = ord("D")
EVERYTHING: Final = 0x0F
"""The mask of a status question: articles, doors, tamper, shock."""
BEHIND_BITMAPS: Final = 4
"""Bytes of a status answer behind its two bitmaps."""
OK: Final = 0


def closed(board: int, sequence: int, command: int, data: bytes) -> bytes:
    """A whole frame."""
    body = bytes([HEAD, SHORTEST + len(data), board, sequence, command, len(data)]) + data
    return body + bytes([bcc(body), TAIL])


class Dongcheng:
    """Implements Codec. It remembers the last question, and takes an answer to no other."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._sequence = -1
        self._sent = b""
        self._asked: Unlock | AskAll | None = None

    def look(self, pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG002 - frames say their length
        """Judge the frame that starts at the first pending byte."""
        if pending[0] != HEAD:
            return Fault.NOISE
        length = pending[1] if len(pending) > 1 else SHORTEST
        if not SHORTEST <= length <= LONGEST:
            return Fault.DAMAGED
        if len(pending) < length:
            return More()
        body, tail = pending[: length - 1], pending[length - 1]
        sound = tail == TAIL and bcc(body) == 0 and body[5] == length - SHORTEST
        return Whole(length) if sound else Fault.DAMAGED

    def encode(self, request: Request) -> bytes:
        """The frame of a request, under the next sequence number."""
        match request:
            case Unlock(board, channel):
                command, data = UNLOCK, bytes([channel])
            case AskAll(board):
                command, data = STATUS, bytes([EVERYTHING])
            case _:
                raise unspoken("Dongcheng", request)
        self._sequence = (self._sequence + 1) % 256
        self._sent = closed(board, self._sequence, command, data)
        self._asked = request
        return self._sent

    def decode(self, frame: bytes) -> Reply | None:
        """The meaning of a frame that `look` let pass; None for answers to earlier questions."""
        board, sequence, result, data = frame[2], frame[3], frame[4], frame[6:-2]
        if frame == self._sent:
            return Question(board)
        asked = self._asked
        if asked is None or (board, sequence) != (asked.board, self._sequence):
            return None
        if isinstance(asked, AskAll):
            return self._all_bits(board, data) if result == OK else None
        if result == OK:
            return Unlocked(board, asked.channel)
        return UnlockRefused(board, asked.channel, cooling=False)

    def _all_bits(self, board: int, data: bytes) -> AllBits | None:
        width, odd = divmod(len(data) - BEHIND_BITMAPS, 2)
        if odd or width < 1:
            return None
        count = min(self._channels, 8 * width)
        articles, doors = data[:width], data[width : 2 * width]
        return AllBits(board, bits_of(doors, count), bits_of(articles, count))
