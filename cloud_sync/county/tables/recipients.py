"""Recipients and their parcels. Numbers are sealed, links are only known by their hash."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from cloud_sync.county.tables.core import METADATA

RECIPIENTS: Final = Table(
    "recipients",
    METADATA,
    Column("recipient", String(32), primary_key=True),
    # Keyed hashes: of the number, by which the next manifest finds him, and of his link.
    Column("number_mark", String(64), nullable=False, unique=True),
    Column("link_mark", String(64), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("tail", String(4), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
)

RECIPIENT_PARCELS: Final = Table(
    "recipient_parcels",
    METADATA,
    Column("waybill_no", String(30), primary_key=True),
    Column("recipient", String(32), nullable=False),
    Column("trip", String(40), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Index("recipient_parcels_by_recipient", "recipient"),
)

SEALED_CODES: Final = Table(
    "sealed_codes",
    METADATA,
    # Live pickup codes as their stations sealed them: what opens them is in no database.
    Column("station", String(32), primary_key=True),
    Column("credential", String(64), primary_key=True),
    Column("waybill_no", String(30), nullable=False),
    Column("sealed", Text, nullable=False),
    Index("sealed_codes_by_waybill", "waybill_no"),
)
