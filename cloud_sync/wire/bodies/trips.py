"""Bodies of the facts about trips, bags and handovers."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from cloud_sync.wire.bodies.body import Body, Waybill, Word

MOST_SEALS = 500
"""Of one handover: more than any van holds."""
Trip = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$(?!\n)")]
Seal = Annotated[str, Meta(pattern=r"^[A-Z0-9-]{5,30}$(?!\n)")]
Place = Annotated[str, Meta(max_length=40)]
Piece = Annotated[int, Meta(ge=1, le=999)]
Consent = Literal["yes", "no", "unknown"]
Count = Annotated[int, Meta(ge=0, le=100_000)]
_Seals = Annotated[list[Seal], Meta(max_length=MOST_SEALS)]
_Note = Annotated[str, Meta(min_length=1, max_length=80)]


class TripArrivedV1(Body, frozen=True):
    KIND: ClassVar[str] = "trip.arrived"
    trip: Trip
    operator: Word
    courier: Word
    keeper: Word


class BagScannedV1(Body, frozen=True):
    KIND: ClassVar[str] = "bag.scanned"
    trip: Trip
    seal: Seal
    verdict: Literal["expected", "over", "misrouted", "cross_dock"]
    to: Place
    next_hop: Place


class BagScanUndoneV1(Body, frozen=True):
    KIND: ClassVar[str] = "bag.scan_undone"
    trip: Trip
    seal: Seal
    keeper: Word


class BagDamagedV1(Body, frozen=True):
    KIND: ClassVar[str] = "bag.damaged"
    trip: Trip
    seal: Seal
    note: _Note
    keeper: Word


class HandoverTurnedV1(Body, frozen=True):
    KIND: ClassVar[str] = "handover.turned"
    trip: Trip
    network: Word
    direction: Word
    next_hop: Place


class BagHandedOutV1(Body, frozen=True):
    KIND: ClassVar[str] = "bag.handed_out"
    trip: Trip
    seal: Seal
    network: Word
    direction: Word
    next_hop: Place


class HandoverDisputedV1(Body, frozen=True):
    KIND: ClassVar[str] = "handover.disputed"
    trip: Trip
    courier: Word
    keeper: Word
    courier_count: Count
    keeper_count: Count


class HandoverSuspendedV1(Body, frozen=True):
    KIND: ClassVar[str] = "handover.suspended"
    trip: Trip
    courier: Word
    reason: _Note


class HandoverSignedV1(Body, frozen=True):
    KIND: ClassVar[str] = "handover.signed"
    trip: Trip
    courier: Word
    keeper: Word
    expected: Count
    taken: Count
    short: _Seals
    over: _Seals
    damaged: _Seals
    misrouted: _Seals
    out: _Seals


class ParcelPreadvisedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.preadvised"
    waybill_no: Waybill
    trip: Trip
    seal: Seal
    piece: Piece
    pieces: Piece
    consent: Consent


class ParcelOverV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.over"
    waybill_no: Waybill
    keeper: Word


class ParcelMisroutedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.misrouted"
    waybill_no: Waybill
    trip: Trip
    seal: Seal
    to: Place
    next_hop: Place
    keeper: Word


class ParcelShortV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.short"
    waybill_no: Waybill
    trip: Trip
    seal: Seal


class BagEmptiedV1(Body, frozen=True):
    KIND: ClassVar[str] = "bag.emptied"
    trip: Trip
    seal: Seal
    expected: Count
    found: Count
