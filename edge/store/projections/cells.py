"""The cells table: what each compartment holds and what its door was last seen doing."""

import sqlite3
from collections.abc import Callable
from typing import Any

from cloud_sync.wire.envelope import Envelope

_Fold = Callable[[sqlite3.Connection, Envelope], Any]


def _set(table: str, **columns: str | None) -> _Fold:
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    # A first sighting needs the other columns too; a later one leaves them alone.
    extra = {"occupancy": "'free'", "door": "'unknown'"}
    missing = [name for name in extra if name not in columns]
    more_names = "".join(f", {name}" for name in missing)
    more_marks = "".join(f", {extra[name]}" for name in missing)
    statement = (
        f"INSERT INTO {table} (cell, seq, {names}{more_names}) "  # noqa: S608 - our own constants
        f"VALUES (:cell, :seq, {marks}{more_marks}) "
        f"ON CONFLICT (cell) DO UPDATE SET seq = excluded.seq, {updates}"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        values = {
            name: fact.body.get("waybill_no") if value == ":waybill_no" else value
            for name, value in columns.items()
        }
        connection.execute(statement, {"cell": fact.body["cell"], "seq": fact.seq} | values)

    return fold


def _locked(table: str) -> _Fold:
    statement = (
        f"INSERT INTO {table} (cell, seq, locked, occupancy, door) "  # noqa: S608 - our own constants
        "VALUES (:cell, :seq, :reason, 'free', 'unknown') "
        "ON CONFLICT (cell) DO UPDATE SET seq = excluded.seq, locked = excluded.locked"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        connection.execute(statement, fact.body | {"seq": fact.seq})

    return fold


def _nobody_has_looked(table: str) -> _Fold:
    # While the power was off anything may have moved; each sensor will tell.
    statement = f"UPDATE {table} SET door = 'unknown', seq = ?"  # noqa: S608 - our own constants

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        connection.execute(statement, (fact.seq,))

    return fold


def _no_longer_inside(table: str) -> _Fold:
    statement = (
        f"UPDATE {table} SET waybill_no = NULL, seq = :seq "  # noqa: S608 - our own constants
        "WHERE waybill_no = :waybill_no"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        values = {"waybill_no": fact.body["waybill_no"], "seq": fact.seq}
        connection.execute(statement, values)

    return fold


def cell_folds(table: str) -> dict[str, _Fold]:
    """The folds of one table of cells."""
    return {
        "station.started": _nobody_has_looked(table),
        "cell.reserved": _set(table, occupancy="reserved", waybill_no=":waybill_no"),
        "parcel.stored": _set(table, occupancy="held", waybill_no=":waybill_no"),
        "parcel.check_in_undone": _no_longer_inside(table),
        "parcel.taken_out": _no_longer_inside(table),
        "parcel.picked_up": _no_longer_inside(table),
        "parcel.missing": _no_longer_inside(table),
        "parcel.bagged": _no_longer_inside(table),
        "parcel.put_back": _set(table, waybill_no=":waybill_no"),
        "cell.locked": _locked(table),
        "cell.unlocked": _set(table, locked=""),
        "cell.freed": _set(table, occupancy="free", waybill_no=None),
        "cell.questioned": _set(table, occupancy="questioned"),
        "cell.faulted": _set(table, occupancy="faulted"),
        "door.asked": _set(table, door="asked"),
        "door.opened": _set(table, door="open"),
        "door.shut": _set(table, door="shut"),
        "door.forced": _set(table, door="forced"),
        "door.silent": _set(table, door="silent"),
        "door.unseen": _set(table, door="unknown"),
    }
