"""What does not stay: refused, overdue or put on the list by the keeper, until a courier has it.

Being on the list changes nothing for the recipient, who may still come for the parcel. It ends with
the return bag: out of a cell a parcel comes by its door, like any other, and no word frees a cell.
"""

from edge.domain.answers import Answer, RevokeReason
from edge.domain.codes import find, require_at_rest, revoke
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.facts import Fact, Purpose
from edge.domain.keeping import Cause, Way
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel, Stage
from edge.domain.places import Place, emptied
from edge.domain.placing import in_hand_before
from edge.domain.policy import Policy
from edge.domain.pulse import Opening, by_keeper, pulse, require_shut
from edge.domain.reasons import required
from edge.domain.return_answers import ReturnAnswer, ReturnRefusal
from edge.domain.return_facts import (
    ParcelBagged,
    ParcelRefused,
    ParcelReminded,
    ParcelToReturn,
    ReturnUndone,
    StorageExtended,
)
from edge.domain.return_inputs import (
    BaggingAsked,
    ExtensionAsked,
    RefusalTold,
    ReminderTold,
    ReturnAsked,
    ReturnUndoAsked,
)
from edge.domain.state import State
from edge.kernel.errors import Refused
from edge.kernel.ids import KeeperId


def refuse(state: State, told: RefusalTold, _policy: Policy) -> Decision:
    """The recipient does not want it: its code dies, and it is to be returned."""
    parcel = find(state, told.waybill_no, IN_CARE)
    reason = required(told.reason)
    if parcel.keeping.refused:
        return _yes(ReturnAnswer.REFUSAL_NOTED, parcel)
    require_at_rest(state, parcel.cell)
    refused = ParcelRefused(waybill_no=parcel.waybill_no, keeper=told.keeper, reason=reason)
    return _yes(
        ReturnAnswer.REFUSAL_NOTED,
        parcel,
        *revoke(state, parcel, RevokeReason.REFUSED),
        refused,
        *_listed(parcel, Cause.REFUSED, told.keeper),
    )


def remind(state: State, told: ReminderTold, _policy: Policy) -> Decision:
    """The keeper has called."""
    parcel = find(state, told.waybill_no, IN_CELL)
    called = ParcelReminded(waybill_no=parcel.waybill_no, way=Way.PHONE, keeper=told.keeper)
    return _yes(ReturnAnswer.CALL_NOTED, parcel, called)


def extend(state: State, told: ExtensionAsked, _policy: Policy) -> Decision:
    """It stays longer; one that is on the list is taken off it first."""
    parcel = find(state, told.waybill_no, IN_CELL)
    reason = required(told.reason)
    if parcel.keeping.cause is not None:
        raise Refused(ReturnRefusal.TO_BE_RETURNED_ALREADY)
    extended = StorageExtended(
        waybill_no=parcel.waybill_no,
        days=told.days,
        keeper=told.keeper,
        reason=reason,
    )
    return _yes(ReturnAnswer.STAYS_LONGER, parcel, extended, count=told.days)


def ask(state: State, told: ReturnAsked, _policy: Policy) -> Decision:
    """On the list at the keeper's word."""
    parcel = find(state, told.waybill_no, IN_CARE)
    cause = Cause.DAMAGED if parcel.keeping.damage else Cause.KEEPER
    listed = _listed(parcel, cause, told.keeper)
    return _yes(ReturnAnswer.TO_BE_RETURNED, parcel, *listed)


def undo(state: State, told: ReturnUndoAsked, _policy: Policy) -> Decision:
    """Off the list; out of the return bag it is in her hands, to be put into a place again."""
    parcel = find(state, told.waybill_no, (*IN_CARE, Stage.BAGGED))
    reason = required(told.reason)
    if parcel.keeping.cause is None:
        raise Refused(ReturnRefusal.NOT_TO_BE_RETURNED)
    other = in_hand_before(state) if parcel.stage is Stage.BAGGED else None
    if other is not None:
        reply = Reply(key=Answer.PLACE_IT_FIRST, ok=False, waybill_no=other.waybill_no)
        return Decision(reply=reply)
    undone = ReturnUndone(
        waybill_no=parcel.waybill_no,
        days=told.days,
        keeper=told.keeper,
        reason=reason,
    )
    if parcel.stage is Stage.BAGGED:
        reply = Reply(key=Answer.PLACE_IT_FIRST, ok=True, waybill_no=parcel.waybill_no)
        return Decision(facts=(undone,), reply=reply)
    return _yes(ReturnAnswer.NOT_RETURNED, parcel, undone, count=told.days)


def bag(state: State, told: BaggingAsked, policy: Policy) -> Decision:
    """Into the return bag: off its slot at once, out of a cell by its door."""
    parcel = find(state, told.waybill_no, IN_CARE)
    if parcel.keeping.cause is None:
        raise Refused(ReturnRefusal.NOT_TO_BE_RETURNED)
    if parcel.cell is None:
        return _yes(ReturnAnswer.BAGGED, parcel, *bagged(state, parcel, told.keeper))
    if parcel.stage is Stage.RECEIVED:
        reply = Reply(key=Answer.PLACE_IT_FIRST, ok=False, waybill_no=parcel.waybill_no)
        return Decision(reply=reply)
    require_at_rest(state, parcel.cell)
    require_shut(state, parcel.cell, policy)
    return pulse(
        Opening(
            cell=parcel.cell,
            auth=told.fresh.auth,
            purpose=Purpose.RETURN,
            actor=by_keeper(told.keeper),
            waybill_no=parcel.waybill_no,
        )
    )


def bagged(state: State, parcel: Parcel, keeper: KeeperId) -> tuple[Fact, ...]:
    """Off its slot or out of the keeper's hands, and what it left behind is empty."""
    fact = ParcelBagged(waybill_no=parcel.waybill_no, keeper=keeper)
    return (fact, *emptied(state, parcel.waybill_no, Place()))


def _listed(parcel: Parcel, cause: Cause, keeper: KeeperId) -> tuple[Fact, ...]:
    if parcel.keeping.cause is not None:
        return ()
    return (ParcelToReturn(waybill_no=parcel.waybill_no, cause=cause, keeper=keeper),)


def _yes(key: ReturnAnswer, parcel: Parcel, *facts: Fact, count: int | None = None) -> Decision:
    reply = Reply(
        key=key,
        ok=True,
        cell=parcel.cell,
        slot=parcel.slot,
        waybill_no=parcel.waybill_no,
        count=count,
    )
    return Decision(facts=facts, reply=reply)
