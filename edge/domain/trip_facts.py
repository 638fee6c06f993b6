"""Trips, bags and handovers: facts like those of edge.domain.facts, among them."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.advice import Consent
from edge.domain.dock import Verdict
from edge.kernel.ids import CourierId, KeeperId, Place, SealNo, TripId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class TripArrived:
    """The courier of a trip stands at the counter, by a PIN of their own."""

    KIND: ClassVar[str] = "trip.arrived"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    operator: str
    courier: CourierId
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class BagScanned:
    """A bag came off the van. `to` and `next_hop` are empty where it belongs here."""

    KIND: ClassVar[str] = "bag.scanned"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    seal: SealNo
    verdict: Verdict
    to: Place
    next_hop: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BagScanUndone:
    """The scan was a mistake: that bag is not in this handover."""

    KIND: ClassVar[str] = "bag.scan_undone"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    seal: SealNo
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class BagDamaged:
    """The seal was broken or the bag torn before the keeper took it."""

    KIND: ClassVar[str] = "bag.damaged"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    seal: SealNo
    note: str
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverTurned:
    """From here on scanned bags go out in this direction; an empty one means that they come in."""

    KIND: ClassVar[str] = "handover.turned"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    network: str
    direction: str
    next_hop: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BagHandedOut:
    """A bag went to the courier; the route table names its next hop."""

    KIND: ClassVar[str] = "bag.handed_out"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    seal: SealNo
    network: str
    direction: str
    next_hop: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDisputed:
    """Courier and keeper count differently; both counts stand."""

    KIND: ClassVar[str] = "handover.disputed"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    courier: CourierId
    keeper: KeeperId
    courier_count: int
    keeper_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSuspended:
    """The courier could not hand over, e.g. because nobody was there; what was scanned stays."""

    KIND: ClassVar[str] = "handover.suspended"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    courier: CourierId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSigned:
    """Both agreed, the courier by PIN again. `taken` are the bags that stayed with the keeper."""

    KIND: ClassVar[str] = "handover.signed"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    courier: CourierId
    keeper: KeeperId
    expected: int
    taken: int
    short: tuple[SealNo, ...]
    over: tuple[SealNo, ...]
    damaged: tuple[SealNo, ...]
    misrouted: tuple[SealNo, ...]
    out: tuple[SealNo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelPreadvised:
    """A parcel that was checked in stands on a manifest."""

    KIND: ClassVar[str] = "parcel.preadvised"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    trip: TripId
    seal: SealNo
    piece: int
    pieces: int
    consent: Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelOver:
    """A parcel that was checked in from a van's bags stands on no manifest."""

    KIND: ClassVar[str] = "parcel.over"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelMisrouted:
    """A parcel came here that belongs elsewhere; it was not put away."""

    KIND: ClassVar[str] = "parcel.misrouted"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    trip: TripId
    seal: SealNo
    to: Place
    next_hop: Place
    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelShort:
    """The manifest names a parcel that was not in its bag."""

    KIND: ClassVar[str] = "parcel.short"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    trip: TripId
    seal: SealNo


@dataclass(frozen=True, slots=True, kw_only=True)
class BagEmptied:
    """Everything that was in the bag is checked in."""

    KIND: ClassVar[str] = "bag.emptied"
    SCHEMA: ClassVar[int] = 1
    trip: TripId
    seal: SealNo
    expected: int
    found: int


TripFact = (
    TripArrived
    | BagScanned
    | BagScanUndone
    | BagDamaged
    | HandoverTurned
    | BagHandedOut
    | HandoverDisputed
    | HandoverSuspended
    | HandoverSigned
    | ParcelPreadvised
    | ParcelOver
    | ParcelMisrouted
    | ParcelShort
    | BagEmptied
)
