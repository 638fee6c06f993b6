"""Parcels of the return bag at a handover: scanned or taken all at once, signed for like bags."""

from edge.domain.answers import Answer, RevokeReason
from edge.domain.codes import revoke
from edge.domain.decision import Decision
from edge.domain.dock import Handover
from edge.domain.effects import Reply
from edge.domain.facts import Fact
from edge.domain.handover import require_handover
from edge.domain.parcel import IN_CARE, Parcel, Stage
from edge.domain.policy import Policy
from edge.domain.return_answers import ReturnAnswer
from edge.domain.return_facts import ParcelReturned, ReturnLoaded, ReturnUnloaded
from edge.domain.return_inputs import LoadingAsked
from edge.domain.returns import bagged
from edge.domain.state import State
from edge.domain.trip_inputs import BagUnscanned, HandoverAgreed
from edge.kernel.ids import KeeperId, SealNo, WaybillNo


def scanned(state: State, handover: Handover, seal: SealNo, keeper: KeeperId) -> Decision | None:
    """The answer to the code of a parcel that is to be returned; None to any other code."""
    parcel = state.parcels.get(WaybillNo(seal))
    if parcel is None or parcel.keeping.cause is None:
        return None
    if parcel.waybill_no in handover.returns:
        return Decision(reply=Reply(key=Answer.BAG_ALREADY, ok=False, seal=seal))
    loaded = ReturnLoaded(waybill_no=parcel.waybill_no, trip=handover.trip)
    reply = Reply(key=ReturnAnswer.RETURN_LOADED, ok=True, waybill_no=parcel.waybill_no)
    if parcel.stage is Stage.BAGGED:
        return Decision(facts=(loaded,), reply=reply)
    if parcel.stage not in IN_CARE:
        return None
    if parcel.cell is not None:
        first = Reply(
            key=ReturnAnswer.FETCH_IT_FIRST,
            ok=False,
            cell=parcel.cell,
            waybill_no=parcel.waybill_no,
        )
        return Decision(reply=first)
    return Decision(facts=(*bagged(state, parcel, keeper), loaded), reply=reply)


def load_all(state: State, _told: LoadingAsked, _policy: Policy) -> Decision:
    """Everything in the return bag goes with the courier. Refused while none is here."""
    handover = require_handover(state)
    rest = [parcel for parcel in in_bag(state) if parcel.waybill_no not in handover.returns]
    if not rest:
        return Decision(reply=Reply(key=ReturnAnswer.RETURN_BAG_EMPTY, ok=False))
    loaded = [ReturnLoaded(waybill_no=one.waybill_no, trip=handover.trip) for one in rest]
    reply = Reply(key=ReturnAnswer.RETURNS_LOADED, ok=True, count=len(rest))
    return Decision(facts=tuple(loaded), reply=reply)


def unloaded(handover: Handover, told: BagUnscanned) -> ReturnUnloaded | None:
    """The fact that a parcel does not go after all; None where it was not to go."""
    waybill_no = WaybillNo(told.seal)
    if waybill_no not in handover.returns:
        return None
    return ReturnUnloaded(waybill_no=waybill_no, trip=handover.trip, keeper=told.keeper)


def going(state: State, handover: Handover) -> tuple[Parcel, ...]:
    """Parcels that go with the courier: scanned, and still in the return bag."""
    known = [state.parcels.get(waybill_no) for waybill_no in handover.returns]
    return tuple(parcel for parcel in known if parcel and parcel.stage is Stage.BAGGED)


def leave(state: State, handover: Handover, told: HandoverAgreed) -> tuple[Fact, ...]:
    """They are gone with whoever signed, and their codes open nothing any more."""
    facts: tuple[Fact, ...] = ()
    for parcel in going(state, handover):
        gone = ParcelReturned(
            waybill_no=parcel.waybill_no,
            trip=handover.trip,
            courier=told.courier,
            keeper=told.keeper,
        )
        facts += (*revoke(state, parcel, RevokeReason.RETURNED), gone)
    return facts


def in_bag(state: State) -> tuple[Parcel, ...]:
    """What is in the return bag, by its numbers."""
    return tuple(p for _no, p in sorted(state.parcels.items()) if p.stage is Stage.BAGGED)
