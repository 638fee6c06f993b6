"""Parcels: received, stored, and the ways in which our care for one ends."""

from typing import Final

from immutables import Map

from edge.domain.agreement import NOBODY_ASKS, still_known
from edge.domain.cabinet import CellState, Occupancy
from edge.domain.changing import replace
from edge.domain.facts import (
    CheckInUndone,
    ParcelMissing,
    ParcelPickedUp,
    ParcelPutBack,
    ParcelReceived,
    ParcelStored,
    PhoneTailNoted,
)
from edge.domain.folds.pickups import drop_credential
from edge.domain.parcel import Parcel, Stage
from edge.domain.proxy_code import ProxyCode
from edge.domain.state import State, cell_of
from edge.kernel.ids import SlotCode, WaybillNo
from edge.kernel.time import Instant

MOST_ENDED: Final = 500
"""Parcels remembered after they left, with their codes: days of "already collected", and less
than 1 MB. The journal keeps all.
"""


def received(state: State, fact: ParcelReceived, at: Instant) -> State:
    """In the keeper's hand. A parcel that was here before begins anew."""
    before = state.parcels.get(fact.waybill_no)
    parcel = Parcel(
        waybill_no=fact.waybill_no,
        carrier=fact.carrier,
        stage=Stage.RECEIVED,
        cell=None,
        received_at=at,
        former=before.credential if before else None,
        agreement=still_known(before.agreement) if before else NOBODY_ASKS,
    )
    if before is not None:
        state = drop_credential(care_again(state, before), before.former)
    return replace(
        state,
        parcels=state.parcels.set(fact.waybill_no, parcel),
        desk=replace(state.desk, in_hand=fact.waybill_no, choice=None),
    )


def stored(state: State, fact: ParcelStored, at: Instant) -> State:
    """In its cell: by a check-in, or because a keeper found it there."""
    before = state.parcels[fact.waybill_no]
    parcel = replace(
        before,
        stage=Stage.STORED,
        cell=fact.cell,
        stored_at=before.stored_at or at,
        ended_at=None,
        ended_by=None,
        collected_at=None,
        proof=None,
    )
    state = care_again(state, before)
    content = CellState(occupancy=Occupancy.HELD, waybill_no=fact.waybill_no)
    state = replace(
        state,
        parcels=state.parcels.set(fact.waybill_no, parcel),
        cells=state.cells.set(fact.cell, content),
    )
    return state if parcel.phone_tail is None else out_of_hand(state, fact.waybill_no)


def phone_tail_noted(state: State, fact: PhoneTailNoted, _at: Instant) -> State:
    """Known from here on."""
    before = state.parcels[fact.waybill_no]
    known = replace(before.agreement, wrong_number=False)
    parcel = replace(before, phone_tail=fact.phone_tail, agreement=known)
    state = replace(state, parcels=state.parcels.set(fact.waybill_no, parcel))
    return state if parcel.stage is Stage.RECEIVED else out_of_hand(state, fact.waybill_no)


def check_in_undone(state: State, fact: CheckInUndone, at: Instant) -> State:
    """Not in our care any more, and not counted in any cell."""
    parcel = replace(state.parcels[fact.waybill_no], stage=Stage.UNDONE, ended_at=at)
    return end(out_of_hand(state, fact.waybill_no), parcel)


def missing(state: State, fact: ParcelMissing, at: Instant) -> State:
    """Not where it should be: a dispute, until it turns up."""
    parcel = replace(state.parcels[fact.waybill_no], stage=Stage.MISSING, ended_at=at)
    return end(state, parcel)


def picked_up(state: State, fact: ParcelPickedUp, at: Instant) -> State:
    """In the person's hands; the code is spent.

    The same authorisation once more tells that the parcel was not put back after all: it was
    collected when the door first shut.
    """
    before = state.parcels[fact.waybill_no]
    again = before.ended_by == fact.auth
    parcel = replace(
        before,
        stage=Stage.PICKED_UP,
        ended_at=at,
        collected_at=before.collected_at if again else at,
        ended_by=fact.auth,
        proof=fact.proof,
    )
    if parcel.credential is not None:
        spent = replace(state.credentials[parcel.credential], live=False, auth=None)
        state = replace(state, credentials=state.credentials.set(spent.credential, spent))
    if state.visit is not None and state.visit.auth == fact.auth and not again:
        state = replace(state, visit=replace(state.visit, done_at=at))
    state = end(out_of_hand(state, fact.waybill_no), parcel)
    content = replace(cell_of(state, fact.cell), emptied_of=fact.waybill_no)
    return replace(state, cells=state.cells.set(fact.cell, content))


def put_back(state: State, fact: ParcelPutBack, at: Instant) -> State:
    """Perhaps in its cell again. How it left is kept, should the keeper find the cell empty."""
    before = state.parcels[fact.waybill_no]
    parcel = replace(before, stage=Stage.KEEPER_ASSIST, ended_at=None)
    visit = state.visit
    if visit is not None and visit.auth == before.ended_by:
        visit = replace(visit, done_at=at)
    content = replace(cell_of(state, fact.cell), waybill_no=fact.waybill_no)
    state = care_again(state, before)
    return replace(
        state,
        parcels=state.parcels.set(fact.waybill_no, parcel),
        cells=state.cells.set(fact.cell, content),
        visit=visit,
    )


def out_of_hand(state: State, waybill_no: WaybillNo) -> State:
    """The desk is done with this parcel."""
    if state.desk.in_hand != waybill_no:
        return state
    return replace(state, desk=replace(state.desk, in_hand=None))


def end(state: State, parcel: Parcel) -> State:
    """Our care is over: no cell counts it, and the longest ended parcel may be forgotten."""
    emptied = {
        cell: replace(content, waybill_no=None)
        for cell, content in state.cells.items()
        if content.waybill_no == parcel.waybill_no
    }
    state = replace(
        state,
        parcels=state.parcels.set(parcel.waybill_no, parcel),
        cells=state.cells.update(emptied),
        ended=(*state.ended, parcel.waybill_no),
        slots=off_its_slot(state, parcel.waybill_no),
        calls=state.calls.delete(parcel.waybill_no)
        if parcel.waybill_no in state.calls
        else state.calls,
    )
    state = _no_longer_for_proxies(state, parcel.waybill_no, parcel.ended_at)
    return _forget(state) if len(state.ended) > MOST_ENDED else state


def _no_longer_for_proxies(state: State, waybill_no: WaybillNo, at: Instant | None) -> State:
    """Whoever has it now: no proxy's code opens anything for it again."""
    if all(waybill_no not in code.left for code in state.proxies):
        return state

    def without(code: ProxyCode) -> ProxyCode:
        if waybill_no not in code.left:
            return code
        left = tuple(other for other in code.left if other != waybill_no)
        used_up = code.live and not left
        return replace(
            code,
            left=left,
            gone=(*code.gone, waybill_no),
            live=code.live and not used_up,
            ended_at=at if used_up else code.ended_at,
        )

    return replace(state, proxies=tuple(map(without, state.proxies)))


def off_its_slot(state: State, waybill_no: WaybillNo) -> Map[SlotCode, WaybillNo]:
    """Slots in use without that of this parcel."""
    slot = state.parcels[waybill_no].slot
    if slot is None or state.slots.get(slot) != waybill_no:
        return state.slots
    return state.slots.delete(slot)


def care_again(state: State, before: Parcel) -> State:
    """The parcel is no longer one that has ended, and its last authorisation is history."""
    ended = state.ended
    if before.waybill_no in ended:
        ended = tuple(other for other in ended if other != before.waybill_no)
    auths = state.auths
    if before.ended_by is not None and before.ended_by in auths:
        auths = auths.delete(before.ended_by)
    return replace(state, ended=ended, auths=auths)


def _forget(state: State) -> State:
    oldest = state.parcels[state.ended[0]]
    state = care_again(state, oldest)
    state = drop_credential(drop_credential(state, oldest.credential), oldest.former)
    return replace(state, parcels=state.parcels.delete(oldest.waybill_no))
