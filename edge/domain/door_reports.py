"""What sensors, lock boards and the people at a door report. A report is never refused."""

from collections.abc import Callable, Mapping
from typing import Final

from edge.domain.answers import Answer, CellReason, Clip, Refusal
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import DOOR_STEPS, IN_MOTION, Cause, Door
from edge.domain.effects import Effect, Reply, Say
from edge.domain.facts import DoorForced, DoorOpened, DoorShut, DoorUnseen, Fact, Purpose
from edge.domain.inputs import DoorMoved, DoorStuckReported, PulseFailed, TakenReported
from edge.domain.policy import Policy
from edge.domain.pulse import can_pulse_again, pulse_again
from edge.domain.remote import ended
from edge.domain.remote_ledger import RemoteResult
from edge.domain.settlement import cut_short, question, settle, silence, taken
from edge.domain.state import State, auth_at, door_of
from edge.kernel.errors import Refused
from edge.kernel.ids import AuthId, CellId

NOBODY: Final = AuthId("")
_LOOKED_FOR: Final[Mapping[Purpose, CellReason]] = {
    Purpose.INSPECT: CellReason.OPENED_BY_HAND,
    Purpose.REMOTE: CellReason.REMOTE_OPENED,
}
"""Whose cell is in doubt from the moment it opens, whatever it held."""
_CAUSES: Final[Mapping[bool | None, Cause]] = {
    True: Cause.SENSOR_OPEN,
    False: Cause.SENSOR_SHUT,
    None: Cause.SENSOR_LOST,
}


def door_moved(state: State, told: DoorMoved, policy: Policy) -> Decision:
    """The sensor tells: the table says what the door does now, and a repeated word is no news."""
    before = door_of(state, told.cell).door
    now = DOOR_STEPS[before, _CAUSES[told.is_open]]
    return NOTHING if now is before else _NEWS[now](state, told, policy)


def pulse_failed(state: State, told: PulseFailed, _policy: Policy) -> Decision:
    """The lock may or may not have moved: as good as no sign, and the attempt is spent."""
    auth = auth_at(state, told.cell)
    asked = door_of(state, told.cell).door is Door.ASKED
    if auth is None or (auth.auth, auth.attempt) != (told.auth, told.attempt) or not asked:
        return NOTHING
    return Decision(facts=silence(state, auth, told.reason))


def report_stuck(state: State, told: DoorStuckReported, _policy: Policy) -> Decision:
    """The one human retry: only while the door is silent, and only of this authorisation."""
    auth = auth_at(state, told.cell)
    if auth is None or auth.auth != told.auth or not can_pulse_again(state, told.cell):
        raise Refused(Refusal.NOTHING_TO_RETRY)
    return pulse_again(auth)


def report_taken(state: State, told: TakenReported, _policy: Policy) -> Decision:
    """What no sensor saw is believed of whoever holds the authorisation: nobody else can tell."""
    auth = auth_at(state, told.cell)
    facts = taken(state, told.cell)
    if auth is None or auth.auth != told.auth or not facts:
        raise Refused(Refusal.NOTHING_TO_RETRY)
    reply = Reply(key=Answer.PICKUP_NOTED, ok=True, cell=told.cell, waybill_no=auth.waybill_no)
    return Decision(facts=facts, reply=reply)


def _opened(state: State, told: DoorMoved, _policy: Policy) -> Decision:
    auth = auth_at(state, told.cell)
    if auth is None or (state.counting and not auth.watched):
        # Found open after nobody had seen it: no alarm, but who knows what was put in or taken.
        found = DoorOpened(cell=told.cell, auth=NOBODY)
        return Decision(facts=(found, *question(state, told.cell, CellReason.FORCED)))
    facts: tuple[Fact, ...] = (DoorOpened(cell=told.cell, auth=auth.auth),)
    effects: tuple[Effect, ...] = ()
    facts += ended(state, auth, RemoteResult.OPENED)
    if auth.purpose in _LOOKED_FOR:
        facts += question(state, told.cell, _LOOKED_FOR[auth.purpose])
    if auth.purpose is Purpose.PICKUP:
        effects += (Say(clip=Clip.DOOR_OPEN, cell=told.cell),)
    return Decision(facts=facts, effects=effects)


def _shut(state: State, told: DoorMoved, _policy: Policy) -> Decision:
    door = door_of(state, told.cell)
    open_ms = None
    if door.door is not Door.UNKNOWN and door.since is not None:
        open_ms = told.at.since_ms(door.since)
    settled = settle(state, told.cell, told.fresh)
    return Decision(
        facts=(DoorShut(cell=told.cell, open_ms=open_ms), *settled.facts),
        effects=settled.effects,
    )


def _forced(state: State, told: DoorMoved, policy: Policy) -> Decision:
    forced = DoorForced(cell=told.cell)
    pulsed = _just_pulsed(state, told, policy)
    if not pulsed:
        return Decision(facts=(forced, *question(state, told.cell, CellReason.FORCED)))
    # Wired wrongly, perhaps (F029, F030): both cells are out of use, and nothing is pulsed again.
    doubts = [
        fact
        for cell in (told.cell, *pulsed)
        for fact in question(state, cell, CellReason.WRONG_DOOR_OPENED)
    ]
    return Decision(facts=(forced, *doubts))


def _lost(state: State, told: DoorMoved, _policy: Policy) -> Decision:
    unseen = DoorUnseen(cell=told.cell)
    auth = auth_at(state, told.cell)
    unknown = () if auth is None else ended(state, auth, RemoteResult.INDETERMINATE)
    return Decision(facts=(unseen, *cut_short(state, told.cell), *unknown))


def _just_pulsed(state: State, told: DoorMoved, policy: Policy) -> list[CellId]:
    """Doors whose lock was fired within the time that a door has to open."""
    recent = []
    for cell, door in sorted(state.doors.items()):
        auth = auth_at(state, cell)
        if auth is not None and door.door in IN_MOTION:
            age_ms = told.at.since_ms(auth.asked_at)
            if age_ms is not None and age_ms <= policy.no_sign_ms:
                recent.append(cell)
    return recent


_NEWS: Final[Mapping[Door, Callable[[State, DoorMoved, Policy], Decision]]] = {
    Door.OPEN: _opened,
    Door.SHUT: _shut,
    Door.FORCED: _forced,
    Door.UNKNOWN: _lost,
}
