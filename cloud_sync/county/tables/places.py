"""Places outside the steel, what long stays bring about, and cells off the offer."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table

from cloud_sync.county.tables.core import METADATA

SLOTS: Final = Table(
    "slots",
    METADATA,
    # Where a parcel lies or lay last while `parcels.cell` is NULL: of a shelf or of the floor.
    Column("station", String(32), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("slot", String(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

KEEPINGS: Final = Table(
    "keepings",
    METADATA,
    # What a parcel's stay has brought about; a word or a note is empty where there is none.
    Column("station", String(32), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("overdue_ms", BigInteger),
    Column("cause", String(16), nullable=False),
    Column("refused", String(200), nullable=False),
    Column("damage", String(200), nullable=False),
    Column("liable", String(16), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

LOCKS: Final = Table(
    "locks",
    METADATA,
    # Kept apart from what a cell holds and what its door does; an empty reason is no lock any more.
    Column("station", String(32), primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(200), nullable=False),
    Column("seq", BigInteger, nullable=False),
)
