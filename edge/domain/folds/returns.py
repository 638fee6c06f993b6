"""Long stays and returns: what each parcel's stay has brought about, and the return bag."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from edge.domain.dock import Handover
from edge.domain.folds.parcels import end, off_its_slot, out_of_hand
from edge.domain.keeping import Keeping, Promise, Reminder
from edge.domain.parcel import IN_CARE, Stage
from edge.domain.return_facts import (
    ParcelBagged,
    ParcelOverdue,
    ParcelReminded,
    ParcelReturned,
    ParcelToReturn,
    ReturnLoaded,
    ReturnUndone,
    ReturnUnloaded,
    StorageExtended,
)
from edge.domain.state import State
from edge.domain.storage_time import passed_by_ms
from edge.kernel.ids import WaybillNo
from edge.kernel.time import Instant

MOST_REMINDERS: Final = 5
"""Of one parcel; the journal keeps all."""


def overdue(state: State, fact: ParcelOverdue, at: Instant) -> State:
    """Too long."""
    return keep(state, fact.waybill_no, lambda one: replace(one, overdue_at=at))


def reminded(state: State, fact: ParcelReminded, at: Instant) -> State:
    """One more reminder; the last few are kept."""
    new = Reminder(at=at, way=fact.way, keeper=fact.keeper)
    return keep(
        state,
        fact.waybill_no,
        lambda one: replace(one, reminders=(*one.reminders, new)[-MOST_REMINDERS:]),
    )


def extended(state: State, fact: StorageExtended, at: Instant) -> State:
    """The last promise holds, and no earlier one."""
    promise = Promise(since=at, days=fact.days)
    return keep(
        state, fact.waybill_no, lambda one: replace(one, promise=promise, promised_by_ms=None)
    )


def listed(state: State, fact: ParcelToReturn, _at: Instant) -> State:
    """On the list."""
    return keep(state, fact.waybill_no, lambda one: replace(one, cause=fact.cause))


def undone(state: State, fact: ReturnUndone, at: Instant) -> State:
    """Off the list, for so long; a refusal is forgotten with it."""
    parcel = state.parcels[fact.waybill_no]
    keeping = replace(
        parcel.keeping,
        cause=None,
        refused="",
        promise=Promise(since=at, days=fact.days),
        promised_by_ms=None,
    )
    from_bag = parcel.stage is Stage.BAGGED
    stage = Stage.RECEIVED if from_bag else parcel.stage
    parcels = state.parcels.set(fact.waybill_no, replace(parcel, stage=stage, keeping=keeping))
    desk = replace(state.desk, in_hand=fact.waybill_no) if from_bag else state.desk
    return _not_loaded(replace(state, parcels=parcels, desk=desk), fact.waybill_no)


def bagged(state: State, fact: ParcelBagged, _at: Instant) -> State:
    """In the return bag, and counted nowhere else. Its cell waits for a fact of its own."""
    parcel = replace(state.parcels[fact.waybill_no], stage=Stage.BAGGED, cell=None, slot=None)
    emptied = {
        cell: replace(content, waybill_no=None)
        for cell, content in state.cells.items()
        if content.waybill_no == fact.waybill_no
    }
    calls = state.calls
    state = replace(
        state,
        cells=state.cells.update(emptied),
        slots=off_its_slot(state, fact.waybill_no),
        parcels=state.parcels.set(fact.waybill_no, parcel),
        calls=calls.delete(fact.waybill_no) if fact.waybill_no in calls else calls,
    )
    return out_of_hand(state, fact.waybill_no)


def loaded(state: State, fact: ReturnLoaded, _at: Instant) -> State:
    """It goes with this courier, once both have signed."""
    return _at_handover(state, lambda one: replace(one, returns=(*one.returns, fact.waybill_no)))


def unloaded(state: State, fact: ReturnUnloaded, _at: Instant) -> State:
    """It does not."""
    return _not_loaded(state, fact.waybill_no)


def returned(state: State, fact: ParcelReturned, at: Instant) -> State:
    """Gone; our care is over."""
    parcel = replace(state.parcels[fact.waybill_no], stage=Stage.RETURNED, ended_at=at)
    return end(state, parcel)


def date_stays(state: State, at: Instant) -> State:
    """A trusted clock tells by when moments had passed at which none was trusted."""
    if at.wall_hi_ms is None:
        return state
    dated = {
        waybill_no: replace(parcel, keeping=keeping)
        for waybill_no, parcel in state.parcels.items()
        if parcel.stage in IN_CARE
        and (keeping := _dated(parcel.stored_at, parcel.keeping, at)) != parcel.keeping
    }
    return replace(state, parcels=state.parcels.update(dated))


def keep(state: State, waybill_no: WaybillNo, change: Callable[[Keeping], Keeping]) -> State:
    """Change what is known of one parcel's stay."""
    parcel = state.parcels[waybill_no]
    changed = replace(parcel, keeping=change(parcel.keeping))
    return replace(state, parcels=state.parcels.set(waybill_no, changed))


def _dated(stored_at: Instant | None, keeping: Keeping, at: Instant) -> Keeping:
    promise = keeping.promise
    if keeping.stored_by_ms is None and stored_at is not None:
        keeping = replace(keeping, stored_by_ms=_told_by(stored_at, at))
    if keeping.promised_by_ms is None and promise is not None:
        keeping = replace(keeping, promised_by_ms=_told_by(promise.since, at))
    return keeping


def _told_by(moment: Instant, at: Instant) -> int | None:
    """None where the moment's own clock was trusted, and needs nobody to tell."""
    if moment.wall_hi_ms is not None:
        return None
    return passed_by_ms(moment, at.wall_hi_ms, at)


def _not_loaded(state: State, waybill_no: WaybillNo) -> State:
    """In no handover, not in one that waits for its courier either."""

    def without(one: Handover) -> Handover:
        return replace(one, returns=tuple(other for other in one.returns if other != waybill_no))

    waiting = {
        trip: replace(waits, handover=without(waits.handover))
        for trip, waits in state.dock.suspended.items()
        if waits.handover is not None and waybill_no in waits.handover.returns
    }
    dock = replace(state.dock, suspended=state.dock.suspended.update(waiting))
    return _at_handover(replace(state, dock=dock), without)


def _at_handover(state: State, change: Callable[[Handover], Handover]) -> State:
    handover = state.dock.handover
    if handover is None:
        return state
    return replace(state, dock=replace(state.dock, handover=change(handover)))
