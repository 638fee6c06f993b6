"""What the county posts for whole villages: rows that are never changed but once, to withdraw one.

Notices to one recipient about their parcels are another matter: see `notices`.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from cloud_sync.county.tables.core import METADATA

VILLAGE_NOTICES: Final = Table(
    "village_notices",
    METADATA,
    # A short number, for whoever types it; none is given twice.
    Column("notice", Integer, primary_key=True, autoincrement=False),
    Column("title", String(40), nullable=False),
    Column("text", String(400), nullable=False),
    # It stands from `since_ms` until just before `until_ms`.
    Column("since_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("operator", String(40), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    # NULL and empty while nobody has withdrawn it.
    Column("withdrawn_ms", BigInteger),
    Column("withdrawn_by", String(40), nullable=False),
)
VILLAGE_NOTICE_STATIONS: Final = Table(
    "village_notice_stations",
    METADATA,
    Column("notice", Integer, primary_key=True, autoincrement=False),
    # Empty for all stations, also those that come later.
    Column("station", String(32), primary_key=True),
    # As in the notice, so that a station's are found without those that are over.
    Column("until_ms", BigInteger, nullable=False),
    Index("village_notices_by_station", "station", "until_ms"),
)
