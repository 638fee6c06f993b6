"""The check-in part of the keeper's page: where the parcel goes, and the one next instruction."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.answers import CellReason
from edge.domain.door import Door
from edge.domain.facts import RefusalReason
from edge.domain.parcel import IN_CARE, Parcel, Stage
from edge.domain.power import holds_check_in
from edge.domain.pulse import can_pulse_again
from edge.domain.rest import why_doors_rest
from edge.domain.state import cell_of, door_of
from edge.kernel.ids import CellId
from edge.kernel.masking import short_waybill
from edge.web.contact_list import has_to_be_asked
from edge.web.kiosk_screen import can_scan
from edge.web.places_view import Marks, marks_of
from edge.web.snapshot import Snapshot
from edge.web.wording import cell_text, place_text
from edge.words import say


class Step(StrEnum):
    """What the keeper does next. OFF: scans are not check-ins now.

    Nothing is taken in while HELD, on battery. No door opens at all while the battery is LOW, or
    while the station RESTS, after too many restarts.
    """

    OFF = "off"
    HELD = "held"
    LOW = "low"
    RESTS = "rests"
    SCAN = "scan"
    NO_SCANNER = "no_scanner"
    OPENING = "opening"
    DID_IT_OPEN = "did_it_open"
    WILL_NOT_OPEN = "will_not_open"
    PUT_IN = "put_in"
    LEFT_OPEN = "left_open"
    TAIL = "tail"
    LOOK = "look"
    IN_HAND = "in_hand"
    PUT_ON = "put_on"
    TO_CONTACT = "to_contact"


_NO_TAIL: Final = (Step.WILL_NOT_OPEN, Step.IN_HAND)
_MAY_ENLARGE: Final = (Step.PUT_IN, Step.LEFT_OPEN)
_MAY_CHOOSE: Final = (*_MAY_ENLARGE, Step.OPENING, Step.DID_IT_OPEN, Step.IN_HAND)
_ON_SLOT: Final = (Step.PUT_ON, Step.TO_CONTACT)
_PLACED: Final = (*_MAY_CHOOSE[:-1], Step.TAIL, *_ON_SLOT, Step.LOOK, Step.WILL_NOT_OPEN)
_WAITS: Final = (Step.HELD, Step.LOW, Step.RESTS)
_AT_REST: Final = {
    RefusalReason.BATTERY_LOW: Step.LOW,
    RefusalReason.JUST_RESTARTED: Step.RESTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInView:
    """The parcel in hand and where it goes. Empty texts while there is none.

    `in_hand`: it is not in its cell yet, whose door may be open. `waits`: whatever the keeper
    asks for, nothing is taken in now.
    """

    on: bool
    waits: bool
    step: Step
    title: str
    text: str
    waybill_no: str
    carrier: str
    cell: int | None
    cell_name: str
    size: str
    tail: str
    auth: str
    needs_tail: bool
    in_hand: bool
    can_undo: bool
    can_retry: bool
    place: str
    slot: str
    can_choose: bool
    can_enlarge: bool
    choice: str
    marks: Marks | None


def check_in_view(seen: Snapshot, language: str) -> CheckInView:
    """The counter as it stands: it waits and resumes, a half-done parcel is never lost."""
    desk = seen.state.desk
    parcel = seen.state.parcels.get(desk.in_hand) if desk.in_hand is not None else None
    if parcel is None:
        return _view(seen, *_empty_handed(seen), language)
    return _view(seen, _step(seen, parcel), parcel, language)


def _empty_handed(seen: Snapshot) -> tuple[Step, Parcel | None]:
    """Scan on; or, when the last parcel got no door open, why it is to be scanned again.

    Of one that is not put into a cell as its addressee has to be asked, the slot stays on show.
    """
    if why := why_doors_rest(seen.state, seen.now):
        return _AT_REST[why], None
    if holds_check_in(seen.state, seen.now, seen.policy):
        return Step.HELD, None
    if not seen.state.desk.checking_in:
        return Step.OFF, None
    scan = Step.SCAN if can_scan(seen) else Step.NO_SCANNER
    last = max(seen.state.parcels.values(), key=lambda p: p.received_at.wall_lo_ms, default=None)
    if last is not None and has_to_be_asked(last) and last.slot is not None:
        return Step.TO_CONTACT, last
    if last is None or last.stage is not Stage.UNDONE or last.cell is None:
        return scan, None
    broken = cell_of(seen.state, last.cell).reason == CellReason.NO_SIGN_TWICE
    return (Step.WILL_NOT_OPEN, last) if broken else (scan, None)


def _step(seen: Snapshot, parcel: Parcel) -> Step:
    if parcel.cell is None:
        if parcel.in_hand:
            return Step.IN_HAND
        return Step.TO_CONTACT if has_to_be_asked(parcel) else Step.PUT_ON
    if parcel.stage is not Stage.RECEIVED:
        return Step.TAIL
    return _at_door(seen, parcel.cell)


def _at_door(seen: Snapshot, cell: CellId) -> Step:
    door = door_of(seen.state, cell)
    match door.door:
        case Door.ASKED:
            return Step.OPENING
        case Door.OPEN:
            return Step.LEFT_OPEN if door.left_open_told else Step.PUT_IN
        case Door.SILENT:
            may_retry = can_pulse_again(seen.state, cell)
            return Step.DID_IT_OPEN if may_retry else Step.LOOK
        case _:
            return Step.LOOK


def _view(seen: Snapshot, step: Step, parcel: Parcel | None, language: str) -> CheckInView:
    cell = parcel.cell if parcel else None
    name = cell_text(cell)
    size = next((c.size.value for c in seen.policy.cells if c.cell == cell), "")
    return CheckInView(
        on=seen.state.desk.checking_in,
        waits=step in _WAITS,
        step=step,
        title=say(f"keeper.step.{step.value}", language, cell=name),
        text=say(f"keeper.step.{step.value}.text", language, cell=name),
        waybill_no=parcel.waybill_no if parcel else "",
        carrier=_carrier(parcel),
        cell=cell,
        cell_name=name,
        size=say(f"keeper.size.{size}", language) if size else "",
        tail=(parcel.phone_tail or "") if parcel else "",
        auth=(door_of(seen.state, cell).auth or "") if cell is not None else "",
        needs_tail=parcel is not None and step not in _NO_TAIL and not parcel.phone_tail,
        in_hand=parcel is not None and parcel.stage is Stage.RECEIVED,
        can_undo=parcel is not None and parcel.stage in IN_CARE,
        can_retry=step is Step.DID_IT_OPEN,
        place=place_text(cell, parcel.slot, language) if parcel and step in _PLACED else "",
        slot=(parcel.slot or "") if parcel and step in _ON_SLOT else "",
        can_choose=step in _MAY_CHOOSE,
        can_enlarge=step in _MAY_ENLARGE,
        choice=seen.state.desk.choice or "",
        marks=marks_of(seen, parcel, language) if parcel and parcel.stage in IN_CARE else None,
    )


def _carrier(parcel: Parcel | None) -> str:
    return f"{parcel.carrier} {short_waybill(parcel.waybill_no)}".strip() if parcel else ""
