"""What stations tell of bags and handovers, folded into the county's tables.

Each station's record of a bag stands by itself under the seal: whichever comes home first, both
moments stay.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from cloud_sync.county.ingest.rows import Rows
from cloud_sync.wire.envelope import Envelope

_NO_BAG: Final[Mapping[str, Any]] = {
    "trip": "",
    "verdict": "",
    "to_place": "",
    "next_hop": "",
    "note": "",
    "scanned_ms": None,
    "out_trip": "",
    "out_ms": None,
    "emptied_ms": None,
    "expected": None,
    "found": None,
}
_COUNTS: Final = ("short", "over", "damaged", "misrouted", "out")
_NO_HANDOVER: Final[Mapping[str, Any]] = {
    "courier": "",
    "keeper": "",
    "arrived_ms": None,
    "signed_ms": None,
    "reason": "",
    "expected": 0,
    "taken": 0,
    **dict.fromkeys(_COUNTS, 0),
    "courier_count": None,
    "keeper_count": None,
}


class TripTables(Protocol):
    """What these folds need of the tables of a station."""

    bags: Rows
    handovers: Rows


def _bag(tables: TripTables, fact: Envelope, **columns: Any) -> None:
    seal = fact.body["seal"]
    before = tables.bags.get(seal) or _NO_BAG
    tables.bags.put(seal, **{**before, **columns, "seq": fact.seq})


def _handover(tables: TripTables, fact: Envelope, **columns: Any) -> None:
    trip = fact.body["trip"]
    before = tables.handovers.get(trip) or _NO_HANDOVER
    tables.handovers.put(trip, **{**before, **columns, "seq": fact.seq})


def _scanned(tables: TripTables, fact: Envelope) -> None:
    body = fact.body
    _bag(
        tables,
        fact,
        trip=body["trip"],
        verdict=body["verdict"],
        to_place=body["to"],
        next_hop=body["next_hop"],
        scanned_ms=fact.wall_lo,
        note="",
    )


def _scan_undone(tables: TripTables, fact: Envelope) -> None:
    before = tables.bags.get(fact.body["seal"]) or _NO_BAG
    if before["out_ms"] is not None:
        _bag(tables, fact, out_ms=None, out_trip="")
    else:
        _bag(tables, fact, verdict="", scanned_ms=None, note="")


def _damaged(tables: TripTables, fact: Envelope) -> None:
    _bag(tables, fact, note=fact.body["note"])


def _handed_out(tables: TripTables, fact: Envelope) -> None:
    body = fact.body
    _bag(tables, fact, out_trip=body["trip"], out_ms=fact.wall_lo, next_hop=body["next_hop"])


def _emptied(tables: TripTables, fact: Envelope) -> None:
    body = fact.body
    told = {"expected": body["expected"], "found": body["found"]}
    _bag(tables, fact, trip=body["trip"], emptied_ms=fact.wall_lo, **told)


def _arrived(tables: TripTables, fact: Envelope) -> None:
    before = tables.handovers.get(fact.body["trip"]) or _NO_HANDOVER
    first = before["arrived_ms"]
    people = {"courier": fact.body["courier"], "keeper": fact.body["keeper"]}
    arrived_ms = fact.wall_lo if first is None else first
    _handover(tables, fact, arrived_ms=arrived_ms, reason="", **people)


def _suspended(tables: TripTables, fact: Envelope) -> None:
    _handover(tables, fact, courier=fact.body["courier"], reason=fact.body["reason"])


def _disputed(tables: TripTables, fact: Envelope) -> None:
    counts = {name: fact.body[name] for name in ("courier_count", "keeper_count")}
    _handover(tables, fact, **counts)


def _signed(tables: TripTables, fact: Envelope) -> None:
    body = fact.body
    before = tables.handovers.get(body["trip"]) or _NO_HANDOVER
    counts = {name: before[name] + len(body[name]) for name in _COUNTS}
    # A later handover of the trip asks only for what the one before lacked.
    counts["short"] = len(body["short"])
    _handover(
        tables,
        fact,
        courier=body["courier"],
        keeper=body["keeper"],
        signed_ms=fact.wall_lo,
        reason="",
        expected=max(before["expected"], body["expected"]),
        taken=before["taken"] + body["taken"],
        **counts,
    )


TRIP_FOLDS: Final[Mapping[str, tuple[Callable[[Any, Envelope], None], ...]]] = {
    "trip.arrived": (_arrived,),
    "bag.scanned": (_scanned,),
    "bag.scan_undone": (_scan_undone,),
    "bag.damaged": (_damaged,),
    "bag.handed_out": (_handed_out,),
    "bag.emptied": (_emptied,),
    "handover.suspended": (_suspended,),
    "handover.disputed": (_disputed,),
    "handover.signed": (_signed,),
}
