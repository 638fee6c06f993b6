"""The parcels table: one row a waybill, with the stage and the moments of its life."""

import sqlite3
from collections.abc import Callable
from typing import Any

from cloud_sync.wire.envelope import Envelope

_Fold = Callable[[sqlite3.Connection, Envelope], Any]


def _received(table: str) -> _Fold:
    statement = f"""INSERT INTO {table} (waybill_no, carrier, stage, received_ms, seq)
        VALUES (:waybill_no, :carrier, 'received', :wall, :seq)
        ON CONFLICT (waybill_no) DO UPDATE SET carrier = excluded.carrier, stage = 'received',
            cell = NULL, phone_tail = NULL, received_ms = excluded.received_ms, stored_ms = NULL,
            ended_ms = NULL, seq = excluded.seq"""  # noqa: S608 - our own constants

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        connection.execute(statement, fact.body | {"wall": fact.wall_lo, "seq": fact.seq})

    return fold


def _set(table: str, assignments: str) -> _Fold:
    statement = (
        f"UPDATE {table} SET {assignments}, seq = :seq "  # noqa: S608 - our own constants
        "WHERE waybill_no = :waybill_no"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        connection.execute(statement, fact.body | {"wall": fact.wall_lo, "seq": fact.seq})

    return fold


def parcel_folds(table: str) -> dict[str, _Fold]:
    """The folds of one table of parcels."""
    return {
        "parcel.received": _received(table),
        "cell.reserved": _set(table, "cell = :cell"),
        "parcel.stored": _set(
            table,
            "stage = 'stored', cell = :cell, ended_ms = NULL, "
            "stored_ms = coalesce(stored_ms, :wall)",
        ),
        "parcel.phone_tail_noted": _set(table, "phone_tail = :phone_tail"),
        "parcel.check_in_undone": _set(table, "stage = 'undone', ended_ms = :wall"),
        "parcel.picked_up": _set(table, "stage = 'picked_up', ended_ms = :wall"),
        "parcel.put_back": _set(table, "stage = 'put_back', ended_ms = NULL"),
        "parcel.missing": _set(table, "stage = 'missing', ended_ms = :wall"),
    }
