"""Bodies of the facts about natural villages. Shipped ones never change."""

from typing import Annotated, ClassVar

from msgspec import Meta

from cloud_sync.wire.bodies.body import Body, Waybill, Word
from cloud_sync.wire.bodies.trips import Count

MOST_HAMLET = 12
"""Letters of a village's name: what stands in one line of a slip in double size."""
Hamlet = Annotated[str, Meta(max_length=MOST_HAMLET)]
"""A natural village (自然村) or villager group (村小组); empty is none."""


class HamletNotedV1(Body, frozen=True):
    KIND: ClassVar[str] = "parcel.hamlet_noted"
    waybill_no: Waybill
    hamlet: Hamlet


class HamletListedV1(Body, frozen=True):
    KIND: ClassVar[str] = "hamlet.listed"
    hamlet: Hamlet
    parcels: Count
    keeper: Word
