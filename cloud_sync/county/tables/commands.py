"""Live commands, each row its own audit, and the moments at which a station learnt the time."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from cloud_sync.county.tables.core import METADATA

COMMANDS: Final = Table(
    "commands",
    METADATA,
    # Who asked for what, and why; never changed afterwards.
    Column("station", String(32), primary_key=True),
    Column("command", String(64), primary_key=True),
    Column("action", String(20), nullable=False),
    Column("cell", Integer, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("parcel_tail", String(64), nullable=False),
    Column("asked_ms", BigInteger, nullable=False),
    # What was sent for it: 0, empty and NULL while nothing was.
    Column("seq", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("not_after_ms", BigInteger),
    # What has become of it; `settled` once a fact of the station says so for good.
    Column("state", String(20), nullable=False),
    Column("result", String(64), nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("settled", Boolean, nullable=False),
    Index("commands_by_time", "station", "asked_ms"),
)

CLOCK_SYNCS: Final = Table(
    "clock_syncs",
    METADATA,
    # At `mono_ms` of this boot it was `county_ms`, give or take `error_ms`.
    Column("station", String(32), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("boot", BigInteger, nullable=False),
    Column("mono_ms", BigInteger, nullable=False),
    Column("county_ms", BigInteger, nullable=False),
    Column("error_ms", BigInteger, nullable=False),
)
