"""Tables of the talk with stations: sessions, snapshots, gaps, grants and backups."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from cloud_sync.county.tables.core import METADATA

GRANT_CHARACTERS: Final = 200
"""The longest name of a GRANT."""
_Number = BigInteger().with_variant(Integer, "sqlite")

SYNC: Final = Table(
    "sync",
    METADATA,
    # The present talk with a station, here so that a county that starts again goes on with it.
    Column("station", String(32), primary_key=True),
    Column("session", String(32), nullable=False),
    # The newest HELLOs of the station, a JSON list; the last one opened the session.
    Column("nonces", Text, nullable=False),
    # Whether that HELLO was judged ok: in a late copy of it an old head is no loss.
    Column("agreed", Boolean, nullable=False),
    # Whether the last batch came changed.
    Column("garbled", Boolean, nullable=False),
    # The card that speaks, as its last good HELLO showed it; earlier boots as a JSON list.
    Column("boot", BigInteger, nullable=False),
    Column("boot_id", String(64), nullable=False),
    Column("earlier_boots", Text, nullable=False),
    Column("machine", String(64), nullable=False),
    # The nonce of the last HELLO that did not fit this card.
    Column("doubted", String(64), nullable=False),
    # The GRANT that began the present epoch; empty for the first.
    Column("grant_id", String(GRANT_CHARACTERS), nullable=False),
    Column("oldest_seq", BigInteger, nullable=False),
    Column("head_seq", BigInteger, nullable=False),
    Column("state_seq", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
)

SNAPSHOT_PIECES: Final = Table(
    "snapshot_pieces",
    METADATA,
    # One snapshot a station that is still coming; another one takes its place.
    Column("station", String(32), primary_key=True),
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("count", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

SNAPSHOTS: Final = Table(
    "snapshots",
    METADATA,
    # The newest whole one of each station.
    Column("station", String(32), primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

GAPS: Final = Table(
    "gaps",
    METADATA,
    # Facts that exist nowhere any more. Settled when a snapshot has told what they led to.
    Column("station", String(32), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    # The chain hash after the last one that is missing: what follows joins on here.
    Column("hash", LargeBinary, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("settled_ms", BigInteger),
)

EPOCHS: Final = Table(
    "epochs",
    METADATA,
    # Every epoch that a GRANT began, with the place that it follows.
    Column("station", String(32), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("parent_epoch", BigInteger, nullable=False),
    Column("parent_seq", BigInteger, nullable=False),
    Column("parent_hash", LargeBinary, nullable=False),
    Column("grant_id", String(GRANT_CHARACTERS), nullable=False),
    Column("begun_ms", BigInteger, nullable=False),
)

GRANTS: Final = Table(
    "grants",
    METADATA,
    Column("grant_id", String(GRANT_CHARACTERS), primary_key=True),
    Column("station", String(32), nullable=False),
    # The device that may take it; empty for whichever the station has.
    Column("key_id", String(16), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    # Where the new journal goes on.
    Column("parent_epoch", BigInteger, nullable=False),
    Column("parent_seq", BigInteger, nullable=False),
    Column("parent_hash", LargeBinary, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("ordered_ms", BigInteger, nullable=False),
    Column("fetched_ms", BigInteger),
    Column("taken_ms", BigInteger),
    # What the device fetches, in pieces; empty once it has been taken.
    Column("body", LargeBinary, nullable=False),
    Index("grants_by_station", "station", "epoch"),
)

BACKUPS: Final = Table(
    "backups",
    METADATA,
    # Every one here was read again after it was written, and found whole.
    Column("backup", _Number, primary_key=True),
    Column("place", String(400), nullable=False),
    Column("file", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("verified_ms", BigInteger, nullable=False),
)

BACKUP_MARKS: Final = Table(
    "backup_marks",
    METADATA,
    # Up to where each station's journal stands in a backup.
    Column("backup", BigInteger, primary_key=True, autoincrement=False),
    Column("station", String(32), primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Index("backup_marks_by_station", "station"),
)

ALARM_NOTES: Final = Table(
    "alarm_notes",
    METADATA,
    # Who looked after a trouble that does not end by itself, and what they found.
    Column("number", _Number, primary_key=True),
    Column("station", String(32), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("who", String(40), nullable=False),
    Column("note", String(200), nullable=False),
    Column("noted_ms", BigInteger, nullable=False),
)
