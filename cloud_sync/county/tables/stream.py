"""The state stream: what each station has been told and how much of it is stored there."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from cloud_sync.county.tables.core import METADATA
from cloud_sync.wire.bodies.state import MAX_KEY

STATE_ITEMS: Final = Table(
    "state_items",
    METADATA,
    Column("station", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("key", String(MAX_KEY), nullable=False),
    # JSON; NULL takes back what was said before.
    Column("body", Text),
    Column("made_ms", BigInteger, nullable=False),
    Index("state_items_by_key", "station", "kind", "key"),
)

STATE_MARKS: Final = Table(
    "state_marks",
    METADATA,
    Column("station", String(32), primary_key=True),
    # The next number of this station's stream; none is ever given twice.
    Column("next_seq", BigInteger, nullable=False),
    Column("acked_seq", BigInteger, nullable=False),
    # The generation of this county in which station and county agreed on these numbers.
    Column("generation", String(200), nullable=False),
    # Everything is being said anew: once the item `sweep_to` is stored, all below `sweep` goes.
    Column("sweep", BigInteger, nullable=False),
    Column("sweep_to", BigInteger, nullable=False),
)

STATE_COMMON: Final = Table(
    "state_common",
    METADATA,
    # What was said to all: a station that comes later is told it too.
    Column("kind", String(40), primary_key=True),
    Column("key", String(MAX_KEY), primary_key=True),
    Column("body", Text, nullable=False),
)
