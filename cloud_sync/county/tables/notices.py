"""What addressees were told, and what still waits to be told. No number and no text stands here."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from cloud_sync.county.tables.core import METADATA

NOTICES: Final = Table(
    "notices",
    METADATA,
    Column("notice", String(40), primary_key=True),
    Column("recipient", String(32), nullable=False),
    Column("kind", String(10), nullable=False),
    # waiting, told, moot (nothing of it waits any more) or keeper (no way reaches them).
    Column("state", String(10), nullable=False),
    # The next try, by which way it is, and how many came before by this way.
    Column("due_ms", BigInteger, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told_ms", BigInteger),
    Column("why", String(40), nullable=False),
    Index("notices_by_state", "state", "due_ms"),
)

NOTICE_TRIES: Final = Table(
    "notice_tries",
    METADATA,
    # Only ever added to: each try by a way and each receipt, in the order in which they came.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("notice", String(40), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    # Of a try taken, nobody or unknown; of a receipt delivered or failed.
    Column("outcome", String(10), nullable=False),
    Column("why", String(40), nullable=False),
    Index("notice_tries_by_notice", "notice"),
    Index("notice_tries_by_time", "at_ms"),
)

NOTICE_PARCELS: Final = Table(
    "notice_parcels",
    METADATA,
    # One stay of a parcel is told of once for each kind.
    Column("station", String(32), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("received_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True),
    Column("notice", String(40), nullable=False),
    Index("notice_parcels_by_notice", "notice"),
)
