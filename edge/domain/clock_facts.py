"""The clock: facts like those of edge.domain.facts, and among them."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSynced:
    """The county told the time: at this fact's own moment it was `county_ms`, +- `error_ms`.

    With it whoever reads the journal can date the other facts of the same boot.
    """

    KIND: ClassVar[str] = "clock.synced"
    SCHEMA: ClassVar[int] = 1
    county_ms: int
    error_ms: int
