"""One door: the table of its life, and what the sensor and the station together know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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


class Cause(StrEnum):
    """What may move a door on. Only ASK is a person's wish; the others are reports of the world.

    NO_SIGN: three seconds without a sign of opening, or the board did not take the pulse.
    GIVE_UP: nobody answered whether a silent door had opened.
    """

    ASK = "ask"
    SENSOR_OPEN = "sensor_open"
    SENSOR_SHUT = "sensor_shut"
    SENSOR_LOST = "sensor_lost"
    NO_SIGN = "no_sign"
    GIVE_UP = "give_up"
    REBOOT = "reboot"


DOOR_STEPS: Final[Mapping[tuple[Door, Cause], Door]] = {
    # No row (UNKNOWN, ASK): a door that nobody sees is not pulsed.
    (Door.UNKNOWN, Cause.SENSOR_OPEN): Door.OPEN,  # found open: no alarm, but not offered either
    (Door.UNKNOWN, Cause.SENSOR_SHUT): Door.SHUT,
    (Door.UNKNOWN, Cause.SENSOR_LOST): Door.UNKNOWN,
    (Door.UNKNOWN, Cause.NO_SIGN): Door.UNKNOWN,
    (Door.UNKNOWN, Cause.GIVE_UP): Door.UNKNOWN,
    (Door.UNKNOWN, Cause.REBOOT): Door.UNKNOWN,
    (Door.SHUT, Cause.ASK): Door.ASKED,
    (Door.SHUT, Cause.SENSOR_OPEN): Door.FORCED,  # nobody asked: alarm, do not refuse
    (Door.SHUT, Cause.SENSOR_SHUT): Door.SHUT,
    (Door.SHUT, Cause.SENSOR_LOST): Door.UNKNOWN,
    (Door.SHUT, Cause.NO_SIGN): Door.SHUT,  # a late word of a lock board about a settled door
    (Door.SHUT, Cause.GIVE_UP): Door.SHUT,
    (Door.SHUT, Cause.REBOOT): Door.UNKNOWN,
    # No row (ASKED, ASK): one pulse at a time.
    (Door.ASKED, Cause.SENSOR_OPEN): Door.OPEN,
    (Door.ASKED, Cause.SENSOR_SHUT): Door.ASKED,  # it is still shut: no news
    (Door.ASKED, Cause.SENSOR_LOST): Door.UNKNOWN,
    (Door.ASKED, Cause.NO_SIGN): Door.SILENT,
    (Door.ASKED, Cause.GIVE_UP): Door.ASKED,
    (Door.ASKED, Cause.REBOOT): Door.UNKNOWN,  # never pulse again by itself
    (Door.SILENT, Cause.ASK): Door.ASKED,  # the one human retry
    (Door.SILENT, Cause.SENSOR_OPEN): Door.OPEN,  # a stiff door, pulled by hand
    (Door.SILENT, Cause.SENSOR_SHUT): Door.SILENT,
    (Door.SILENT, Cause.SENSOR_LOST): Door.UNKNOWN,
    (Door.SILENT, Cause.NO_SIGN): Door.SILENT,
    (Door.SILENT, Cause.GIVE_UP): Door.SHUT,  # the sensor has said shut all along
    (Door.SILENT, Cause.REBOOT): Door.UNKNOWN,
    # No row (OPEN, ASK), none (FORCED, ASK): shut it first.
    (Door.OPEN, Cause.SENSOR_OPEN): Door.OPEN,
    (Door.OPEN, Cause.SENSOR_SHUT): Door.SHUT,
    (Door.OPEN, Cause.SENSOR_LOST): Door.UNKNOWN,
    (Door.OPEN, Cause.NO_SIGN): Door.OPEN,
    (Door.OPEN, Cause.GIVE_UP): Door.OPEN,
    (Door.OPEN, Cause.REBOOT): Door.UNKNOWN,
    (Door.FORCED, Cause.SENSOR_OPEN): Door.FORCED,
    (Door.FORCED, Cause.SENSOR_SHUT): Door.SHUT,
    (Door.FORCED, Cause.SENSOR_LOST): Door.UNKNOWN,
    (Door.FORCED, Cause.NO_SIGN): Door.FORCED,
    (Door.FORCED, Cause.GIVE_UP): Door.FORCED,
    (Door.FORCED, Cause.REBOOT): Door.UNKNOWN,
}
"""Complete for the world: a report can never be refused, only a wish can."""

IN_MOTION: Final = (Door.ASKED, Door.SILENT, Door.OPEN)
"""States in which an authorisation is at work."""

MOST_PULSES: Final = 2
"""Of one authorisation, the second only after a human act (invariant D1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorState:
    """A door and the authorisation that it moves under, None when nobody asked.

    An UNKNOWN door keeps the authorisation that it moved under when it was last seen: the next
    report of the sensor settles it.
    """

    door: Door
    since: Instant | None
    auth: AuthId | None = None
    purpose: Purpose | None = None
    attempt: int = 0
    actor: str = ""
    reminded: bool = False
    left_open_told: bool = False


UNSEEN: Final = DoorState(door=Door.UNKNOWN, since=None)
