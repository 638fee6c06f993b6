"""The county's end of the pipe: thin. What is lost, the stations ask for again."""

from collections.abc import Callable
from typing import Final

import structlog

from cloud_sync.wire.broker_address import read_broker_address
from cloud_sync.wire.pipe import Ears, Heard, Pipe, Plan
from cloud_sync.wire.topics import Address, every_station, parse_topic, topic
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 20
BACKOFF_CAP_S: Final = 15.0
"""Shorter than a station's: one county that is away leaves every station waiting."""
_LANES: Final = ("up", "ask", "tel")
_MAX_UNSENT: Final = 1_000


class CountyLink:
    """Subscribes to what every station says, publishes on `dn` and `ans`; reconnects for ever.

    All callbacks are called in the pipe's threads and must not wait.
    """

    def __init__(
        self,
        broker: str,
        county: CountyId,
        *,
        on_dropped: Callable[[str], None],
        on_link: Callable[[bool], None],
    ) -> None:
        self._county = county
        self._on_dropped, self._on_link = on_dropped, on_link
        self._on_message: Callable[[Address, bytes], None] = _nobody
        plan = Plan(
            address=read_broker_address(broker, "county.toml"),
            client_id=f"cunyi-county-{county}",
            listen_on=tuple(every_station(county, lane) for lane in _LANES),
            keepalive_s=KEEPALIVE_S,
            backoff_cap_s=BACKOFF_CAP_S,
            most_unsent=_MAX_UNSENT,
        )
        ears = Ears(on_up=self._rose, on_down=self._fell, on_message=self._arrived)
        self._pipe = Pipe(plan, ears)

    def start(self, on_message: Callable[[Address, bytes], None]) -> None:
        """Connect and stay connected; an absent broker is waited for."""
        self._on_message = on_message
        self._pipe.start()

    def send(self, station: StationId, lane: str, payload: bytes) -> None:
        """Say something on `dn` or `ans`. While the broker is away it is lost."""
        self._pipe.publish(topic(self._county, station, lane), payload)

    def stop(self) -> None:
        """Say goodbye and disconnect."""
        self._pipe.stop()

    def _rose(self) -> None:
        log.info("broker_connected", county=self._county)
        self._on_link(True)  # noqa: FBT003 - the callback's only word

    def _fell(self, reason: str) -> None:
        log.warning("broker_gone", reason=reason)
        self._on_link(False)  # noqa: FBT003 - the callback's only word

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
