"""Stations where somebody tries pickup codes: what their wrong tries of the last hour cost."""

from collections import defaultdict
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from cloud_sync.county.tables import FACTS, IS_REFUSED
from cloud_sync.wire.envelope import decode

WINDOW_MS: Final = 3_600_000
MOST_UNITS: Final = 20
"""A wrong try costs a unit for each code it could have hit; a station gives 60 a day.

One parcel alone cannot cost so much: five wrong tries close it.
"""
_MOST: Final = 2_000
"""Rows read at a time: far more than honest stations together write in an hour."""


def guessed_at(connection: Connection, now_ms: int) -> list[tuple[str, int]]:
    """Each such station, and since when. Raises StoreError by way of `Database.read`.

    Both clocks count: what an offline station tells late is over, and what a station with a
    wrong clock dates into the future is over an hour after it came.
    """
    columns = FACTS.c
    wanted = (
        select(columns.station, columns.wall_ms, columns.fact)
        .where(
            IS_REFUSED,
            columns.parked == "",
            columns.wall_ms > now_ms - WINDOW_MS,
            columns.received_ms > now_ms - WINDOW_MS,
        )
        .order_by(columns.number.desc())
        .limit(_MOST)
    )
    units: defaultdict[str, int] = defaultdict(int)
    since: dict[str, int] = {}
    for station, wall_ms, fact in connection.execute(wanted):
        units[station] += _units(bytes(fact))
        since[station] = wall_ms
    return [(one, since[one]) for one, spent in units.items() if spent > MOST_UNITS]


def _units(fact: bytes) -> int:
    try:
        charged = decode(fact).body.get("charged")
    except (ValueError, msgspec.MsgspecError):
        return 0
    return charged if isinstance(charged, int) else 0
