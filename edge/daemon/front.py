"""What the web pages ask of the daemon; the Station implements it, pages know nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cloud_sync.wire.bodies.question import Place, TraceStep
from edge.daemon.county.manifests import Manifests
from edge.daemon.devices.voice_choice import Loudness, VoiceChoice
from edge.daemon.help_desk import HelpDesk
from edge.daemon.no_code_desk import NoCodeDesk
from edge.domain.effects import Reply
from edge.domain.inputs import Fresh, Input
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.ids import CellId, CourierId, KeeperId, Mac, StationId, WaybillNo
from edge.kernel.time import Instant
from hardware.ports import DeviceHealth, Weight

InputMaker = Callable[[Instant, Fresh], Input]
"""Makes an input from the moment and the fresh random values that the loop stamps on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """The county link in a keeper's terms. `waiting` facts are stored here and not yet there."""

    online: bool
    waiting: int
    verdict: str = ""
    since_ms: int | None = field(default=None, compare=False)
    """Since when it is online, or is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """The last answer to a scan or a spontaneous event; `serial` only grows."""

    serial: int
    reply: Reply
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintQueueView:
    """Slips or labels not yet out; `problem` is a word key, empty while all is well."""

    waiting: int
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerView:
    """What the supply said last; None where it cannot tell, or is away."""

    mains: bool | None
    battery_percent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyNotice:
    """A notice of the county that is not over; `seq` tells a later one with the same key apart."""

    key: str
    seq: int
    title: str
    text: str
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """How much more the station can keep: free bytes, and what a day of journal takes."""

    free_bytes: int
    daily_bytes: int


class Front(Protocol):
    """A running station as its pages see it."""

    station_id: StationId
    station_name: str
    software: str
    simulated: bool
    policy: Policy
    help: HelpDesk
    no_code: NoCodeDesk
    voice: VoiceChoice

    @property
    def state(self) -> State:
        """The state after the last committed decision."""

    def now(self) -> Instant:
        """The present moment."""

    async def tell(self, make: InputMaker) -> Reply | None:
        """Decide and commit one input; returns once its facts are on disk.

        Raises Refused when the person may not do this now, StoreError when nothing can be stored.
        """

    async def scanned(self, text: str) -> Reply | None:
        """A code typed by hand where a scanner would be used; the same path as the scanner's."""

    def code_mac(self, digits: str) -> Mac:
        """Keyed hash of eight typed digits."""

    @property
    def version(self) -> int:
        """Grows with every commit, announcement and change of a device or the link."""

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait until `version` is above `seen`, or the time-out; returns the version."""

    def announcement(self) -> Announcement | None:
        """The latest answer to something that came in by the scanner."""

    def devices(self) -> tuple[DeviceHealth, ...]:
        """Lock boards, scanners, printer and what else is there, in this order."""

    def link(self) -> LinkView:
        """The county link."""

    def room(self) -> RoomView | None:
        """How much more can be kept; None while that is not known."""

    def notices(self) -> tuple[CountyNotice, ...]:
        """Notices of the county that are not over, the newest first."""

    async def read_notice(self, keeper: KeeperId, notice: str, seq: int) -> None:
        """The keeper has read a notice as it was shown. Raises Refused when it has changed."""

    def is_revoked(self, keeper: KeeperId) -> bool:
        """Whether the county no longer lets this keeper in."""

    async def where_is(self, waybill_no: WaybillNo) -> tuple[Place, ...] | None:
        """Which stations of the county have or had a parcel; None when nobody knows now."""

    async def trace(self, waybill_no: WaybillNo) -> tuple[TraceStep, ...] | None:
        """A parcel's way as the county has it, the oldest step first; None when nobody knows."""

    def prints(self) -> PrintQueueView:
        """The print queue."""

    def labels(self) -> PrintQueueView:
        """The same of labels; nothing waits where there is no printer for them."""

    def power(self) -> PowerView | None:
        """The supply; None where the station has none that tells."""

    def weight(self) -> Weight | None:
        """What lay still on the scale last; None where there is no scale that works."""

    def articles(self) -> Mapping[CellId, bool]:
        """What the article sensors say, by cell: True where something lies inside.

        Without the cells that have none that can be believed.
        """

    async def keeper_exists(self) -> bool:
        """Whether a keeper PIN has been set at this station."""

    async def add_first_keeper(self, keeper: KeeperId, pin: str) -> None:
        """Set the first keeper's PIN. Raises Refused when one exists or the PIN is too simple."""

    async def check_pin(self, keeper: KeeperId, pin: str) -> None:
        """Check a PIN; wrong tries are counted on disk before the answer. Raises Refused."""

    async def check_courier(self, courier: CourierId, pin: str) -> None:
        """Check a courier's PIN, counted like a keeper's. Raises Refused."""

    def manifests(self) -> Manifests | None:
        """What the county's manifests say; None where there is no county."""

    def choose_voice(self, dialect: str, loudness: Loudness, *, aloud: bool) -> None:
        """How the kiosk speaks from now on. Raises Refused for a voice that is not there."""

    def metrics(self) -> bytes:
        """Prometheus text."""
