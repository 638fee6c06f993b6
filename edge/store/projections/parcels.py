"""The parcels table: one row a waybill, with the stage and the moments of its life."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final

from cloud_sync.wire.envelope import Envelope

_Fold = Callable[[sqlite3.Connection, Envelope], Any]


def _received(connection: sqlite3.Connection, fact: Envelope) -> None:
    connection.execute(
        """INSERT INTO parcels (waybill_no, carrier, stage, received_ms, seq)
        VALUES (:waybill_no, :carrier, 'received', :wall, :seq)
        ON CONFLICT (waybill_no) DO UPDATE SET carrier = excluded.carrier, stage = 'received',
            cell = NULL, phone_tail = NULL, received_ms = excluded.received_ms, stored_ms = NULL,
            ended_ms = NULL, seq = excluded.seq""",
        fact.body | {"wall": fact.wall_lo, "seq": fact.seq},
    )


def _set(assignments: str) -> _Fold:
    statement = (
        f"UPDATE parcels SET {assignments}, seq = :seq "  # noqa: S608 - our own constants
        "WHERE waybill_no = :waybill_no"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        connection.execute(statement, fact.body | {"wall": fact.wall_lo, "seq": fact.seq})

    return fold


PARCEL_FOLDS: Final[dict[str, _Fold]] = {
    "parcel.received": _received,
    "cell.reserved": _set("cell = :cell"),
    "parcel.stored": _set(
        "stage = 'stored', cell = :cell, stored_ms = coalesce(stored_ms, :wall), ended_ms = NULL"
    ),
    "parcel.phone_tail_noted": _set("phone_tail = :phone_tail"),
    "parcel.check_in_undone": _set("stage = 'undone', ended_ms = :wall"),
    "parcel.picked_up": _set("stage = 'picked_up', ended_ms = :wall"),
    "parcel.put_back": _set("stage = 'put_back', ended_ms = NULL"),
    "parcel.missing": _set("stage = 'missing', ended_ms = :wall"),
}
