"""Lock boards "in Winnsen style" (docs/devices/lock-boards.md): no checksum, one lock at a time.

`90 LEN CMD ... 03`. For want of a checksum every byte that can be checked is.
"""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.assembler import Verdict
from firmware_bridge.lock_board.fixed_frames import judge
from firmware_bridge.lock_board.messages import (
    AskOne,
    OneBit,
    Question,
    Reply,
    Request,
    Unlock,
    Unlocked,
    UnlockRefused,
    unspoken,
)

HEAD: Final = 0x90
TAIL: Final = 0x03
UNLOCK: Final = 0x05
ASK: Final = 0x12
UNLOCKED: Final = 0x85
STATUS: Final = 0x92
FAILED: Final = 0x00
DONE: Final = 0x01
COOLING: Final = 0x02
STATIONS: Final = range(1, 5)
LOCKS: Final = range(1, 17)
LENGTHS: Final = {UNLOCK: 6, ASK: 6, UNLOCKED: 7, STATUS: 7}


def _sound(frame: bytes) -> bool:
    length, command, station, first, second = frame[1:6]
    if command == STATUS:  # the state, then the lock
        lock, fits = second, first in (0, 1)
    elif command == UNLOCKED:  # the lock, then the result
        lock, fits = first, second in (FAILED, DONE, COOLING)
    else:
        lock, fits = first, True
    placed = station in STATIONS and lock in LOCKS
    return placed and fits and length == len(frame) and frame[-1] == TAIL


@dataclass(frozen=True, slots=True)
class Winnsen:
    """Implements Codec; `channels` do not matter, for each frame is about one lock."""

    channels: int

    def look(self, pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG002 - lengths are fixed
        """Judge the frame that starts at the first pending byte."""
        return judge(pending, HEAD, LENGTHS, _sound)

    def encode(self, request: Request) -> bytes:
        """The frame of a request."""
        match request:
            case Unlock(board, channel):
                command = UNLOCK
            case AskOne(board, channel):
                command = ASK
            case _:
                raise unspoken("Winnsen", request)
        return bytes([HEAD, LENGTHS[command], command, board, channel, TAIL])

    def decode(self, frame: bytes) -> Reply:
        """The meaning of a frame that `look` let pass."""
        command, board, first, second = frame[2:6]
        if command == STATUS:
            return OneBit(board, channel=second, bit=first == 1)
        if command != UNLOCKED:
            return Question(board)
        if second == DONE:
            return Unlocked(board, first)
        return UnlockRefused(board, first, cooling=second == COOLING)
