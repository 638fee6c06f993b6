"""Lock boards whose frames start with 57 4B 4C 59, "WKLY" (docs/devices/lock-boards.md).

`57 4B 4C 59 LEN BOARD CMD [DATA] BCC`: LEN counts the whole frame, BCC all bytes before it.
"""

from dataclasses import dataclass
from typing import Final

from firmware_bridge.assembler import Fault, More, Verdict, Whole
from firmware_bridge.checksum import bcc
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    Moved,
    OneBit,
    Question,
    Reply,
    Request,
    Unlock,
    Unlocked,
    UnlockRefused,
)

HEAD: Final = b"WKLY"
UNLOCK: Final = 0x82
ASK_ONE: Final = 0x83
ASK_ALL: Final = 0x84
MOVED: Final = 0x85
OK: Final = 0x00
SET: Final = 0x01
LEN_AT: Final = 4
SHORTEST: Final = 8
"""Head, LEN, BOARD, CMD, BCC."""
QUESTION_LENGTHS: Final = {UNLOCK: 9, ASK_ONE: 9, ASK_ALL: 8}
ONE_LENGTH: Final = 11
MOVED_LENGTH: Final = 10
AROUND_STATES: Final = 10
"""The answer about all locks is so much longer than the states in it, of which it has one or more.

Whatever is shorter may have neither a result nor a count.
"""


def closed(board: int, command: int, data: bytes = b"") -> bytes:
    """A whole frame."""
    body = HEAD + bytes([SHORTEST + len(data), board, command]) + data
    return body + bytes([bcc(body)])


@dataclass(frozen=True, slots=True)
class Wkly:
    """Implements Codec."""

    channels: int

    def look(self, pending: bytes, *, final: bool) -> Verdict:  # noqa: ARG002 - frames say their length
        """Judge the frame that starts at the first pending byte."""
        if pending[: len(HEAD)] != HEAD[: len(pending)]:
            return Fault.NOISE
        if len(pending) <= LEN_AT:
            return More()
        length = pending[LEN_AT]
        if length < SHORTEST:
            return Fault.DAMAGED
        if len(pending) < length:
            return More()
        return Whole(length) if bcc(pending[:length]) == 0 else Fault.DAMAGED

    def encode(self, request: Request) -> bytes:
        """The frame of a request."""
        if isinstance(request, AskAll):
            return closed(request.board, ASK_ALL)
        command = UNLOCK if isinstance(request, Unlock) else ASK_ONE
        return closed(request.board, command, bytes([request.channel]))

    def decode(self, frame: bytes) -> Reply | None:
        """The meaning of a frame that `look` let pass; None for answers to what we never ask."""
        board, command, data = frame[5], frame[6], frame[7:-1]
        if len(frame) == QUESTION_LENGTHS.get(command):
            return Question(board)
        if command == MOVED and len(frame) == MOVED_LENGTH:
            return Moved(board, data[0], bit=data[1] == SET)
        if command == ASK_ALL and len(frame) > AROUND_STATES:
            return self._about_all(board, data)
        return self._about_one(board, command, data) if len(frame) == ONE_LENGTH else None

    def _about_all(self, board: int, data: bytes) -> AllBits | None:
        result, count, states = data[0], data[1], data[2:]
        if result != OK or count != len(states):
            return None
        return AllBits(board, tuple(state == SET for state in states[: self.channels]))

    def _about_one(self, board: int, command: int, data: bytes) -> Reply | None:
        result, channel, state = data
        if command == UNLOCK:
            if result == OK:
                return Unlocked(board, channel)
            return UnlockRefused(board, channel, cooling=False)
        if command == ASK_ONE and result == OK:
            return OneBit(board, channel, bit=state == SET)
        return None
