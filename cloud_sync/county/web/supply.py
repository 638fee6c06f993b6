"""How a station is fed, in words: its facts say since when, its heartbeat how much is left."""

import re
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from cloud_sync.county.office import Glance
from cloud_sync.county.presence import Sight
from cloud_sync.county.tables import SUPPLIES
from cloud_sync.county.web.sentences import clock_text, lasted_text
from edge.words import say

POWER: Final = "power"
"""What stations call the device."""
_MINUTE_MS: Final = 60_000
_FED: Final = re.compile(r"(mains|battery)(?:\.(\d{1,3}))?")


def fed_text(note: str, language: str) -> str:
    """`battery.87` in words; empty for anything else."""
    told = _FED.fullmatch(note)
    if told is None:
        return ""
    return say(f"county.fed.{told[1]}", language, percent=told[2] or "")


def battery_percent(sight: Sight) -> str:
    """What is left by the last heartbeat, empty where it does not say."""
    told = _FED.fullmatch(sight.devices.get(POWER, ""))
    return (told[2] or "") if told is not None else ""


def lasts(row: Row[Any], sight: Sight, *, online: bool) -> bool:
    """Whether an outage goes on; a station that now does without the device knows no outages."""
    without = online and bool(sight.devices) and POWER not in sight.devices
    return row.lost_ms is not None and not without


def supply_text(row: Row[Any] | None, sight: Sight, glance: Glance, *, online: bool) -> str:
    """The outage that lasts, else the last one; empty where there was none."""
    if row is None:
        return ""
    language = glance.language
    if lasts(row, sight, online=online):
        lasted_ms = max(0, glance.now_ms - row.lost_ms)
        return say(
            f"county.supply.{'just_lost' if lasted_ms < _MINUTE_MS else 'lost'}",
            language,
            time=clock_text(row.lost_ms, glance.now_ms),
            lasted=lasted_text(lasted_ms, language),
            percent=battery_percent(sight),
        )
    if row.restored_ms is None:
        return ""
    lasted = "" if row.lasted_ms is None else lasted_text(row.lasted_ms, language)
    time = clock_text(row.restored_ms, glance.now_ms)
    return say("county.supply.restored", language, time=time, lasted=lasted)


def supply_of(connection: Connection, station: str) -> Row[Any] | None:
    """What the facts of one station say of its supply."""
    return connection.execute(select(SUPPLIES).where(SUPPLIES.c.station == station)).first()
