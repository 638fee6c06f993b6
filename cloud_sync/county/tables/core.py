"""The county's tables, in words that SQLite and PostgreSQL both understand."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal,
)

SCHEMA_VERSION: Final = 1
METADATA: Final = MetaData()
# SQLite counts rows by itself only under the exact type INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

META: Final = Table(
    "meta",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

STATIONS: Final = Table(
    "stations",
    METADATA,
    Column("station", String(32), primary_key=True),
    Column("name", String(40), nullable=False),
    # The ledger: up to where this station's journal is committed here. Written with the facts.
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    # What the station last said of itself.
    Column("software", String(64), nullable=False),
    Column("cells", Integer, nullable=False),
    Column("boot", BigInteger, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("simulated", Boolean, nullable=False),
    # By the county's clock; NULL while never heard of.
    Column("seen_ms", BigInteger),
    Column("parted", Boolean, nullable=False),
)

FACTS: Final = Table(
    "facts",
    METADATA,
    # The order of arrival, for pages that follow; `station, epoch, seq` is the identity.
    Column("number", _Number, primary_key=True),
    Column("station", String(32), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("schema", Integer, nullable=False),
    Column("wall_ms", BigInteger, nullable=False),
    Column("cell", Integer),
    Column("waybill_no", String(30)),
    Column("received_ms", BigInteger, nullable=False),
    # Why this software could not read the fact; empty where it could.
    Column("parked", String(200), nullable=False),
    Column("fact", LargeBinary, nullable=False),
    UniqueConstraint("station", "epoch", "seq"),
    Index("facts_by_waybill", "waybill_no"),
)
# A literal in the question too: no database uses such an index for a value that it is given later.
IS_REFUSED: Final = FACTS.c.kind == literal("pickup.refused", literal_execute=True)
"""Facts of this kind are few and asked for all the time: they have an index of their own."""
Index(
    "facts_refused",
    FACTS.c.wall_ms,
    sqlite_where=IS_REFUSED,
    postgresql_where=IS_REFUSED,
)

FORK_STORE: Final = Table(
    "fork_store",
    METADATA,
    # Facts of a second history: kept for a person to judge, never merged.
    Column("number", _Number, primary_key=True),
    Column("station", String(32), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("fact", LargeBinary, nullable=False),
    UniqueConstraint("station", "epoch", "seq", "hash"),
)

CELLS: Final = Table(
    "cells",
    METADATA,
    Column("station", String(32), primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("occupancy", String(20), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("waybill_no", String(30)),
    # Whose parcel was here before, for the ten minutes in which a door may be reopened.
    Column("last_waybill_no", String(30)),
    Column("door", String(20), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

PARCELS: Final = Table(
    "parcels",
    METADATA,
    Column("station", String(32), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("carrier", String(64), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("cell", Integer),
    Column("received_ms", BigInteger, nullable=False),
    Column("stored_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("seq", BigInteger, nullable=False),
    Index("parcels_by_stage", "stage"),
    # A phone's page asks for few parcels and knows no station.
    Index("parcels_by_waybill", "waybill_no"),
)

SUPPLIES: Final = Table(
    "supplies",
    METADATA,
    # The outage that lasts (`lost_ms`), or when the last one was over and how long it took.
    Column("station", String(32), primary_key=True),
    Column("lost_ms", BigInteger),
    # Since when the battery is nearly empty, and whether the machine was switched off for that.
    Column("low_ms", BigInteger),
    Column("stopped", Boolean, nullable=False),
    Column("restored_ms", BigInteger),
    Column("lasted_ms", BigInteger),
    Column("seq", BigInteger, nullable=False),
)

RESTARTS: Final = Table(
    "restarts",
    METADATA,
    # Since when a station lets its doors rest after too many starts in a row; NULL while it works.
    Column("station", String(32), primary_key=True),
    Column("safe_ms", BigInteger),
    Column("starts", BigInteger, nullable=False),
    # Whose lock had been fired each time, where it was always the same.
    Column("cell", Integer),
    Column("seq", BigInteger, nullable=False),
)

ALARMS: Final = Table(
    "alarms",
    METADATA,
    # What the sync itself noticed; what a cell or a parcel tells is read from their tables.
    Column("station", String(32), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("detail", Text, nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("cleared_ms", BigInteger),
)
