"""Checking parcels in: the keeper scans, a door opens, and it can be taken back."""

from edge.domain.answers import Answer, CellReason
from edge.domain.cabinet import TO_LOOK, Occupancy
from edge.domain.codes import find_parcel, require_at_rest
from edge.domain.decision import Decision
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.facts import CellReserved, CheckInUndone, ParcelReceived, Purpose
from edge.domain.inputs import CheckInCancelled, WaybillScanned
from edge.domain.parcel import IN_CARE, Parcel, Stage, carrier_of
from edge.domain.policy import CellSize, Policy
from edge.domain.power import holds_check_in
from edge.domain.pulse import Opening, by_keeper, pulse, require_shut
from edge.domain.settlement import question
from edge.domain.state import State, cell_of, door_of
from edge.domain.unbagging import beside, turned_away
from edge.kernel.ids import CellId, KeeperId
from edge.kernel.time import Instant

_SIZES = tuple(CellSize)
"""Smallest first."""


def scan_waybill(state: State, told: WaybillScanned, policy: Policy) -> Decision:
    """A waybill at the counter: the next parcel, if check-in is on and nothing is in the way."""
    keeper = state.desk.keeper
    if keeper is None or not state.desk.checking_in:
        return _no(Answer.SCAN_NOT_EXPECTED)
    parcel = state.parcels.get(told.waybill_no)
    if parcel is not None and (known := _known(state, parcel)):
        return Decision(reply=known)
    if away := turned_away(state, told, keeper, policy):
        return away
    if waiting := _in_the_way(state):
        return Decision(reply=waiting)
    if held := _held(state, told.at, policy):
        return _no(held)
    return _receive(state, told, keeper, policy)


def cancel(state: State, told: CheckInCancelled, policy: Policy) -> Decision:
    """Take a check-in back. What is stored is handed out; what was still in hand needs no door."""
    parcel, cell = find_parcel(state, told.waybill_no, IN_CARE)
    if parcel.stage is not Stage.RECEIVED:
        return _take_back(state, parcel, cell, told, policy)
    undone = CheckInUndone(waybill_no=parcel.waybill_no, keeper=told.keeper)
    # The door may still open, or have been open: only a look can tell what is inside.
    doubt = question(state, cell, CellReason.CHECK_IN_CANCELLED)
    reply = Reply(key=Answer.CHECK_IN_UNDONE, ok=True, cell=cell, waybill_no=parcel.waybill_no)
    return Decision(facts=(undone, *doubt), reply=reply)


def _receive(state: State, told: WaybillScanned, keeper: KeeperId, policy: Policy) -> Decision:
    cell = _free_cell(state, told.at, policy)
    if cell is None:
        return _no(Answer.NO_FREE_CELL)
    advised = told.advice.carrier if told.advice else ""
    received = ParcelReceived(
        waybill_no=told.waybill_no,
        carrier=advised or carrier_of(told.waybill_no, policy.carriers),
        keeper=keeper,
    )
    reserved = CellReserved(cell=cell, waybill_no=told.waybill_no)
    opening = Opening(
        cell=cell,
        auth=told.fresh.auth,
        purpose=Purpose.CHECK_IN,
        actor=by_keeper(keeper),
        waybill_no=told.waybill_no,
    )
    return pulse(opening, before=(received, *beside(state, told, keeper), reserved))


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
    if parcel.stage in {Stage.UNDONE, Stage.MISSING} or parcel.cell is None:
        return None
    if parcel.stage is Stage.PICKED_UP and parcel.collected_at is not None:
        return Reply(
            key=Answer.ALREADY_COLLECTED,
            ok=False,
            waybill_no=parcel.waybill_no,
            at=parcel.collected_at,
        )
    key = Answer.ALREADY_IN
    if parcel.stage is Stage.RECEIVED:
        if door_of(state, parcel.cell).door is Door.SILENT:
            key = Answer.DID_IT_OPEN
        elif cell_of(state, parcel.cell).occupancy in TO_LOOK:
            key = Answer.LOOK_INSIDE_FIRST
    return _about(state, key, parcel, parcel.cell)


def _in_the_way(state: State) -> Reply | None:
    """The parcel in hand holds up the next one until its door is shut. Its tail can wait."""
    hand = state.parcels.get(state.desk.in_hand) if state.desk.in_hand else None
    if hand is None or hand.stage is not Stage.RECEIVED or hand.cell is None:
        return None
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


def _free_cell(state: State, at: Instant, policy: Policy) -> CellId | None:
    """The smallest size first, then the longest rested, then the lowest number.

    The sensor must say that it is shut. A cell whose parcel was collected a moment ago may still
    hold it, should its owner have shut the door empty-handed, and is taken only when no other of
    its size is free: then the keeper finds the parcel when the door opens for the next one.
    """
    free = [
        (_SIZES.index(cell.size), _may_reopen(state, cell.cell, at, policy), cell.cell)
        for cell in policy.cells
        if cell_of(state, cell.cell).occupancy is Occupancy.FREE
        and door_of(state, cell.cell).door is Door.SHUT
    ]
    return min(free)[-1] if free else None


def _may_reopen(state: State, cell: CellId, at: Instant, policy: Policy) -> bool:
    """Whether the person who emptied a cell may still have its door opened once more."""
    emptied_of = cell_of(state, cell).emptied_of
    parcel = state.parcels.get(emptied_of) if emptied_of else None
    age_ms = at.since_ms(parcel.collected_at) if parcel and parcel.collected_at else None
    return age_ms is not None and age_ms <= policy.put_back_ms


def _no(key: Answer) -> Decision:
    return Decision(reply=Reply(key=key, ok=False))
