"""The station's end of the pipe to the county: thin; what is lost, the uplink sends again."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Any, Final

import structlog

from cloud_sync.station.ports import Link, LinkDown, LinkEvent, LinkMessage, LinkUp
from cloud_sync.wire.broker.broker_address import read_broker_address
from cloud_sync.wire.broker.pipe import Ears, Heard, Pipe, Plan, Version
from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import Goodbye
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 30
BACKOFF_CAP_S: Final = 20.0
"""Five thousand stations, spread over it, ask 500 times a second; a small broker bears 700."""
_MAX_UNSENT: Final = 64
_LANES: Final = ("dn", "ans")


class MqttLink:
    """Fits cloud_sync.station.ports.Link; one use from `start` to `aclose`."""

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        broker_url: str,
        *,
        county: CountyId,
        station: StationId,
        codec: Codec,
        version: Version = "3.1.1",
        tls: Callable[[], ssl.SSLContext] | None = None,
        keepalive_s: int = KEEPALIVE_S,
    ) -> None:
        """Raises ConfigError for an address that cannot be used or would travel in clear."""
        self._county, self._station = county, station
        self._lane_of = {topic(county, station, lane): lane for lane in _LANES}
        plan = Plan(
            address=read_broker_address(broker_url, "station.toml"),
            client_id=f"cunyi-{county}-{station}",
            listen_on=tuple(self._lane_of),
            keepalive_s=keepalive_s,
            backoff_cap_s=BACKOFF_CAP_S,
            most_unsent=_MAX_UNSENT,
            last_will=(topic(county, station, "tel"), codec.pack("tel", Goodbye(clean=False))),
            version=version,
            tls=tls,
        )
        ears = Ears(on_up=self._rose, on_down=self._fell, on_message=self._arrived)
        self._pipe = Pipe(plan, ears)
        self._ending = False
        self.dropped = 0
        """Retained messages and messages on other topics: nobody of ours sends them."""
        self.retained = 0
        """The retained ones of them: somebody left a message for whoever comes."""

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Connect and stay connected; `on_event` is called on the running event loop."""
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        self._pipe.start()

    def send(self, lane: str, payload: bytes) -> None:
        """Hand bytes to the broker; while there is none they are lost."""
        self._pipe.publish(topic(self._county, self._station, lane), payload)

    async def aclose(self) -> None:
        """Disconnect after what was sent has left; no event is told from here on."""
        self._ending = True
        await asyncio.to_thread(self._pipe.stop)

    # -- in the pipe's threads

    def _rose(self) -> None:
        up = topic(self._county, self._station, "up")
        self._hop(self._tell, LinkUp(self._pipe.room_for(up)))

    def _fell(self, reason: str) -> None:
        self._hop(self._tell, LinkDown(reason))

    def _arrived(self, heard: Heard) -> None:
        lane = None if heard.retained or heard.topic is None else self._lane_of.get(heard.topic)
        if lane is None:
            self.dropped += 1
            self.retained += heard.retained
            if self.dropped.bit_count() == 1:  # 1, 2, 4, 8 ...: a flood must not fill the log
                why = "retained" if heard.retained else "stranger_topic"
                log.warning("broker_message_dropped", why=why, dropped=self.dropped)
        else:
            self._hop(self._tell, LinkMessage(lane, heard.payload))

    def _hop(self, call: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens any more
            self._loop.call_soon_threadsafe(call, *arguments)

    def _tell(self, event: LinkEvent) -> None:
        if not self._ending:
            self._on_event(event)


def _conforms(link: MqttLink) -> Link:
    return link
