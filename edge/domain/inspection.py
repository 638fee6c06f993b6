"""A keeper looks inside: a cell is opened by hand, and what is in it is told."""

from edge.domain.answers import Answer, CellReason, Refusal, RevokeReason
from edge.domain.cabinet import TO_LOOK, CellState
from edge.domain.codes import revoke, store
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.facts import CellFreed, CheckInUndone, DoorAsked, Fact, ParcelMissing, Purpose
from edge.domain.inputs import CellInspected, CellOpenAsked
from edge.domain.parcel import Parcel, Stage
from edge.domain.policy import Policy
from edge.domain.pulse import by_keeper, pulse, require_shut
from edge.domain.state import State, cell_of
from edge.kernel.errors import Refused
from edge.kernel.ids import WaybillNo


def open_cell(state: State, told: CellOpenAsked, policy: Policy) -> Decision:
    """Open a cell to look inside. Once it has opened, the keeper is asked what is in it."""
    if not told.reason.strip():
        raise Refused(Refusal.REASON_MISSING)
    require_shut(state, told.cell, policy)
    asked = DoorAsked(
        cell=told.cell,
        auth=told.fresh.auth,
        attempt=1,
        purpose=Purpose.INSPECT,
        actor=by_keeper(told.keeper),
        reason=told.reason,
    )
    return pulse(asked, cell_of(state, told.cell).waybill_no)


def inspect(state: State, told: CellInspected, policy: Policy) -> Decision:
    """What a keeper found in a cell that needed a look; its door must be shut again."""
    require_shut(state, told.cell, policy)
    content = cell_of(state, told.cell)
    if content.occupancy not in TO_LOOK:
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


def _found(state: State, told: CellInspected, waybill_no: WaybillNo) -> Parcel:
    """The parcel that lies there. One that was missing may turn up anywhere."""
    parcel = state.parcels.get(waybill_no)
    if parcel is None or parcel.stage is Stage.UNDONE:
        raise Refused(Refusal.PARCEL_NOT_HERE)
    if parcel.cell != told.cell and parcel.stage is not Stage.MISSING:
        raise Refused(Refusal.PARCEL_ELSEWHERE)
    return parcel


def _not_there(state: State, told: CellInspected, content: CellState) -> tuple[Fact, ...]:
    """The parcel that this cell counts is not in it.

    One that never was for certain in our care is back in the keeper's hands; any other is
    missing, and that is a dispute.
    """
    if content.waybill_no is None:
        return ()
    parcel = state.parcels[content.waybill_no]
    in_hand = parcel.stage is Stage.RECEIVED or content.reason == CellReason.CHECK_IN_CANCELLED
    if in_hand:
        undone = CheckInUndone(waybill_no=parcel.waybill_no, keeper=told.keeper)
        return (*revoke(state, parcel, RevokeReason.CHECK_IN_UNDONE), undone)
    missing = ParcelMissing(waybill_no=parcel.waybill_no, cell=told.cell, keeper=told.keeper)
    return (*revoke(state, parcel, RevokeReason.MISSING), missing)
