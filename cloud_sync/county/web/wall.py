"""The whole page as one value: counts, station tiles, alarms and the newest facts."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from cloud_sync.county.ingest.projections import WAITING
from cloud_sync.county.office import Glance, Office
from cloud_sync.county.presence import Sight
from cloud_sync.county.tables import CELLS, PARCELS, STATIONS
from cloud_sync.county.web.journal import read_journal
from cloud_sync.county.web.sentences import ago_text, clock_text, wall_text
from cloud_sync.county.web.trouble import Trouble, troubles
from cloud_sync.wire.broker.away import Away
from edge.kernel.masking import short_waybill
from edge.words import say

MOST_TILES: Final = 300
MOST_ALARMS: Final = 60
_NOBODY: Final = (Sight(seen_ms=None), False)
_RANK: Final = ("bad", "off", "warn", "never", "ok")
"""Tiles in this order: trouble, silence, a thing to look at, not yet here, well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tallies:
    parcels: Counter[str]
    used: Counter[str]
    troubles: list[Trouble]
    worst: dict[str, Trouble]
    facts: int


def look_at_wall(office: Office, glance: Glance) -> dict[str, Any]:
    """The view for the page. Raises StoreError."""
    sights = office.presence.sights()
    with office.database.read() as connection:
        tallies = _tally(connection, troubles(connection, sights, glance.now_ms))
        stations = list(connection.execute(select(STATIONS)))
        names = {row.station: row.name for row in stations}
        journal = read_journal(connection, names, glance)
    tiles = [_tile(row, sights.get(row.station, _NOBODY), tallies, glance) for row in stations]
    tiles.sort(key=lambda tile: (_RANK.index(tile["mood"]), tile["name"]))
    language = glance.language
    return {
        "language": language,
        "county": office.name,
        "now": wall_text(glance.now_ms),
        "link": {"up": office.link_up, "text": _link_text(office, language)},
        "counts": {
            "online": sum(tile["online"] for tile in tiles),
            "known": len(tiles),
            "waiting": tallies.parcels.total(),
            "free_cells": sum(tile["cells"] for tile in tiles) - tallies.used.total(),
            "facts": tallies.facts,
            "alarms": len(tallies.troubles),
            "worst": tallies.troubles[0].level if tallies.troubles else "",
        },
        "alarms_more": say("county.alarms_more", language, count=len(tallies.troubles)),
        "alarms_back": say("county.alarms_back", language, count=len(tallies.troubles)),
        "stations": tiles[:MOST_TILES],
        "more": _more(len(tiles) - MOST_TILES, language),
        "alarms": [_alarm(one, names, glance) for one in tallies.troubles[:MOST_ALARMS]],
        "facts": journal,
    }


def presence_text(sight: Sight, glance: Glance, *, online: bool) -> str:
    """在线, 离线 6 分钟 or 从未连上."""
    language = glance.language
    if online:
        return say("county.online", language)
    if sight.seen_ms is None:
        return say("county.never", language)
    return say("county.offline", language, ago=ago_text(glance.now_ms - sight.seen_ms, language))


def _tally(connection: Connection, found: list[Trouble]) -> _Tallies:
    stage, occupancy = PARCELS.c.stage, CELLS.c.occupancy
    waiting = (
        select(PARCELS.c.station, func.count())
        .where(stage.in_(WAITING))
        .group_by(PARCELS.c.station)
    )
    used = (
        select(CELLS.c.station, func.count()).where(occupancy != "free").group_by(CELLS.c.station)
    )
    return _Tallies(
        parcels=Counter(dict(map(tuple, connection.execute(waiting)))),
        used=Counter(dict(map(tuple, connection.execute(used)))),
        troubles=found,
        worst={one.station: one for one in reversed(found)},
        facts=int(connection.execute(select(func.sum(STATIONS.c.seq))).scalar() or 0),
    )


def _tile(row: Any, seen: tuple[Sight, bool], tallies: _Tallies, glance: Glance) -> dict[str, Any]:
    sight, online = seen
    language = glance.language
    worst = tallies.worst.get(row.station)
    state = presence_text(sight, glance, online=online)
    used = tallies.used[row.station]
    behind = sight.waiting(row.seq)
    return {
        "station": row.station,
        "name": row.name,
        "online": online,
        "state": state,
        "mood": _mood(sight, worst, online=online),
        "simulated": sight.simulated,
        "line": worst.title(language) if worst else "",
        "waiting": say("county.waiting", language, count=tallies.parcels[row.station]),
        "behind": say("county.queue", language, count=behind) if behind else "",
        "cells": row.cells,
        "used": used,
        "fill": min(100, round(100 * used / row.cells)) if row.cells else 0,
        "fill_text": say("county.fill", language, used=used, cells=row.cells),
        "seq": row.seq,
    }


def _mood(sight: Sight, worst: Trouble | None, *, online: bool) -> str:
    if worst is not None and worst.level == "bad":
        return "bad"
    if not online:
        return "never" if sight.seen_ms is None else "off"
    return "ok" if worst is None else "warn"


def _alarm(one: Trouble, names: dict[str, str], glance: Glance) -> dict[str, Any]:
    language = glance.language
    center = say("county.center", language)
    return {
        "level": one.level,
        "level_text": say(f"county.level.{one.level}", language),
        "title": one.title(language),
        "todo": one.todo(language),
        "station": one.station if one.station in names else "",
        "where": names.get(one.station, one.station) or center,
        "time": clock_text(one.since_ms, glance.now_ms),
        "times": say("county.times", language, count=one.times) if one.times > 1 else "",
        "detail": one.detail,
        "waybill_no": one.waybill_no,
        "waybill": short_waybill(one.waybill_no) if one.waybill_no else "",
    }


def _more(count: int, language: str) -> str:
    return say("county.stations_more", language, count=count) if count > 0 else ""


def _link_text(office: Office, language: str) -> str:
    if office.link_up:
        return say("county.link_up", language)
    known = office.link_trouble not in {"", Away.LOST}
    return say(f"county.link.{office.link_trouble}" if known else "county.link_down", language)
