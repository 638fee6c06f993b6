"""The tables of handovers and bags: one row a trip, one row a seal."""

import sqlite3
from collections.abc import Callable
from typing import Any, Final

from cloud_sync.wire.envelope import Envelope

_Fold = Callable[[sqlite3.Connection, Envelope], Any]
_BAG: Final = {"trip": "''", "verdict": "''", "note": "''"}
_HANDOVER: Final = {"courier": "''", "keeper": "''", "reason": "''"}


def _put(table: str, key: str, missing: dict[str, str], **columns: str) -> _Fold:
    """Set columns of the row that a fact names, and make it where it is the first."""
    first = {name: value for name, value in missing.items() if name not in columns} | columns
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    statement = (
        f"INSERT INTO {table} ({key}, seq, {', '.join(first)}) "  # noqa: S608 - our own constants
        f"VALUES (:{key}, :seq, {', '.join(first.values())}) "
        f"ON CONFLICT ({key}) DO UPDATE SET seq = excluded.seq, {changes}"
    )

    def fold(connection: sqlite3.Connection, fact: Envelope) -> None:
        plain = {n: v for n, v in fact.body.items() if not isinstance(v, list)}
        connection.execute(statement, plain | {"wall": fact.wall_lo, "seq": fact.seq})

    return fold


def bag_folds(table: str) -> dict[str, _Fold]:
    """The folds of one table of bags."""

    def bag(**columns: str) -> _Fold:
        return _put(table, "seal", _BAG, trip=":trip", **columns)

    return {
        "bag.scanned": bag(verdict=":verdict", scanned_ms=":wall", note="''"),
        "bag.scan_undone": bag(verdict="''", scanned_ms="NULL", out_ms="NULL", note="''"),
        "bag.damaged": bag(note=":note"),
        "bag.handed_out": bag(out_ms=":wall"),
        "bag.emptied": bag(emptied_ms=":wall", found=":found"),
    }


def handover_folds(table: str) -> dict[str, _Fold]:
    """The folds of one table of handovers."""

    def handover(**columns: str) -> _Fold:
        return _put(table, "trip", _HANDOVER, courier=":courier", **columns)

    return {
        "trip.arrived": handover(keeper=":keeper", arrived_ms=":wall", reason="''"),
        "handover.suspended": handover(reason=":reason"),
        "handover.disputed": handover(keeper=":keeper", courier_count=":courier_count"),
        "handover.signed": handover(
            keeper=":keeper", signed_ms=":wall", expected=":expected", taken=":taken"
        ),
    }
