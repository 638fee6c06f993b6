"""Lights the lamps by what the station knows.

The cabinet's is lit while a door stands open, the alarm's while one was forced or left open.
"""

from edge.daemon.station import Station
from edge.domain.door import Door
from edge.domain.state import State
from hardware.ports import Lamp, Signals

LOOK_EVERY_S = 30.0
"""Lamps follow each change at once; this is only for a device that came back dark."""


async def light_lamps(station: Station, signals: Signals) -> None:
    """Keep the lamps right, for ever."""
    seen = -1
    while True:
        for lamp, on in lamps_of(station.state).items():
            signals.light(lamp, on=on)
        seen = await station.changed(seen, LOOK_EVERY_S)


def lamps_of(state: State) -> dict[Lamp, bool]:
    """Which lamps are lit in this state."""
    doors = state.doors.values()
    return {
        Lamp.CABINET: any(door.door in {Door.OPEN, Door.FORCED} for door in doors),
        Lamp.ALARM: any(door.door is Door.FORCED or door.left_open_told for door in doors),
    }
