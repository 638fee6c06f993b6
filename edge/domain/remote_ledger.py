"""What a station remembers of the county's live commands, so that none takes effect twice."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from immutables import Map

from edge.kernel.ids import AuthId, CellId

MOST_SEEN: Final = 1_000
"""Commands remembered by name; whatever is older lies below the fence."""
MOST_OPENS: Final = 10
"""Doors opened for the county in a day of running time,"""
MOST_OPENS_AT_ONCE: Final = 3
"""... and in ten minutes of it."""
AT_ONCE_MS: Final = 600_000
DAY_MS: Final = 86_400_000


class RemoteResult(StrEnum):
    """How an accepted command ended."""

    OPENED = "opened"
    NO_FEEDBACK = "no_feedback"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCommand:
    """A command that was decided on. `result` is a RemoteResult, `refused`, or empty so far.

    `why` is the word of a refusal.
    """

    digest: str
    seq: int
    result: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOpening:
    """The last time that a cell's door was told to open from afar: by which command, and why."""

    command: str
    operator: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteLedger:
    """Bounded: `seen` keeps the newest commands, `order` their names with the newest last.

    `fence` is the highest number of a command that was decided on. `opens` are the moments of the
    last accepted ones, by the station's running time. `under_way` names the command that an
    authorisation serves, `by_cell` the last one of each cell.
    """

    fence: int = 0
    seen: Map[str, SeenCommand] = field(default_factory=Map)
    order: tuple[str, ...] = ()
    opens: tuple[int, ...] = ()
    under_way: Map[AuthId, str] = field(default_factory=Map)
    by_cell: Map[CellId, RemoteOpening] = field(default_factory=Map)
