"""Bytes come in as the wire cuts them; whole frames and errors go out.

How the wire cut the bytes never matters, memory is bounded, and noise hides no later frame: a
candidate that turns out to be none costs one byte, then the search goes on behind that byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Fault(StrEnum):
    """Why a byte was dropped: it starts no frame, its frame is damaged, or silence cut it off."""

    NOISE = "noise"
    DAMAGED = "damaged"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True)
class FrameError:
    """One byte that belongs to no frame. An error is a value in the stream, not its end."""

    fault: Fault
    byte: int


@dataclass(frozen=True, slots=True)
class Whole:
    """The pending bytes start with a whole frame of this length."""

    length: int


@dataclass(frozen=True, slots=True)
class More:
    """The pending bytes may still become a frame."""


Verdict = Whole | More | Fault


class Look(Protocol):
    """The law of one kind of frame.

    It must answer something else than More once `pending` is as long as its longest frame, and
    the same answer whatever follows. `final` says that silence fell: a frame that was complete
    but might have been longer is then taken as it is.
    """

    def __call__(self, pending: bytes, *, final: bool) -> Verdict:
        """Judge the frame that starts at the first pending byte."""


class Assembler:
    """Cuts a stream of bytes into frames by the law of `look`."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._pending = bytearray()

    @property
    def pending(self) -> int:
        """How many bytes wait for more; never more than the longest frame less one."""
        return len(self._pending)

    def feed(self, chunk: bytes) -> Iterator[bytes | FrameError]:
        """Take bytes in; yields what became clear. Iterate to the end before the next call."""
        for byte in chunk:
            self._pending.append(byte)
            yield from self._settle(final=False)

    def quiet(self) -> Iterator[bytes | FrameError]:
        """Silence fell, nothing pending will be completed: yields what is left, keeps nothing."""
        while self._pending:
            yield from self._settle(final=True)
            if self._pending:
                yield FrameError(Fault.CUT_SHORT, self._pending.pop(0))

    def _settle(self, *, final: bool) -> Iterator[bytes | FrameError]:
        while self._pending:
            verdict = self._look(bytes(self._pending), final=final)
            match verdict:
                case More():
                    return
                case Whole(length):
                    frame = bytes(self._pending[:length])
                    del self._pending[:length]
                    yield frame
                case _:
                    yield FrameError(verdict, self._pending.pop(0))
