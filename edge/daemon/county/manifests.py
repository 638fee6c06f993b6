"""What the county's manifests and routes say of a bag or a parcel, for decisions and for pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from cloud_sync.wire.bodies.state import BagParcel, BagWord, RouteWord, StateBody, TripWord
from edge.domain.advice import BagAdvice, Consent, ParcelAdvice
from edge.kernel.ids import NOWHERE, Hamlet, PhoneTail, Place, SealNo, TripId, WaybillNo

ANY: Final = "*"
_B = TypeVar("_B", bound=StateBody)


class Board(Protocol):
    """What the county told, as CountyBoard has it."""

    version: int

    def told(self, kind: type[_B]) -> list[_B]:
        """What holds of one kind, in the order in which it was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTrip:
    """A trip that stops here, or whose bags were told of. `due_ms` is None where it has no stop."""

    trip: TripId
    operator: str
    due_ms: int | None
    stops: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBag:
    """A bag as its manifest has it."""

    trip: TripId
    seal: SealNo
    to: Place
    waybills: frozenset[WaybillNo]


@dataclass(frozen=True, slots=True, kw_only=True)
class TripPicture:
    """All that a screen may show of manifests, as they are at one moment."""

    trips: tuple[PlannedTrip, ...] = ()
    listed: Mapping[TripId, tuple[ListedBag, ...]] = field(default_factory=dict)
    routes: tuple[tuple[str, str, Place], ...] = ()
    waybills: Mapping[SealNo, frozenset[WaybillNo]] = field(default_factory=dict)
    parcels: Mapping[WaybillNo, BagParcel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Index:
    bags: Mapping[SealNo, list[BagWord]] = field(default_factory=dict)
    parcels: Mapping[WaybillNo, tuple[BagWord, BagParcel]] = field(default_factory=dict)
    hops: Mapping[tuple[str, str], Place] = field(default_factory=dict)


class Manifests:
    """Looks things up in what the county told; an index is made anew only when that changes."""

    def __init__(self, board: Board, place: Place, *, hub: bool) -> None:
        self._board, self._place, self._hub = board, place, hub
        self._version = -1
        self._index = _Index()
        self._picture = TripPicture()

    def bag(self, seal: SealNo, trip: TripId | None = None) -> BagAdvice | None:
        """A bag; of two manifests that name it the one of `trip`, else the last that was told."""
        found = self._now().bags.get(seal)
        if not found:
            return None
        word = next((one for one in found if one.trip == trip), found[-1])
        return BagAdvice(
            trip=TripId(word.trip),
            to=Place(word.to),
            parcels=len(word.parcels),
            next_hop=self.next_hop(word.to),
            run=self._has_run(word.to),
        )

    def parcel(self, waybill_no: WaybillNo) -> ParcelAdvice | None:
        """A parcel of any manifest that was told here."""
        found = self._now().parcels.get(waybill_no)
        if found is None:
            return None
        bag, parcel = found
        return ParcelAdvice(
            trip=TripId(bag.trip),
            seal=SealNo(bag.seal),
            to=Place(bag.to),
            carrier=parcel.carrier,
            piece=parcel.piece,
            pieces=parcel.pieces,
            phone_tail=PhoneTail(parcel.tail) if parcel.tail else None,
            consent=Consent(parcel.consent),
            hamlet=Hamlet(parcel.hamlet),
            next_hop=self.next_hop(bag.to),
            bag=_waybills(bag),
        )

    def next_hop(self, direction: str, network: str = ANY) -> Place:
        """Where things for a direction go first; the more exact line of the table counts."""
        hops = self._now().hops
        tries = ((network, direction), (ANY, direction), (network, ANY), (ANY, ANY))
        return next((hops[one] for one in tries if one in hops), NOWHERE)

    def routes(self) -> list[tuple[str, str, Place]]:
        """Every line of this place's table: network, direction, next hop."""
        return sorted((*key, hop) for key, hop in self._now().hops.items())

    def trips(self) -> list[PlannedTrip]:
        """Trips that were told of, the next to come first."""
        planned = [self._planned(word) for word in self._board.told(TripWord)]
        return sorted(planned, key=lambda trip: (trip.due_ms is None, trip.due_ms, trip.trip))

    def listed(self, trip: TripId) -> list[ListedBag]:
        """The bags of a trip that are for this place; at a hub those of its runs too."""
        return [
            ListedBag(
                trip=trip, seal=SealNo(word.seal), to=Place(word.to), waybills=_waybills(word)
            )
            for word in self._board.told(BagWord)
            if word.trip == trip and self._stays(word.to)
        ]

    def picture(self) -> TripPicture:
        """The same for pages, made anew only when the county has told something."""
        self._now()
        return self._picture

    def _draw(self) -> TripPicture:
        trips, index = tuple(self.trips()), self._index
        return TripPicture(
            trips=trips,
            listed={one.trip: tuple(self.listed(one.trip)) for one in trips},
            routes=tuple(self.routes()),
            waybills={seal: _waybills(bags[-1]) for seal, bags in index.bags.items()},
            parcels={no: parcel for no, (_bag, parcel) in index.parcels.items()},
        )

    def _stays(self, to: str) -> bool:
        return to == self._place or (self._hub and self._has_run(to))

    def _has_run(self, to: str) -> bool:
        return any(direction == to for _network, direction in self._now().hops)

    def _planned(self, word: TripWord) -> PlannedTrip:
        here = [stop.at_ms for stop in word.stops if stop.place == self._place]
        return PlannedTrip(
            trip=TripId(word.trip),
            operator=word.operator,
            due_ms=here[0] if here else None,
            stops=tuple(Place(stop.place) for stop in word.stops),
        )

    def _now(self) -> _Index:
        if self._version != self._board.version:
            told = self._board.told
            self._index = _index(told(BagWord), told(RouteWord), self._place)
            self._version = self._board.version
            self._picture = self._draw()
        return self._index


def _index(bags: Iterable[BagWord], routes: Iterable[RouteWord], place: Place) -> _Index:
    by_seal: dict[SealNo, list[BagWord]] = {}
    parcels: dict[WaybillNo, tuple[BagWord, BagParcel]] = {}
    # What is ours last: it counts should another manifest name the same parcel.
    for word in sorted(bags, key=lambda bag: bag.to == place):
        by_seal.setdefault(SealNo(word.seal), []).append(word)
        for parcel in word.parcels:
            parcels[WaybillNo(parcel.waybill_no)] = (word, parcel)
    hops = {(route.network, route.direction): Place(route.next_hop) for route in routes}
    return _Index(by_seal, parcels, hops)


def _waybills(bag: BagWord) -> frozenset[WaybillNo]:
    return frozenset(WaybillNo(parcel.waybill_no) for parcel in bag.parcels)
