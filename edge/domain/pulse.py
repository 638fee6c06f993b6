"""The one place where the wish to open a door is made, always beside the fact that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    Purpose.PUT_BACK: Answer.OPEN_AGAIN,
    Purpose.TAKE_BACK: Answer.TAKE_IT_OUT,
    Purpose.INSPECT: Answer.DOOR_OPEN,
    Purpose.REMOTE: Answer.DOOR_OPEN,
    Purpose.MOVE: Answer.TAKE_IT_OUT,
    Purpose.RETURN: Answer.TAKE_IT_OUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One pulse that is wished for: which door, under which authorisation, why, and who asked.

    `reason` is the own word of whoever opens a cell by hand or from the county.
    """

    cell: CellId
    auth: AuthId
    purpose: Purpose
    actor: str
    waybill_no: WaybillNo | None = None
    attempt: int = 1
    reason: str = ""


def by_keeper(keeper: KeeperId) -> str:
    """A keeper as the actor of a door's movement."""
    return f"keeper:{keeper}"


def keeper_of(actor: str) -> KeeperId:
    """The keeper again."""
    return KeeperId(actor.removeprefix("keeper:"))


def pulse(
    opening: Opening, *, before: tuple[Fact, ...] = (), after: tuple[Fact, ...] = ()
) -> Decision:
    """Open one door once: the intent among the facts, the wish, and what to tell the person.

    Fact and wish are made here and nowhere else, so that no lock moves without its intent on disk.
    """
    cell, auth, attempt = opening.cell, opening.auth, opening.attempt
    asked = DoorAsked(
        cell=cell,
        auth=auth,
        attempt=attempt,
        purpose=opening.purpose,
        actor=opening.actor,
        reason=opening.reason,
    )
    return Decision(
        facts=(*before, asked, *after),
        effects=(OpenDoor(cell=cell, auth=auth, attempt=attempt),),
        reply=door_answer(opening.purpose, cell, auth, opening.waybill_no),
    )


def pulse_again(auth: Auth) -> Decision:
    """The second and last pulse of an authorisation, after a human act."""
    return pulse(
        Opening(
            cell=auth.cell,
            auth=auth.auth,
            purpose=auth.purpose,
            actor=auth.actor,
            waybill_no=auth.waybill_no,
            attempt=MOST_PULSES,
        )
    )


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
    if door.purpose is Purpose.REMOTE:
        return False  # nobody at the door asked for the first
    if door.purpose is Purpose.CHECK_IN:
        return content.occupancy is Occupancy.RESERVED
    if door.purpose is Purpose.PICKUP:
        return content.settled
    return content.reason != CellReason.WRONG_DOOR_OPENED


def require_built(cell: CellId, policy: Policy) -> None:
    """Raises Refused unless there is such a cell."""
    if all(known.cell != cell for known in policy.cells):
        raise Refused(Refusal.UNKNOWN_CELL, cell=cell)


def require_shut(state: State, cell: CellId, policy: Policy) -> None:
    """Raises Refused unless the sensor says that this door is shut and nobody is using it."""
    require_built(cell, policy)
    door = door_of(state, cell)
    if door.door is Door.UNKNOWN:
        raise Refused(RefusalReason.DOOR_UNSEEN, cell=cell)
    if door.door in IN_MOTION and door.auth is not None:
        raise Refused(Refusal.DOOR_IN_USE, cell=cell)
    if door.door is not Door.SHUT:
        raise Refused(Refusal.DOOR_NOT_SHUT, cell=cell)
