"""A scale on a counter: a platform that settles, a tare, and one of two ways of talking.

Its law: Toledo commands come at least 200 ms apart; one that comes sooner is a violation and is
not answered, as on the real thing.
"""

import math
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles

_GRAMS_A_KILOGRAM: Final = 1_000
_LEAST_GAP_S: Final = 0.2
_JITTER_S: Final = 0.03
"""What two threads of one machine may add between sending and hearing."""
_SWINGS_HZ: Final = 4.0
_SHAKES_G: Final = 37
_ZERO_BAND_DIVISIONS: Final = 20


class Talk(StrEnum):
    """How it talks: when asked, or all the time."""

    TOLEDO = "toledo8217"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleMake:
    """What differs between scales. `settle_s` until a load is called stable."""

    talk: Talk = Talk.CONTINUOUS
    capacity_g: int = 30_000
    division_g: int = 1
    settle_s: float = 1.0
    lines_a_second: float = 10.0
    second_comma: bool = True
    plus_sign: bool = True
    unit: bytes = b"kg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the display shows now; `grams` is net when a tare has been taken."""

    grams: int
    net: bool
    stable: bool
    overload: bool


class ScaleTwin:
    """Lay loads on with `put`, in grams; the platform swings and comes to rest."""

    def __init__(self, link: Path, faults: Faults, make: ScaleMake | None = None) -> None:
        self._make = make or ScaleMake()
        self._faults = faults
        self._lock = threading.Lock()
        self._load_g = 0
        self._before_g = 0.0
        self._moved_s = -math.inf
        self._tare_g = 0
        self._asked_s = -math.inf
        self._sent_s = -math.inf
        self._violations: list[str] = []
        tick = self._tick if self._make.talk is Talk.CONTINUOUS else None
        self.cable: Final = Cable(
            link, self._hear, tick, troubles=LineTroubles(faults, Device.SCALE)
        )

    @property
    def violations(self) -> tuple[str, ...]:
        """Every breach of the law so far."""
        with self._lock:
            return tuple(self._violations)

    def put(self, grams: int) -> None:
        """From now on this lies on the platform; 0 takes everything off."""
        with self._lock:
            now_s = time.monotonic()
            self._before_g = self._indicated(now_s)
            self._load_g = grams
            self._moved_s = now_s

    def tare(self) -> None:
        """Press the tare key: what lies there now counts as nothing. With 0 on it: no tare."""
        with self._lock:
            self._tare_g = self._load_g

    def shown(self) -> Shown:
        """The display."""
        with self._lock:
            return self._display(time.monotonic())

    def _indicated(self, now_s: float) -> float:
        """A swing that has died down to a thousandth after `settle_s`."""
        since_s = now_s - self._moved_s
        if since_s >= self._make.settle_s:
            return self._load_g
        left = math.exp(-7 * since_s / self._make.settle_s)
        swing = left * math.cos(2 * math.pi * _SWINGS_HZ * since_s)
        return self._load_g + (self._before_g - self._load_g) * swing

    def _display(self, now_s: float) -> Shown:
        shaken = self._faults.is_on(Fault.SCALE_UNSTEADY)
        gross = self._indicated(now_s)
        if shaken:
            gross += _SHAKES_G * math.sin(2 * math.pi * _SWINGS_HZ * now_s)
        step = self._make.division_g
        return Shown(
            grams=round((gross - self._tare_g) / step) * step,
            net=self._tare_g != 0,
            stable=not shaken and now_s - self._moved_s >= self._make.settle_s,
            overload=gross > self._make.capacity_g,
        )

    def _hear(self, chunk: bytes) -> None:
        if self._make.talk is not Talk.TOLEDO:
            return
        for command in chunk:
            with self._lock:
                now_s = time.monotonic()
                gap_s, self._asked_s = now_s - self._asked_s, now_s
                if gap_s < _LEAST_GAP_S - _JITTER_S:
                    self._violations.append(f"commands {gap_s * 1_000:.0f} ms apart")
                    continue
                answer = self._answer(self._display(now_s))
            if command == ord("W"):
                self.cable.say(answer)

    def _answer(self, shown: Shown) -> bytes:
        if shown.overload or not shown.stable or shown.grams < 0:
            return b"\x02?" + bytes([self._status(shown)]) + b"\r"
        return b"\x02" + self._kilograms(shown.grams) + (b"N" if shown.net else b"") + b"\r"

    def _status(self, shown: Shown) -> int:
        off_zero = abs(shown.grams) > _ZERO_BAND_DIVISIONS * self._make.division_g
        return (
            0x60
            | 0x01 * (not shown.stable)
            | 0x02 * shown.overload
            | 0x04 * (shown.grams < 0)
            | 0x08 * off_zero
            | 0x10 * (shown.grams == 0)
        )

    @staticmethod
    def _kilograms(grams: int) -> bytes:
        return f"{grams // _GRAMS_A_KILOGRAM:2d}.{grams % _GRAMS_A_KILOGRAM:03d}".encode()

    def _tick(self) -> None:
        now_s = time.monotonic()
        if now_s - self._sent_s < 1 / self._make.lines_a_second:
            return
        self._sent_s = now_s
        with self._lock:
            line = self._line(self._display(now_s))
        self.cable.say(line)

    def _line(self, shown: Shown) -> bytes:
        head = b"OL" if shown.overload else b"ST" if shown.stable else b"US"
        mode = b"NT" if shown.net else b"GS"
        comma = b"," if self._make.second_comma else b""
        sign = b"-" if shown.grams < 0 else b"+" if self._make.plus_sign else b" "
        number = b" " * 7
        if not shown.overload:
            number = self._in_unit(abs(shown.grams)).rjust(7)
        return head + b"," + mode + comma + sign + number + self._make.unit + b"\r\n"

    def _in_unit(self, grams: int) -> bytes:
        match self._make.unit:
            case b"g":
                return str(grams).encode()
            case b"kg":
                return self._kilograms(grams).strip()
            case _:  # jin: half a kilogram
                return f"{grams // 500}.{grams % 500 * 2:03d}".encode()
