"""Where a parcel is or was, and its way through this county; nothing of its addressee."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from cloud_sync.county.histories.dating import date, in_order
from cloud_sync.county.tables import FACTS, NOTICE_PARCELS, NOTICES, PARCELS, STATIONS
from cloud_sync.wire.bodies.question import MOST_PLACES, MOST_STEPS, WhereAsked
from edge.kernel.ids import StationId

STEPS: Final = (
    "parcel.received",
    "parcel.stored",
    "parcel.shelved",
    "parcel.taken_out",
    "parcel.picked_up",
    "parcel.handed_out",
    "parcel.put_back",
    "parcel.handed_back",
    "parcel.check_in_undone",
    "parcel.misrouted",
    "parcel.short",
    "parcel.missing",
    "parcel.returned",
)
"""Kinds of facts that are steps of a parcel's way; codes, money and people are nobody's business.

Each has its sentence in edge.words.tracking.
"""
TOLD: Final = "notice.told"
"""No fact of a station's, and no step that moves the parcel; its sentence stands there too."""
_LATEST: Final = func.coalesce(PARCELS.c.ended_ms, PARCELS.c.stored_ms, PARCELS.c.received_ms)


def where_is(
    connection: Connection, _station: StationId, asked: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Which stations have or had it and its stage there, newest first; None for no waybill."""
    waybill_no = _waybill_of(asked)
    if waybill_no is None:
        return None
    rows = connection.execute(
        select(
            PARCELS.c.station,
            STATIONS.c.name,
            PARCELS.c.stage,
            _LATEST.label("since_ms"),
        )
        .join_from(PARCELS, STATIONS, STATIONS.c.station == PARCELS.c.station)
        .where(PARCELS.c.waybill_no == waybill_no)
        .order_by(_LATEST.desc())
        .limit(MOST_PLACES)
    )
    return {"places": [dict(row) for row in rows.mappings()]}


def trace(
    connection: Connection, _station: StationId, asked: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The newest steps of its way, the oldest of them first; None for no waybill."""
    waybill_no = _waybill_of(asked)
    if waybill_no is None:
        return None
    columns = FACTS.c
    wanted = (
        select(FACTS)
        .where(columns.waybill_no == waybill_no, columns.kind.in_(STEPS))
        .order_by(columns.number.desc())
        .limit(MOST_STEPS)
    )
    rows = list(connection.execute(wanted))
    dated = date(connection, rows)
    names = dict(map(tuple, connection.execute(select(STATIONS.c.station, STATIONS.c.name))))
    steps = []
    for row in in_order(rows, dated):
        when = dated[row.station, row.epoch, row.seq]
        steps.append(
            {
                "station": row.station,
                "name": names.get(row.station, row.station),
                "step": row.kind,
                "at_ms": when.at_ms,
                "sure": when.sure,
            }
        )
    for told in _told(connection, waybill_no, names):
        at = next((n for n, one in enumerate(steps) if one["at_ms"] > told["at_ms"]), len(steps))
        steps.insert(at, told)
    return {"steps": steps[-MOST_STEPS:]}


def _told(
    connection: Connection, waybill_no: str, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """That its addressee was told, and when; by which way and to what number is nobody's business.

    A station that does not know this step leaves it out.
    """
    wanted = (
        select(NOTICE_PARCELS.c.station, NOTICES.c.told_ms)
        .join_from(NOTICE_PARCELS, NOTICES, NOTICES.c.notice == NOTICE_PARCELS.c.notice)
        .where(NOTICE_PARCELS.c.waybill_no == waybill_no, NOTICES.c.state == "told")
        .order_by(NOTICES.c.told_ms)
    )
    return [
        {
            "station": row.station,
            "name": names.get(row.station, row.station),
            "step": TOLD,
            "at_ms": row.told_ms,
            "sure": True,
        }
        for row in connection.execute(wanted)
    ]


def _waybill_of(asked: Mapping[str, Any]) -> str | None:
    try:
        return msgspec.convert(asked, WhereAsked).waybill_no
    except msgspec.ValidationError:
        return None
