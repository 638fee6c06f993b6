"""The parcels table: one row a waybill, with the stage and the moments of its life."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final

from cloud_sync.wire.envelope import Envelope

_Fold = Callable[[sqlite3.Connection, Envelope], Any]


def _received(table: str) -> _Fold:
    statement = f"""INSERT INTO {table} (waybill_no, carrier, stage, received_ms, seq)
        VALUES (:waybill_no, :carrier, 'received', :wall, :seq)
        ON CONFLICT (waybill_no) DO UPDATE SET carrier = excluded.carrier, stage = 'received',
            cell = NULL, slot = NULL, flags = '', cash_due_fen = 0, phone_tail = NULL,
            received_ms = excluded.received_ms, stored_ms = NULL, ended_ms = NULL,
            seq = excluded.seq"""  # noqa: S608 - our own constants

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


def _flagged(table: str) -> _Fold:
    statement = (
        f"UPDATE {table} SET flags = :flags, cash_due_fen = :cash_due_fen, "  # noqa: S608 - our own constants
        "seq = :seq WHERE waybill_no = :waybill_no"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        flags = ",".join(fact.body["flags"])
        connection.execute(statement, fact.body | {"flags": flags, "seq": fact.seq})

    return fold


_LIES: Final = (
    "stage = 'stored', cell = NULL, slot = :slot, ended_ms = NULL, "
    "stored_ms = coalesce(stored_ms, :wall)"
)

_OUT_OF_THE_BAG: Final = "stage = CASE stage WHEN 'bagged' THEN 'received' ELSE stage END"


def parcel_folds(table: str) -> dict[str, _Fold]:
    """The folds of one table of parcels."""
    return {
        "parcel.received": _received(table),
        "cell.reserved": _set(table, "cell = :cell"),
        "parcel.stored": _set(
            table,
            "stage = 'stored', cell = :cell, slot = NULL, ended_ms = NULL, "
            "stored_ms = coalesce(stored_ms, :wall)",
        ),
        "parcel.phone_tail_noted": _set(table, "phone_tail = :phone_tail"),
        "parcel.check_in_undone": _set(table, "stage = 'undone', ended_ms = :wall"),
        "parcel.picked_up": _set(table, "stage = 'picked_up', ended_ms = :wall"),
        "parcel.put_back": _set(table, "stage = 'put_back', ended_ms = NULL"),
        "parcel.shelved": _set(table, _LIES),
        "parcel.handed_back": _set(table, _LIES),
        "parcel.taken_out": _set(table, "stage = 'received', cell = NULL, slot = NULL"),
        "parcel.handed_out": _set(table, "stage = 'picked_up', ended_ms = :wall"),
        "parcel.flagged": _flagged(table),
        "parcel.missing": _set(table, "stage = 'missing', ended_ms = :wall"),
        "parcel.bagged": _set(table, "stage = 'bagged', cell = NULL, slot = NULL"),
        "parcel.return_undone": _set(table, _OUT_OF_THE_BAG),
        "parcel.returned": _set(table, "stage = 'returned', ended_ms = :wall"),
    }
