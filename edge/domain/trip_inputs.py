"""Reports and wishes at a handover; each is an input like those of edge.domain.inputs."""

from dataclasses import dataclass

from edge.domain.advice import BagAdvice
from edge.domain.inputs import Input
from edge.kernel.ids import CourierId, KeeperId, Place, SealNo, TripId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierArrived(Input):
    """A courier proved who they are (PIN checked by the shell) and begins, or goes on with, a
    handover.
    """

    keeper: KeeperId
    courier: CourierId
    trip: TripId
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealScanned(Input):
    """A code before the scanner while a handover is under way, and what the manifests say of it.

    `is_waybill`: it is a parcel's number, which no bag has.
    """

    seal: SealNo
    advice: BagAdvice | None
    is_waybill: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BagUnscanned(Input):
    """The keeper takes a scan back."""

    keeper: KeeperId
    seal: SealNo


@dataclass(frozen=True, slots=True, kw_only=True)
class BagFoundDamaged(Input):
    """The keeper says what is wrong with a bag that was scanned."""

    keeper: KeeperId
    seal: SealNo
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BagsTurned(Input):
    """The keeper turns the scans: out in a direction, or in again with an empty one.

    `next_hop` is what the route table says of it, empty where it says nothing.
    """

    keeper: KeeperId
    network: str
    direction: str
    next_hop: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDisputed(Input):
    """The courier says another number of bags than the keeper has."""

    keeper: KeeperId
    courier_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverHeldUp(Input):
    """The courier (PIN checked by the shell) cannot hand over now."""

    courier: CourierId
    trip: TripId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverAgreed(Input):
    """Both sign; the courier's PIN was checked again. `expected` is what the manifest names."""

    keeper: KeeperId
    courier: CourierId
    expected: frozenset[SealNo]


@dataclass(frozen=True, slots=True, kw_only=True)
class BagDone(Input):
    """The keeper says that a bag is empty; `advised` is what the manifest says was in it."""

    keeper: KeeperId
    seal: SealNo
    advised: frozenset[WaybillNo]
