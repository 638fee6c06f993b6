"""The one place where the wish to open a door is made, always beside the fact that explains it."""

from collections.abc import Mapping
from typing import Final

from edge.domain.answers import Answer, CellReason, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.decision import Decision
from edge.domain.door import IN_MOTION, MOST_PULSES, Door
from edge.domain.effects import OpenDoor, Reply
from edge.domain.facts import DoorAsked, Fact, Purpose, RefusalReason
from edge.domain.pickup import Auth
from edge.domain.policy import Policy
from edge.domain.state import State, cell_of, door_of
from edge.kernel.errors import Refused
from edge.kernel.ids import AuthId, CellId, KeeperId, WaybillNo

KIOSK: Final = "kiosk"
ANSWERS: Final[Mapping[Purpose, Answer]] = {
    Purpose.CHECK_IN: Answer.PUT_IN,
    Purpose.PICKUP: Answer.DOOR_OPEN,
    Purpose.RELEASE: Answer.TAKE_IT_OUT,
    Purpose.PUT_BACK: Answer.PUT_IN,
    Purpose.TAKE_BACK: Answer.TAKE_IT_OUT,
    Purpose.INSPECT: Answer.DOOR_OPEN,
}


def by_keeper(keeper: KeeperId) -> str:
    """A keeper as the actor of a door's movement."""
    return f"keeper:{keeper}"


def keeper_of(actor: str) -> KeeperId:
    """The keeper again."""
    return KeeperId(actor.removeprefix("keeper:"))


def pulse(
    asked: DoorAsked,
    waybill_no: WaybillNo | None = None,
    *,
    before: tuple[Fact, ...] = (),
    after: tuple[Fact, ...] = (),
) -> Decision:
    """Open one door once: the intent among the facts, the wish, and what to tell the person."""
    wish = OpenDoor(cell=asked.cell, auth=asked.auth, attempt=asked.attempt)
    reply = door_answer(asked.purpose, asked.cell, asked.auth, waybill_no)
    return Decision(facts=(*before, asked, *after), effects=(wish,), reply=reply)


def pulse_again(auth: Auth) -> Decision:
    """The second and last pulse of an authorisation, after a human act."""
    asked = DoorAsked(
        cell=auth.cell,
        auth=auth.auth,
        attempt=MOST_PULSES,
        purpose=auth.purpose,
        actor=auth.actor,
        reason="",
    )
    return pulse(asked, auth.waybill_no)


def door_answer(
    purpose: Purpose, cell: CellId, auth: AuthId, waybill_no: WaybillNo | None
) -> Reply:
    """What to do at the door that opens now."""
    return Reply(key=ANSWERS[purpose], ok=True, cell=cell, waybill_no=waybill_no, auth=auth)


def can_pulse_again(state: State, cell: CellId) -> bool:
    """Whether a person may ask for the second pulse.

    Not after another door opened instead (F029), and not for a parcel that is no longer to go in
    or out by itself.
    """
    door, content = door_of(state, cell), cell_of(state, cell)
    if door.door is not Door.SILENT or door.attempt >= MOST_PULSES:
        return False
    if door.purpose is Purpose.CHECK_IN:
        return content.occupancy is Occupancy.RESERVED
    if door.purpose is Purpose.PICKUP:
        return content.settled
    return content.reason != CellReason.WRONG_DOOR_OPENED


def require_shut(state: State, cell: CellId, policy: Policy) -> None:
    """Raises Refused unless the sensor says that this door is shut and nobody is using it."""
    if all(known.cell != cell for known in policy.cells):
        raise Refused(Refusal.UNKNOWN_CELL, cell=cell)
    door = door_of(state, cell)
    if door.door is Door.UNKNOWN:
        raise Refused(RefusalReason.DOOR_UNSEEN, cell=cell)
    if door.door in IN_MOTION and door.auth is not None:
        raise Refused(Refusal.DOOR_IN_USE, cell=cell)
    if door.door is not Door.SHUT:
        raise Refused(Refusal.DOOR_NOT_SHUT, cell=cell)
