"""A keeper looks inside: a cell is opened by hand, and what is in it is told.

That the parcel is still there may be said without opening: it keeps the cell out of other hands.
That it is not there frees the cell, so its door must have been open since the doubt arose.
"""

from edge.domain.answers import Answer, CellReason, Refusal, RevokeReason
from edge.domain.cabinet import TO_LOOK, CellState
from edge.domain.codes import revoke, store
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.facts import (
    CellFreed,
    CheckInUndone,
    Fact,
    ParcelMissing,
    ParcelPickedUp,
    Proof,
    Purpose,
)
from edge.domain.inputs import CellInspected, CellOpenAsked
from edge.domain.parcel import Parcel, Stage
from edge.domain.policy import Policy
from edge.domain.pulse import Opening, by_keeper, pulse, require_built, require_shut
from edge.domain.reasons import required
from edge.domain.return_facts import ParcelBagged
from edge.domain.state import State, cell_of, door_of
from edge.kernel.errors import Refused
from edge.kernel.ids import CellId, WaybillNo


def open_cell(state: State, told: CellOpenAsked, policy: Policy) -> Decision:
    """Open a cell to look inside. Once it has opened, the keeper is asked what is in it."""
    required(told.reason)
    require_shut(state, told.cell, policy)
    return pulse(
        Opening(
            cell=told.cell,
            auth=told.fresh.auth,
            purpose=Purpose.INSPECT,
            actor=by_keeper(told.keeper),
            waybill_no=cell_of(state, told.cell).waybill_no,
            reason=told.reason,
        )
    )


def may_be_called_empty(state: State, cell: CellId) -> bool:
    """Whether a keeper may say of this cell that what it counts is not inside.

    A door that nobody can see and that nobody is using is the keeper's word alone: it was opened
    by the mechanical key, if at all. Such a cell is not offered before its sensor says shut.
    """
    content = cell_of(state, cell)
    return content.occupancy in TO_LOOK and (content.looked or _out_of_sight(state, cell))


def inspect(state: State, told: CellInspected, policy: Policy) -> Decision:
    """What a keeper found in a cell that needed a look; its door must not be known open."""
    require_built(told.cell, policy)
    if not _out_of_sight(state, told.cell):
        require_shut(state, told.cell, policy)
    content = cell_of(state, told.cell)
    still_there = told.holds is not None and content.waybill_no in {None, told.holds}
    look_first = not still_there and not may_be_called_empty(state, told.cell)
    if look_first or content.occupancy not in TO_LOOK:
        return Decision(reply=Reply(key=Answer.LOOK_INSIDE_FIRST, ok=False, cell=told.cell))
    if told.holds is None:
        facts = (*_not_there(state, told, content), CellFreed(cell=told.cell))
        return Decision(facts=facts, reply=Reply(key=Answer.CELL_FREED, ok=True, cell=told.cell))
    parcel = _found(state, told, told.holds)
    other = () if content.waybill_no == told.holds else _not_there(state, told, content)
    kept = store(state, parcel, told.cell, told.fresh)
    return Decision(
        facts=(*other, *kept.facts),
        effects=kept.effects,
        reply=Reply(key=Answer.CELL_HOLDS, ok=True, cell=told.cell, waybill_no=told.holds),
    )


def _out_of_sight(state: State, cell: CellId) -> bool:
    """Whether the door is not seen and no authorisation waits to be settled at it."""
    door = door_of(state, cell)
    return door.door is Door.UNKNOWN and door.auth is None


def _found(state: State, told: CellInspected, waybill_no: WaybillNo) -> Parcel:
    """The parcel that lies there. One missing or in the keeper's hands may turn up anywhere."""
    parcel = state.parcels.get(waybill_no)
    if parcel is None or parcel.stage is Stage.UNDONE:
        raise Refused(Refusal.PARCEL_NOT_HERE)
    if parcel.cell != told.cell and parcel.stage is not Stage.MISSING and not parcel.in_hand:
        raise Refused(Refusal.PARCEL_ELSEWHERE)
    if parcel.in_hand and parcel.barred_from_cells:
        raise Refused(Refusal.NOT_FOR_CELLS)  # else it would be put in behind the station's back
    return parcel


def _not_there(state: State, told: CellInspected, content: CellState) -> tuple[Fact, ...]:
    """The parcel that this cell counts is not in it.

    One that never was for certain in our care is back in the keeper's hands. One whose visitor
    had the door opened once more left with that visitor. One that was being fetched for the return
    bag is in it. Any other is missing: a dispute.
    """
    if content.waybill_no is None:
        return ()
    parcel = state.parcels[content.waybill_no]
    if content.reason == CellReason.RETURN_INTERRUPTED and parcel.keeping.cause is not None:
        return (ParcelBagged(waybill_no=parcel.waybill_no, keeper=told.keeper),)
    in_hand = parcel.stage is Stage.RECEIVED or content.reason == CellReason.CHECK_IN_CANCELLED
    if in_hand:
        undone = CheckInUndone(waybill_no=parcel.waybill_no, keeper=told.keeper)
        return (*revoke(state, parcel, RevokeReason.CHECK_IN_UNDONE), undone)
    if content.reason == CellReason.PUT_BACK and parcel.ended_by is not None:
        left = ParcelPickedUp(
            waybill_no=parcel.waybill_no,
            cell=told.cell,
            auth=parcel.ended_by,
            proof=parcel.proof or Proof.KEEPER,
            actor=by_keeper(told.keeper),
        )
        return (left,)
    missing = ParcelMissing(waybill_no=parcel.waybill_no, cell=told.cell, keeper=told.keeper)
    return (*revoke(state, parcel, RevokeReason.MISSING), missing)
