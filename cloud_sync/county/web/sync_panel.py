"""How a station's journal stands here, in plain words: for the operator, with what to do."""

from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from cloud_sync.county.ingest.ledger import place_of
from cloud_sync.county.office import Glance, Office
from cloud_sync.county.tables import ALARMS, GAPS, SNAPSHOTS, STATE_ITEMS, STATE_MARKS
from cloud_sync.county.web.sentences import ago_text
from edge.kernel.ids import StationId
from edge.words import WORDS, say

_MOST_GAPS: Final = 3


def sync_panel(
    office: Office, connection: Connection, row: Row[Any], waiting: int | None, glance: Glance
) -> dict[str, Any]:
    """Lines of text; `trouble` and `todo` are empty while the station's verdict is ok."""
    station, language = StationId(row.station), glance.language
    lines = [_applied(office, connection, row, language)]
    if waiting:
        lines.append(say("county.sync.waiting", language, waiting=f"{waiting:,}"))
    lines += [_snapshot(connection, row, glance), _told(connection, station, language)]
    closed = _gap_is_closed(connection, station)
    gaps = _gaps(connection, station, language, closed=closed)
    trouble, todo = _verdict(station, row.verdict, language)
    return {
        "verdict": row.verdict,
        "trouble": trouble,
        "todo": todo,
        "lines": [line for line in (*lines, *(gaps if closed else ())) if line],
        "gaps": [] if closed else gaps,
    }


def _verdict(station: StationId, verdict: str, language: str) -> tuple[str, str]:
    if f"county.sync.say.{verdict}" not in WORDS:
        return "", ""
    return (
        say(f"county.sync.say.{verdict}", language),
        say(f"county.sync.todo.{verdict}", language, station=station),
    )


def _applied(office: Office, connection: Connection, row: Row[Any], language: str) -> str:
    place = place_of(connection, StationId(row.station))
    if place is None or place.seq == 0:
        return say("county.sync.none", language)
    rule = office.durable
    counts = rule.rule == "backups"
    durable = f"{rule.seq(connection, StationId(row.station), place):,}" if counts else ""
    return say(
        "county.sync.applied",
        language,
        applied=f"{place.seq:,}",
        durable=durable,
        copies=rule.copies,
    )


def _snapshot(connection: Connection, row: Row[Any], glance: Glance) -> str:
    if not row.seq:
        return ""
    columns = SNAPSHOTS.c
    mine = columns.station == row.station
    found = connection.execute(select(columns.seq, columns.made_ms).where(mine)).first()
    if found is None:
        return say("county.sync.no_snapshot", glance.language)
    ago = ago_text(max(0, glance.now_ms - found.made_ms), glance.language)
    return say("county.sync.snapshot", glance.language, seq=f"{found.seq:,}", ago=ago)


def _told(connection: Connection, station: StationId, language: str) -> str:
    marks = STATE_MARKS.c
    mark = connection.execute(select(STATE_MARKS).where(marks.station == station)).first()
    if mark is None or mark.next_seq == 1:
        return ""
    items = STATE_ITEMS.c
    unheard = select(func.count()).where(items.station == station, items.seq > mark.acked_seq)
    waiting = connection.execute(unheard).scalar_one()
    if not waiting:
        return say("county.sync.told_all", language)
    return say("county.sync.told", language, waiting=f"{waiting:,}")


def _gap_is_closed(connection: Connection, station: StationId) -> bool:
    """Whether somebody has put on record what was found."""
    columns = ALARMS.c
    wanted = select(columns.cleared_ms).where(columns.station == station, columns.kind == "gap")
    return connection.execute(wanted).scalar() is not None


def _gaps(connection: Connection, station: StationId, language: str, *, closed: bool) -> list[str]:
    key = "county.sync.gap_closed" if closed else "county.sync.gap"
    columns = GAPS.c
    rows = connection.execute(
        select(columns.first, columns.last)
        .where(columns.station == station)
        .order_by(columns.made_ms.desc())
        .limit(_MOST_GAPS)
    )
    return [say(key, language, first=row.first, last=row.last) for row in rows]
