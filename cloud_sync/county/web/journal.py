"""The newest facts for the wall; of many doors that say the same at once, one line."""

from typing import Any, Final

from sqlalchemy import Connection, Row, select

from cloud_sync.county.histories.dating import date
from cloud_sync.county.office import Glance
from cloud_sync.county.tables import FACTS
from cloud_sync.county.web.sentences import fact_view
from edge.words import say

NEWEST: Final = 60
"""Lines on the page."""
_READ: Final = 600
"""Facts read for them: a station that starts writes one for each of its 24 doors."""
_FOLDED: Final = ("door.shut", "door.unseen")
"""What a start or a silent board says of every door; what a door needs a person for stays."""
_FEWEST: Final = 4
"""Fewer doors than this are people at work: each keeps its own line."""
_GAP_MS: Final = 5_000


def read_journal(
    connection: Connection, names: dict[str, str], glance: Glance
) -> list[dict[str, Any]]:
    """The newest lines, newest first. The data stays as it is."""
    wanted = select(FACTS).order_by(FACTS.c.number.desc()).limit(_READ)
    rows = list(connection.execute(wanted))
    shown = [
        (row, run)
        for row, run in zip(rows, _runs(rows), strict=True)
        if len(run) < _FEWEST or row is run[0]
    ][:NEWEST]
    dated = date(connection, [row for row, _run in shown])
    lines: list[dict[str, Any]] = []
    for row, run in shown:
        when = dated[row.station, row.epoch, row.seq]
        line = fact_view(row, names.get(row.station, row.station), glance, when)
        lines.append(_folded(line, len(run), glance) if len(run) >= _FEWEST else line)
    return lines


def _runs(rows: list[Row[Any]]) -> list[list[Row[Any]]]:
    """For each row the run that it is in: what its station said alike and at once."""
    newest_of: dict[str, list[Row[Any]]] = {}
    found = []
    for row in rows:
        run = newest_of.get(row.station)
        if run is None or not _follow(row, run[-1]):
            run = newest_of[row.station] = []
        run.append(row)
        found.append(run)
    return found


def _follow(older: Row[Any], newer: Row[Any]) -> bool:
    return (
        older.kind in _FOLDED
        and (older.kind, older.epoch, older.parked) == (newer.kind, newer.epoch, newer.parked)
        and abs(newer.wall_ms - older.wall_ms) <= _GAP_MS
    )


def _folded(line: dict[str, Any], count: int, glance: Glance) -> dict[str, Any]:
    text = say(f"county.folded.{line['kind']}", glance.language, count=count)
    return line | {"cell": None, "waybill_no": None, "waybill": None, "text": text}
