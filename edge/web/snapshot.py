"""One look at a running station: everything a screen is made from, taken at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.daemon.county.manifests import TripPicture
from edge.daemon.devices.voice_choice import VoiceChoice
from edge.daemon.front import (
    Announcement,
    CountyNotice,
    Front,
    LinkView,
    PowerView,
    PrintQueueView,
    RoomView,
)
from edge.daemon.help_desk import HelpCall
from edge.daemon.no_code_desk import NoCodeCard
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.ids import CellId
from edge.kernel.time import Instant
from edge.kernel.village_time import village_day, village_time
from edge.words import say
from hardware.ports import DeviceHealth, Weight

_NO_LABELS: Final = PrintQueueView(waiting=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a screen may know. The views are pure functions of this and a language."""

    station_name: str
    simulated: bool
    state: State
    policy: Policy
    now: Instant
    link: LinkView
    devices: tuple[DeviceHealth, ...]
    prints: PrintQueueView
    announcement: Announcement | None
    labels: PrintQueueView = _NO_LABELS
    power: PowerView | None = None
    weight: Weight | None = None
    articles: Mapping[CellId, bool] = field(default_factory=dict)
    room: RoomView | None = None
    notices: tuple[CountyNotice, ...] = ()
    help_call: HelpCall | None = None
    no_code: tuple[NoCodeCard, ...] = ()
    county_phone: str = ""
    voice: VoiceChoice | None = None
    trips: TripPicture = field(default_factory=TripPicture)


def look_at(front: Front) -> Snapshot:
    """Take everything at once, so that no screen mixes two moments."""
    return Snapshot(
        station_name=front.station_name,
        simulated=front.simulated,
        state=front.state,
        policy=front.policy,
        now=front.now(),
        link=front.link(),
        devices=front.devices(),
        prints=front.prints(),
        labels=front.labels(),
        announcement=front.announcement(),
        power=front.power(),
        weight=front.weight(),
        articles=front.articles(),
        room=front.room(),
        notices=front.notices(),
        help_call=front.help.call,
        no_code=front.no_code.cards(),
        county_phone=front.help.county_phone,
        voice=front.voice,
        trips=manifests.picture() if (manifests := front.manifests()) else TripPicture(),
    )


def clock_text(wall_ms: int) -> str:
    """A moment as the village's clock shows it, e.g. 14:02."""
    return village_time(wall_ms).strftime("%H:%M")


def about(moment: Instant) -> str:
    """≈ before a time that the station cannot be sure of, because nobody has told it the time."""
    return "≈" if moment.wall_hi_ms is None else ""


def moment_text(wall_ms: int, now: Instant, language: str) -> str:
    """A moment as people say it: 14:02 today, 11-23 14:02 on another day."""
    if same_day(wall_ms, now.wall_lo_ms):
        return say("keeper.today_at", language, time=clock_text(wall_ms))
    return village_time(wall_ms).strftime("%m-%d %H:%M")


def same_day(wall_ms: int, other_ms: int) -> bool:
    """Whether two moments fall on one day in the village."""
    return village_day(wall_ms) == village_day(other_ms)
