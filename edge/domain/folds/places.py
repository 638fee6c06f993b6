"""Slots, calls, flags and locks: where parcels lie outside the steel, and what is to be minded."""

from typing import Final

from edge.domain.answers import CellReason
from edge.domain.changing import replace
from edge.domain.folds.parcels import care_again, end, off_its_slot, out_of_hand
from edge.domain.parcel import Stage
from edge.domain.pickup import Call
from edge.domain.place_facts import (
    CellLocked,
    CellUnlocked,
    HandoverSeen,
    ParcelCalled,
    ParcelFlagged,
    ParcelHandedBack,
    ParcelHandedOut,
    ParcelShelved,
    ParcelTakenOut,
    PlaceChosen,
)
from edge.domain.places import layer_of, number_of
from edge.domain.state import RackDay, State, cell_of
from edge.kernel.time import Instant
from edge.kernel.village_time import village_day

_LEFT: Final = (CellReason.TOO_SMALL, CellReason.OTHER_PLACE, CellReason.MOVED_OUT)
"""Doubts that end when the parcel lies elsewhere; any other asks for a look all the same."""


def chosen(state: State, fact: PlaceChosen, _at: Instant) -> State:
    """Where the next parcel is to lie."""
    return replace(state, desk=replace(state.desk, choice=fact.choice))


def shelved(state: State, fact: ParcelShelved, at: Instant) -> State:
    """On its slot; that number is not given again on this day."""
    before = state.parcels[fact.waybill_no]
    parcel = replace(
        before,
        stage=Stage.STORED,
        slot=fact.slot,
        stored_at=before.stored_at or at,
    )
    racks = state.racks
    if layer := layer_of(fact.slot):
        racks = racks.set(
            layer, RackDay(day=village_day(at.wall_lo_ms), number=number_of(fact.slot))
        )
    state = replace(
        state,
        parcels=state.parcels.set(fact.waybill_no, parcel),
        slots=state.slots.set(fact.slot, fact.waybill_no),
        racks=racks,
    )
    return state if parcel.phone_tail is None else out_of_hand(state, fact.waybill_no)


def taken_out(state: State, fact: ParcelTakenOut, _at: Instant) -> State:
    """In the keeper's hands and counted nowhere. Its cell, if any, waits for what becomes of it."""
    parcel = replace(state.parcels[fact.waybill_no], stage=Stage.RECEIVED, cell=None, slot=None)
    cells = state.cells
    if fact.cell is not None:
        content = cell_of(state, fact.cell)
        left_by = fact.waybill_no if content.reason in _LEFT else None
        cells = cells.set(fact.cell, replace(content, waybill_no=None, left_by=left_by))
    return replace(
        state,
        cells=cells,
        slots=off_its_slot(state, fact.waybill_no),
        parcels=state.parcels.set(fact.waybill_no, parcel),
        desk=replace(state.desk, in_hand=fact.waybill_no),
    )


def handed_out(state: State, fact: ParcelHandedOut, at: Instant) -> State:
    """In the person's hands; the code is spent."""
    parcel = replace(
        state.parcels[fact.waybill_no],
        stage=Stage.PICKED_UP,
        ended_at=at,
        collected_at=at,
        proof=fact.proof,
    )
    if parcel.credential is not None:
        spent = replace(state.credentials[parcel.credential], live=False)
        state = replace(state, credentials=state.credentials.set(spent.credential, spent))
    return end(out_of_hand(state, fact.waybill_no), parcel)


def handed_back(state: State, fact: ParcelHandedBack, _at: Instant) -> State:
    """On a slot again, as if it had not left, but for its code."""
    before = state.parcels[fact.waybill_no]
    parcel = replace(
        before, stage=Stage.STORED, slot=fact.slot, ended_at=None, collected_at=None, proof=None
    )
    return replace(
        care_again(state, before),
        parcels=state.parcels.set(fact.waybill_no, parcel),
        slots=state.slots.set(fact.slot, fact.waybill_no),
    )


def called(state: State, fact: ParcelCalled, at: Instant) -> State:
    """Somebody waits for it at the counter."""
    call = Call(credential=fact.credential, proof=fact.proof, at=at)
    return replace(state, calls=state.calls.set(fact.waybill_no, call))


def flagged(state: State, fact: ParcelFlagged, _at: Instant) -> State:
    """To be minded from here on."""
    parcel = replace(
        state.parcels[fact.waybill_no], flags=fact.flags, cash_due_fen=fact.cash_due_fen
    )
    return replace(state, parcels=state.parcels.set(fact.waybill_no, parcel))


def seen(state: State, _fact: HandoverSeen, _at: Instant) -> State:
    """On record; whether the parcel is out is told by another fact."""
    return state


def locked(state: State, fact: CellLocked, _at: Instant) -> State:
    """Not offered, whatever it holds."""
    return replace(state, locked=state.locked.set(fact.cell, fact.reason))


def unlocked(state: State, fact: CellUnlocked, _at: Instant) -> State:
    """Offered again where nothing else forbids it."""
    return replace(state, locked=state.locked.delete(fact.cell))
