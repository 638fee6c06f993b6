"""The KERONG KR-CU16 lock board, also KU16 and DS16 (docs/devices/lock-boards.md).

`02 ADDR CMD [DATA] 03 SUM`: the board in the high half of ADDR, the lock (from 0) in the low half.
"""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.assembler import Verdict
from firmware_bridge.checksum import low_sum
from firmware_bridge.lock_board.fixed_frames import judge
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    Question,
    Reply,
    Request,
    Unlock,
    bits_of,
    unspoken,
)

HEAD: Final = 0x02
TAIL: Final = 0x03
ASK: Final = 0x30
UNLOCK: Final = 0x31
STATUS: Final = 0x35
LENGTHS: Final = {ASK: 5, UNLOCK: 5, STATUS: 9}
"""Of the frames that we send, or that are sent to us."""


def closed(body: bytes) -> bytes:
    """A frame: the body, its tail and its check byte."""
    tailed = body + bytes([TAIL])
    return tailed + bytes([low_sum(tailed)])


def _sound(frame: bytes) -> bool:
    return frame == closed(frame[:-2])


@dataclass(frozen=True, slots=True)
class Cu16:
    """Implements Codec.

    No word of the board is about an unlock. Whoever takes the status behind an unlock for "taken"
    knows this much: the board was alive right behind it. The unlock itself may have been lost, and
    then no door opens, which the station sees, and asks the person.
    """

    channels: int

    def look(self, pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG002 - lengths are fixed
        """Judge the frame that starts at the first pending byte."""
        return judge(pending, HEAD, LENGTHS, _sound)

    def encode(self, request: Request) -> bytes:
        """The frame of a request."""
        match request:
            case Unlock(board, channel):
                return closed(bytes([HEAD, board << 4 | channel - 1, UNLOCK]))
            case AskAll(board):
                return closed(bytes([HEAD, board << 4, ASK]))
        raise unspoken("CU16", request)

    def decode(self, frame: bytes) -> Reply:
        """The meaning of a frame that `look` let pass."""
        board = frame[1] >> 4
        if frame[2] != STATUS:
            # No sheet knows an answer to an unlock. What comes back with its bytes may be an
            # echo, so the status that is asked behind each unlock is the board's word.
            return Question(board)
        locks, articles = frame[3:5], frame[5:7]
        return AllBits(board, bits_of(locks, self.channels), bits_of(articles, self.channels))
