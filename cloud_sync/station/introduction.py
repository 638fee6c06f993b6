"""What a station says of itself: once for this start, and what is read anew each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edge.kernel.ids import CountyId, StationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """Who speaks: the same from this start to the next. `grant` began the epoch of its card."""

    county: CountyId
    station: StationId
    software: str
    boot: int
    cells: int
    simulated: bool
    machine: str = ""
    grant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What is looked at whenever it is told, and belongs to other parts of the station."""

    device_states: Callable[[], Mapping[str, str]] | None = None
    """None where there are no devices to look after: then nothing has to be looked at."""
    state_seq: Callable[[], int] = lambda: 0
    """Up to where the county's word is stored."""
    fence: Callable[[], int] = lambda: 0
    """The highest number of a command that was decided on."""
    retained: Callable[[], int] = lambda: 0
    """How many messages somebody had left for us at the broker."""
