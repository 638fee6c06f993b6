"""Where a parcel is or was, in all stations of this county; nothing of its addressee."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select

from cloud_sync.county.tables import PARCELS, STATIONS
from cloud_sync.wire.bodies.question import MOST_PLACES, WhereAsked
from edge.kernel.ids import StationId

_LATEST: Final = func.coalesce(PARCELS.c.ended_ms, PARCELS.c.stored_ms, PARCELS.c.received_ms)


def where_is(
    connection: Connection, _station: StationId, asked: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Which stations have or had it and its stage there, newest first; None for no waybill."""
    try:
        waybill_no = msgspec.convert(asked, WhereAsked).waybill_no
    except msgspec.ValidationError:
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
