"""What a run of a world showed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

FEW_LINES: Final = 40
"""Of a trace: what somebody reads first."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Figures, broken laws, and the end of the trace. `again` is the command that repeats it."""

    seed: int
    hash: str
    virtual_s: float
    station_s: float
    """Time of all stations together; months in which everybody was switched off do not count."""
    awake_s: float
    """Virtual time without those months: by this clock events have their moments."""
    facts: int
    packets: int
    kills: int
    restores: int
    collected: int
    answers: int
    exchanges: int
    looks: int
    """How often all laws were judged."""
    mishaps: Mapping[str, int]
    troubles: tuple[str, ...]
    again: str
    last: tuple[str, ...] = field(repr=False)

    @property
    def laws(self) -> frozenset[str]:
        """Codes of the laws that were broken."""
        return frozenset(trouble.partition(":")[0] for trouble in self.troubles)

    def told(self) -> str:
        """For a person who has to find the reason."""
        lines = "\n".join(self.last)
        return f"{lines}\nseed {self.seed}: {'; '.join(self.troubles)}\nagain: {self.again}"

    def end(self) -> str:
        """The last lines of the trace."""
        return "\n".join(self.last[-FEW_LINES:])
