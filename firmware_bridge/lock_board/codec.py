"""What the frames of an 8A/80 lock board mean (docs/devices/lock-boards.md)."""

from dataclasses import dataclass

from firmware_bridge.lock_board.frames import (
    ALL_LOCKS,
    FIRMWARE_MARK,
    MOVED,
    QUERY_MARK,
    SET,
    SHORT_LENGTH,
    STATUS,
    UNLOCK,
    closed,
)


@dataclass(frozen=True, slots=True)
class Unlock:
    """Pulse one lock once, for as long as the board does by itself (about 300 ms)."""

    board: int
    channel: int


@dataclass(frozen=True, slots=True)
class AskAll:
    """Ask for the feedback of all locks."""

    board: int


@dataclass(frozen=True, slots=True)
class AskFirmware:
    """Ask for the firmware. The form of the answer is in no source that could be read."""

    board: int


Request = Unlock | AskAll | AskFirmware


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The board took an unlock; `bit` is the lock's feedback at that moment."""

    board: int
    channel: int
    bit: bool


@dataclass(frozen=True, slots=True)
class AllBits:
    """The feedback of all locks, channel 1 first."""

    board: int
    bits: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A lock's feedback changed and the board says so unasked."""

    board: int
    channel: int
    bit: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question, not an answer: our own, echoed by a half-duplex adapter."""

    board: int


Reply = Unlocked | AllBits | Moved | Question


def encode(request: Request) -> bytes:
    """The frame of a request."""
    match request:
        case Unlock(board, channel):
            return closed(bytes([UNLOCK, board, channel, SET]))
        case AskAll(board):
            return closed(bytes([STATUS, board, ALL_LOCKS, QUERY_MARK]))
    return closed(bytes([MOVED, request.board, ALL_LOCKS, FIRMWARE_MARK]))


def decode(frame: bytes, channels: int) -> Reply:
    """The meaning of a frame that `Shape(channels)` let pass."""
    head, board, channel, mark = frame[:4]
    if head == STATUS and len(frame) > SHORT_LENGTH:
        word = int.from_bytes(frame[2:-2], "little")
        return AllBits(board, tuple(bool(word >> n & 1) for n in range(channels)))
    if head == UNLOCK:
        return Unlocked(board, channel, bit=mark == SET)
    if head == MOVED and mark != FIRMWARE_MARK:
        return Moved(board, channel, bit=mark == SET)
    return Question(board)


def is_shut(*, bit: bool, closed_bit: int) -> bool:
    """Whether feedback `bit` means a shut door. Vendors differ, so `closed_bit` is a setting."""
    return bit == bool(closed_bit)
