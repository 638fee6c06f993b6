"""What is said to lock boards and what they say, whatever the dialect.

Boards and channels are numbers as on the board's switches and sheet; channels count from 1.
"""

from dataclasses import dataclass
from typing import Protocol

from firmware_bridge.assembler import Verdict


@dataclass(frozen=True, slots=True)
class Unlock:
    """Pulse one lock once, for as long as the board does by itself."""

    board: int
    channel: int


@dataclass(frozen=True, slots=True)
class AskAll:
    """Ask for the feedback of all locks."""

    board: int


@dataclass(frozen=True, slots=True)
class AskOne:
    """Ask for the feedback of one lock."""

    board: int
    channel: int


StatusQuestion = AskAll | AskOne
Request = Unlock | StatusQuestion


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The board took an unlock. `maybe_echo`: our own frame, given back, has the same bytes."""

    board: int
    channel: int
    maybe_echo: bool = False


@dataclass(frozen=True, slots=True)
class UnlockRefused:
    """The board says that it did not pulse; `cooling`: because that coil must rest first."""

    board: int
    channel: int
    cooling: bool


@dataclass(frozen=True, slots=True)
class AllBits:
    """The feedback of all locks, channel 1 first; `articles`: what lies inside, where it tells."""

    board: int
    bits: tuple[bool, ...]
    articles: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class OneBit:
    """The feedback of one lock."""

    board: int
    channel: int
    bit: bool


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


StatusReply = AllBits | OneBit
Reply = Unlocked | UnlockRefused | StatusReply | Moved | Question


class Codec(Protocol):
    """One board's dialect: the law of its frames and what they mean. It may remember."""

    def look(self, pending: bytes, *, final: bool) -> Verdict:
        """The law of frames, for the assembler."""

    def encode(self, request: Request) -> bytes:
        """The frame of a request. Raises ValueError where the dialect has no such request."""

    def decode(self, frame: bytes) -> Reply | None:
        """The meaning of a frame that `look` let pass; None when it says nothing to us."""


def unspoken(dialect: str, request: Request) -> ValueError:
    """The mistake of asking a board what its dialect has no words for."""
    return ValueError(f"{dialect} boards know no {type(request).__name__}")


def bits_of(data: bytes, count: int) -> tuple[bool, ...]:
    """The lowest `count` bits, the lowest bit of the first byte first."""
    word = int.from_bytes(data, "little")
    return tuple(bool(word >> n & 1) for n in range(count))


def is_shut(*, bit: bool, closed_bit: int) -> bool:
    """Whether feedback `bit` means a shut door. Vendors differ, so `closed_bit` is a setting."""
    return bit == bool(closed_bit)
