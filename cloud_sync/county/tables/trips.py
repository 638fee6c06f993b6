"""Manifests and routes as they were read in, and what stations told of bags and handovers."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from cloud_sync.county.tables.core import METADATA

TRIPS: Final = Table(
    "trips",
    METADATA,
    Column("trip", String(40), primary_key=True),
    Column("operator", String(40), nullable=False),
    # JSON: [{"place": ..., "at_ms": ...}], and the stations that were told.
    Column("stops", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("planned_ms", BigInteger, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Index("trips_by_planned", "planned_ms"),
)

TRIP_BAGS: Final = Table(
    "trip_bags",
    METADATA,
    Column("trip", String(40), primary_key=True),
    Column("seal", String(30), primary_key=True),
    Column("origin", String(40), nullable=False),
    Column("to_place", String(40), nullable=False),
    Column("parcels", Integer, nullable=False),
)

TRIP_PARCELS: Final = Table(
    "trip_parcels",
    METADATA,
    # Where a manifest sends a parcel; pieces of one may lie in several bags.
    Column("trip", String(40), primary_key=True),
    Column("waybill_no", String(30), primary_key=True),
    Column("to_place", String(40), primary_key=True),
)

ROUTES: Final = Table(
    "routes",
    METADATA,
    Column("place", String(40), primary_key=True),
    Column("network", String(40), primary_key=True),
    Column("direction", String(40), primary_key=True),
    Column("next_hop", String(40), nullable=False),
)

BAGS: Final = Table(
    "bags",
    METADATA,
    # What one station did with one bag; two stations' records of a seal stand side by side.
    Column("station", String(32), primary_key=True),
    Column("seal", String(30), primary_key=True),
    Column("trip", String(40), nullable=False),
    # `verdict` is empty for a bag that only went out; moments are the station's.
    Column("verdict", String(20), nullable=False),
    Column("to_place", String(40), nullable=False),
    Column("next_hop", String(40), nullable=False),
    Column("note", String(80), nullable=False),
    Column("scanned_ms", BigInteger),
    Column("out_trip", String(40), nullable=False),
    Column("out_ms", BigInteger),
    Column("emptied_ms", BigInteger),
    Column("expected", Integer),
    Column("found", Integer),
    Column("seq", BigInteger, nullable=False),
    Index("bags_by_seal", "seal"),
    Index("bags_by_trip", "trip"),
)

HANDOVERS: Final = Table(
    "handovers",
    METADATA,
    Column("station", String(32), primary_key=True),
    Column("trip", String(40), primary_key=True),
    Column("courier", String(64), nullable=False),
    Column("keeper", String(64), nullable=False),
    Column("arrived_ms", BigInteger),
    Column("signed_ms", BigInteger),
    # Why it waits; empty while it does not.
    Column("reason", String(80), nullable=False),
    # Of all handovers of this trip here together.
    Column("expected", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("short", Integer, nullable=False),
    Column("over", Integer, nullable=False),
    Column("damaged", Integer, nullable=False),
    Column("misrouted", Integer, nullable=False),
    Column("out", Integer, nullable=False),
    # Both counts of a dispute; NULL where there was none.
    Column("courier_count", Integer),
    Column("keeper_count", Integer),
    Column("seq", BigInteger, nullable=False),
)
