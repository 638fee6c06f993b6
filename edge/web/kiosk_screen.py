"""What the kiosk shows: a pure function of the station at one moment. No secret is in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.cabinet import Occupancy
from edge.domain.door import MOST_PULSES, Door, DoorState
from edge.domain.effects import Reply
from edge.domain.facts import Purpose, RefusalReason
from edge.domain.parcel import IN_CELL, Parcel, Stage
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.pulse import can_pulse_again
from edge.domain.rest import why_doors_rest
from edge.domain.settlement import taken
from edge.domain.state import State, Visit, cell_of, door_of
from edge.kernel.ids import AuthId, CellId
from edge.web.cabinet_picture import Picture, draw_cabinet
from edge.web.device_lines import kind_of
from edge.web.help_views import HelpView, help_view
from edge.web.kiosk_proxy import ProxyView, proxy_view
from edge.web.power_line import kiosk_power
from edge.web.snapshot import Snapshot, about, clock_text, same_day
from edge.web.voice_routes import VoiceView, voice_view
from edge.web.wording import cell_text, headline, next_step, place_text
from edge.words import say

THANKS_MS: Final = 30_000
PUT_BACK_SHOWN_MS: Final = 120_000
"""Who took the wrong parcel opens again for two minutes on this screen; the core allows ten."""
NOTICE_MS: Final = 25_000
ASK_KEEPER_MS: Final = 60_000
CALLED_MS: Final = 60_000
_AT_COUNTER: Final = ("unreadable", "scan_not_expected")
"""Answers to a scan that belong to whoever stands at the scanner: the keeper while checking in."""


class Screen(StrEnum):
    """Which page the visit calls for; HOME leaves the choice to the person."""

    HOME = "home"
    OPENING = "opening"
    DID_IT_OPEN = "did_it_open"
    OPEN = "open"
    LEFT_OPEN = "left_open"
    THANKS = "thanks"
    ASK_KEEPER = "ask_keeper"
    CALLED = "called"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkText:
    """The county link in words for a villager."""

    online: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A scan that was refused: one reason and one next step. `serial` tells two apart.

    `waybill_no` is what was scanned where it was a waybill: its way is shown then.
    """

    serial: int
    key: str
    title: str
    next_step: str
    waybill_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """A parcel that the keeper fetches for whoever has just shown its code here."""

    place: str
    parcel: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """No door opens for anybody: why, and what to do. It stands in the place of the start page."""

    title: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoorView:
    """The door of the present visit."""

    cell: int
    name: str
    auth: str
    title: str
    text: str
    parcel: str
    can_retry: bool
    can_say_taken: bool
    can_put_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskView:
    """One kiosk screen."""

    screen: Screen
    station: str
    simulated: bool
    time: str
    link: LinkText
    power: str
    arrived_today: int
    waiting: int
    scanner_ok: bool
    door: OpenDoorView | None
    notice: Notice | None
    rest: Rest | None
    calls: tuple[CallLine, ...]
    help: HelpView | None
    county_phone: str
    voice: VoiceView | None
    proxy: ProxyView | None
    hamlets: tuple[str, ...]
    picture: Picture

    @property
    def restless(self) -> bool:
        """Whether this screen changes with time alone."""
        passing = (self.door, self.notice, self.rest, self.help)
        return self.screen is not Screen.HOME or any(part is not None for part in passing)


def kiosk_view(seen: Snapshot, language: str) -> KioskView:
    """The screen of this moment."""
    at_door, calls = _screen(seen), _calls(seen, language)
    proxy = proxy_view(seen, language)
    parcels = seen.state.parcels.values()
    today = seen.now.wall_lo_ms
    return KioskView(
        screen=_called(seen, at_door, calls, proxy),
        station=seen.station_name,
        simulated=seen.simulated,
        time=about(seen.now) + clock_text(seen.now.wall_lo_ms),
        link=_link(seen, language),
        power=kiosk_power(seen, language),
        arrived_today=sum(
            same_day(p.received_at.wall_lo_ms, today) and p.stage is not Stage.UNDONE
            for p in parcels
        ),
        waiting=sum(p.stage in IN_CELL for p in parcels),
        scanner_ok=can_scan(seen),
        door=_door(seen, at_door, language),
        notice=_notice(seen, language),
        rest=_rest(seen, language),
        calls=calls,
        help=help_view(seen, language),
        county_phone=seen.county_phone,
        voice=voice_view(seen.voice),
        proxy=proxy,
        hamlets=seen.policy.hamlets,
        picture=draw_cabinet(seen.policy),
    )


def _screen(seen: Snapshot) -> Screen:
    visit = seen.state.visit
    if visit is None:
        return Screen.HOME
    mine = _is_of(seen.state, visit)
    if visit.done_at is not None:
        if mine and door_of(seen.state, visit.cell).door is Door.OPEN:  # collected, but left open
            return Screen.LEFT_OPEN
        return Screen.THANKS if _fresh(seen, visit, THANKS_MS) else Screen.HOME
    screen = _of_door(seen.state, visit.cell) if mine else Screen.ASK_KEEPER
    if screen is Screen.ASK_KEEPER and not _fresh(seen, visit, ASK_KEEPER_MS):
        return Screen.HOME
    return screen


def _called(
    seen: Snapshot, at_door: Screen, calls: tuple[CallLine, ...], proxy: ProxyView | None
) -> Screen:
    """What stands in the place of the start page: the later of who has called and who was sent."""
    called_at = max((call.at for call in calls), default=-1)
    if proxy is not None and proxy.since >= called_at:
        done_at = None if seen.state.visit is None else seen.state.visit.done_at
        before = done_at is not None and done_at.mono_ms < proxy.since
        if at_door is Screen.HOME or (at_door is Screen.THANKS and before):
            return Screen.PROXY
    return Screen.CALLED if at_door is Screen.HOME and calls else at_door


def _calls(seen: Snapshot, language: str) -> tuple[CallLine, ...]:
    """What was asked for a moment ago, the first first: this visit's codes and nothing else."""
    state = seen.state
    lines = [
        CallLine(
            place=place_text(None, parcel.slot, language),
            parcel=_named(parcel, language),
            at=call.at.mono_ms,
        )
        for waybill_no, call in state.calls.items()
        if (age_ms := seen.now.since_ms(call.at)) is not None and age_ms < CALLED_MS
        if (parcel := state.parcels[waybill_no]).slot is not None and parcel.stage in IN_CELL
    ]
    return tuple(sorted(lines, key=lambda line: line.at))


def _is_of(state: State, visit: Visit) -> bool:
    """Whether the door moves under this visit's authorisation."""
    return door_of(state, visit.cell).auth == visit.auth


def _of_door(state: State, cell: CellId) -> Screen:
    door = door_of(state, cell)
    match door.door:
        case Door.ASKED:
            return Screen.OPENING
        case Door.OPEN:
            return Screen.LEFT_OPEN if door.reminded or door.left_open_told else Screen.OPEN
        case Door.SILENT if can_pulse_again(state, cell):
            return Screen.DID_IT_OPEN
        case _:
            return Screen.ASK_KEEPER


def _fresh(seen: Snapshot, visit: Visit, limit_ms: int) -> bool:
    """Whether the visit's last step is so recent. After a restart nothing of it is."""
    age_ms = seen.now.since_ms(visit.done_at or visit.since)
    return age_ms is not None and age_ms < limit_ms


def _door(seen: Snapshot, screen: Screen, language: str) -> OpenDoorView | None:
    visit = seen.state.visit
    if visit is None:
        return None
    can_put_back = _can_put_back(seen, visit)
    if screen is Screen.HOME and not can_put_back:
        return None
    key = _door_key(screen, door_of(seen.state, visit.cell), visit.auth)
    name = cell_text(visit.cell)
    return OpenDoorView(
        cell=visit.cell,
        name=name,
        auth=visit.auth,
        title=say(f"kiosk.{key}", language, cell=name),
        text=say(f"kiosk.{key}.text", language, cell=name),
        parcel=_parcel(seen.state, visit, language),
        can_retry=screen is Screen.DID_IT_OPEN,
        can_say_taken=_is_of(seen.state, visit) and bool(taken(seen.state, visit.cell)),
        can_put_back=can_put_back,
    )


def _can_put_back(seen: Snapshot, visit: Visit) -> bool:
    """Whether the core would open the door once more, and the person may still be here."""
    auth, content = seen.state.auths.get(visit.auth), cell_of(seen.state, visit.cell)
    return (
        visit.done_at is not None
        and why_doors_rest(seen.state, seen.now) is None
        and _fresh(seen, visit, min(PUT_BACK_SHOWN_MS, seen.policy.put_back_ms))
        and auth is not None
        and auth.attempt < MOST_PULSES
        and content.occupancy is Occupancy.FREE
        and content.emptied_of == visit.waybill_no
    )


def _door_key(screen: Screen, door: DoorState, auth: AuthId) -> str:
    if screen is Screen.OPEN and door.auth == auth and door.purpose is Purpose.PUT_BACK:
        return "put_back"
    return screen.value


def _parcel(state: State, visit: Visit, language: str) -> str:
    parcel = state.parcels.get(visit.waybill_no)
    return "" if parcel is None else _named(parcel, language)


def _named(parcel: Parcel, language: str) -> str:
    if parcel.phone_tail is None:
        return ""
    return say("kiosk.parcel", language, carrier=parcel.carrier, tail=parcel.phone_tail)


def _link(seen: Snapshot, language: str) -> LinkText:
    online = seen.link.online
    return LinkText(online=online, text=say(f"kiosk.link.{'up' if online else 'down'}", language))


def can_scan(seen: Snapshot) -> bool:
    """Whether a slip may be held before a scanner: one that is there is enough."""
    return any(device.present and kind_of(device.name) == "scanner" for device in seen.devices)


def _rest(seen: Snapshot, language: str) -> Rest | None:
    why = why_doors_rest(seen.state, seen.now)
    if why is None:
        return None
    refusal = Reply(key=why, ok=False)
    return Rest(title=headline(refusal, language), next_step=next_step(refusal, language))


def _notice(seen: Snapshot, language: str) -> Notice | None:
    last = seen.announcement
    if last is None or last.reply.ok:
        return None
    key = last.reply.key
    for_villager = key in {*RefusalReason, *ProxyAnswer} or (
        key in _AT_COUNTER and not seen.state.desk.checking_in
    )
    age_ms = seen.now.since_ms(last.at)
    if not for_villager or age_ms is None or age_ms >= NOTICE_MS:
        return None
    return Notice(
        serial=last.serial,
        key=key,
        title=headline(last.reply, language),
        next_step=next_step(last.reply, language),
        waybill_no=(last.reply.waybill_no or "") if key == "scan_not_expected" else "",
    )
