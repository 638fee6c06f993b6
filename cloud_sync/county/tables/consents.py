"""What addressees agreed to."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table

from cloud_sync.county.tables.core import METADATA

CONSENTS: Final = Table(
    "consents",
    METADATA,
    # A parcel whose addressee is or was to be asked. `wish` is empty before they have spoken.
    Column("station", String(32), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("consent", String(10), nullable=False),
    Column("wish", String(10), nullable=False),
    Column("how", String(20), nullable=False),
    Column("giver", String(20), nullable=False),
    Column("noted_ms", BigInteger),
    Column("tries", Integer, nullable=False),
    Column("tried_ms", BigInteger),
    Column("seq", BigInteger, nullable=False),
)
