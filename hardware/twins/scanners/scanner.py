"""A barcode scanner on a serial line: what it reads it writes out, with a suffix."""

import re
import threading
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles

_ORDERS: Final = {
    "honeywell": re.compile(rb"\x16([TU])\r"),
    "newland": re.compile(rb"\x7e\x01\x30\x30\x30\x30[@#]SCNTRG([01])\x3b\x03"),
}
"""SYN T CR and SYN U CR; Newland's unified command set with the programming prefix 7E 01."""
_LIGHT_ON: Final = frozenset({b"T", b"1"})
_LONGEST_ORDER: Final = 32
_STRAY: Final = b"\xe6"
"""Noise on the line; also how a Chinese character in UTF-8 may begin."""


class ScannerTwin:
    """Hold a code before it with `scan`. The suffix is a setting of the real thing too.

    With `trigger` it is set to read only when told: it then reads what is held before it, beeps
    and goes dark. Nobody takes a code away before the beep.
    """

    def __init__(
        self, link: Path, faults: Faults, suffix: bytes = b"\r\n", trigger: str = ""
    ) -> None:
        self._faults = faults
        self._suffix = suffix
        self._order = _ORDERS[trigger] if trigger else None
        self._answers = trigger == "newland"
        self._lock = threading.Lock()
        self._scanned: list[str] = []
        self._held: str | None = None
        self._lit = not trigger
        self._heard = b""
        self._orders: list[bytes] = []
        self.cable: Final = Cable(link, self._hear, troubles=LineTroubles(faults, Device.SCANNER))

    @property
    def scanned(self) -> tuple[str, ...]:
        """Every code that was held before it, oldest first."""
        with self._lock:
            return tuple(self._scanned)

    @property
    def orders(self) -> tuple[bytes, ...]:
        """Every command that it has obeyed, oldest first."""
        with self._lock:
            return tuple(self._orders)

    @property
    def lit(self) -> bool:
        """Whether it would read what is held before it now."""
        with self._lock:
            return self._lit

    def scan(self, text: str) -> None:
        """Read one code: its UTF-8 bytes and the suffix go down the cable."""
        with self._lock:
            self._scanned.append(text)
            self._held = text
        self._look()

    def send_raw(self, data: bytes) -> None:
        """Noise on the line: these bytes and nothing else."""
        self.cable.say(data)

    def _look(self) -> None:
        with self._lock:
            text = self._held if self._lit else None
            if text is None:
                return
            self._held = None
            self._lit = self._order is None
        self._write_out(text.encode())

    def _write_out(self, code: bytes) -> None:
        if self._faults.is_on(Fault.SCANNER_BINARY):
            code = code[:1] + _STRAY + code[1:]
        end = b"" if self._faults.is_on(Fault.SCANNER_NO_SUFFIX) else self._suffix
        self.cable.say(code + end)

    def _hear(self, chunk: bytes) -> None:
        if self._order is None or self._faults.is_on(Fault.SCANNER_DEAF):
            return
        self._heard += chunk
        end = 0
        for order in self._order.finditer(self._heard):
            end = order.end()
            self._obey(order.group(), order.group(1) in _LIGHT_ON)
        self._heard = self._heard[end:][-_LONGEST_ORDER:]

    def _obey(self, order: bytes, on: bool) -> None:  # noqa: FBT001 - the two orders there are
        with self._lock:
            self._orders.append(order)
            self._lit = on
        if self._answers:
            self.cable.say(b"\x02" + order[1:-2] + b"\x06" + order[-2:])
        self._look()
