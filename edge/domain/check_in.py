"""Checking parcels in: the keeper scans, a door opens, and it can be taken back."""

from dataclasses import replace

from edge.domain.agreement import NOBODY_ASKS, still_known
from edge.domain.answers import Answer, CellReason, RevokeReason
from edge.domain.cabinet import TO_LOOK
from edge.domain.codes import find, require_at_rest, revoke
from edge.domain.consent import to_ask
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.facts import CheckInUndone, Fact, ParcelReceived, Purpose
from edge.domain.inputs import CheckInCancelled, WaybillScanned
from edge.domain.parcel import IN_CARE, Parcel, Stage
from edge.domain.placing import PuttingDown, none_free, put_down
from edge.domain.policy import Policy
from edge.domain.power import holds_check_in
from edge.domain.pulse import Opening, by_keeper, pulse, require_shut
from edge.domain.return_answers import ReturnAnswer
from edge.domain.settlement import question
from edge.domain.state import State, cell_of, door_of
from edge.domain.unbagging import beside, turned_away
from edge.domain.waybill import ranked_carriers
from edge.kernel.ids import CellId, KeeperId, WaybillNo
from edge.kernel.time import Instant


def scan_waybill(state: State, told: WaybillScanned, policy: Policy) -> Decision:
    """A waybill at the counter: the next parcel, if check-in is on and nothing is in the way."""
    keeper = state.desk.keeper
    if keeper is None or not state.desk.checking_in:
        key = Answer.SCAN_NOT_EXPECTED
        return Decision(reply=Reply(key=key, ok=False, waybill_no=told.waybill_no))
    parcel = state.parcels.get(told.waybill_no)
    if parcel is not None and (known := _known(state, parcel)):
        return Decision(reply=known)
    has_it = parcel is not None and parcel.in_hand  # taken in before, whatever is said of it since
    if not has_it and (away := turned_away(state, told, keeper, policy)):
        return away
    if waiting := _in_the_way(state, told.waybill_no):
        return Decision(reply=waiting)
    if held := _held(state, told.at, policy):
        return _no(held)
    wish, before = _receive(state, told, keeper, policy)
    return put_down(state, wish, policy, before) or none_free(wish)


def cancel(state: State, told: CheckInCancelled, policy: Policy) -> Decision:
    """Take a check-in back. What is stored is handed out; what was still in hand needs no door."""
    parcel = find(state, told.waybill_no, IN_CARE)
    cell = parcel.cell
    if cell is not None and parcel.stage is not Stage.RECEIVED:
        return _take_back(state, parcel, cell, told, policy)
    undone = CheckInUndone(waybill_no=parcel.waybill_no, keeper=told.keeper)
    revoked = revoke(state, parcel, RevokeReason.CHECK_IN_UNDONE)
    # The door may still open, or have been open: only a look can tell what is inside.
    doubt = () if cell is None else question(state, cell, CellReason.CHECK_IN_CANCELLED)
    reply = Reply(key=Answer.CHECK_IN_UNDONE, ok=True, cell=cell, waybill_no=parcel.waybill_no)
    return Decision(facts=(*revoked, undone, *doubt), reply=reply)


def _receive(
    state: State, told: WaybillScanned, keeper: KeeperId, policy: Policy
) -> tuple[PuttingDown, tuple[Fact, ...]]:
    """The parcel in the keeper's hands, and the fact of it unless it was there before."""
    parcel = state.parcels.get(told.waybill_no)
    before: tuple[Fact, ...] = ()
    choice = None
    if parcel is None or not parcel.in_hand:
        advised = told.advice.carrier if told.advice else ""
        likely = ranked_carriers(told.waybill_no, policy.carriers)
        carrier = advised or next(iter(likely), "")
        received = ParcelReceived(waybill_no=told.waybill_no, carrier=carrier, keeper=keeper)
        asked = to_ask(state, told, policy)
        known = NOBODY_ASKS if parcel is None else still_known(parcel.agreement)
        before = (received, *asked, *beside(state, told, keeper))
        choice = state.desk.choice
        parcel = Parcel(
            waybill_no=told.waybill_no,
            carrier=carrier,
            stage=Stage.RECEIVED,
            cell=None,
            received_at=told.at,
            phone_tail=told.advice.phone_tail if told.advice else None,
            agreement=replace(known, consent=asked[0].said) if asked else known,
        )
    wish = PuttingDown(parcel=parcel, keeper=keeper, at=told.at, fresh=told.fresh, choice=choice)
    return wish, before


def _take_back(
    state: State, parcel: Parcel, cell: CellId, told: CheckInCancelled, policy: Policy
) -> Decision:
    require_at_rest(state, cell)
    require_shut(state, cell, policy)
    return pulse(
        Opening(
            cell=cell,
            auth=told.fresh.auth,
            purpose=Purpose.TAKE_BACK,
            actor=by_keeper(told.keeper),
            waybill_no=parcel.waybill_no,
        )
    )


def _known(state: State, parcel: Parcel) -> Reply | None:
    """The answer to a waybill that was scanned before; None when it may be received (anew)."""
    if parcel.stage in {Stage.UNDONE, Stage.MISSING, Stage.RETURNED} or parcel.in_hand:
        return None
    if parcel.stage is Stage.BAGGED:
        waits = ReturnAnswer.IN_RETURN_BAG
        return Reply(key=waits, ok=False, waybill_no=parcel.waybill_no)
    if parcel.stage is Stage.PICKED_UP and parcel.collected_at is not None:
        return Reply(
            key=Answer.ALREADY_COLLECTED,
            ok=False,
            waybill_no=parcel.waybill_no,
            at=parcel.collected_at,
        )
    key = Answer.ALREADY_IN
    if parcel.cell is None:
        return Reply(key=key, ok=False, slot=parcel.slot, waybill_no=parcel.waybill_no)
    if parcel.stage is Stage.RECEIVED:
        if door_of(state, parcel.cell).door is Door.SILENT:
            key = Answer.DID_IT_OPEN
        elif cell_of(state, parcel.cell).occupancy in TO_LOOK:
            key = Answer.LOOK_INSIDE_FIRST
    return _about(state, key, parcel, parcel.cell)


def _in_the_way(state: State, scanned: WaybillNo) -> Reply | None:
    """The parcel in hand holds up the next one until its door is shut. Its tail can wait."""
    hand = state.parcels.get(state.desk.in_hand) if state.desk.in_hand else None
    if hand is None or hand.stage is not Stage.RECEIVED or hand.waybill_no == scanned:
        return None
    if hand.cell is None:
        return Reply(key=Answer.PLACE_IT_FIRST, ok=False, waybill_no=hand.waybill_no)
    door = door_of(state, hand.cell).door
    if door is Door.SHUT:
        return None  # cut short, and its cell waits for a look
    key = Answer.DID_IT_OPEN if door is Door.SILENT else Answer.SHUT_DOOR_FIRST
    return _about(state, key, hand, hand.cell)


def _held(state: State, at: Instant, policy: Policy) -> Answer | None:
    """Why no parcel is taken in now, though its keeper is ready."""
    if state.doubted:  # what is written now does not go on in the next epoch
        return Answer.JOURNAL_DOUBTED
    if holds_check_in(state, at, policy):
        return Answer.ON_BATTERY
    return Answer.CHECK_IN_WAITS if state.boots.safe else None


def _about(state: State, key: Answer, parcel: Parcel, cell: CellId) -> Reply:
    auth = door_of(state, cell).auth
    return Reply(key=key, ok=False, cell=cell, waybill_no=parcel.waybill_no, auth=auth)


def _no(key: Answer) -> Decision:
    return Decision(reply=Reply(key=key, ok=False))
