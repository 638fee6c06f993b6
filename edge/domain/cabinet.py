"""Cells: what is inside each compartment, kept apart from what its door does."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.answers import CellReason
from edge.kernel.ids import WaybillNo


class Occupancy(StrEnum):
    """What a cell holds. QUESTIONED and FAULTED are never offered to anyone."""

    FREE = "free"
    RESERVED = "reserved"
    HELD = "held"
    QUESTIONED = "questioned"
    FAULTED = "faulted"


TO_LOOK: Final = (Occupancy.QUESTIONED, Occupancy.FAULTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellState:
    """A cell's content and, where it is out of use, the reason as a word key.

    `emptied_of` is the parcel last collected from a free cell: whoever took it may have the door
    opened once more. `looked` tells of a cell out of use whether its door was open before somebody
    at the counter, or by no pulse at all, since the doubt arose: only then may it be called empty.
    `left_by` is the parcel that its keeper took from here to lie elsewhere: once it does, and while
    nothing but that keeper's shutting has moved this door, the cell is empty.
    """

    occupancy: Occupancy
    waybill_no: WaybillNo | None = None
    reason: str = ""
    emptied_of: WaybillNo | None = None
    looked: bool = False
    left_by: WaybillNo | None = None

    @property
    def settled(self) -> bool:
        """Whether nobody doubts what is inside, but for a pickup that may simply be repeated."""
        return self.occupancy not in TO_LOOK or self.reason == CellReason.PICKUP_INTERRUPTED


FREE: Final = CellState(occupancy=Occupancy.FREE)
