"""Schema 1: journal, cursor, keepers, print queue, and the tables that screens read."""

from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS: Final = Migrations("cunyi_station")

_TABLES: Final = (
    """CREATE TABLE meta (
        name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    # The bytes made at commit; `hash` chains them. seq is gap-free within an epoch.
    """CREATE TABLE journal (
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, kind TEXT NOT NULL,
        fact BLOB NOT NULL, PRIMARY KEY (epoch, seq)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE county_cursor (
        id INTEGER PRIMARY KEY CHECK (id = 1), county_gen TEXT NOT NULL,
        applied_seq INTEGER NOT NULL, durable_seq INTEGER NOT NULL) STRICT""",
    """CREATE TABLE keepers (
        keeper TEXT PRIMARY KEY, pin_hash TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE pin_tries (
        keeper TEXT PRIMARY KEY, wrong INTEGER NOT NULL, boot INTEGER NOT NULL,
        mono_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    # `sealed` holds clear codes under the station key and is wiped when the slip is out or its
    # code dead. state: waiting, done, void (dead before it was printed), unreadable.
    """CREATE TABLE print_queue (
        job INTEGER PRIMARY KEY, credential TEXT NOT NULL, waybill_no TEXT NOT NULL, sealed BLOB,
        started INTEGER NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL) STRICT""",
    "CREATE INDEX print_waiting ON print_queue (state, job)",
    """CREATE TABLE parcels (
        waybill_no TEXT PRIMARY KEY, carrier TEXT NOT NULL, stage TEXT NOT NULL, cell INTEGER,
        phone_tail TEXT, received_ms INTEGER NOT NULL, stored_ms INTEGER, ended_ms INTEGER,
        seq INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE cells (
        cell INTEGER PRIMARY KEY, occupancy TEXT NOT NULL, waybill_no TEXT, door TEXT NOT NULL,
        seq INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
)


@MIGRATIONS()
def v1_first_tables(db: Database) -> None:
    """Make every table of the first schema."""
    for table in _TABLES:
        db.conn.execute(table)
    db.conn.execute("INSERT INTO county_cursor VALUES (1, '', 0, 0)")
    db.conn.execute("PRAGMA user_version = 1")
