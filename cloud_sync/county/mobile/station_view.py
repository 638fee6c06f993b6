"""M8 站点: of each station where something of one person's is or comes, what everybody may know."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row

from cloud_sync.county.board.book import current_at
from cloud_sync.county.mobile.parcels import MyParcel
from cloud_sync.county.mobile.sayings import Counter, Saying, moment
from cloud_sync.county.trips.vans import Van, vans_at
from edge.kernel.village_time import village_day

MOST_NOTICES: Final = 3
"""Of one station; the rest is counted."""
_AHEAD: Final = {0: "today", 1: "tomorrow"}
_OVERDUE: Final = {0: "late"}


def station_views(
    connection: Connection, parcels: Iterable[MyParcel], known: Mapping[str, Counter], now_ms: int
) -> list[dict[str, Any]]:
    """Those of which anything is known: hours, number, vans, notices."""
    names = {one.station_id: one.station for one in parcels if one.ended_ms is None}
    names.pop("", None)  # where it goes is not known
    if not names:
        return []
    posted = current_at(connection, names, now_ms)
    views = []
    for station, name in names.items():
        counter, notices = known.get(station, Counter()), posted[station]
        told = {
            "hours": counter.hours,
            "phone": counter.phone,
            "vans": [_van(van, now_ms) for van in vans_at(connection, station, now_ms)],
            "notices": [_notice(row) for row in notices[:MOST_NOTICES]],
            "more": max(0, len(notices) - MOST_NOTICES),
        }
        if any(told.values()):
            views.append({"name": name, **told})
    return views


def _van(van: Van, now_ms: int) -> Saying:
    if van.came_ms is not None:
        return Saying(key="mobile.van.came", blanks=moment(van.came_ms))
    days = village_day(van.planned_ms) - village_day(now_ms)
    if van.planned_ms > now_ms:
        key = _AHEAD.get(days, "on_day")
    else:
        key = _OVERDUE.get(days, "late_on_day")
    return Saying(key=f"mobile.van.{key}", blanks=moment(van.planned_ms))


def _notice(row: Row[Any]) -> dict[str, Any]:
    last_day = moment(row.until_ms - 1)
    return {"title": row.title, "text": row.text, "until": last_day}
