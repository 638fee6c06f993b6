"""What a scanner types that says it is a keyboard: Linux input events, as characters.

Events are struct input_event of the machine's own kernel: a time of two longs, then type, code
and value. Keys are read by their place on a US keyboard, whatever layout the machine is set to;
scanners are delivered that way. Lock keys are ignored: a code means what was typed with shift.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import Final

from firmware_bridge.scanner.codes import BadCode, Code
from firmware_bridge.scanner.line import HALF_S, CodeAssembler

EVENT: Final = struct.Struct("@llHHi")
"""24 bytes on a 64-bit kernel, 16 on a 32-bit one."""
EVENT_32: Final = struct.Struct("<iiHHi")
EVENT_64: Final = struct.Struct("<qqHHi")
_SYN, _KEY = 0, 1
_SYN_DROPPED: Final = 3
_RELEASED, _PRESSED = 0, 1
_SHIFTS: Final = frozenset({42, 54})
_CHORDS: Final = frozenset({29, 97, 56, 100, 125, 126})
"""Control, alt and meta: what is typed with them is a command, not a character."""
_LOCKS: Final = frozenset({58, 69, 70})
_ENTERS: Final = frozenset({28, 96})
_TAB: Final = 15
UNREADABLE: Final = b"\x00"
"""Stands for a key that types no character, or for keys that were lost: spoils its code."""


def _row(first: int, plain: str, shifted: str) -> dict[int, tuple[int, int]]:
    pairs = zip(plain.encode(), shifted.encode(), strict=True)
    return {first + n: pair for n, pair in enumerate(pairs)}


_KEYS: Final[Mapping[int, tuple[int, int]]] = {
    **_row(2, "1234567890-=", "!@#$%^&*()_+"),
    **_row(16, "qwertyuiop[]", "QWERTYUIOP{}"),
    **_row(30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    **_row(43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    **_row(55, "*", "*"),
    **_row(57, " ", " "),
    **_row(71, "789-456+1230.", "789-456+1230."),
    **_row(86, "\\", "|"),
    **_row(98, "/", "/"),
    **_row(117, "=", "="),
}
"""Key code: what it types, and with shift. Codes of linux/input-event-codes.h."""


class KeyReader:
    """Events in, typed characters out; Enter is CR and Tab is TAB."""

    def __init__(self, layout: struct.Struct = EVENT) -> None:
        self._layout = layout
        self._pending = b""
        self._held: set[int] = set()

    def feed(self, chunk: bytes) -> bytes:
        """What was typed in these events."""
        data = self._pending + chunk
        whole = len(data) - len(data) % self._layout.size
        self._pending = data[whole:]
        return b"".join(
            self._event(kind, code, value)
            for _, _, kind, code, value in self._layout.iter_unpack(data[:whole])
        )

    def realign(self) -> None:
        """Forget the first part of an event: a kernel never splits one, so the rest never comes."""
        self._pending = b""

    def _event(self, kind: int, code: int, value: int) -> bytes:
        if kind == _SYN and code == _SYN_DROPPED:  # the kernel's queue was full
            self._held.clear()
            return UNREADABLE
        if kind != _KEY:
            return b""
        if code in _SHIFTS or code in _CHORDS:
            (self._held.discard if value == _RELEASED else self._held.add)(code)
            return b""
        if value != _PRESSED or code in _LOCKS:  # 2 is a key that is held down
            return b""
        return self._typed(code)

    def _typed(self, code: int) -> bytes:
        if code in _ENTERS:
            return b"\r"
        if code == _TAB:
            return b"\t"
        if code not in _KEYS or self._held & _CHORDS:
            return UNREADABLE
        plain, shifted = _KEYS[code]
        return bytes([shifted if self._held & _SHIFTS else plain])


class KeyAssembler:
    """Cuts the events of a scanner into codes. Times are seconds of the caller's clock."""

    def __init__(self, *, silence_ends: bool = False, layout: struct.Struct = EVENT) -> None:
        self._keys = KeyReader(layout)
        self._codes = CodeAssembler(silence_ends=silence_ends)
        self._heard_s = 0.0

    @property
    def begun(self) -> bool:
        """Whether a code has begun and not ended."""
        return self._codes.begun

    @property
    def lacks_suffix(self) -> bool:
        """As CodeAssembler says it."""
        return self._codes.lacks_suffix

    def feed(self, chunk: bytes, now_s: float) -> Iterator[Code | BadCode]:
        """Take bytes in; yields what ended. Iterate to the end before the next call."""
        if now_s - self._heard_s >= HALF_S:
            self._keys.realign()
        self._heard_s = now_s
        typed = self._keys.feed(chunk)
        yield from self._codes.feed(typed, now_s) if typed else self._codes.quiet(now_s)

    def quiet(self, now_s: float) -> Iterator[Code | BadCode]:
        """Time passed without an event."""
        yield from self._codes.quiet(now_s)
