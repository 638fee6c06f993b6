"""Cells: what is inside each compartment, kept apart from what its door does."""

from dataclasses import dataclass
from enum import StrEnum

from edge.kernel.ids import WaybillNo


class Occupancy(StrEnum):
    """What a cell holds. QUESTIONED and FAULTED are never offered to anyone."""

    FREE = "free"
    RESERVED = "reserved"
    HELD = "held"
    QUESTIONED = "questioned"
    FAULTED = "faulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellState:
    """A cell's content and, where it is out of use, the reason as a word key."""

    occupancy: Occupancy
    waybill_no: WaybillNo | None = None
    reason: str = ""
