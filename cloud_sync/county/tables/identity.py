"""Which key speaks for which station, and the codes that make a key known."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, String, Table, Text

from cloud_sync.county.tables.core import METADATA

DEVICES: Final = Table(
    "devices",
    METADATA,
    Column("key_id", String(16), primary_key=True),
    Column("station", String(32), nullable=False),
    Column("sign", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    # A hash of the board's own number; empty where it has none.
    Column("machine", String(64), nullable=False),
    # active, replaced or revoked. Of one station at most one is active.
    Column("state", String(10), nullable=False),
    Column("reason", String(200), nullable=False),
    # Of its certificates for TLS: their numbers in hex, the newest last; the hosts that the newest
    # names, and when it ends.
    Column("serials", Text, nullable=False),
    Column("hosts", Text, nullable=False),
    Column("not_after_ms", BigInteger, nullable=False),
    Column("enrolled_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Index("devices_by_station", "station"),
)

CODES: Final = Table(
    "codes",
    METADATA,
    # Which code it is; the code itself is nowhere.
    Column("hash", String(64), primary_key=True),
    Column("station", String(32), nullable=False),
    # What requests under this code are checked with; it goes when another code takes its place.
    Column("mac_key", LargeBinary),
    Column("replace", Boolean, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
    Column("used_by", String(16)),
    Column("tries", BigInteger, nullable=False),
    Column("made_by", String(40), nullable=False),
)
