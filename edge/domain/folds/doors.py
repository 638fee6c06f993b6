"""Doors and the authorisations that they move under."""

from immutables import Map

from edge.domain.boots import after_start
from edge.domain.cabinet import TO_LOOK, CellState
from edge.domain.changing import replace
from edge.domain.door import IN_MOTION, Door, DoorState
from edge.domain.facts import (
    DoorAsked,
    DoorForced,
    DoorLeftOpen,
    DoorOpened,
    DoorReminded,
    DoorShut,
    DoorSilent,
    DoorUnseen,
    Purpose,
    StationStarted,
)
from edge.domain.pickup import UNATTENDED, Auth
from edge.domain.state import Desk, State, auth_at, cell_of, door_of
from edge.kernel.ids import AuthId, CellId
from edge.kernel.time import Instant


def station_started(state: State, _fact: StationStarted, at: Instant) -> State:
    """Nobody has seen a door in this boot, and only a parcel without a place is on the desk."""
    hand = state.parcels.get(state.desk.in_hand) if state.desk.in_hand else None
    return replace(
        state,
        boot=at.boot,
        cells=_left_by_nobody(state.cells),
        calls=Map(),
        doors=Map({cell: _lost(door, None) for cell, door in state.doors.items()}),
        auths=_unwatched(state),
        boots=after_start(state),
        desk=Desk(in_hand=hand.waybill_no if hand is not None and hand.in_hand else None),
        visit=None,
    )


def asked(state: State, fact: DoorAsked, at: Instant) -> State:
    """The intent: a new authorisation, or another pulse of one that is known."""
    known = state.auths.get(fact.auth) or Auth(
        auth=fact.auth,
        cell=fact.cell,
        purpose=fact.purpose,
        attempt=fact.attempt,
        actor=fact.actor,
        asked_at=at,
        waybill_no=cell_of(state, fact.cell).waybill_no,
    )
    auth = replace(
        known,
        purpose=fact.purpose,
        attempt=fact.attempt,
        actor=fact.actor,
        asked_at=at,
        opened=False,
    )
    door = DoorState(
        door=Door.ASKED,
        since=at,
        auth=fact.auth,
        purpose=fact.purpose,
        attempt=fact.attempt,
        actor=fact.actor,
    )
    visit = state.visit
    if visit is not None and visit.auth == fact.auth:
        visit = replace(visit, done_at=None)
    return replace(
        _moved_by_another(state, fact.cell),
        doors=state.doors.set(fact.cell, door),
        auths=state.auths.set(fact.auth, auth),
        visit=visit,
        worn=state.worn.set(fact.cell, state.worn.get(fact.cell, 0) + 1),
    )


def opened(state: State, fact: DoorOpened, at: Instant) -> State:
    """Seen open, under the authorisation that it moves under, if any."""
    state = _put(state, fact.cell, replace(_plain(state, fact.cell), door=Door.OPEN, since=at))
    if door_of(state, fact.cell).purpose not in UNATTENDED:
        state = _looked_into(state, fact.cell)
    auth = auth_at(state, fact.cell)
    if auth is None:
        return state
    return replace(state, auths=state.auths.set(auth.auth, replace(auth, opened=True)))


def shut(state: State, fact: DoorShut, at: Instant) -> State:
    """Seen shut: the authorisation is over. That of a pickup is kept, should it be put back."""
    auth = auth_at(state, fact.cell)
    state = _put(state, fact.cell, DoorState(door=Door.SHUT, since=at))
    if auth is None or (auth.opened and auth.purpose in {Purpose.PICKUP, Purpose.RELEASE}):
        return state
    credentials = state.credentials
    if auth.credential is not None and auth.credential in credentials:
        freed = replace(credentials[auth.credential], auth=None)
        credentials = credentials.set(auth.credential, freed)
    return replace(state, auths=state.auths.delete(auth.auth), credentials=credentials)


def forced(state: State, fact: DoorForced, at: Instant) -> State:
    """Open although nobody asked: by a crowbar, or by the key of a keeper who looks inside."""
    state = _moved_by_another(_looked_into(state, fact.cell), fact.cell)
    return _put(state, fact.cell, DoorState(door=Door.FORCED, since=at))


def silent(state: State, fact: DoorSilent, at: Instant) -> State:
    """Pulsed, and no sign of opening."""
    return _put(state, fact.cell, replace(door_of(state, fact.cell), door=Door.SILENT, since=at))


def reminded(state: State, fact: DoorReminded, _at: Instant) -> State:
    """The voice has asked to shut it."""
    return _put(state, fact.cell, replace(door_of(state, fact.cell), reminded=True))


def left_open(state: State, fact: DoorLeftOpen, _at: Instant) -> State:
    """The alarm has been raised."""
    return _put(state, fact.cell, replace(door_of(state, fact.cell), left_open_told=True))


def unseen(state: State, fact: DoorUnseen, at: Instant) -> State:
    """The sensor tells nothing: whatever was in motion is no longer watched."""
    auth = auth_at(state, fact.cell)
    state = _moved_by_another(state, fact.cell)
    state = _put(state, fact.cell, _lost(door_of(state, fact.cell), at))
    if auth is None:
        return state
    return replace(state, auths=state.auths.set(auth.auth, replace(auth, watched=False)))


def _looked_into(state: State, cell: CellId) -> State:
    """A cell in doubt has been open since the doubt arose."""
    content = cell_of(state, cell)
    if content.occupancy not in TO_LOOK:
        return state
    return replace(state, cells=state.cells.set(cell, replace(content, looked=True)))


def _moved_by_another(state: State, cell: CellId) -> State:
    """No longer does its keeper's shutting alone tell what is in a cell that a parcel left."""
    content = cell_of(state, cell)
    if content.left_by is None:
        return state
    return replace(state, cells=state.cells.set(cell, replace(content, left_by=None)))


def _put(state: State, cell: CellId, door: DoorState) -> State:
    return replace(state, doors=state.doors.set(cell, door))


def _plain(state: State, cell: CellId) -> DoorState:
    """The door without what was told about an earlier opening."""
    return replace(door_of(state, cell), reminded=False, left_open_told=False)


def _lost(door: DoorState, at: Instant | None) -> DoorState:
    if door.door in IN_MOTION or door.door is Door.UNKNOWN:
        return replace(door, door=Door.UNKNOWN, since=at, reminded=False, left_open_told=False)
    return DoorState(door=Door.UNKNOWN, since=at)


def _unwatched(state: State) -> Map[AuthId, Auth]:
    """Of all that are remembered, those under which a door moves are few."""
    auths = state.auths
    for cell in state.doors:
        auth = auth_at(state, cell)
        if auth is not None:
            auths = auths.set(auth.auth, replace(auth, watched=False))
    return auths


def _left_by_nobody(cells: Map[CellId, CellState]) -> Map[CellId, CellState]:
    for cell, held in cells.items():
        if held.left_by is not None:
            cells = cells.set(cell, replace(held, left_by=None))
    return cells
