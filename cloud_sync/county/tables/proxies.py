"""Who collected for whom."""

from typing import Final

from sqlalchemy import BigInteger, Column, String, Table

from cloud_sync.county.tables.core import METADATA

PROXIES: Final = Table(
    "proxies",
    METADATA,
    # A parcel that a proxy may collect or has collected (`taken_ms`); the last one named counts.
    # `way` is how it goes to the proxy: nothing yet, at the kiosk, or out of the keeper's hands.
    # `auth` is what its door was opened under. A snapshot tells nothing of all this.
    Column("station", String(32), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("proxy", String(10), nullable=False),
    Column("relation", String(20), nullable=False),
    Column("owner", String(10), nullable=False),
    Column("way", String(10), nullable=False),
    Column("auth", String(64), nullable=False),
    Column("taken_ms", BigInteger),
    Column("seq", BigInteger, nullable=False),
)
