"""Schema 2: what a journal stands on once its oldest facts are pruned, and snapshots."""

from typing import Final

from sqlite_utils import Database

from edge.kernel.hashing import GENESIS
from edge.store.schema.v1 import MIGRATIONS

_TABLES: Final = (
    # The place before the first fact that is kept, and the tables as they were there.
    """CREATE TABLE journal_base (
        id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT""",
    """CREATE TABLE base_parcels (
        waybill_no TEXT PRIMARY KEY, carrier TEXT NOT NULL, stage TEXT NOT NULL, cell INTEGER,
        phone_tail TEXT, received_ms INTEGER NOT NULL, stored_ms INTEGER, ended_ms INTEGER,
        seq INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE base_cells (
        cell INTEGER PRIMARY KEY, occupancy TEXT NOT NULL, waybill_no TEXT, door TEXT NOT NULL,
        seq INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    # What the station knew right after the fact `seq`; `hash` is the chain's there, `digest`
    # SHA-256 of `data` in hex, which a later fact tells (journal.snapshot_taken).
    """CREATE TABLE snapshots (
        seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, digest TEXT NOT NULL, ran_ms INTEGER NOT NULL,
        wall_ms INTEGER NOT NULL, data BLOB NOT NULL) STRICT""",
    """CREATE INDEX journal_snapshots ON journal (epoch, seq)
        WHERE kind = 'journal.snapshot_taken'""",
)


@MIGRATIONS()
def v2_snapshots(db: Database) -> None:
    """Make the tables of snapshots and pruning."""
    for table in _TABLES:
        db.conn.execute(table)
    db.conn.execute("INSERT INTO journal_base VALUES (1, 0, ?)", (GENESIS,))
    db.conn.execute("PRAGMA user_version = 2")
