"""What the movement of a door means for the cell and the parcel behind it."""

from collections.abc import Callable, Mapping
from typing import Final

from edge.domain.answers import CellReason, RevokeReason
from edge.domain.cabinet import Occupancy
from edge.domain.codes import revoke, store
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import MOST_PULSES, Door
from edge.domain.facts import (
    CellFaulted,
    CellFreed,
    CellQuestioned,
    CheckInUndone,
    DoorShut,
    DoorSilent,
    Fact,
    ParcelPickedUp,
    ParcelPutBack,
    Proof,
    Purpose,
)
from edge.domain.inputs import Fresh
from edge.domain.parcel import Parcel
from edge.domain.pickup import Auth
from edge.domain.place_facts import ParcelTakenOut
from edge.domain.places import lies_elsewhere
from edge.domain.pulse import keeper_of
from edge.domain.remote import ended
from edge.domain.remote_ledger import RemoteResult
from edge.domain.return_facts import ParcelBagged
from edge.domain.state import State, auth_at, cell_of, door_of
from edge.kernel.ids import CellId

_CUT_SHORT: Final[Mapping[Purpose, CellReason]] = {
    Purpose.CHECK_IN: CellReason.CHECK_IN_INTERRUPTED,
    Purpose.PICKUP: CellReason.PICKUP_INTERRUPTED,
    Purpose.RELEASE: CellReason.PICKUP_INTERRUPTED,
    Purpose.PUT_BACK: CellReason.PUT_BACK,
    Purpose.TAKE_BACK: CellReason.CHECK_IN_CANCELLED,
    Purpose.INSPECT: CellReason.OPENED_BY_HAND,
    Purpose.REMOTE: CellReason.REMOTE_OPENED,
    Purpose.MOVE: CellReason.MOVE_INTERRUPTED,
    Purpose.RETURN: CellReason.RETURN_INTERRUPTED,
}


_HANDS_OUT: Final = (Purpose.PICKUP, Purpose.RELEASE)


def question(state: State, cell: CellId, reason: CellReason) -> tuple[Fact, ...]:
    """Take a cell out of use until a keeper has looked. The first doubt stands.

    But a wrong door is always told: it forbids the second pulse. And a forced one is told of a
    cell that its visitor reopened: then an empty cell is no longer the visitor's doing alone.
    """
    content = cell_of(state, cell)
    graver = reason is CellReason.WRONG_DOOR_OPENED or (
        reason is CellReason.FORCED and content.reason == CellReason.PUT_BACK
    )
    doubted = not content.settled and not graver
    if doubted or content.reason == reason:
        return ()
    return (CellQuestioned(cell=cell, reason=reason),)


def cut_short(state: State, cell: CellId) -> tuple[Fact, ...]:
    """Nobody saw how it went on: a restart, a lost sensor, or no answer from the person."""
    auth = auth_at(state, cell)
    return () if auth is None else question(state, cell, _CUT_SHORT[auth.purpose])


def silence(state: State, auth: Auth, reason: str) -> tuple[Fact, ...]:
    """No sign of opening. After the second pulse the door is for the repairman.

    A parcel that was to go in is out of hand then, so that the next scan finds it another cell.
    """
    cell = auth.cell
    silent = DoorSilent(cell=cell, auth=auth.auth, attempt=auth.attempt, reason=reason)
    if auth.attempt < MOST_PULSES or auth.purpose is Purpose.PUT_BACK:
        return (silent, *ended(state, auth, RemoteResult.NO_FEEDBACK))
    faulted = CellFaulted(cell=cell, reason=CellReason.NO_SIGN_TWICE)
    content = cell_of(state, cell)
    if content.occupancy is not Occupancy.RESERVED or content.waybill_no is None:
        return (silent, faulted)
    undone = CheckInUndone(waybill_no=content.waybill_no, keeper=keeper_of(auth.actor))
    parcel = state.parcels[content.waybill_no]
    return (silent, faulted, *revoke(state, parcel, RevokeReason.CHECK_IN_UNDONE), undone)


def left_open(state: State, cell: CellId) -> tuple[Fact, ...]:
    """Open for so long that its parcel counts as out, but the cell is free only when it is shut."""
    auth = auth_at(state, cell)
    parcel = _to_collect(state, auth)
    if auth is None or parcel is None or not auth.opened or parcel.ended_by == auth.auth:
        return ()
    return (*question(state, cell, CellReason.LEFT_OPEN), *_collected(state, auth, parcel))


def taken(state: State, cell: CellId) -> tuple[Fact, ...]:
    """Out by the person's word alone: the door opened unseen and is for the repairman (F027).

    Nothing where nobody is to be believed: the door is not silent, or another one opened instead.
    """
    auth, content = auth_at(state, cell), cell_of(state, cell)
    parcel = _to_collect(state, auth)
    in_doubt = not content.settled and content.reason != CellReason.NO_SIGN_TWICE
    silent = door_of(state, cell).door is Door.SILENT
    if auth is None or parcel is None or not silent or in_doubt:
        return ()
    faulted = CellFaulted(cell=cell, reason=CellReason.OPENED_UNSEEN)
    return (faulted, *_collected(state, auth, parcel), DoorShut(cell=cell, open_ms=None))


def settle(state: State, cell: CellId, fresh: Fresh) -> Decision:
    """The door is shut: what its authorisation was for has happened, if it was open at all."""
    auth = auth_at(state, cell)
    if auth is None or not auth.opened:
        return NOTHING
    parcel = state.parcels.get(auth.waybill_no) if auth.waybill_no else None
    if parcel is None or auth.purpose in {Purpose.INSPECT, Purpose.REMOTE}:
        return NOTHING  # a look frees no cell: the keeper is asked what is inside
    if auth.purpose is Purpose.CHECK_IN:
        return _checked_in(state, auth, parcel, fresh)
    return _AT_SHUT[auth.purpose](state, auth, parcel)


def _checked_in(state: State, auth: Auth, parcel: Parcel, fresh: Fresh) -> Decision:
    content = cell_of(state, auth.cell)
    if content.occupancy is not Occupancy.RESERVED:
        # Cancelled or interrupted: only a look can tell what is inside. Or the parcel went on to
        # where it lies now, and its keeper has shut this door behind it.
        gone = lies_elsewhere(state, auth.cell)
        return Decision(facts=(CellFreed(cell=auth.cell),) if gone else ())
    return store(state, parcel, auth.cell, fresh)


def _put_back(_state: State, auth: Auth, parcel: Parcel) -> Decision:
    return Decision(facts=(ParcelPutBack(waybill_no=parcel.waybill_no, cell=auth.cell),))


def _taken_back(state: State, auth: Auth, parcel: Parcel) -> Decision:
    if not auth.watched:
        return NOTHING
    undone = CheckInUndone(waybill_no=parcel.waybill_no, keeper=keeper_of(auth.actor))
    revoked = revoke(state, parcel, RevokeReason.CHECK_IN_UNDONE)
    return Decision(facts=(*revoked, undone, *_free(state, auth)))


def _moved_out(state: State, auth: Auth, parcel: Parcel) -> Decision:
    """In the keeper's hands; the cell is free only once the parcel lies elsewhere."""
    if not auth.watched:
        return NOTHING
    taken_out = ParcelTakenOut(
        waybill_no=parcel.waybill_no,
        cell=auth.cell,
        slot=None,
        keeper=keeper_of(auth.actor),
        reason=CellReason.MOVED_OUT,
    )
    return Decision(facts=(*question(state, auth.cell, CellReason.MOVED_OUT), taken_out))


def _bagged(state: State, auth: Auth, parcel: Parcel) -> Decision:
    """In the return bag."""
    if not auth.watched:
        return NOTHING
    bagged = ParcelBagged(waybill_no=parcel.waybill_no, keeper=keeper_of(auth.actor))
    return Decision(facts=(bagged, *_free(state, auth)))


def _taken_out(state: State, auth: Auth, parcel: Parcel) -> Decision:
    if parcel.ended_by == auth.auth:
        return Decision(facts=_free(state, auth))  # it was left open, and told then
    return Decision(facts=(*_collected(state, auth, parcel), *_free(state, auth)))


_AT_SHUT: Final[Mapping[Purpose, Callable[[State, Auth, Parcel], Decision]]] = {
    Purpose.PUT_BACK: _put_back,
    Purpose.TAKE_BACK: _taken_back,
    Purpose.MOVE: _moved_out,
    Purpose.RETURN: _bagged,
    Purpose.PICKUP: _taken_out,
    Purpose.RELEASE: _taken_out,
}


def _to_collect(state: State, auth: Auth | None) -> Parcel | None:
    """The parcel that an authorisation hands out for good."""
    if auth is None or auth.waybill_no is None or auth.purpose not in _HANDS_OUT:
        return None
    return state.parcels.get(auth.waybill_no)


def _collected(state: State, auth: Auth, parcel: Parcel) -> tuple[Fact, ...]:
    by_keeper = auth.purpose is Purpose.RELEASE
    revoked = revoke(state, parcel, RevokeReason.RELEASED) if by_keeper else ()
    picked_up = ParcelPickedUp(
        waybill_no=parcel.waybill_no,
        cell=auth.cell,
        auth=auth.auth,
        proof=auth.proof or Proof.KEEPER,
        actor=auth.actor,
    )
    return (*revoked, picked_up)


def _free(state: State, auth: Auth) -> tuple[Fact, ...]:
    """Free only what was watched from the pulse to the shut door and is in no other doubt."""
    content = cell_of(state, auth.cell)
    if not auth.watched or not (content.settled or content.reason == CellReason.LEFT_OPEN):
        return ()
    return (CellFreed(cell=auth.cell),)
