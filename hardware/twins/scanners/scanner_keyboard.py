"""A scanner that says it is a keyboard: key strokes as a Linux event device reports them.

Behind its path is a FIFO in place of the event device, so there is nothing to grab, and keys that
were struck before anybody read are read later; a real device forgets them.
"""

import os
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError
from hardware.twins.faults import Fault, Faults

_EVENT: Final = struct.Struct("@llHHi")
_SYN, _KEY, _MISC = 0, 1, 4
_SCAN: Final = 4
_LEFT_SHIFT, _ENTER, _F13 = 42, 28, 183
_UP, _DOWN = 0, 1
_FIRST_KEY_OF_ROW: Final = {
    "1234567890-=": 2,
    "qwertyuiop[]": 16,
    "asdfghjkl;'`": 30,
    "\\zxcvbnm,./": 43,
    " ": 57,
}
_SHIFTED: Final = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./", strict=True))
_EVENTS_AT_ONCE: Final = 64
"""What the kernel keeps for a reader; also well below the bytes that a FIFO takes whole."""


class FifoCable:
    """A FIFO at a path, with a plug that can be pulled. Whoever reads then reads its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: int | None = None

    @property
    def plugged(self) -> bool:
        """Whether the FIFO is there."""
        with self._lock:
            return self._file is not None

    def start(self) -> None:
        """Plug in. Raises ConfigError where no FIFO can be made."""
        if self._path.exists() and not self._path.is_fifo():
            fix = "Choose a path where nothing is yet"
            raise ConfigError(self._path, "", "there is something else than a FIFO", fix)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self.plug(wanted=True)
        except OSError as cause:
            problem = f"no FIFO can be made here ({cause.strerror})"
            raise ConfigError(self._path, "", problem, "Choose another path") from cause

    def plug(self, *, wanted: bool) -> None:
        """Pull the plug or put it back; done when this returns. It comes back as another FIFO."""
        with self._lock:
            if wanted is (self._file is not None):
                return
            self._path.unlink(missing_ok=True)
            if self._file is not None:
                os.close(self._file)
                self._file = None
            else:
                os.mkfifo(self._path)
                self._file = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def say(self, data: bytes) -> None:
        """Send. Lost when unplugged, or when nobody has read for long."""
        with self._lock, suppress(BlockingIOError):
            if self._file is not None:
                os.write(self._file, data)

    def close(self) -> None:
        """Unplug for good."""
        self.plug(wanted=False)


class KeyboardScannerTwin:
    """Hold a code before it with `scan`: it is typed, and Enter after it."""

    def __init__(self, path: Path, faults: Faults) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._scanned: list[str] = []
        self.cable: Final = FifoCable(path)

    @property
    def scanned(self) -> tuple[str, ...]:
        """Every code that was held before it, oldest first."""
        with self._lock:
            return tuple(self._scanned)

    def scan(self, text: str) -> None:
        """Type one code. A character that a US keyboard lacks is left out, as scanners do."""
        with self._lock:
            self._scanned.append(text)
        keys = [struck for character in text for struck in _keys(character)]
        if self._faults.is_on(Fault.SCANNER_HALF):
            self._strike(keys[: len(keys) // 2])
            return
        if self._faults.is_on(Fault.SCANNER_BINARY):
            keys.insert(1, (_F13, False))
        if not self._faults.is_on(Fault.SCANNER_NO_SUFFIX):
            keys.append((_ENTER, False))
        self._strike(keys * (2 if self._faults.is_on(Fault.SCANNER_DOUBLE) else 1))

    def send_raw(self, data: bytes) -> None:
        """These bytes and nothing else, whatever events they make."""
        self.cable.say(data)

    def _strike(self, keys: list[tuple[int, bool]]) -> None:
        events = [event for code, shift in keys for event in _stroke(code, shift)]
        for start in range(0, len(events), _EVENTS_AT_ONCE):
            self.cable.say(b"".join(events[start : start + _EVENTS_AT_ONCE]))


def _keys(character: str) -> list[tuple[int, bool]]:
    shift = character in _SHIFTED or character.isupper()
    plain = _SHIFTED.get(character, character.lower())
    return [
        (first + row.index(plain), shift)
        for row, first in _FIRST_KEY_OF_ROW.items()
        if plain in row
    ]


def _stroke(code: int, shift: bool) -> list[bytes]:  # noqa: FBT001 - a key and its shift
    strokes = [(code, _DOWN), (code, _UP)]
    if shift:
        strokes = [(_LEFT_SHIFT, _DOWN), *strokes, (_LEFT_SHIFT, _UP)]
    events = []
    for key, value in strokes:
        events += [_event(_MISC, _SCAN, 0x70000 + key), _event(_KEY, key, value)]
        events.append(_event(_SYN, 0, 0))
    return events


def _event(kind: int, code: int, value: int) -> bytes:
    seconds, part = divmod(time.time_ns(), 10**9)
    return _EVENT.pack(seconds, part // 1_000, kind, code, value)
