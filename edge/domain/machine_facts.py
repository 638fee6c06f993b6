"""What happened to the machine itself: facts like those of edge.domain.facts, and among them.

How a boot began is told by StationStarted, which stands there.
"""

from dataclasses import dataclass
from typing import ClassVar

from edge.kernel.ids import CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSteady:
    """This boot has lasted, or ends in order before that: told once a boot."""

    KIND: ClassVar[str] = "station.steady"
    SCHEMA: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeEntered:
    """Too many starts in a row of which none has lasted: no lock is fired for a while.

    `starts` counts them, this one among them. `cell` is the one whose lock had just been fired
    whenever the station was cut off between them, None where it was not always the same.
    """

    KIND: ClassVar[str] = "station.safe_entered"
    SCHEMA: ClassVar[int] = 1
    starts: int
    cell: CellId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeLeft:
    """The boot that began with SafeEntered has lasted, and locks are fired again."""

    KIND: ClassVar[str] = "station.safe_left"
    SCHEMA: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStopping:
    """The last fact before the station has its machine switched off."""

    KIND: ClassVar[str] = "station.stopping"
    SCHEMA: ClassVar[int] = 1
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLost:
    """The mains are gone and a battery feeds the station. Told once, and again by each start."""

    KIND: ClassVar[str] = "power.lost"
    SCHEMA: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRestored:
    """The mains are back. `duration_ms` is None where no clock can tell how long they were away."""

    KIND: ClassVar[str] = "power.restored"
    SCHEMA: ClassVar[int] = 1
    duration_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryLow:
    """The mains are away and the battery is nearly empty: no door is opened from here on."""

    KIND: ClassVar[str] = "power.battery_low"
    SCHEMA: ClassVar[int] = 1
    battery_percent: int | None
