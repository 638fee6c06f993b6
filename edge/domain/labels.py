"""What sticks on parcels and bags, where there is a label printer.

Labels follow from what happened and are no facts of their own. The newest one is right: it comes
whenever the slot changes, or the phone digits on it. Without a label printer there is none: the
pickup slip says the slot in large letters already, and a second slip of paper would not stick.
"""

from dataclasses import dataclass

from edge.domain.advice import BagAdvice
from edge.domain.effects import QueueBagLabel, QueueShelfLabel
from edge.domain.parcel import Parcel
from edge.domain.policy import Policy
from edge.kernel.ids import NOWHERE, Place, SealNo, SlotCode, TripId
from edge.kernel.time import Instant


def of_shelf(
    parcel: Parcel, slot: SlotCode | None, at: Instant, policy: Policy, *, again: bool = False
) -> tuple[QueueShelfLabel, ...]:
    """The label of a parcel on a slot; none in a cell, whose door has its number on it."""
    if not policy.labels or slot is None:
        return ()
    label = QueueShelfLabel(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        phone_tail=parcel.phone_tail,
        slot=slot,
        at=at,
        again=again,
    )
    return (label,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOn:
    """A bag that leaves here, or waits here for its run. `to` is empty where nobody knows."""

    seal: SealNo
    trip: TripId
    to: Place
    next_hop: Place


def of_bag(
    bag: GoingOn, advice: BagAdvice | None, at: Instant, policy: Policy, *, again: bool = False
) -> tuple[QueueBagLabel, ...]:
    """The label of a bag; `advice` is what the manifests say of it."""
    if not policy.labels:
        return ()
    label = QueueBagLabel(
        seal=bag.seal,
        to=bag.to or (advice.to if advice else NOWHERE),
        next_hop=bag.next_hop,
        trip=bag.trip,
        parcels=advice.parcels if advice else None,
        at=at,
        again=again,
    )
    return (label,)
