"""Shelves, floor and locked cells, folded from facts; every kind means what it means out there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cloud_sync.wire.envelope import Envelope

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables

_Fold = Callable[["Tables", Envelope], None]


def _lies(tables: "Tables", fact: Envelope) -> None:
    """On a slot, and in no cell."""
    waybill_no = fact.body["waybill_no"]
    tables.slots.put(waybill_no, slot=fact.body["slot"], seq=fact.seq)
    parcel = tables.parcels.get(waybill_no)
    if parcel is None:
        return  # its beginning lies in a parked fact; the trace still shows this one
    _change(tables, fact, stage="stored", cell=None, ended_ms=None)
    if parcel["stored_ms"] is None:
        tables.parcels.put(waybill_no, stored_ms=fact.wall_lo)


def _taken_out(tables: "Tables", fact: Envelope) -> None:
    """In the keeper's hands; a cell that is freed later still belongs to this parcel's trace."""
    waybill_no = fact.body["waybill_no"]
    _change(tables, fact, stage="received", cell=None)
    if (number := fact.body["cell"]) is not None and tables.cells.get(number) is not None:
        left = {"waybill_no": None, "last_waybill_no": waybill_no}
        tables.cells.put(number, **left, seq=fact.seq)


def _handed_out(tables: "Tables", fact: Envelope) -> None:
    _change(tables, fact, stage="picked_up", ended_ms=fact.wall_lo)


def _locked(tables: "Tables", fact: Envelope) -> None:
    tables.locks.put(fact.body["cell"], reason=fact.body["reason"], seq=fact.seq)


def _unlocked(tables: "Tables", fact: Envelope) -> None:
    tables.locks.put(fact.body["cell"], reason="", seq=fact.seq)


def _change(tables: "Tables", fact: Envelope, **columns: Any) -> None:
    waybill_no = fact.body["waybill_no"]
    if tables.parcels.get(waybill_no) is not None:
        tables.parcels.put(waybill_no, **columns, seq=fact.seq)


PLACE_FOLDS: Final[Mapping[str, tuple[_Fold, ...]]] = {
    "parcel.shelved": (_lies,),
    "parcel.handed_back": (_lies,),
    "parcel.taken_out": (_taken_out,),
    "parcel.handed_out": (_handed_out,),
    "cell.locked": (_locked,),
    "cell.unlocked": (_unlocked,),
}
