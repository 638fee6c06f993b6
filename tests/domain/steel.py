"""The physical side of a house: doors that spring open, parcels that lie somewhere, honest people.

It knows nothing of the station's state. People do what they came for at any open door that was
promised to them, whether or not the station has seen it open, and whether or not it has power.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from edge.kernel.ids import CellId, WaybillNo


class Where(StrEnum):
    """Where a parcel is when it is in no cell."""

    KEEPER = "keeper"
    OWNER = "owner"
    STOLEN = "stolen"
    SLOT = "slot"


class Errand(StrEnum):
    """What somebody wants at a door."""

    PUT = "put"
    TAKE = "take"
    FETCH = "fetch"
    CLEAR = "clear"


@dataclass
class Steel:
    """Doors, their sensors, what is inside, and who wants what at which door."""

    cells: tuple[CellId, ...]
    open: set[CellId] = field(default_factory=set)
    blind: set[CellId] = field(default_factory=set)
    inside: dict[CellId, WaybillNo] = field(default_factory=dict)
    elsewhere: dict[WaybillNo, Where] = field(default_factory=dict)
    errands: dict[CellId, tuple[Errand, WaybillNo | None]] = field(default_factory=dict)

    def reading(self, cell: CellId) -> bool | None:
        """What the sensor says; None while it is out of order."""
        return None if cell in self.blind else cell in self.open

    def send(self, cell: CellId, errand: Errand, waybill_no: WaybillNo | None) -> None:
        """Somebody goes to a door; the same parcel is expected at no other door any more."""
        for other, (_, expected) in list(self.errands.items()):
            if expected == waybill_no is not None:
                del self.errands[other]
        self.errands[cell] = (errand, waybill_no)

    def lay(self, waybill_no: WaybillNo) -> None:
        """Put a parcel onto the slot that was named; no door waits for it any more."""
        self.errands = {c: e for c, e in self.errands.items() if e[1] != waybill_no}
        self.elsewhere[waybill_no] = Where.SLOT

    def push_shut(self, cell: CellId, *, clear: frozenset[WaybillNo]) -> None:
        """Do the errand and push the door shut. `clear` may be taken out of a cell on the way."""
        errand, waybill_no = self.errands.get(cell, (Errand.CLEAR, None))
        there = self.inside.get(cell)
        if errand is Errand.PUT and waybill_no in self.elsewhere and there is None:
            del self.elsewhere[waybill_no]
            self.inside[cell] = waybill_no
        elif errand is Errand.TAKE and there == waybill_no is not None:
            self.elsewhere[self.inside.pop(cell)] = Where.OWNER
        else:
            fetched = errand is Errand.FETCH and there == waybill_no is not None
            if fetched or (errand is Errand.CLEAR and there in clear):
                self.elsewhere[self.inside.pop(cell)] = Where.KEEPER
        self.open.discard(cell)

    def steal(self, cell: CellId) -> None:
        """A thief empties an open cell."""
        if cell in self.inside:
            self.elsewhere[self.inside.pop(cell)] = Where.STOLEN
