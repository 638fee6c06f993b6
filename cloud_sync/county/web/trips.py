"""D6, trips and hubs: each run with its stops, what came in, went out and is held; late first."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from cloud_sync.county.office import Glance, Office
from cloud_sync.county.tables import BAGS, HANDOVERS, STATIONS, TRIP_BAGS, TRIPS
from cloud_sync.county.web.sentences import clock_text
from edge.words import say

LATE_MS: Final = 15 * 60_000
"""A van that is so long overdue is late, as on the keeper's page."""
MOST_TRIPS: Final = 60
MOST_MOVES: Final = 50
_TROUBLES: Final = ("short", "over", "damaged", "misrouted")


@dataclass(frozen=True, slots=True)
class _Book:
    names: Mapping[str, str]
    expected: Mapping[tuple[str, str], int]
    handovers: Mapping[tuple[str, str], Row[Any]]
    bags: Mapping[str, list[Row[Any]]] = field(default_factory=dict)
    """By trip: a station's record stands under what brought the bag and what took it."""


def look_at_trips(office: Office, glance: Glance) -> dict[str, Any]:
    """Every trip that is known by a manifest or a station's word. Raises StoreError."""
    with office.database.read() as connection:
        book = _read(connection)
        planned = list(connection.execute(select(TRIPS)))
    views = [_trip(row.trip, row.operator, json.loads(row.stops), book, glance) for row in planned]
    known = {row.trip for row in planned}
    unplanned = sorted({trip for trip, _station in book.handovers} - known)
    views += [_trip(trip, "", [], book, glance) for trip in unplanned]
    views.sort(key=lambda view: (not view["late"], view["done"], view["due_ms"], view["trip"]))
    return {"trips": views[:MOST_TRIPS], "hubs": list(_hubs(book, glance.language))}


def _hubs(book: _Book, language: str) -> Iterable[dict[str, Any]]:
    """Each hub: bags for its runs that came, left and are held, and how many are home by now.

    in = out + held; once every run has signed, out is the sum of what its stations have.
    """
    rows = {(row.station, row.seal): row for bags in book.bags.values() for row in bags}
    hubs = sorted({row.station for row in rows.values() if row.verdict == "cross_dock"})
    for hub in hubs:
        mine = [r for r in rows.values() if r.station == hub and r.verdict == "cross_dock"]
        seals = {row.seal for row in mine}
        counts = {
            "came": len(mine),
            "left": sum(row.out_ms is not None for row in mine),
            "home": sum(
                row.seal in seals and row.station != hub and row.verdict in {"expected", "over"}
                for row in rows.values()
            ),
        }
        counts["held"] = counts["came"] - counts["left"]
        name = book.names.get(hub, hub)
        yield {
            "hub": hub,
            **counts,
            "text": say("county.trips.hub", language, station=name, **counts),
        }


def _read(connection: Connection) -> _Book:
    names = dict(map(tuple, connection.execute(select(STATIONS.c.station, STATIONS.c.name))))
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for row in connection.execute(select(TRIP_BAGS)):
        expected[row.trip, row.to_place] += 1
    handovers = {(row.trip, row.station): row for row in connection.execute(select(HANDOVERS))}
    bags: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(BAGS)):
        for trip in {row.trip, row.out_trip} - {""}:
            bags[trip].append(row)
    return _Book(names, expected, handovers, bags)


def _trip(
    trip: str, operator: str, stops: list[dict[str, Any]], book: _Book, glance: Glance
) -> dict[str, Any]:
    due = {stop["place"]: int(stop["at_ms"]) for stop in stops}
    told = (station for one, station in book.handovers if one == trip)
    others = sorted(station for station in told if station not in due)
    views = [_stop(trip, place, due.get(place), book, glance) for place in (*due, *others)]
    late = any(view["late"] for view in views)
    language = glance.language
    return {
        "trip": trip,
        "title": say("county.trips.line", language, trip=trip, operator=operator),
        "late": late,
        "late_text": say("county.trips.late", language) if late else "",
        "done": all(view["done"] for view in views),
        "due_ms": min(due.values(), default=0),
        "stops": views,
        "moves": _moves(book.bags.get(trip, []), book, glance),
    }


def _stop(trip: str, place: str, due_ms: int | None, book: _Book, glance: Glance) -> dict[str, Any]:
    row, language = book.handovers.get((trip, place)), glance.language
    mine = [bag for bag in book.bags.get(trip, ()) if bag.station == place]
    came = [bag for bag in mine if bag.trip == trip and bag.verdict not in {"", "misrouted"}]
    text, mood = _state(row, due_ms, glance)
    counts = {
        "expected": book.expected.get((trip, place), 0) or (row.expected if row else 0),
        "in": len(came),
        "out": sum(bag.out_trip == trip for bag in mine),
        "held": sum(bag.verdict == "cross_dock" and bag.out_ms is None for bag in came),
        **{name: getattr(row, name) if row else 0 for name in _TROUBLES},
    }
    return {
        "place": place,
        "name": book.names.get(place, place),
        "state": text,
        "mood": mood,
        "late": mood == "bad",
        "done": row is not None and row.signed_ms is not None,
        "counts": counts,
        "words": list(_counts(counts, language)),
        "disputed": _disputed(row, language),
    }


def _state(row: Row[Any] | None, due_ms: int | None, glance: Glance) -> tuple[str, str]:
    """How it stands at a stop, in words and as a colour."""
    language = glance.language
    if row is not None and row.reason:
        return say("county.trips.waits", language, reason=row.reason), "bad"
    if row is not None and row.signed_ms is not None:
        time = clock_text(row.signed_ms, glance.now_ms)
        return say("county.trips.signed", language, time=time), "ok"
    if row is not None and row.arrived_ms is not None:
        time = clock_text(row.arrived_ms, glance.now_ms)
        return say("county.trips.arrived", language, time=time), "note"
    if due_ms is None:
        return say("county.trips.unplanned", language), "quiet"
    late = glance.now_ms > due_ms + LATE_MS
    time = clock_text(due_ms, glance.now_ms)
    return say("county.trips.due", language, time=time), "bad" if late else "quiet"


def _counts(counts: Mapping[str, int], language: str) -> Iterable[dict[str, str]]:
    """In and out always, trouble where there is any."""
    for name in ("in", "expected", "out", "held", *_TROUBLES):
        if counts[name] or name in {"in", "out"}:
            mood = "bad" if name in {"short", "misrouted"} else "warn" if name in _TROUBLES else ""
            yield {"text": say(f"county.trips.{name}", language, count=counts[name]), "mood": mood}


def _disputed(row: Row[Any] | None, language: str) -> str:
    if row is None or row.courier_count is None:
        return ""
    return say(
        "county.trips.disputed",
        language,
        courier_count=row.courier_count,
        keeper_count=row.keeper_count,
    )


def _moves(rows: list[Row[Any]], book: _Book, glance: Glance) -> list[dict[str, Any]]:
    """Bags that more than one place told of: every record with its own time, the first first."""
    by_seal: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_seal[row.seal].append(row)
    several = sorted(seal for seal, records in by_seal.items() if len(records) > 1)
    return [
        {"seal": seal, "steps": [text for _ms, text in sorted(_steps(by_seal[seal], book, glance))]}
        for seal in several[:MOST_MOVES]
    ]


def _steps(records: list[Row[Any]], book: _Book, glance: Glance) -> Iterable[tuple[int, str]]:
    for row in records:
        for key, at_ms in (("move_in", row.scanned_ms), ("move_out", row.out_ms)):
            if at_ms is not None:
                yield (
                    at_ms,
                    say(
                        f"county.trips.{key}",
                        glance.language,
                        station=book.names.get(row.station, row.station),
                        time=clock_text(at_ms, glance.now_ms),
                    ),
                )
