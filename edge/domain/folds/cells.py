"""Cells, and what a doubt about a cell means for the parcel in it."""

from edge.domain.answers import CellReason
from edge.domain.cabinet import CellState, Occupancy
from edge.domain.changing import replace
from edge.domain.door import Door
from edge.domain.facts import CellFaulted, CellFreed, CellQuestioned, CellReserved
from edge.domain.parcel import Stage
from edge.domain.pickup import UNATTENDED
from edge.domain.state import State, cell_of, door_of
from edge.kernel.ids import CellId
from edge.kernel.time import Instant


def reserved(state: State, fact: CellReserved, _at: Instant) -> State:
    """Kept for a parcel that the keeper has in hand."""
    parcel = replace(state.parcels[fact.waybill_no], cell=fact.cell)
    content = CellState(occupancy=Occupancy.RESERVED, waybill_no=fact.waybill_no)
    return replace(
        state,
        cells=state.cells.set(fact.cell, content),
        parcels=state.parcels.set(fact.waybill_no, parcel),
    )


def freed(state: State, fact: CellFreed, _at: Instant) -> State:
    """Empty and on offer."""
    emptied_of = cell_of(state, fact.cell).emptied_of
    content = CellState(occupancy=Occupancy.FREE, emptied_of=emptied_of)
    return replace(state, cells=state.cells.set(fact.cell, content))


def questioned(state: State, fact: CellQuestioned, _at: Instant) -> State:
    """Out of use until a keeper has looked."""
    return _out_of_use(state, fact.cell, Occupancy.QUESTIONED, fact.reason)


def faulted(state: State, fact: CellFaulted, _at: Instant) -> State:
    """Out of use until it is repaired."""
    return _out_of_use(state, fact.cell, Occupancy.FAULTED, fact.reason)


def _out_of_use(state: State, cell: CellId, occupancy: Occupancy, reason: str) -> State:
    door = door_of(state, cell)
    content = replace(
        cell_of(state, cell),
        occupancy=occupancy,
        reason=reason,
        emptied_of=None,
        left_by=None,
        # A doubt that arises at a door which stands open before its keeper is answered by eye. Of
        # a forced door nobody knows who stands there: it has to be opened once more.
        looked=door.door is Door.OPEN and door.purpose not in {None, *UNATTENDED},
    )
    state = replace(state, cells=state.cells.set(cell, content))
    parcel = state.parcels.get(content.waybill_no) if content.waybill_no else None
    # A pickup that was cut short before any sign of opening may simply be repeated.
    if (
        parcel is None
        or parcel.stage is not Stage.STORED
        or reason == CellReason.PICKUP_INTERRUPTED
    ):
        return state
    assisted = replace(parcel, stage=Stage.KEEPER_ASSIST)
    return replace(state, parcels=state.parcels.set(parcel.waybill_no, assisted))
