"""The way to the county: who we are to it, the codec, the pipe, and what the screens hear of it."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cloud_sync.station.enrolment.awaited_link import AwaitedLink
from cloud_sync.station.enrolment.belonging import Belonging
from cloud_sync.station.enrolment.identity import StationIdentity, tls_files
from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.ports import Link
from cloud_sync.station.session import SyncStatus
from cloud_sync.wire.broker.broker_address import read_broker_address
from cloud_sync.wire.framing.frame import SealedCodec
from cloud_sync.wire.trust.identity import PublicIdentity
from cloud_sync.wire.trust.tls import client_context, server_context
from cloud_sync.wire.trust.web_hosts import certified_hosts
from edge.daemon.clock import SystemClock
from edge.daemon.county.membership import Membership
from edge.daemon.county.passes import PassReader
from edge.daemon.front import LinkView
from edge.daemon.running import RunningStation
from edge.guard.doors import Door, open_doors
from edge.kernel.errors import ConfigError
from edge.settings import FILE_NAME, Settings
from edge.wiring.county_corner import FacingCounty


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyLink:
    """The parts that a sync session is made of. `belonging` goes among its talks."""

    identity: StationIdentity
    codec: SealedCodec
    link: Link
    belonging: Belonging
    on_status: Callable[[SyncStatus], None]
    retained: Callable[[], int]
    """How many messages somebody had left for us at the broker."""


def make_county_link(
    folder: Path, settings: Settings, tell: Callable[[LinkView], None]
) -> CountyLink:
    """Raises ConfigError for a broker that cannot be used, StoreError for a lost key."""
    address = read_broker_address(settings.link.broker, "station.toml")
    identity = StationIdentity.read(folder, settings.county_id)
    codec = SealedCodec(
        identity.mine,
        identity.county_key,
        identity.lookup,
        county=settings.county_id,
        station=settings.station_id,
    )
    board = _Board(tell)
    belonging = Belonging(lambda: identity.enrolled, board.refresh)
    board.trouble = lambda: belonging.trouble

    links: list[MqttLink] = []

    def connect() -> Link:
        board.refresh()
        link = MqttLink(
            settings.link.broker,
            county=settings.county_id,
            station=settings.station_id,
            codec=codec,
            version=settings.link.mqtt,
            tls=(lambda: client_context(*tls_files(folder))) if address.tls else None,
        )
        links.append(link)
        return link

    return CountyLink(
        identity=identity,
        codec=codec,
        link=AwaitedLink(connect, lambda: identity.enrolled),
        belonging=belonging,
        on_status=board.take,
        retained=lambda: sum(link.retained for link in links),
    )


def make_membership(
    folder: Path,
    settings: Settings,
    facing: FacingCounty,
    running: RunningStation,
    clock: SystemClock,
) -> Membership:
    """What keeps certificate and county card fresh."""
    identity = StationIdentity.read(folder, settings.county_id)
    facing.corner.board.on_keys = lambda card: identity.take_card(card.encode())
    return Membership(
        folder=folder,
        identity=identity,
        questions=facing.corner.questions,
        county=settings.county_id,
        station=settings.station_id,
        hosts=certified_hosts(settings.web.host, settings.web.hosts),
        online=lambda: running.link().online,
        mono_ms=clock.mono_ms,
        wall_ms=lambda: clock.now().wall_lo_ms,
    )


def make_pass_reader(folder: Path, settings: Settings) -> PassReader:
    """Reads passes for proxies by the county's card, which may come or change while we run."""
    identity = StationIdentity.read(folder, settings.county_id)

    def keys() -> tuple[PublicIdentity, ...]:
        card = identity.card
        return () if card is None else card.identities

    return PassReader(county=settings.county_id, station=settings.station_id, keys=keys)


def open_station_doors(folder: Path, settings: Settings) -> tuple[Door, ...]:
    """Where the pages are served. Raises PortInUseError, or ConfigError without a certificate."""
    files, web = tls_files(folder), settings.web
    key = f"[web] port in {folder}/station.toml"

    def tls() -> ssl.SSLContext:
        if not files.certificate.is_file():
            raise ConfigError(
                folder / FILE_NAME,
                "web.host",
                f"{web.host} is open to others, and there is no certificate to serve it over TLS",
                f"Write 127.0.0.1, or enrol first: cunyi station enrol {folder}",
            )
        return server_context(files.certificate, files.key)

    return open_doors(web.host, web.port, key, tls)


class _Board:
    """Tells the screens: what the uplink says, and above it why nobody there listens to us."""

    def __init__(self, tell: Callable[[LinkView], None]) -> None:
        self._tell = tell
        self._status = SyncStatus(online=False, waiting=0, verdict="")
        self.trouble: Callable[[], str] = str

    def take(self, status: SyncStatus) -> None:
        """The uplink's status has changed."""
        self._status = status
        self.refresh()

    def refresh(self) -> None:
        """Who we are to the county may have changed."""
        status = self._status
        verdict = status.verdict or ("" if status.online else self.trouble())
        self._tell(LinkView(online=status.online, waiting=status.waiting, verdict=verdict))
