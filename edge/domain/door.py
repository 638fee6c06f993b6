"""One door: what the sensor and the station together know of it."""

from dataclasses import dataclass
from enum import StrEnum

from edge.domain.facts import Purpose
from edge.kernel.ids import AuthId
from edge.kernel.time import Instant


class Door(StrEnum):
    """The life of a door. UNKNOWN is an honest state: nobody has seen it since the last boot."""

    UNKNOWN = "unknown"
    SHUT = "shut"
    ASKED = "asked"
    SILENT = "silent"
    OPEN = "open"
    FORCED = "forced"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorState:
    """A door and the authorisation that it moves under, None when nobody asked."""

    door: Door
    since: Instant | None
    auth: AuthId | None = None
    purpose: Purpose | None = None
    attempt: int = 0
    actor: str = ""
    reminded: bool = False
    left_open_told: bool = False
