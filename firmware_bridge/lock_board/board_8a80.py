"""The 8A/80 lock board (docs/devices/lock-boards.md): commonest and cheapest, many makers.

Every frame starts with one of three heads and ends with the exclusive or of all earlier bytes.
"""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.assembler import Fault, More, Verdict, Whole
from firmware_bridge.checksum import bcc
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    Moved,
    Question,
    Reply,
    Request,
    Unlock,
    Unlocked,
    bits_of,
    unspoken,
)

UNLOCK: Final = 0x8A
STATUS: Final = 0x80
MOVED: Final = 0x82
HEADS: Final = (UNLOCK, STATUS, MOVED)
ALL_LOCKS: Final = 0x00
QUERY_MARK: Final = 0x33
SET: Final = 0x11
CLEAR: Final = 0x00
SHORT_LENGTH: Final = 5
"""Every frame but the answer about all locks."""


def closed(body: bytes) -> bytes:
    """A frame: the body and its check byte."""
    return body + bytes([bcc(body)])


def status_length(channels: int) -> int:
    """Length of the answer about all locks: head, board, bits, mark, check byte.

    Boards up to 24 locks send 24 bits, an 8-channel board too; the 50-channel board sends 56.
    """
    return 7 if channels <= 24 else 11  # noqa: PLR2004 - the vendor's two lengths


@dataclass(frozen=True, slots=True)
class Board8A80:
    """Implements Codec; `channels` of the board fix the length of its long answer."""

    channels: int

    def look(self, pending: bytes, *, final: bool) -> Verdict:
        """Judge the frame that starts at the first pending byte."""
        head = pending[0]
        if head not in HEADS:
            return Fault.NOISE
        if head == STATUS:
            return self._status(pending, final=final)
        if len(pending) < SHORT_LENGTH:
            return More()
        frame = pending[:SHORT_LENGTH]
        sound = frame[3] in (SET, CLEAR) and frame == closed(frame[:-1])
        return Whole(SHORT_LENGTH) if sound else Fault.DAMAGED

    def _status(self, pending: bytes, *, final: bool) -> Verdict:
        # The first five bytes of a long answer may look like the echo of our own question, so
        # the echo is taken only once the long answer is ruled out: by its bytes or by silence.
        length = status_length(self.channels)
        if len(pending) < length and not final:
            return More()
        frame = pending[:length]
        if len(frame) == length and frame[-2] == QUERY_MARK and frame == closed(frame[:-1]):
            return Whole(length)
        echo = pending[:SHORT_LENGTH]
        if echo[2:4] == bytes([ALL_LOCKS, QUERY_MARK]) and echo == closed(echo[:-1]):
            return Whole(SHORT_LENGTH)
        return Fault.DAMAGED if len(pending) >= length else More()

    def encode(self, request: Request) -> bytes:
        """The frame of a request."""
        match request:
            case Unlock(board, channel):
                return closed(bytes([UNLOCK, board, channel, SET]))
            case AskAll(board):
                return closed(bytes([STATUS, board, ALL_LOCKS, QUERY_MARK]))
        raise unspoken("8A/80", request)

    def decode(self, frame: bytes) -> Reply:
        """The meaning of a frame that `look` let pass."""
        head, board, channel, mark = frame[:4]
        if head == STATUS and len(frame) > SHORT_LENGTH:
            return AllBits(board, bits_of(frame[2:-2], self.channels))
        if head == UNLOCK:  # one of the board's two answers has the very bytes of the request
            return Unlocked(board, channel, maybe_echo=mark == SET)
        if head == MOVED:
            return Moved(board, channel, bit=mark == SET)
        return Question(board)
