"""When vans are planned to come to a station, and when they came: for whoever waits there.

A manifest's times are a plan. Of a van that is not there by then nothing is known until the station
says so, which may itself be offline.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from cloud_sync.county.tables import HANDOVERS, TRIPS
from edge.kernel.village_time import DAY_MS, village_day

OVERDUE_MS: Final = 4 * 3_600_000
"""Nobody goes on waiting for a van that is so long over its time."""
AHEAD_MS: Final = 3 * DAY_MS
_BEFORE_MS: Final = 2 * DAY_MS
"""No run takes more than a day, and none that comes today was due here before yesterday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Van:
    """One at one station; `came_ms` is None as long as that is not known there."""

    planned_ms: int
    came_ms: int | None


def vans_at(connection: Connection, station: str, now_ms: int) -> list[Van]:
    """In this order: the last that came today, the last that is overdue, the next that is ahead;
    each only if there is one.
    """
    vans = list(_vans(connection.execute(_runs(station, now_ms)), station))
    today = village_day(now_ms)
    came = [v for v in vans if v.came_ms is not None and village_day(v.came_ms) == today]
    missing = [v for v in vans if v.came_ms is None]
    overdue = [v for v in missing if now_ms - OVERDUE_MS < v.planned_ms <= now_ms]
    ahead = [v for v in missing if now_ms < v.planned_ms < now_ms + AHEAD_MS]
    return [
        *sorted(came, key=lambda van: van.came_ms or 0)[-1:],
        *sorted(overdue, key=_planned)[-1:],
        *sorted(ahead, key=_planned)[:1],
    ]


def _planned(van: Van) -> int:
    return van.planned_ms


def _runs(station: str, now_ms: int) -> Any:
    """Few enough to be looked through for each page: those of these days that tell this station."""
    signed = (HANDOVERS.c.trip == TRIPS.c.trip) & (HANDOVERS.c.station == station)
    wanted = select(TRIPS.c.stops, HANDOVERS.c.arrived_ms, HANDOVERS.c.signed_ms, HANDOVERS.c.trip)
    return wanted.outerjoin_from(TRIPS, HANDOVERS, signed).where(
        TRIPS.c.planned_ms > now_ms - _BEFORE_MS,
        TRIPS.c.planned_ms < now_ms + AHEAD_MS,
        TRIPS.c.audience.contains(json.dumps(station), autoescape=True),
    )


def _vans(runs: Iterable[Row[Any]], station: str) -> Iterable[Van]:
    for run in runs:
        due = [int(stop["at_ms"]) for stop in json.loads(run.stops) if stop["place"] == station]
        came_ms = run.signed_ms if run.arrived_ms is None else run.arrived_ms
        # A word of the station without a moment: it was there, and left without a signature.
        told_otherwise = run.trip is not None and came_ms is None
        if due and not told_otherwise:
            yield Van(planned_ms=min(due), came_ms=came_ms)
