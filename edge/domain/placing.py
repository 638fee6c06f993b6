"""Where the keeper wants a parcel: the station's choice, her own, another cell, a shelf, the floor.

A parcel that goes from one place to another is in the keeper's hands in between, and is put down as
at its check-in. The cell that it came from stays out of use until the parcel lies elsewhere and
nothing but the keeper's own shutting has moved that door (`CellState.left_by`).
"""

from dataclasses import dataclass
from typing import Final

from edge.domain import labels
from edge.domain.answers import Answer, CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.codes import find, require_at_rest, shelve
from edge.domain.decision import Decision
from edge.domain.door import IN_MOTION
from edge.domain.effects import Reply
from edge.domain.facts import CellReserved, Fact, Purpose
from edge.domain.inputs import CellLockAsked, CellUnlockAsked, Fresh, MoveAsked, PlaceAsked
from edge.domain.parcel import IN_CELL, Parcel, Stage
from edge.domain.place_facts import (
    CellLocked,
    CellUnlocked,
    Choice,
    ParcelTakenOut,
    PlaceChosen,
)
from edge.domain.places import free_cell, free_slot, larger_than, size_of
from edge.domain.policy import CellSize, Policy
from edge.domain.pulse import Opening, by_keeper, pulse, require_built, require_shut
from edge.domain.reasons import required
from edge.domain.settlement import question
from edge.domain.state import State, auth_at, cell_of, door_of
from edge.kernel.ids import CellId, KeeperId, SlotCode
from edge.kernel.time import Instant

_SLOTS: Final = (Choice.SHELF, Choice.FLOOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class PuttingDown:
    """A parcel in the keeper's hands at one moment; `too_small` is where it does not fit."""

    parcel: Parcel
    keeper: KeeperId
    at: Instant
    fresh: Fresh
    choice: Choice | None = None
    too_small: CellId | None = None


def put_down(
    state: State, wish: PuttingDown, policy: Policy, before: tuple[Fact, ...] = ()
) -> Decision | None:
    """Into the free cell or onto the free slot that fits the choice; None where there is none.

    A parcel that finds no cell goes to a shelf, one that finds no shelf to the floor. One that is
    barred from cells gets none, whatever is chosen.
    """
    cell = free_cell(state, wish.at, policy, least=_least(wish, policy))
    if cell is not None:
        return _open(wish, cell, before)
    slot = free_slot(state, wish.choice, wish.at, policy)
    return None if slot is None else _lay(state, wish, slot, policy, before)


def choose_place(state: State, told: PlaceAsked, policy: Policy) -> Decision:
    """Where the next parcel is to lie, or the one in hand, whose door may stand open."""
    if told.waybill_no is None:
        chosen = PlaceChosen(keeper=told.keeper, choice=told.choice)
        facts = () if state.desk.choice is told.choice else (chosen,)
        return Decision(facts=facts, reply=Reply(key=Answer.PLACE_NOTED, ok=True))
    parcel = find(state, told.waybill_no, (Stage.RECEIVED,))
    left: tuple[Fact, ...] = ()
    if parcel.cell is not None:
        if not on_its_way(state, parcel.cell):
            reply = Reply(key=Answer.LOOK_INSIDE_FIRST, ok=False, cell=parcel.cell)
            return Decision(reply=reply)
        small = told.choice is Choice.LARGER
        reason = CellReason.TOO_SMALL if small else CellReason.OTHER_PLACE
        left = _leave(state, parcel, parcel.cell, told.keeper, reason)
    wish = PuttingDown(
        parcel=parcel,
        keeper=told.keeper,
        at=told.at,
        fresh=told.fresh,
        choice=told.choice,
        too_small=parcel.cell,
    )
    return put_down(state, wish, policy, left) or none_free(wish)


def set_aside(
    state: State, wish: PuttingDown, policy: Policy, before: tuple[Fact, ...]
) -> Decision | None:
    """A parcel that was on its way into a cell goes elsewhere, or stays in the keeper's hands.

    None where it was not on such a way.
    """
    parcel, cell = wish.parcel, wish.parcel.cell
    if parcel.stage is not Stage.RECEIVED or cell is None or not on_its_way(state, cell):
        return None
    facts = (*before, *_leave(state, parcel, cell, wish.keeper, CellReason.OTHER_PLACE))
    stays = Reply(key=Answer.PLACE_IT_FIRST, ok=True, waybill_no=parcel.waybill_no)
    return put_down(state, wish, policy, facts) or Decision(facts=facts, reply=stays)


def move(state: State, told: MoveAsked, policy: Policy) -> Decision:
    """Take a parcel from where it lies, to put it elsewhere: at once off a slot, else by a door."""
    parcel = find(state, told.waybill_no, IN_CELL)
    if other := in_hand_before(state):
        reply = Reply(key=Answer.PLACE_IT_FIRST, ok=False, waybill_no=other.waybill_no)
        return Decision(reply=reply)
    if parcel.cell is None:
        taken = _taken_out(parcel, told.keeper, CellReason.MOVED_OUT)
        reply = Reply(key=Answer.PLACE_IT_FIRST, ok=True, waybill_no=parcel.waybill_no)
        return Decision(facts=(taken,), reply=reply)
    require_at_rest(state, parcel.cell)
    require_shut(state, parcel.cell, policy)
    return pulse(
        Opening(
            cell=parcel.cell,
            auth=told.fresh.auth,
            purpose=Purpose.MOVE,
            actor=by_keeper(told.keeper),
            waybill_no=parcel.waybill_no,
        )
    )


def lock_cell(state: State, told: CellLockAsked, policy: Policy) -> Decision:
    """Take a cell off the offer. A parcel on its way into it goes elsewhere in the same step."""
    require_built(told.cell, policy)
    reason = required(told.reason)
    reply = Reply(key=Answer.CELL_LOCKED, ok=True, cell=told.cell)
    if told.cell in state.locked:
        return Decision(reply=reply)
    locked = CellLocked(cell=told.cell, keeper=told.keeper, reason=reason)
    inside = cell_of(state, told.cell).waybill_no
    if inside is None or not on_its_way(state, told.cell):
        return Decision(facts=(locked,), reply=reply)
    parcel = state.parcels[inside]
    left = _leave(state, parcel, told.cell, told.keeper, CellReason.OTHER_PLACE)
    wish = PuttingDown(
        parcel=parcel,
        keeper=told.keeper,
        at=told.at,
        fresh=told.fresh,
        choice=_as_choice(size_of(told.cell, policy)),
    )
    facts = (locked, *left)
    return put_down(state, wish, policy, facts) or Decision(facts=facts, reply=reply)


def unlock_cell(state: State, told: CellUnlockAsked, _policy: Policy) -> Decision:
    """Offer a cell again; a fault or a doubt stays."""
    reply = Reply(key=Answer.CELL_UNLOCKED, ok=True, cell=told.cell)
    if told.cell not in state.locked:
        return Decision(reply=reply)
    return Decision(facts=(CellUnlocked(cell=told.cell, keeper=told.keeper),), reply=reply)


def in_hand_before(state: State) -> Parcel | None:
    """The parcel that waits for its place in the keeper's hands."""
    hand = state.parcels.get(state.desk.in_hand) if state.desk.in_hand else None
    waits = hand is not None and (
        hand.in_hand or (hand.cell is not None and on_its_way(state, hand.cell))
    )
    return hand if waits else None


def on_its_way(state: State, cell: CellId) -> bool:
    """Whether a parcel is being put into this cell, before its keeper's eyes."""
    auth, door = auth_at(state, cell), door_of(state, cell).door
    return (
        cell_of(state, cell).occupancy is Occupancy.RESERVED
        and door in IN_MOTION
        and auth is not None
        and auth.watched
    )


def _leave(
    state: State, parcel: Parcel, cell: CellId, keeper: KeeperId, reason: CellReason
) -> tuple[Fact, ...]:
    """The parcel does not go into this cell after all; it waits for a look, or for its shutting."""
    return (*question(state, cell, reason), _taken_out(parcel, keeper, reason))


def _taken_out(parcel: Parcel, keeper: KeeperId, reason: CellReason) -> ParcelTakenOut:
    return ParcelTakenOut(
        waybill_no=parcel.waybill_no,
        cell=parcel.cell,
        slot=parcel.slot,
        keeper=keeper,
        reason=reason,
    )


def _least(wish: PuttingDown, policy: Policy) -> CellSize | None:
    if wish.parcel.barred_from_cells:
        return None
    match wish.choice:
        case None:
            return CellSize.SMALL
        case Choice.SHELF | Choice.FLOOR:
            return None
        case Choice.LARGER:
            return None if wish.too_small is None else larger_than(wish.too_small, policy)
        case _:
            return CellSize(wish.choice.value)


def _as_choice(size: CellSize) -> Choice:
    return Choice(size.value)


def _open(wish: PuttingDown, cell: CellId, before: tuple[Fact, ...]) -> Decision:
    waybill_no = wish.parcel.waybill_no
    opening = Opening(
        cell=cell,
        auth=wish.fresh.auth,
        purpose=Purpose.CHECK_IN,
        actor=by_keeper(wish.keeper),
        waybill_no=waybill_no,
    )
    return pulse(opening, before=(*before, CellReserved(cell=cell, waybill_no=waybill_no)))


def _lay(
    state: State, wish: PuttingDown, slot: SlotCode, policy: Policy, before: tuple[Fact, ...]
) -> Decision:
    laid = shelve(state, wish.parcel, slot, wish.keeper, wish.fresh)
    label = labels.of_shelf(wish.parcel, slot, wish.at, policy)
    reply = Reply(key=_why_there(wish), ok=True, slot=slot, waybill_no=wish.parcel.waybill_no)
    return Decision(facts=(*before, *laid.facts), effects=(*laid.effects, *label), reply=reply)


def _why_there(wish: PuttingDown) -> Answer:
    if wish.parcel.agreement.to_ask:
        return Answer.TO_CONTACT
    unasked = wish.parcel.unagreed and wish.choice not in _SLOTS
    return Answer.NOT_IN_CELL if unasked else Answer.PUT_ON


def none_free(wish: PuttingDown) -> Decision:
    """The answer where there is no place; nothing has changed."""
    on_slot = wish.choice in _SLOTS or wish.parcel.barred_from_cells
    key = Answer.NO_FREE_SLOT if on_slot else Answer.NO_FREE_CELL
    return Decision(reply=Reply(key=key, ok=False))
