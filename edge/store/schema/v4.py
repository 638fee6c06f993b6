"""Schema 4: parcels outside the steel, what is to be minded about them, and locked cells."""

from typing import Final

from sqlite_utils import Database

from edge.store.schema.v1 import MIGRATIONS

_COLUMNS: Final = (
    "ALTER TABLE {0}parcels ADD COLUMN slot TEXT",
    # Words with a comma between them; fen of cash due.
    "ALTER TABLE {0}parcels ADD COLUMN flags TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE {0}parcels ADD COLUMN cash_due_fen INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE {0}cells ADD COLUMN locked TEXT NOT NULL DEFAULT ''",
)


@MIGRATIONS()
def v4_places(db: Database) -> None:
    """Add the columns to the tables and to their twins of the base."""
    for prefix in ("", "base_"):
        for column in _COLUMNS:
            db.conn.execute(column.format(prefix))
    db.conn.execute("PRAGMA user_version = 4")
