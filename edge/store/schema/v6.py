"""Schema 6: labels stand in the print queue beside slips, for a printer of their own."""

from sqlite_utils import Database

from edge.store.schema.v1 import MIGRATIONS


@MIGRATIONS()
def v6_labels(db: Database) -> None:
    """Add the column that tells a label from a slip."""
    # The waybill of the parcel or the seal of the bag that a label is stuck on; empty for a slip.
    db.conn.execute("ALTER TABLE print_queue ADD COLUMN label_of TEXT NOT NULL DEFAULT ''")
    db.conn.execute("PRAGMA user_version = 6")
