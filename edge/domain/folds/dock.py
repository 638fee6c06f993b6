"""Handovers, bags and what came out of them."""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

from immutables import Map

from edge.domain.changing import replace
from edge.domain.dock import (
    Bag,
    Disputed,
    Handover,
    OutBag,
    ScannedBag,
    Signed,
    Suspended,
    Turned,
)
from edge.domain.facts import CheckInUndone
from edge.domain.folds import parcels
from edge.domain.handover import require_handover
from edge.domain.state import State
from edge.domain.trip import bags_of, held_of
from edge.domain.trip_facts import (
    BagDamaged,
    BagEmptied,
    BagHandedOut,
    BagScanned,
    BagScanUndone,
    HandoverDisputed,
    HandoverSigned,
    HandoverSuspended,
    HandoverTurned,
    ParcelMisrouted,
    ParcelPreadvised,
    TripArrived,
)
from edge.kernel.time import Instant

MOST_SIGNED: Final = 20
MOST_BAGS: Final = 400
"""Bags remembered; of more the oldest is forgotten. A station has a few a day."""
MOST_HELD: Final = 2_000
"""Bags that a hub can hold; of more the oldest is forgotten here, not at the county."""
MOST_SUSPENDED: Final = 20
MOST_ASIDE: Final = 200


class _Dated(Protocol):
    @property
    def at(self) -> Instant:
        """When it came."""


_K = TypeVar("_K")
_V = TypeVar("_V")
_D = TypeVar("_D", bound=_Dated)


def arrived(state: State, fact: TripArrived, at: Instant) -> State:
    """A handover begins, or goes on where it was held up."""
    before = state.dock.suspended.get(fact.trip)
    begun = Handover(trip=fact.trip, operator=fact.operator, courier=fact.courier, since=at)
    if before is not None and before.handover is not None:
        begun = replace(before.handover, operator=fact.operator, courier=fact.courier)
    return _at_dock(state, handover=begun, suspended=_without(state.dock.suspended, fact.trip))


def scanned(state: State, fact: BagScanned, at: Instant) -> State:
    """Off the van."""
    bag = ScannedBag(verdict=fact.verdict, to=fact.to, next_hop=fact.next_hop, at=at)
    return _under_way(state, lambda one: replace(one, scanned=one.scanned.set(fact.seal, bag)))


def scan_undone(state: State, fact: BagScanUndone, _at: Instant) -> State:
    """As if it had not been scanned."""
    return _under_way(
        state,
        lambda one: replace(
            one, scanned=_without(one.scanned, fact.seal), out=_without(one.out, fact.seal)
        ),
    )


def damaged(state: State, fact: BagDamaged, _at: Instant) -> State:
    """The note stays with the bag."""

    def note(one: Handover) -> Handover:
        bag = replace(one.scanned[fact.seal], note=fact.note)
        return replace(one, scanned=one.scanned.set(fact.seal, bag))

    return _under_way(state, note)


def turned(state: State, fact: HandoverTurned, _at: Instant) -> State:
    """Scans go out or come in."""
    to = Turned(network=fact.network, direction=fact.direction, next_hop=fact.next_hop)
    return _under_way(state, lambda one: replace(one, turned=to if fact.direction else None))


def handed_out(state: State, fact: BagHandedOut, at: Instant) -> State:
    """On the van; a hub holds it until both have signed."""
    bag = OutBag(direction=fact.direction, next_hop=fact.next_hop, at=at)
    return _under_way(state, lambda one: replace(one, out=one.out.set(fact.seal, bag)))


def disputed(state: State, fact: HandoverDisputed, _at: Instant) -> State:
    """Both counts, until they sign; the last pair stands on the slip."""
    counts = Disputed(courier_count=fact.courier_count, keeper_count=fact.keeper_count)
    return _under_way(state, lambda one: replace(one, disputed=counts))


def suspended(state: State, fact: HandoverSuspended, at: Instant) -> State:
    """It waits for the courier to come again, with whatever was scanned."""
    before = state.dock.suspended.get(fact.trip)
    kept = state.dock.handover or (before.handover if before is not None else None)
    waits = Suspended(courier=fact.courier, reason=fact.reason, at=at, handover=kept)
    waiting = _fewer(state.dock.suspended.set(fact.trip, waits), MOST_SUSPENDED)
    return _at_dock(state, handover=None, suspended=waiting)


def signed(state: State, fact: HandoverSigned, at: Instant) -> State:
    """Bags change hands."""
    handover, dock = require_handover(state), state.dock
    counts = Signed(
        trip=fact.trip,
        courier=fact.courier,
        at=at,
        expected=fact.expected,
        taken=fact.taken,
        short=len(fact.short),
        out=len(fact.out),
    )
    held = dock.held.update(held_of(handover))
    for seal in fact.out:
        held = _without(held, seal)
    return _at_dock(
        state,
        handover=None,
        bags=_fewer(dock.bags.update(bags_of(handover)), MOST_BAGS),
        held=_fewer(held, MOST_HELD),
        signed=(*dock.signed, counts)[-MOST_SIGNED:],
    )


def preadvised(state: State, fact: ParcelPreadvised, at: Instant) -> State:
    """One more of its bag is in; of a bag that nobody handed over too."""
    bag = state.dock.bags.get(fact.seal) or Bag(trip=fact.trip, at=at)
    bag = replace(bag, found=bag.found | {fact.waybill_no})
    return _at_dock(state, bags=_fewer(state.dock.bags.set(fact.seal, bag), MOST_BAGS))


def misrouted(state: State, fact: ParcelMisrouted, _at: Instant) -> State:
    """Told of once."""
    return _at_dock(state, aside=(*state.dock.aside, fact.waybill_no)[-MOST_ASIDE:])


def emptied(state: State, fact: BagEmptied, _at: Instant) -> State:
    """Nothing more comes out of it."""
    bag = replace(state.dock.bags[fact.seal], emptied=True)
    return _at_dock(state, bags=state.dock.bags.set(fact.seal, bag))


def check_in_undone(state: State, fact: CheckInUndone, at: Instant) -> State:
    """The parcel is not in, so it does not count as found."""
    state = parcels.check_in_undone(state, fact, at)
    bags = state.dock.bags
    for seal, bag in state.dock.bags.items():
        if fact.waybill_no in bag.found:
            bags = bags.set(seal, replace(bag, found=bag.found - {fact.waybill_no}))
    return _at_dock(state, bags=bags)


def _at_dock(state: State, **changed: Any) -> State:
    return replace(state, dock=replace(state.dock, **changed))


def _under_way(state: State, change: Callable[[Handover], Handover]) -> State:
    return _at_dock(state, handover=change(require_handover(state)))


def _without(here: Map[_K, _V], key: _K) -> Map[_K, _V]:
    return here.delete(key) if key in here else here


def _fewer(here: Map[_K, _D], most: int) -> Map[_K, _D]:
    """The newest of them."""
    if len(here) <= most:
        return here
    oldest = min(here, key=lambda key: (here[key].at.boot, here[key].at.mono_ms))
    return _fewer(here.delete(oldest), most)
