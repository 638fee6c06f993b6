"""Schema 3: what the county told the station for good, and how far it has told."""

from typing import Final

from sqlite_utils import Database

from edge.store.schema.v1 import MIGRATIONS

_TABLES: Final = (
    # `body` is JSON as it came, also of kinds that this software does not know yet. `seen` says
    # that the keeper has read it, which matters for notices.
    """CREATE TABLE county_state (
        kind TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
        seen INTEGER NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE county_state_mark (
        id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL) STRICT""",
)


@MIGRATIONS()
def v3_county_state(db: Database) -> None:
    """Make the tables of the state stream."""
    for table in _TABLES:
        db.conn.execute(table)
    db.conn.execute("INSERT INTO county_state_mark VALUES (1, 0)")
    db.conn.execute("PRAGMA user_version = 3")
