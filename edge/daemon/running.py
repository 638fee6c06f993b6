"""A running station as its pages see it: the loop, its devices, its keepers and its link."""

import structlog

from edge.daemon.chance import MacKey
from edge.daemon.front import Announcement, InputMaker, LinkView, PrintQueueView
from edge.daemon.keepers import Keepers
from edge.daemon.print_worker import PrintWorker
from edge.daemon.scans import read_scan
from edge.daemon.station import Station
from edge.domain.effects import Reply
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.kernel.ids import KeeperId, Mac, StationId
from edge.kernel.time import Instant
from hardware.ports import Device, DeviceHealth

log = structlog.get_logger(__name__)


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
        print_worker: PrintWorker,
        key: MacKey,
        devices: tuple[Device, ...],
    ) -> None:
        self.station_id = station_id
        self.station_name = station_name
        self.software = software
        self.simulated = simulated
        self.policy: Policy = station.policy
        self._station = station
        self._keepers = keepers
        self.print_worker = print_worker
        self._key = key
        self._devices = devices
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
        make = read_scan(text, self._key)
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
        if view != self._link:
            self._link = view
            self._station.metrics.waiting.set(view.waiting)
            self._station.metrics.link_up.set(int(view.online))
            self._station.ring()

    def prints(self) -> PrintQueueView:
        """The print queue."""
        return self.print_worker.view()

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

    def metrics(self) -> bytes:
        """Prometheus text."""
        metrics = self._station.metrics
        for device in self.devices():
            metrics.device_present.labels(device=device.name).set(int(device.present))
            metrics.bad_frames.labels(device=device.name).set(device.bad_frames)
        return metrics.text()
