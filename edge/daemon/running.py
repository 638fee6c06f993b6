"""A running station as its pages see it: the loop, its devices, its keepers and its link."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import structlog

from cloud_sync.wire.bodies.question import Place, TraceStep
from edge.daemon.chance import MacKey
from edge.daemon.county.county_corner import CountyCorner
from edge.daemon.county.manifests import Manifests
from edge.daemon.couriers import Couriers
from edge.daemon.devices.counter_devices import CounterScale
from edge.daemon.devices.power_pump import SupplyWatch, supply_word
from edge.daemon.devices.print_worker import PrintWorker
from edge.daemon.devices.scans import ScanReader
from edge.daemon.devices.voice_choice import Loudness, VoiceChoice
from edge.daemon.front import (
    Announcement,
    CountyNotice,
    InputMaker,
    LinkView,
    PowerView,
    PrintQueueView,
    RoomView,
)
from edge.daemon.help_desk import HelpDesk
from edge.daemon.keepers import Keepers
from edge.daemon.no_code_desk import NoCodeDesk
from edge.daemon.station import Station
from edge.domain.door import Door
from edge.domain.effects import Reply
from edge.domain.epochs import OK, ROLLBACK
from edge.domain.inputs import CountyJudged
from edge.domain.policy import Policy
from edge.domain.state import State, door_of
from edge.kernel.errors import Refused
from edge.kernel.ids import CellId, CourierId, KeeperId, Mac, StationId, WaybillNo
from edge.kernel.time import Instant
from hardware.ports import Device, DeviceHealth, Weight

log = structlog.get_logger(__name__)
WELL: Final = "ok"


def device_state(device: DeviceHealth) -> str:
    """What the county hears of a device: its note, e.g. of a present printer without paper."""
    return device.note or (WELL if device.present else "gone")


class RunningStation:
    """Implements Front. Pages talk to this and to nothing below it."""

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        *,
        station_id: StationId,
        station_name: str,
        software: str,
        simulated: bool,
        station: Station,
        keepers: Keepers,
        couriers: Couriers,
        print_worker: PrintWorker,
        label_worker: PrintWorker | None = None,
        key: MacKey,
        devices: tuple[Device, ...],
        supply: SupplyWatch | None = None,
        scale: CounterScale | None = None,
        articles: Callable[[], Mapping[CellId, bool]] = dict,
        county: CountyCorner | None = None,
        clock_note: Callable[[], str] = str,
        county_phone: str = "",
        voice: VoiceChoice | None = None,
    ) -> None:
        self.station_id, self.station_name = station_id, station_name
        self.software = software
        self.simulated = simulated
        self.policy: Policy = station.policy
        self.help, self.no_code = HelpDesk(station, county_phone), NoCodeDesk(station)
        self.voice = voice or VoiceChoice()
        self._station = station
        self._keepers = keepers
        self.print_worker, self.label_worker = print_worker, label_worker
        self._key = key
        manifests = county.manifests if county is not None else None
        self.scan_reader = ScanReader(key, lambda: station.state, manifests)
        self.couriers = couriers
        self._devices = devices
        self.supply, self.scale = supply, scale
        self._articles = articles
        self._county, self._clock_note = county, clock_note
        self._link = LinkView(online=False, waiting=0)

    @property
    def state(self) -> State:
        """The state after the last committed decision."""
        return self._station.state

    @property
    def version(self) -> int:
        """Grows with every commit, announcement and change of a device or the link."""
        return self._station.version

    def now(self) -> Instant:
        """The present moment."""
        return self._station.now()

    async def tell(self, make: InputMaker) -> Reply | None:
        """Decide and commit one input; returns once its facts are on disk."""
        return await self._station.tell(make)

    async def scanned(self, text: str) -> Reply | None:
        """A code typed by hand where a scanner would be used; the same path as the scanner's."""
        make = self.scan_reader.read(text)
        if make is None:
            return Reply(key="unreadable", ok=False)
        return await self._station.tell(make)

    def code_mac(self, digits: str) -> Mac:
        """Keyed hash of eight typed digits."""
        return self._key.mac_code(digits)

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait until `version` is above `seen`, or the time-out; returns the version."""
        return await self._station.changed(seen, timeout_s)

    def announcement(self) -> Announcement | None:
        """The latest answer to something that came in by the scanner."""
        return self._station.announcement()

    def devices(self) -> tuple[DeviceHealth, ...]:
        """Lock boards, scanners, printer and what else is there, in this order."""
        return tuple(device.health() for device in self._devices)

    def link(self) -> LinkView:
        """The county link."""
        return self._link

    def link_changed(self, view: LinkView) -> None:
        """The sync session reports; screens are woken when it matters to them."""
        turned = view.online != self._link.online or self._link.since_ms is None
        since_ms = self.now().wall_lo_ms if turned else self._link.since_ms
        view = replace(view, since_ms=since_ms)
        if view != self._link:
            self._link = view
            self._station.metrics.waiting.set(view.waiting)
            self._station.metrics.link_up.set(int(view.online))
            self._station.ring()
        self._judge(view)

    def _judge(self, view: LinkView) -> None:
        """An old image must not hand parcels out by codes that the county knows as spent."""
        verdict = OK if view.online else view.verdict
        if (verdict == ROLLBACK and not self.state.doubted) or (
            verdict == OK and self.state.doubted
        ):
            self._station.report(lambda at, _fresh: CountyJudged(at=at, verdict=verdict))

    def room(self) -> RoomView | None:
        """How much more can be kept; None while that is not known."""
        return self._county.room() if self._county is not None else None

    def notices(self) -> tuple[CountyNotice, ...]:
        """Notices of the county that are not over, the newest first."""
        if self._county is None:
            return ()
        return self._county.board.notices(self.now().wall_lo_ms)

    async def read_notice(self, keeper: KeeperId, notice: str, seq: int) -> None:
        """The keeper has read a notice as it was shown. Raises Refused when it has changed."""
        if self._county is None or not any(
            (shown.key, shown.seq) == (notice, seq) for shown in self.notices()
        ):
            raise Refused("notice_gone")
        await self._county.board.mark_read(keeper, notice, seq)

    def is_revoked(self, keeper: KeeperId) -> bool:
        """Whether the county no longer lets this keeper in."""
        return self._county is not None and self._county.board.is_revoked(keeper)

    async def where_is(self, waybill_no: WaybillNo) -> tuple[Place, ...] | None:
        """Which stations of the county have or had a parcel; None when nobody knows now."""
        return None if self._county is None else await self._county.where_is(waybill_no)

    async def trace(self, waybill_no: WaybillNo) -> tuple[TraceStep, ...] | None:
        """A parcel's way as the county has it, the oldest step first; None when nobody knows."""
        return None if self._county is None else await self._county.trace(waybill_no)

    def prints(self) -> PrintQueueView:
        """The print queue."""
        return self.print_worker.view()

    def labels(self) -> PrintQueueView:
        """The same of labels; nothing waits where there is no printer for them."""
        return PrintQueueView(waiting=0) if self.label_worker is None else self.label_worker.view()

    def power(self) -> PowerView | None:
        """The supply; None where the station has none that tells."""
        return self.supply.view() if self.supply is not None else None

    def weight(self) -> Weight | None:
        """What lay still on the scale last; None where there is no scale that works."""
        return self.scale.weight() if self.scale is not None else None

    def articles(self) -> Mapping[CellId, bool]:
        """What the article sensors say, by cell: True where something lies inside."""
        return self._articles()

    def choose_voice(self, dialect: str, loudness: Loudness, *, aloud: bool) -> None:
        """How the kiosk speaks from now on. Raises Refused for a voice that is not there."""
        self.voice.choose(dialect, loudness, aloud=aloud)
        self._station.ring()

    def device_states(self) -> dict[str, str]:
        """What the county hears of each device: its note, e.g. of a printer without paper."""
        states = {device.name: device_state(device) for device in self.devices()}
        if self.supply is not None and states.get("power") == WELL:
            states["power"] = supply_word(self.supply.view())
        if note := self._clock_note():
            states["clock"] = note
        return states

    async def keeper_exists(self) -> bool:
        """Whether a keeper PIN has been set at this station."""
        return await self._keepers.exists()

    async def add_first_keeper(self, keeper: KeeperId, pin: str) -> None:
        """Set the first keeper's PIN. Raises Refused when one exists or the PIN is too simple."""
        await self._keepers.add_first(keeper, pin)
        self._station.ring()

    async def check_pin(self, keeper: KeeperId, pin: str) -> None:
        """Check a PIN; wrong tries are counted on disk before the answer. Raises Refused."""
        await self._keepers.check(keeper, pin)
        if self.is_revoked(keeper):  # told to nobody but who knows the PIN
            raise Refused("keeper_revoked")

    async def check_courier(self, courier: CourierId, pin: str) -> None:
        """Check a courier's PIN, counted like a keeper's. Raises Refused."""
        try:
            await self.couriers.check(KeeperId(courier), pin)
        except Refused as refused:
            if refused.reason != "pin_wrong":
                raise
            raise Refused("courier_unknown") from refused

    def manifests(self) -> Manifests | None:
        """What the county's manifests say; None where there is no county."""
        return self.scan_reader.manifests

    def metrics(self) -> bytes:
        """Prometheus text."""
        metrics = self._station.metrics
        for device in self.devices():
            metrics.device_present.labels(device=device.name).set(int(device.present))
            metrics.bad_frames.labels(device=device.name).set(device.bad_frames)
        doors = Counter(door_of(self.state, cell.cell).door for cell in self.policy.cells)
        for door in Door:
            metrics.doors.labels(door=door).set(doors[door])
        return metrics.text()
