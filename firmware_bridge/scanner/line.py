"""What a barcode scanner types: codes, each ended by CR, LF, CR LF or TAB.

A scanner without such a suffix cannot be told from one that lost half a code: both fall silent in
the middle. So silence ends a code only where the settings say that this scanner has no suffix;
anywhere else the code is dropped (F046), and after two in a row it is said what to set (F047).
"""

from collections.abc import Iterator
from typing import Final

from firmware_bridge.scanner.codes import MAX_BYTES, PRINTABLE, BadCode, Blemish, Code

ENDS: Final = frozenset(b"\r\n\t")
HALF_S: Final = 0.3
"""A scanner sends a code in one go: after so much silence the rest will not come (F046)."""
UNENDED_ENOUGH: Final = 2
"""One code without an end may be half a code. Two in a row without any suffix before are not."""


class CodeAssembler:
    """Cuts what a scanner types into codes. Times are seconds of the caller's clock.

    `silence_ends`: this scanner is set to send no suffix, so silence ends a code. A suffix ends
    it all the same.
    """

    def __init__(self, *, silence_ends: bool = False) -> None:
        self._silence_ends = silence_ends
        self._pending = bytearray()
        self._blemish: Blemish | None = None
        self._heard_s = 0.0
        self._unended = 0

    @property
    def begun(self) -> bool:
        """Whether a code has begun and not ended."""
        return bool(self._pending)

    @property
    def lacks_suffix(self) -> bool:
        """Whether the scanner seems to be set to no suffix, and nobody has told us so."""
        return self._unended >= UNENDED_ENOUGH

    def feed(self, chunk: bytes, now_s: float) -> Iterator[Code | BadCode]:
        """Take bytes in; yields what ended. Iterate to the end before the next call."""
        yield from self.quiet(now_s)
        self._heard_s = now_s
        for byte in chunk:
            if byte in ENDS:
                yield from self._suffix()
            else:
                self._take(byte)

    def quiet(self, now_s: float) -> Iterator[Code | BadCode]:
        """Time passed: a code ends after HALF_S without a byte, as a half one or as a whole."""
        if self.begun and now_s - self._heard_s >= HALF_S:
            if self._silence_ends:
                yield from self._end()
                return
            if self._blemish is None:  # noise says nothing about the suffix
                self._unended += 1
            yield BadCode(self._blemish or Blemish.HALF)
            self._forget()

    def _take(self, byte: int) -> None:
        if self._blemish is not None:
            return
        self._pending.append(byte)
        if byte not in PRINTABLE:
            self._blemish = Blemish.BINARY
        elif len(self._pending) > MAX_BYTES:
            self._blemish = Blemish.OVERSIZED

    def _suffix(self) -> Iterator[Code | BadCode]:
        self._unended = 0
        if self._pending:
            yield from self._end()

    def _end(self) -> Iterator[Code | BadCode]:
        if self._blemish is not None:
            yield BadCode(self._blemish)
        else:
            yield Code(self._pending.decode("ascii"))
        self._forget()

    def _forget(self) -> None:
        self._pending.clear()
        self._blemish = None
