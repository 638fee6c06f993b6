"""What a barcode scanner types: codes, each ended by CR, LF, CR LF or TAB.

A code is printable ASCII. Waybill numbers and our own tokens are no more than that, so other
bytes (UTF-8 of a wrong barcode, control characters) make a code unreadable: it is counted and
skipped up to its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ENDS: Final = frozenset(b"\r\n\t")
MAX_BYTES: Final = 128
"""The longest code that any carrier or we print has 30 characters; QR links stay below this."""
HALF_S: Final = 0.3
"""A scanner sends a code in one go: after so much silence the rest will not come (F046)."""
_PRINTABLE: Final = range(0x20, 0x7F)


class Blemish(StrEnum):
    """Why a code was skipped."""

    BINARY = "binary"
    OVERSIZED = "oversized"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Code:
    """A whole code without its end."""

    text: str


@dataclass(frozen=True, slots=True)
class BadCode:
    """A code that cannot be used; its bytes are not kept."""

    blemish: Blemish


class CodeAssembler:
    """Cuts what a scanner types into codes. Times are seconds of the caller's clock."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._blemish: Blemish | None = None
        self._heard_s = 0.0

    @property
    def begun(self) -> bool:
        """Whether a code has begun and not ended."""
        return bool(self._pending) or self._blemish is not None

    def feed(self, chunk: bytes, now_s: float) -> Iterator[Code | BadCode]:
        """Take bytes in; yields what ended. Iterate to the end before the next call."""
        yield from self.quiet(now_s)
        self._heard_s = now_s
        for byte in chunk:
            if byte in ENDS:
                yield from self._end()
            else:
                self._take(byte)

    def quiet(self, now_s: float) -> Iterator[BadCode]:
        """Time passed: a half code is dropped after HALF_S without a byte."""
        if self.begun and now_s - self._heard_s >= HALF_S:
            yield BadCode(self._blemish or Blemish.HALF)
            self._forget()

    def _take(self, byte: int) -> None:
        if self._blemish is not None:
            return
        self._pending.append(byte)
        if byte not in _PRINTABLE:
            self._blemish = Blemish.BINARY
        elif len(self._pending) > MAX_BYTES:
            self._blemish = Blemish.OVERSIZED

    def _end(self) -> Iterator[Code | BadCode]:
        if self._blemish is not None:
            yield BadCode(self._blemish)
        elif self._pending:
            yield Code(self._pending.decode("ascii"))
        self._forget()

    def _forget(self) -> None:
        self._pending.clear()
        self._blemish = None
