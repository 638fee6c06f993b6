"""S2, the van at the door: what is expected, what was scanned, what is wrong; problems first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edge.daemon.county.manifests import ListedBag, PlannedTrip, TripPicture
from edge.domain.dock import Dock, Handover, ScannedBag, Verdict
from edge.domain.parcel import Stage
from edge.domain.trip import taken_of
from edge.kernel.ids import SealNo, TripId
from edge.web.snapshot import Snapshot, clock_text, moment_text, same_day
from edge.words import say

LATE_MS: Final = 15 * 60_000
"""A van that is so long overdue is late."""
MOST_TRIPS: Final = 6
"""More than stop at a village in a day."""
_WORDS: Final = {
    Verdict.EXPECTED: "in",
    Verdict.OVER: "over",
    Verdict.MISROUTED: "misrouted",
    Verdict.CROSS_DOCK: "cross_dock",
}
_MOODS: Final = {"short": "bad", "misrouted": "bad", "damaged": "warn", "over": "warn"}
_ORDER: Final = ("short", "misrouted", "damaged", "over", "cross_dock", "in", "out")


@dataclass(frozen=True, slots=True, kw_only=True)
class TripLine:
    """A trip that may come, or came; `state` in words, `parcels` what its bags hold for here."""

    trip: str
    title: str
    bags: str
    parcels: str
    state: str
    late: bool
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BagLine:
    """One bag of the handover under way. `kind` is what the word and the colour say."""

    seal: str
    kind: str
    word: str
    mood: str
    where: str
    scanned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A bag that waits here for its run."""

    seal: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A line of the route table as a choice."""

    network: str
    direction: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BagToEmpty:
    """A bag in the keeper's hands; `missing` of its list are not scanned yet."""

    seal: str
    text: str
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The counts of the handover under way."""

    expected: int
    scanned: int
    taken: int
    short: int
    over: int
    damaged: int
    misrouted: int
    out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverView:
    """Empty texts while no van is there; `trips` and `to_empty` stand in any case.

    `labels`: a label of what goes on from here can be printed again.
    """

    on: bool
    trip: str
    title: str
    courier: str
    text: str
    out: bool
    tally: Tally
    bags: tuple[BagLine, ...]
    disputed: str
    last: str
    trips: tuple[TripLine, ...]
    ways: tuple[WayOut, ...]
    to_empty: tuple[BagToEmpty, ...]
    held: tuple[HeldLine, ...]
    labels: bool
    advised: str
    in_hand: str
    brands: str


def handover_view(seen: Snapshot, language: str) -> HandoverView:
    """The dock as it stands: a restart or a customer in between loses nothing."""
    dock, told = seen.state.dock, seen.trips
    now = dock.handover
    listed = _due(dock, told.listed.get(now.trip, ())) if now else ()
    bags = _bags(now, listed, language) if now else ()
    return HandoverView(
        on=now is not None,
        trip=now.trip if now else "",
        title=_title(now.trip, now.operator, language) if now else "",
        courier=say("keeper.dock.courier", language, courier=now.courier) if now else "",
        text=_instruction(now, language),
        out=now is not None and now.turned is not None,
        tally=_tally(now, listed, bags),
        bags=bags,
        disputed=_disputed(now, language),
        last=_last(now),
        trips=tuple(_trip(seen, trip, language) for trip in told.trips[:MOST_TRIPS]),
        ways=tuple(_way(way, language) for way in told.routes),
        to_empty=tuple(_to_empty(dock, told, language)),
        held=tuple(_held(dock, language)),
        labels=seen.policy.labels,
        advised=_advised(dock, told, language),
        in_hand=_in_hand(seen, language),
        brands=_brands(seen, language),
    )


def _due(dock: Dock, listed: Iterable[ListedBag]) -> tuple[ListedBag, ...]:
    """What an earlier handover brought is not asked for again."""
    return tuple(bag for bag in listed if bag.seal not in dock.bags and bag.seal not in dock.held)


def _title(trip: str, operator: str, language: str) -> str:
    return say("keeper.dock.trip", language, trip=trip, operator=operator)


def _instruction(now: Handover | None, language: str) -> str:
    if now is None:
        return say("keeper.dock.none", language)
    if now.turned is None:
        return say("keeper.dock.scan_in", language)
    return say("keeper.dock.scan_out", language, next_hop=now.turned.next_hop)


def _bags(now: Handover, listed: Iterable[ListedBag], language: str) -> tuple[BagLine, ...]:
    lines = [_line(seal, bag, language) for seal, bag in now.scanned.items()]
    lines += [
        _bag_line(bag.seal, "short", "", language, scanned=False)
        for bag in listed
        if bag.seal not in now.scanned
    ]
    for seal, out in now.out.items():
        where = say("keeper.dock.hop", language, next_hop=out.next_hop)
        lines.append(_bag_line(seal, "out", where, language))
    return tuple(sorted(lines, key=lambda line: (_ORDER.index(line.kind), line.seal)))


def _line(seal: SealNo, bag: ScannedBag, language: str) -> BagLine:
    if bag.verdict is Verdict.MISROUTED:
        where = say("keeper.dock.to", language, to=bag.to, next_hop=bag.next_hop)
        return _bag_line(seal, "misrouted", where, language)
    if bag.note:
        return _bag_line(seal, "damaged", bag.note, language)
    where = ""
    if bag.verdict is Verdict.CROSS_DOCK:
        where = say("keeper.dock.run", language, to=bag.to, next_hop=bag.next_hop)
    return _bag_line(seal, _WORDS[bag.verdict], where, language)


def _bag_line(
    seal: SealNo, kind: str, where: str, language: str, *, scanned: bool = True
) -> BagLine:
    word, mood = say(f"keeper.dock.{kind}", language), _MOODS.get(kind, "ok")
    return BagLine(seal=seal, kind=kind, word=word, mood=mood, where=where, scanned=scanned)


def _tally(now: Handover | None, listed: tuple[ListedBag, ...], bags: tuple[BagLine, ...]) -> Tally:
    scanned = now.scanned if now else {}
    taken = len(taken_of(now)) if now else 0
    return Tally(
        expected=len(listed),
        scanned=taken,
        taken=taken,
        short=sum(line.kind == "short" for line in bags),
        over=sum(bag.verdict is Verdict.OVER for bag in scanned.values()),
        damaged=sum(bool(bag.note) for bag in scanned.values()),
        misrouted=sum(bag.verdict is Verdict.MISROUTED for bag in scanned.values()),
        out=len(now.out) if now else 0,
    )


def _disputed(now: Handover | None, language: str) -> str:
    if now is None or now.disputed is None:
        return ""
    return say(
        "keeper.dock.disputed",
        language,
        courier_count=now.disputed.courier_count,
        keeper_count=now.disputed.keeper_count,
    )


def _last(now: Handover | None) -> str:
    """The bag that was scanned last, in or out: what a key would take back."""
    if now is None:
        return ""
    moments = [(bag.at.boot, bag.at.mono_ms, seal) for seal, bag in now.scanned.items()]
    moments += [(bag.at.boot, bag.at.mono_ms, seal) for seal, bag in now.out.items()]
    return max(moments)[-1] if moments else ""


def _trip(seen: Snapshot, trip: PlannedTrip, language: str) -> TripLine:
    state, late, done = _state(seen, trip, language)
    bags = seen.trips.listed.get(trip.trip, ())
    parcels = sum(len(seen.trips.waybills.get(bag.seal, ())) for bag in bags)
    return TripLine(
        trip=trip.trip,
        title=_title(trip.trip, trip.operator, language),
        bags=say("keeper.dock.bags", language, count=len(bags)),
        parcels=say("keeper.dock.parcels", language, count=parcels) if parcels else "",
        state=state,
        late=late,
        done=done,
    )


def _state(seen: Snapshot, trip: PlannedTrip, language: str) -> tuple[str, bool, bool]:
    """In words, whether it is late, and whether it is done with."""
    dock, now_ms = seen.state.dock, seen.now.wall_lo_ms
    signed = next((one for one in reversed(dock.signed) if one.trip == trip.trip), None)
    if signed is not None:
        time = moment_text(signed.at.wall_lo_ms, seen.now, language)
        return say("keeper.dock.signed", language, time=time), False, True
    if (waits := dock.suspended.get(trip.trip)) is not None:
        return say("keeper.dock.waits", language, reason=waits.reason), True, False
    if trip.due_ms is None:
        return say("keeper.dock.no_time", language), False, False
    late = now_ms > trip.due_ms + LATE_MS
    key = "keeper.dock.late" if late else "keeper.dock.next"
    return say(key, language, time=clock_text(trip.due_ms)), late, False


def _way(way: tuple[str, str, str], language: str) -> WayOut:
    network, direction, next_hop = way
    other = say("keeper.dock.any", language)
    label = say(
        "keeper.dock.direction",
        language,
        network="" if network == "*" else network,
        direction=other if direction == "*" else direction,
        next_hop=next_hop,
    )
    return WayOut(network=network, direction=direction, label=label)


def _to_empty(dock: Dock, told: TripPicture, language: str) -> Iterable[BagToEmpty]:
    for seal, bag in sorted(dock.bags.items()):
        if bag.emptied:
            continue
        whole = told.waybills.get(seal, frozenset())
        found = say(
            "keeper.dock.emptying",
            language,
            expected=len(whole),
            found=len(whole & bag.found),
        )
        yield BagToEmpty(seal=seal, text=found, missing=len(whole - bag.found))


def _held(dock: Dock, language: str) -> Iterable[HeldLine]:
    for seal, bag in sorted(dock.held.items(), key=lambda one: (one[1].next_hop, one[0])):
        where = say("keeper.dock.run", language, to=bag.to, next_hop=bag.next_hop)
        yield HeldLine(seal=seal, text=f"{seal} · {where}")


def _advised(dock: Dock, told: TripPicture, language: str) -> str:
    """应到 and 已入 of the trip whose bags are being emptied."""
    bags = dock.bags.values()
    open_now = [(bag.at.boot, bag.at.mono_ms, bag.trip) for bag in bags if not bag.emptied]
    if not open_now:
        return ""
    trip: TripId = max(open_now)[-1]
    seals = [seal for seal, bag in dock.bags.items() if bag.trip == trip]
    expected = sum(len(told.waybills.get(seal, ())) for seal in seals)
    found = sum(len(dock.bags[seal].found) for seal in seals)
    return say("keeper.dock.advised", language, trip=trip, expected=expected, found=found)


def _in_hand(seen: Snapshot, language: str) -> str:
    """What the manifest says of the parcel in hand besides its carrier and phone digits."""
    hand = seen.state.desk.in_hand
    advice = seen.trips.parcels.get(hand) if hand is not None else None
    if advice is None:
        return ""
    piece = say("keeper.dock.piece", language, piece=advice.piece, pieces=advice.pieces)
    consent = say(f"keeper.dock.consent.{advice.consent}", language)
    return f"{piece} · {consent}" if advice.pieces > 1 else consent


def _brands(seen: Snapshot, language: str) -> str:
    """Today's arrivals by carrier: all brands come in one flow, and add up to its count."""
    today = seen.now.wall_lo_ms
    here = Counter(
        parcel.carrier or say("keeper.dock.no_brand", language)
        for parcel in seen.state.parcels.values()
        if parcel.stage is not Stage.UNDONE and same_day(parcel.received_at.wall_lo_ms, today)
    )
    most = sorted(here.items(), key=lambda one: (-one[1], one[0]))
    return " · ".join(f"{carrier} {count}" for carrier, count in most)
