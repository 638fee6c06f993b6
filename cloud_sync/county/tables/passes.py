"""Passes for proxies that addressees made on their own pages. Links are known by hash alone."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, String, Table

from cloud_sync.county.tables.core import METADATA

PASSES: Final = Table(
    "passes",
    METADATA,
    Column("pass_id", String(16), primary_key=True),
    Column("link_mark", String(64), nullable=False, unique=True),
    Column("recipient", String(32), nullable=False),
    Column("station", String(32), nullable=False),
    Column("waybill_no", String(30), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    # When the addressee took it back; the station knows once its state stream is as far.
    Column("revoked_ms", BigInteger),
    Index("passes_by_recipient", "recipient"),
)
