"""Reading manifests and routes in by way of the county's own socket."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.recipients.book import keep_phones
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.county.trips import book
from cloud_sync.county.trips.manifest import ManifestError, read_manifest, read_routes
from cloud_sync.wire.bodies.state import TripStop

_PATIENCE_S: Final = 60.0
_MOST_STOPS: Final = 60
_MOST_OPERATOR: Final = 40


def trip_asks(
    desk: StateDesk, database: Database, wall_ms: Callable[[], int], vault: Vault
) -> dict[str, Handler]:
    """The asks of this subject by name."""
    return {
        "manifest": _manifest(desk, wall_ms, vault),
        "routes": _routes(desk),
        "routes_kept": _routes_kept(database),
    }


def _manifest(desk: StateDesk, wall_ms: Callable[[], int], vault: Vault) -> Handler:
    """{"ask": "manifest", "text": ..., "json": bool, "trip": ..., "operator": ..., "stops": []}."""

    def keep(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        manifest = read_manifest(
            str(asked.get("text", "")),
            trip=str(asked.get("trip", "")),
            operator=_operator(asked),
            stops=_stops(asked),
            as_json=bool(asked.get("json")),
        )

        def job(connection: Connection) -> book.Kept:
            now_ms = wall_ms()
            kept = book.keep_manifest(connection, desk.put, manifest, now_ms)
            keep_phones(connection, vault, manifest.trip, manifest.phones(), now_ms)
            return kept

        kept = desk.work(job).result(timeout=_PATIENCE_S)
        yield {"bags": kept.bags, "parcels": kept.parcels, "news": kept.news}

    return keep


def _routes(desk: StateDesk) -> Handler:
    """{"ask": "routes", "text": ...}."""

    def keep(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        routes = read_routes(str(asked.get("text", "")))

        def job(connection: Connection) -> int:
            return book.keep_routes(connection, desk.put, routes)

        yield {"lines": len(routes), "news": desk.work(job).result(timeout=_PATIENCE_S)}

    return keep


def _routes_kept(database: Database) -> Handler:
    """{"ask": "routes_kept"}."""

    def tell(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        with database.read() as connection:
            for route in book.read_routes_kept(connection):
                yield {"route": [route.place, route.network, route.direction, route.next_hop]}

    return tell


def _operator(asked: Mapping[str, Any]) -> str:
    operator = str(asked.get("operator", "")).strip()
    if len(operator) > _MOST_OPERATOR:
        raise ManifestError(f"operator: at most {_MOST_OPERATOR} letters")
    return operator


def _stops(asked: Mapping[str, Any]) -> tuple[TripStop, ...]:
    try:
        stops = msgspec.convert(asked.get("stops"), tuple[TripStop, ...])
    except msgspec.ValidationError as cause:
        raise ManifestError(f"stops: {cause}") from cause
    if not 1 <= len(stops) <= _MOST_STOPS:
        raise ManifestError(f"stops: 1 to {_MOST_STOPS}, in the order of the run")
    return stops
