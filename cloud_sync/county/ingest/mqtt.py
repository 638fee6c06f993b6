"""The county's end of the pipe: thin. What is lost, the stations ask for again.

With shared subscriptions several connections take the stations' messages in turns. Whatever order
comes of that does no harm: a station has one batch on the way and waits for its answer.
"""

import ssl
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from cloud_sync.county.identity.own_keys import CA_CERTIFICATE, TLS_CERTIFICATE, TLS_KEY
from cloud_sync.county.settings import CountySettings
from cloud_sync.wire.broker.away import Away
from cloud_sync.wire.broker.broker_address import read_broker_address
from cloud_sync.wire.broker.echo import EchoTest
from cloud_sync.wire.broker.pipe import Ears, Heard, Pipe, Plan, Version
from cloud_sync.wire.broker.topics import Address, echo_topic, every_station, parse_topic, topic
from cloud_sync.wire.trust.tls import client_context
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 20
BACKOFF_CAP_S: Final = 15.0
"""Shorter than a station's: one county that is away leaves every station waiting."""
_LANES: Final = ("up", "ask", "tel")
_MAX_UNSENT: Final = 1_000
_DEAF: Final = (
    "the broker took us in, yet our own message on {topic} did not come back: "
    "the county's certificate has no right to publish or to read there"
)
NO_SHARE: Final = "no_share"
_NO_SHARE: Final = (
    "the broker took us in, yet our own message on {topic} did not come back through $share: "
    "the embedded broker and RabbitMQ have no shared subscriptions. "
    "Set share = false and workers = 1 under [link] in county.toml, or use mosquitto"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """How the county speaks to its broker. More than one worker asks for `share`."""

    version: Version = "3.1.1"
    workers: int = 1
    share: bool = False
    tls: Callable[[], ssl.SSLContext] | None = None
    keepalive_s: int = KEEPALIVE_S


def link_plan(settings: CountySettings) -> LinkPlan:
    """What county.toml says, and the county's certificate where the broker asks for one."""
    link, folder = settings.link, settings.folder
    files = (folder / CA_CERTIFICATE, folder / TLS_CERTIFICATE, folder / TLS_KEY)
    tls = link.broker.startswith("mqtts:")
    return LinkPlan(
        version=link.mqtt,
        workers=link.workers,
        share=link.share,
        tls=(lambda: client_context(*files)) if tls else None,
    )


class CountyLink:
    """Subscribes to what every station says, publishes on `dn` and `ans`; reconnects for ever.

    It is up while one of its connections is. All callbacks are called in the pipes' threads and
    must not wait.
    """

    def __init__(  # noqa: PLR0913 - where, for whom, and who hears of it, each by name
        self,
        broker: str,
        county: CountyId,
        *,
        on_dropped: Callable[[str], None],
        on_link: Callable[[bool], None],
        on_trouble: Callable[[str], None] = lambda _why: None,
        plan: LinkPlan | None = None,
    ) -> None:
        """Raises ConfigError for an address that cannot be used or would travel in clear.

        `on_trouble` hears a word of `Away`, or NO_SHARE, while no connection lives.
        """
        self._county, self._on_trouble = county, on_trouble
        self._on_dropped, self._on_link = on_dropped, on_link
        self._on_message: Callable[[Address, bytes], None] = _nobody
        self._broker, self._plan = broker, plan or LinkPlan()
        where = echo_topic(county)
        told = (_NO_SHARE if self._plan.share else _DEAF).format(topic=where)
        self._echo = EchoTest(where, told)
        ears = Ears(
            on_up=self._rose,
            on_down=self._fell,
            on_message=self._arrived,
            on_away=self._away,
        )
        self._pipes = [Pipe(self._pipe_plan(n), ears) for n in range(self._plan.workers)]
        self._turning = threading.Lock()
        self._live = 0

    def start(self, on_message: Callable[[Address, bytes], None]) -> None:
        """Connect and stay connected; an absent broker is waited for."""
        self._on_message = on_message
        for pipe in self._pipes:
            pipe.start()

    def send(self, station: StationId, lane: str, payload: bytes) -> None:
        """Say something on `dn` or `ans`. While the broker is away it is lost."""
        # One station's messages go one way, so that they stay in order while that way is open.
        first = zlib.crc32(station.encode()) % len(self._pipes)
        in_turn = self._pipes[first:] + self._pipes[:first]
        way = next((pipe for pipe in in_turn if pipe.up), in_turn[0])
        way.publish(topic(self._county, station, lane), payload)

    def stop(self) -> None:
        """Say goodbye and disconnect."""
        leaving = [threading.Thread(target=pipe.stop) for pipe in self._pipes]
        for one in leaving:
            one.start()
        for one in leaving:
            one.join()

    def _pipe_plan(self, number: int) -> Plan:
        plan = self._plan
        suffix = f"-{number + 1}" if plan.workers > 1 else ""
        return Plan(
            address=read_broker_address(self._broker, "county.toml"),
            client_id=f"cunyi-county-{self._county}{suffix}",
            listen_on=tuple(
                every_station(self._county, lane, shared=plan.share) for lane in _LANES
            ),
            keepalive_s=plan.keepalive_s,
            backoff_cap_s=BACKOFF_CAP_S,
            most_unsent=_MAX_UNSENT,
            version=plan.version,
            tls=plan.tls,
            echo=self._echo,
        )

    def _rose(self) -> None:
        with self._turning:
            self._live += 1
            log.info("broker_connected", county=self._county, connections=self._live)
            if self._live == 1:
                self._on_link(True)  # noqa: FBT003 - the callback's only word

    def _fell(self, reason: str) -> None:
        with self._turning:
            self._live -= 1
            log.warning("broker_gone", reason=reason, connections=self._live)
            if self._live == 0:
                self._on_link(False)  # noqa: FBT003 - the callback's only word

    def _away(self, why: Away) -> None:
        with self._turning:
            if self._live == 0:
                deaf = why is Away.DEAF and self._plan.share
                self._on_trouble(NO_SHARE if deaf else why.value)

    def _arrived(self, heard: Heard) -> None:
        if heard.retained:
            self._on_dropped("retained")
            return
        address = None if heard.topic is None else parse_topic(heard.topic)
        if address is None or address.county != self._county:
            self._on_dropped("stranger_topic")
            return
        self._on_message(address, heard.payload)


def _nobody(_address: Address, _payload: bytes) -> None:
    """Before the start nobody listens."""
