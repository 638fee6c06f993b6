"""Which natural village a parcel is for: facts like those of edge.domain.facts."""

from dataclasses import dataclass
from typing import ClassVar

from edge.kernel.ids import Hamlet, KeeperId, WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletNoted:
    """The natural village of a parcel from here on; empty where the keeper takes a wrong one back.

    A manifest says it, or the keeper.
    """

    KIND: ClassVar[str] = "parcel.hamlet_noted"
    SCHEMA: ClassVar[int] = 1
    waybill_no: WaybillNo
    hamlet: Hamlet


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletListed:
    """The keeper printed today's parcels of one village; an empty one is of no village yet."""

    KIND: ClassVar[str] = "hamlet.listed"
    SCHEMA: ClassVar[int] = 1
    hamlet: Hamlet
    parcels: int
    keeper: KeeperId


HamletFact = HamletNoted | HamletListed
