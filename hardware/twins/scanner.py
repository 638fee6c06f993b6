"""A barcode scanner on a serial line: what it reads it writes out, with a suffix."""

import threading
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Fault, Faults


class ScannerTwin:
    """Hold a code before it with `scan`. The suffix is a setting of the real thing too."""

    def __init__(self, link: Path, faults: Faults, suffix: bytes = b"\r\n") -> None:
        self._faults = faults
        self._suffix = suffix
        self._lock = threading.Lock()
        self._scanned: list[str] = []
        self.cable: Final = Cable(link)

    @property
    def scanned(self) -> tuple[str, ...]:
        """Every code that was held before it, oldest first."""
        with self._lock:
            return tuple(self._scanned)

    def scan(self, text: str) -> None:
        """Read one code: its UTF-8 bytes and the suffix go down the cable."""
        with self._lock:
            self._scanned.append(text)
        code = text.encode()
        if self._faults.is_on(Fault.SCANNER_HALF):
            self.cable.say(code[: len(code) // 2])
            return
        self.cable.say(code + self._suffix)
        if self._faults.is_on(Fault.SCANNER_DOUBLE):
            self.cable.say(code + self._suffix)

    def send_raw(self, data: bytes) -> None:
        """Noise on the line: these bytes and nothing else."""
        self.cable.say(data)
