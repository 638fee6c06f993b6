"""A small UPS on a serial line: mains plug, a lead battery that empties and fills, Q1 answers."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles

_LOW_AT: Final = 0.2
_CELLS: Final = 6
_EMPTY_V: Final = 10.4
_RESTED_V: Final = 12.9
_FLOAT_V: Final = 13.6
_BITS_A_BYTE: Final = 10
_LONGEST_COMMAND: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class UpsMake:
    """What differs between units. `per_cell`: on-line units give the voltage of one cell.

    `empties_s` and `fills_s`: a whole battery down and up. `baud` None sends at once.
    """

    blocks: int = 1
    per_cell: bool = False
    standby: bool = True
    empties_s: float = 600.0
    fills_s: float = 14_400.0
    charge: float = 1.0
    baud: int | None = None


class UpsTwin:
    """Pull the mains plug with the fault MAINS_OUT. What it does not know it echoes."""

    def __init__(self, link: Path, faults: Faults, make: UpsMake | None = None) -> None:
        self._make = make or UpsMake()
        self._faults = faults
        self._lock = threading.Lock()
        self._heard = b""
        self._charge = self._make.charge
        self._seen_s = time.monotonic()
        self._asked = 0
        byte_s = _BITS_A_BYTE / self._make.baud if self._make.baud else 0.0
        troubles = LineTroubles(faults, Device.UPS)
        self.cable: Final = Cable(link, self._hear, self._age, byte_s, troubles)

    @property
    def mains(self) -> bool:
        """Whether the grid feeds it."""
        return not self._faults.is_on(Fault.MAINS_OUT)

    @property
    def charge(self) -> float:
        """How full the battery is, 0 to 1."""
        with self._lock:
            return self._charge

    def fill(self, charge: float) -> None:
        """Put in a battery that is so full, 0 to 1."""
        with self._lock:
            self._charge = charge

    @property
    def asked(self) -> int:
        """How often it was asked for its status."""
        with self._lock:
            return self._asked

    def _age(self) -> None:
        with self._lock:
            now_s = time.monotonic()
            passed_s, self._seen_s = now_s - self._seen_s, now_s
            if self.mains:
                self._charge = min(1.0, self._charge + passed_s / self._make.fills_s)
            else:
                self._charge = max(0.0, self._charge - passed_s / self._make.empties_s)

    def _hear(self, chunk: bytes) -> None:
        self._heard += chunk
        while b"\r" in self._heard:
            command, _, self._heard = self._heard.partition(b"\r")
            if command == b"Q1":
                with self._lock:
                    self._asked += 1
                    line = self._status()
                self._say(line)
            else:
                self._say(command)
        self._heard = self._heard[-_LONGEST_COMMAND:]

    def _status(self) -> bytes:
        told_mains = self.mains or self._faults.is_on(Fault.UPS_LIES)
        volts_in = 220.4 if told_mains else 0.0
        low = self._charge <= _LOW_AT
        bits = f"{not told_mains:d}{low:d}00{self._make.standby:d}001"
        line = f"({volts_in:05.1f} {volts_in:05.1f} 220.4 021 50.0 {self._volts()} 25.0 {bits}"
        return line.encode()

    def _volts(self) -> str:
        block = _FLOAT_V if self.mains else _EMPTY_V + (_RESTED_V - _EMPTY_V) * self._charge
        if self._make.per_cell:
            return f"{block / _CELLS:.2f}"
        return f"{block * self._make.blocks:04.1f}"

    def _say(self, line: bytes) -> None:
        dead = not self.mains and self.charge <= 0
        if not dead:
            self.cable.say(line + b"\r")
