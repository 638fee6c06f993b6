"""The county's book of trips and routes: kept in tables, told to the stations that they concern.

Whoever has a stop or a bag hears of the trip with all its bags: of its own the parcels with phone
digits, of others the numbers alone, so that a wrong bag is known where it turns up.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, insert, select

from cloud_sync.county.stream.shelf import every_station
from cloud_sync.county.tables import ROUTES, TRIP_BAGS, TRIP_PARCELS, TRIPS
from cloud_sync.county.trips.manifest import Manifest, ManifestBag, ManifestError, Route
from cloud_sync.wire.bodies.state import BagParcel
from edge.kernel.ids import StationId

KEEP_MS: Final = 14 * 86_400_000
"""A trip this long over is forgotten at the stations; what happened stays in the journals."""
Put = Callable[[Connection, StationId | None, str, str, dict[str, Any] | None], int]
"""StateDesk.put: says something to one station in the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a manifest held, and how much of it was news to stations."""

    bags: int
    parcels: int
    news: int


def keep_manifest(connection: Connection, put: Put, manifest: Manifest, now_ms: int) -> Kept:
    """Keep a manifest, a corrected one in the place of the former. Raises ManifestError."""
    _known_places(connection, manifest)
    news = sum(
        _forget(connection, put, row.trip)
        for row in connection.execute(select(TRIPS).where(TRIPS.c.planned_ms < now_ms - KEEP_MS))
        if row.trip != manifest.trip
    )
    audience = sorted({*(s.place for s in manifest.stops), *(b.to for b in manifest.bags.values())})
    news += _take_back(connection, put, manifest, audience)
    for place in audience:
        station = StationId(place)
        news += put(connection, station, "trip", manifest.trip, _trip(manifest))
        for bag in manifest.bags.values():
            body = _bag(manifest.trip, bag, whole=bag.to == place)
            news += put(connection, station, "bag", f"{manifest.trip}/{bag.seal}", body)
    _write(connection, manifest, audience, now_ms)
    parcels = sum(len(bag.parcels) for bag in manifest.bags.values())
    return Kept(bags=len(manifest.bags), parcels=parcels, news=news)


def keep_routes(connection: Connection, put: Put, routes: Iterable[Route]) -> int:
    """The whole table anew; tells how many lines were news to stations. Raises ManifestError."""
    after = sorted(routes)
    stations = set(every_station(connection))
    if strangers := sorted({r.place for r in after if r.place not in stations}):
        raise ManifestError(f"place: this county has no station {', '.join(strangers)}")
    before = read_routes_kept(connection)
    kept = {(r.place, r.network, r.direction) for r in after}
    news = 0
    for gone in before:
        if (gone.place, gone.network, gone.direction) not in kept:
            news += put(connection, StationId(gone.place), "route", _route_key(gone), None)
    for route in after:
        body = {
            "network": route.network,
            "direction": route.direction,
            "next_hop": route.next_hop,
        }
        news += put(connection, StationId(route.place), "route", _route_key(route), body)
    connection.execute(delete(ROUTES))
    if after:
        connection.execute(insert(ROUTES), [_columns(route) for route in after])
    return news


def read_routes_kept(connection: Connection) -> list[Route]:
    """The table as it stands."""
    rows = connection.execute(select(ROUTES))
    return sorted(Route(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def _columns(route: Route) -> dict[str, str]:
    return {
        "place": route.place,
        "network": route.network,
        "direction": route.direction,
        "next_hop": route.next_hop,
    }


def _route_key(route: Route) -> str:
    return f"{route.network}/{route.direction}"


def _known_places(connection: Connection, manifest: Manifest) -> None:
    stations = set(every_station(connection))
    mistakes = [
        f"stop {stop.place}: this county has no such station"
        for stop in manifest.stops
        if stop.place not in stations
    ]
    mistakes += [
        f"line {bag.line}: to {bag.to}: this county has no such station"
        for bag in manifest.bags.values()
        if bag.to not in stations
    ]
    if mistakes:
        raise ManifestError("\n".join(mistakes))


def _take_back(connection: Connection, put: Put, manifest: Manifest, audience: list[str]) -> int:
    """What the former manifest of this trip said and the new one does not."""
    former = connection.execute(select(TRIPS).where(TRIPS.c.trip == manifest.trip)).first()
    if former is None:
        return 0
    told = json.loads(former.audience)
    bags = _seals_of(connection, manifest.trip)
    news = 0
    for place in told:
        stays = place in audience
        gone = bags - manifest.bags.keys() if stays else bags
        for seal in sorted(gone):
            key = f"{manifest.trip}/{seal}"
            news += put(connection, StationId(place), "bag", key, None)
        if not stays:
            news += put(connection, StationId(place), "trip", manifest.trip, None)
    return news


def _forget(connection: Connection, put: Put, trip: str) -> int:
    row = connection.execute(select(TRIPS).where(TRIPS.c.trip == trip)).one()
    seals = sorted(_seals_of(connection, trip))
    news = 0
    for place in json.loads(row.audience):
        station = StationId(place)
        news += sum(put(connection, station, "bag", f"{trip}/{seal}", None) for seal in seals)
        news += put(connection, station, "trip", trip, None)
    _wipe(connection, trip)
    return news


def _wipe(connection: Connection, trip: str) -> None:
    for table in (TRIPS, TRIP_BAGS, TRIP_PARCELS):
        connection.execute(delete(table).where(table.c.trip == trip))


def _seals_of(connection: Connection, trip: str) -> set[str]:
    wanted = select(TRIP_BAGS.c.seal).where(TRIP_BAGS.c.trip == trip)
    return set(connection.execute(wanted).scalars())


def _write(connection: Connection, manifest: Manifest, audience: list[str], now_ms: int) -> None:
    _wipe(connection, manifest.trip)
    row = {
        "trip": manifest.trip,
        "operator": manifest.operator,
        "stops": json.dumps(msgspec.to_builtins(manifest.stops)),
        "audience": json.dumps(audience),
        "planned_ms": manifest.stops[0].at_ms,
        "made_ms": now_ms,
    }
    connection.execute(insert(TRIPS), row)
    bags = [
        {
            "trip": manifest.trip,
            "seal": bag.seal,
            "origin": bag.origin,
            "to_place": bag.to,
            "parcels": len(bag.parcels),
        }
        for bag in manifest.bags.values()
    ]
    connection.execute(insert(TRIP_BAGS), bags)
    sent = {(parcel.waybill_no, b.to) for b in manifest.bags.values() for parcel in b.parcels}
    parcels = [
        {"trip": manifest.trip, "waybill_no": waybill_no, "to_place": to}
        for waybill_no, to in sorted(sent)
    ]
    connection.execute(insert(TRIP_PARCELS), parcels)


def _trip(manifest: Manifest) -> dict[str, Any]:
    return {
        "trip": manifest.trip,
        "operator": manifest.operator,
        "stops": [{"place": stop.place, "at_ms": stop.at_ms} for stop in manifest.stops],
    }


def _bag(trip: str, bag: ManifestBag, *, whole: bool) -> dict[str, Any]:
    parcels = bag.parcels if whole else [BagParcel(waybill_no=p.waybill_no) for p in bag.parcels]
    return {
        "trip": trip,
        "seal": bag.seal,
        "origin": bag.origin,
        "to": bag.to,
        "parcels": [msgspec.to_builtins(parcel) for parcel in parcels],
    }
