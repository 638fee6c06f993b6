"""What a driver must know of its device: plain data from the settings, one class a kind."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

COOLING: Final = 10
"""A coil may be driven a tenth of the time (invariant D4): 300 ms, then 2.7 s of rest."""
FLASH_STEP_MS: Final = 100
"""Waveshare: a relay flashes for a whole number of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockBankOptions:
    """One lock board. `closed_bit`: the feedback bit of a shut door; vendors differ.

    `pulse_ms` is how long a coil is driven: where the board fixes that itself, the driver only
    counts with it, never with less than the board's own, for the pause between coils and for
    their rest. Boards with the same `supply`
    never drive two coils at once. Pins are GPIO numbers, channel 1 first.
    """

    name: str
    port: str
    baud: int
    address: int
    channels: int
    pulse_ms: int
    closed_bit: int
    supply: str = "main"
    lock_pins: tuple[int, ...] = ()
    door_pins: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerOptions:
    """A barcode scanner. `trigger`: whose trigger commands it obeys, empty for always on.

    The same code within `repeat_ms` counts once. `suffix`: "any" when CR, LF or TAB ends a code,
    "none" when silence does.
    """

    name: str
    port: str
    baud: int
    trigger: str = ""
    repeat_ms: int = 2_000
    suffix: str = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterOptions:
    """A printer; `dots` across the paper, 384 for 58 mm and 576 for 80 mm.

    A label printer needs `dots_down` as well, and `gap_mm` between two labels.
    """

    name: str
    port: str
    baud: int
    dots: int
    dots_down: int = 240
    gap_mm: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PortOptions:
    """Whatever needs no more than a port: a scale, a card reader."""

    name: str
    port: str
    baud: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOptions:
    """A supply with a battery: on a serial line, or on two pins (None: not wired).

    A pin reads high while the mains are there, and high while the battery is low.
    """

    name: str
    port: str
    baud: int
    mains_pin: int | None = None
    low_pin: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOptions:
    """A loudspeaker; `volume` 0 to 100. `clips`: folders of recordings, the first with one wins.

    `dialects`: by name, folders that are looked into before those.
    """

    name: str
    port: str
    clips: tuple[Path, ...]
    volume: int = 100
    dialects: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsOptions:
    """Buzzer and lamps on pins; None: not wired."""

    name: str
    port: str
    buzzer_pin: int | None = None
    cabinet_pin: int | None = None
    alarm_pin: int | None = None
