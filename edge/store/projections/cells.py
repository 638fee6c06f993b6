"""The cells table: what each compartment holds and what its door was last seen doing."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final

from cloud_sync.wire.envelope import Envelope

_Fold = Callable[[sqlite3.Connection, Envelope], Any]


def _set(**columns: str | None) -> _Fold:
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    # A first sighting needs the other columns too; a later one leaves them alone.
    extra = {"occupancy": "'free'", "door": "'unknown'"}
    missing = [name for name in extra if name not in columns]
    more_names = "".join(f", {name}" for name in missing)
    more_marks = "".join(f", {extra[name]}" for name in missing)
    statement = (
        f"INSERT INTO cells (cell, seq, {names}{more_names}) "  # noqa: S608 - column names are our constants
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


def _nobody_has_looked(connection: sqlite3.Connection, fact: Envelope) -> None:
    # While the power was off anything may have moved; each sensor will tell.
    connection.execute("UPDATE cells SET door = 'unknown', seq = ?", (fact.seq,))


def _no_longer_inside(connection: sqlite3.Connection, fact: Envelope) -> None:
    connection.execute(
        "UPDATE cells SET waybill_no = NULL, seq = :seq WHERE waybill_no = :waybill_no",
        {"waybill_no": fact.body["waybill_no"], "seq": fact.seq},
    )


CELL_FOLDS: Final[dict[str, _Fold]] = {
    "station.started": _nobody_has_looked,
    "cell.reserved": _set(occupancy="reserved", waybill_no=":waybill_no"),
    "parcel.stored": _set(occupancy="held", waybill_no=":waybill_no"),
    "parcel.check_in_undone": _no_longer_inside,
    "parcel.picked_up": _no_longer_inside,
    "parcel.missing": _no_longer_inside,
    "parcel.put_back": _set(waybill_no=":waybill_no"),
    "cell.freed": _set(occupancy="free", waybill_no=None),
    "cell.questioned": _set(occupancy="questioned"),
    "cell.faulted": _set(occupancy="faulted"),
    "door.asked": _set(door="asked"),
    "door.opened": _set(door="open"),
    "door.shut": _set(door="shut"),
    "door.forced": _set(door="forced"),
    "door.silent": _set(door="silent"),
    "door.unseen": _set(door="unknown"),
}
