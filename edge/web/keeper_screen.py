"""What the keeper's page shows: a pure function of the station at one moment, without secrets."""

from dataclasses import dataclass
from typing import Final

from edge.domain.answers import Answer
from edge.domain.cabinet import TO_LOOK, CellState, Occupancy
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.facts import RefusalReason
from edge.domain.inspection import may_be_called_empty
from edge.domain.overdue import is_overdue
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel, Stage
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.state import State, cell_of, door_of
from edge.domain.trouble_desk import is_open
from edge.kernel.ids import CellId
from edge.kernel.masking import short_waybill
from edge.web.asks import UNAGREED
from edge.web.cabinet_picture import Picture, draw_cabinet
from edge.web.cell_candidates import Candidate, candidates
from edge.web.check_in_screen import CheckInView, check_in_view
from edge.web.contact_list import ContactLine, contact_lines, has_to_be_asked, word_text
from edge.web.county_panel import CountyPanel, county_panel
from edge.web.device_lines import DeviceLine, LinkLine, device_lines, link_line
from edge.web.door_alerts import DoorAlert, door_alerts
from edge.web.hamlets_screen import HamletsView, hamlets_view
from edge.web.handover_screen import HandoverView, handover_view
from edge.web.help_views import HelpCard, help_card
from edge.web.no_code_cards import NoCodeLine, no_code_lines
from edge.web.places_view import (
    CallCard,
    Marks,
    SlotBox,
    call_cards,
    can_undo_release,
    marks_of,
    place_of,
    slot_boxes,
)
from edge.web.power_line import on_battery
from edge.web.proxies_view import ProxiesView, proxies_view
from edge.web.returns_screen import ReturnsView, returns_view
from edge.web.snapshot import Snapshot, about, clock_text, moment_text, same_day
from edge.web.troubles_screen import TroublesView, troubles_view
from edge.web.wording import answer_text, cell_text
from edge.words import say

LAST: Final = 5
COLLECTED_SHOWN: Final = 30
"""Enough of today's collections to answer "has she been here?" without a longer list."""
TOAST_MS: Final = 8_000
OPENED: Final = (Door.ASKED, Door.OPEN)
_LOOK_AGAIN: Final = "keeper.article.look_again"
IN_HOUSE: Final = (*IN_CARE, Stage.MISSING, Stage.BAGGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """One parcel of the list; the flags say which buttons make sense."""

    waybill_no: str
    short: str
    carrier: str
    tail: str
    cell: str
    place: str
    marks: Marks
    stage: Stage
    word: str
    agreed: str
    to_ask: bool
    hamlet: str
    at: str
    needs_tail: bool
    can_release: bool
    can_reprint: bool
    can_label: bool
    can_undo: bool
    can_move: bool
    can_undo_release: bool
    can_report: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBox:
    """One cell of the map: what it holds and what its door does, in words.

    `hint` tells how a cell in doubt is looked into; before that it cannot be called empty.
    `article` is what the cell's own sensor says, empty where it has none; `look_again`: it says
    that something is inside, and the keeper is about to say what is.
    """

    cell: int
    name: str
    size: str
    occupancy: Occupancy
    word: str
    door: str
    door_word: str
    why: str
    parcel: str
    waybill_no: str
    locked: bool
    locked_why: str
    needs_look: bool
    can_say_empty: bool
    hint: str
    article: str
    look_again: bool
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Today in numbers."""

    arrived: int
    waiting: int
    collected: int
    free: int
    no_tail: int
    to_look: int
    overdue: int
    exceptions: int
    contact: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """The answer to the last scan at the counter; `serial` tells two apart.

    `opens` is the cell whose door it announces: once that door has moved, the toast is stale.
    """

    serial: int
    ok: bool
    text: str
    opens: int | None
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperView:
    """Everything the keeper's pages need; the page chooses which part to show."""

    signed_in: bool
    keeper: str
    station: str
    simulated: bool
    time: str
    link: LinkLine
    counts: Counts
    check_in: CheckInView
    last: tuple[ParcelLine, ...]
    parcels: tuple[ParcelLine, ...]
    collected: tuple[ParcelLine, ...]
    contact: tuple[ContactLine, ...]
    cells: tuple[CellBox, ...]
    picture: Picture
    devices: tuple[DeviceLine, ...]
    county: CountyPanel
    alerts: tuple[DoorAlert, ...]
    toast: Toast | None
    on_battery: bool
    handover: HandoverView
    slots: tuple[SlotBox, ...]
    calls: tuple[CallCard, ...]
    help: HelpCard | None
    has_slots: bool
    returns: ReturnsView
    exceptions: TroublesView
    proxies: ProxiesView
    hamlets: HamletsView
    no_code: tuple[NoCodeLine, ...]

    @property
    def restless(self) -> bool:
        """Whether this screen changes with time alone."""
        waits = bool(self.calls or self.proxies.waiting or self.no_code)
        passes = any(alert.passes for alert in self.alerts)
        return self.toast is not None or self.on_battery or waits or passes


def keeper_view(seen: Snapshot, keeper: str, language: str) -> KeeperView:
    """The screen of this moment for one signed-in keeper."""
    state, today = seen.state, seen.now.wall_lo_ms
    newest = sorted(state.parcels.values(), key=_received, reverse=True)
    here = [p for p in newest if p.stage in IN_HOUSE]
    collected_today = _collected_today(newest, today)
    return KeeperView(
        signed_in=True,
        keeper=keeper,
        station=seen.station_name,
        simulated=seen.simulated,
        time=about(seen.now) + clock_text(today),
        link=link_line(seen.link, language),
        counts=_counts(seen, newest, here, len(collected_today)),
        check_in=check_in_view(seen, language),
        last=_lines(seen, [p for p in newest if p.stage is not Stage.UNDONE][:LAST], language),
        parcels=_lines(seen, here, language),
        collected=_lines(seen, collected_today[:COLLECTED_SHOWN], language),
        contact=contact_lines(seen, language),
        cells=tuple(_box(seen, cell.cell, cell.size.value, language) for cell in seen.policy.cells),
        picture=draw_cabinet(seen.policy),
        devices=device_lines(seen, language),
        county=county_panel(seen, language),
        alerts=door_alerts(seen, language),
        toast=_toast(seen, language),
        on_battery=on_battery(seen),
        handover=handover_view(seen, language),
        slots=slot_boxes(seen, language),
        calls=call_cards(seen, language),
        help=help_card(seen, language),
        has_slots=bool(seen.policy.shelves or seen.policy.floor_slots),
        returns=returns_view(seen, language),
        exceptions=troubles_view(seen, language),
        proxies=proxies_view(seen, language),
        hamlets=hamlets_view(seen, language),
        no_code=no_code_lines(seen, language),
    )


def _received(parcel: Parcel) -> int:
    return parcel.received_at.wall_lo_ms


def _collected(parcel: Parcel) -> int:
    return parcel.collected_at.wall_lo_ms if parcel.collected_at else 0


def _collected_today(parcels: list[Parcel], today: int) -> list[Parcel]:
    """The latest first."""
    gone = [p for p in parcels if p.stage is Stage.PICKED_UP and same_day(_collected(p), today)]
    return sorted(gone, key=_collected, reverse=True)


def _counts(
    seen: Snapshot, newest: list[Parcel], here: list[Parcel], collected_today: int
) -> Counts:
    today = seen.now.wall_lo_ms
    cells = seen.state.cells.items()
    return Counts(
        arrived=sum(p.stage is not Stage.UNDONE and same_day(_received(p), today) for p in newest),
        waiting=sum(p.stage in IN_CELL for p in here),
        collected=collected_today,
        free=sum(
            held.occupancy is Occupancy.FREE and cell not in seen.state.locked
            for cell, held in cells
        ),
        no_tail=sum(_needs_tail(p) for p in here),
        to_look=sum(held.occupancy in TO_LOOK for _cell, held in cells),
        overdue=sum(is_overdue(p) for p in here),
        exceptions=sum(is_open(seen.state, one) for one in seen.state.troubles),
        contact=sum(map(has_to_be_asked, here)),
    )


def _needs_tail(parcel: Parcel) -> bool:
    return parcel.phone_tail is None and parcel.stage in IN_CARE


def _lines(seen: Snapshot, parcels: list[Parcel], language: str) -> tuple[ParcelLine, ...]:
    return tuple(_line(seen, parcel, language) for parcel in parcels)


def _line(seen: Snapshot, parcel: Parcel, language: str) -> ParcelLine:
    in_cell = parcel.stage in IN_CELL
    at_rest = in_cell and not _in_use(seen.state, parcel)
    collected_at = parcel.collected_at if parcel.stage is Stage.PICKED_UP else None
    moment = collected_at or parcel.ended_at or parcel.stored_at or parcel.received_at
    return ParcelLine(
        waybill_no=parcel.waybill_no,
        short=short_waybill(parcel.waybill_no),
        carrier=parcel.carrier,
        tail=parcel.phone_tail or "",
        cell=cell_text(parcel.cell),
        place=place_of(parcel, language),
        marks=marks_of(seen, parcel, language),
        stage=parcel.stage,
        word=say(f"keeper.stage.{parcel.stage.value}", language),
        agreed=word_text(seen, parcel, language),
        to_ask=has_to_be_asked(parcel),
        hamlet=parcel.hamlet,
        at=about(moment) + moment_text(moment.wall_lo_ms, seen.now, language),
        needs_tail=_needs_tail(parcel),
        can_release=at_rest,
        can_reprint=at_rest and parcel.agreement.to_a_code and parcel.phone_tail is not None,
        can_label=in_cell and seen.policy.labels and parcel.slot is not None,
        can_undo=at_rest or parcel.stage is Stage.RECEIVED,
        can_move=at_rest,
        can_undo_release=can_undo_release(seen, parcel),
        can_report=at_rest and parcel.keeping.cause is None,
    )


def _in_use(state: State, parcel: Parcel) -> bool:
    """Whether its door is being opened, or is open, for somebody."""
    return parcel.cell is not None and door_of(state, parcel.cell).door in OPENED


def _box(seen: Snapshot, cell: CellId, size: str, language: str) -> CellBox:
    state = seen.state
    content, door = cell_of(state, cell), door_of(state, cell).door
    hint, article = _hint(state, cell, content), _article(seen, cell)
    return CellBox(
        cell=cell,
        name=cell_text(cell),
        size=say(f"keeper.size.{size}", language),
        occupancy=content.occupancy,
        word=say(f"keeper.cell.{content.occupancy.value}", language),
        door=door.value,
        door_word=say(f"keeper.door.{door.value}", language),
        why=say(content.reason, language) if content.reason else "",
        parcel=_who(state, content),
        waybill_no=content.waybill_no or "",
        locked=cell in state.locked,
        locked_why=_locked(state, cell, language),
        needs_look=content.occupancy in TO_LOOK,
        can_say_empty=may_be_called_empty(state, cell),
        hint=say(hint, language) if hint else "",
        article=say(article, language) if article else "",
        look_again=article == _LOOK_AGAIN,
        candidates=candidates(state, cell, content, language),
    )


def _locked(state: State, cell: CellId, language: str) -> str:
    reason = state.locked.get(cell)
    return "" if reason is None else say("keeper.locked.why", language, reason=reason)


def _hint(state: State, cell: CellId, content: CellState) -> str:
    if content.occupancy is Occupancy.FAULTED:
        return "keeper.cells.repair"
    if content.occupancy not in TO_LOOK or content.looked:
        return ""
    unseen = door_of(state, cell).door is Door.UNKNOWN
    return "keeper.cells.by_key" if unseen else "keeper.cells.look_first"


def _article(seen: Snapshot, cell: CellId) -> str:
    inside = seen.articles.get(cell)
    if inside is None:
        return ""
    if inside and may_be_called_empty(seen.state, cell):
        return _LOOK_AGAIN
    return "keeper.article.inside" if inside else "keeper.article.empty"


def _who(state: State, content: CellState) -> str:
    parcel = state.parcels.get(content.waybill_no) if content.waybill_no else None
    if parcel is None:
        return ""
    return f"{parcel.carrier} {short_waybill(parcel.waybill_no)}".strip()


def _toast(seen: Snapshot, language: str) -> Toast | None:
    last = seen.announcement
    if last is None:
        return None
    age_ms = seen.now.since_ms(last.at)
    if age_ms is None or age_ms >= TOAST_MS or not _for_counter(seen, last.reply):
        return None
    return Toast(
        serial=last.serial,
        ok=last.reply.ok,
        text=answer_text(last.reply, language),
        opens=last.reply.cell if last.reply.ok else None,
        waits=last.reply.key in UNAGREED,
    )


def _for_counter(seen: Snapshot, reply: Reply) -> bool:
    """Whether the answer is the keeper's and still true; a slip before the scanner is a visitor's.

    A keeper's waybill that was collected before is named in its answer; a visitor's code is not.
    """
    if reply.key == Answer.PUT_IN:  # from here on the step itself says what the door does
        return reply.cell is not None and door_of(seen.state, reply.cell).door is Door.ASKED
    if reply.key == RefusalReason.ALREADY_COLLECTED:
        return reply.waybill_no is not None
    if reply.key == "unreadable":
        return seen.state.desk.checking_in or seen.state.dock.handover is not None
    return reply.key not in {*RefusalReason, *ProxyAnswer, Answer.DOOR_OPEN, Answer.AT_SHELF}
