"""Schema 5: couriers with PINs of their own, handovers and the bags that changed hands."""

from typing import Final

from sqlite_utils import Database

from edge.store.schema.v1 import MIGRATIONS

_BAGS: Final = """CREATE TABLE {name} (
    seal TEXT PRIMARY KEY, trip TEXT NOT NULL, verdict TEXT NOT NULL, note TEXT NOT NULL,
    scanned_ms INTEGER, out_ms INTEGER, emptied_ms INTEGER, found INTEGER,
    seq INTEGER NOT NULL) STRICT, WITHOUT ROWID"""
_HANDOVERS: Final = """CREATE TABLE {name} (
    trip TEXT PRIMARY KEY, courier TEXT NOT NULL, keeper TEXT NOT NULL, arrived_ms INTEGER,
    signed_ms INTEGER, expected INTEGER, taken INTEGER, reason TEXT NOT NULL,
    courier_count INTEGER, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID"""
_TABLES: Final = (
    """CREATE TABLE couriers (
        courier TEXT PRIMARY KEY, pin_hash TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    _BAGS.format(name="bags"),
    _BAGS.format(name="base_bags"),
    _HANDOVERS.format(name="handovers"),
    _HANDOVERS.format(name="base_handovers"),
)


@MIGRATIONS()
def v5_trips(db: Database) -> None:
    """Make the tables of trips."""
    for table in _TABLES:
        db.conn.execute(table)
    db.conn.execute("PRAGMA user_version = 5")
