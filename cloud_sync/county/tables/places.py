"""Places outside the steel, and cells that a keeper took off the offer."""

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

LOCKS: Final = Table(
    "locks",
    METADATA,
    # Kept apart from what a cell holds and what its door does; an empty reason is no lock any more.
    Column("station", String(32), primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(200), nullable=False),
    Column("seq", BigInteger, nullable=False),
)
