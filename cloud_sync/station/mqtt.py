"""The pipe to the county over MQTT 3.1.1: paho, thin, and nothing the broker promises is relied on.

A fresh client for each connection: whatever paho still had queued goes with the old one, so that
a station never floods the county with yesterday's messages. What is lost, the uplink sends
again.
"""

import asyncio
import contextlib
import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from cloud_sync.station.ports import Link, LinkDown, LinkEvent, LinkMessage, LinkUp
from cloud_sync.wire.messages import Goodbye, pack
from cloud_sync.wire.topics import topic
from edge.kernel.errors import ConfigError
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 30
ESTABLISHED_WITHIN_S: Final = 15.0
"""From the open socket to the granted subscription; a broker that takes longer is hung."""
BACKOFF_FLOOR_S: Final = 0.2
BACKOFF_FIRST_S: Final = 1.0
BACKOFF_CAP_S: Final = 60.0
STEADY_S: Final = 5.0
"""A connection that lived so long, or brought a word of the county, resets the back-off."""
_CLOSE_WITHIN_S: Final = 2.0
_MAX_UNSENT: Final = 64
"""Messages in paho's memory while the socket is stuck; more are lost."""
_MAX_DOUBLINGS: Final = 6


class Address(NamedTuple):
    """A broker's address, taken apart."""

    host: str
    port: int
    tls: bool


def read_address(broker_url: str) -> Address:
    """Take a broker's address apart. Raises ConfigError where it cannot or must not be used."""
    try:
        parts = urlsplit(broker_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in {"mqtt", "mqtts"} or "@" in parts.netloc:
        raise ConfigError(
            "station.toml",
            "link.broker",
            "this is no broker's address",
            "Write mqtts://HOST:8883, or mqtt://127.0.0.1:PORT on this machine",
        )
    if parts.scheme == "mqtt" and not _is_loopback(host):
        raise ConfigError(
            "station.toml",
            "link.broker",
            f"mqtt:// would send everything in clear to {host}",
            f"Use mqtts://{host}:8883; mqtt:// is for 127.0.0.1 and localhost alone",
        )
    return Address(host, port, tls=parts.scheme == "mqtts")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def backoff_s(failures: int, share: float) -> float:
    """Seconds to wait before the next try: full jitter, short at first, at most BACKOFF_CAP_S.

    `share` is evenly spread over 0 <= x < 1.
    """
    ceiling = min(BACKOFF_CAP_S, BACKOFF_FIRST_S * (1 << min(failures, _MAX_DOUBLINGS)))
    return BACKOFF_FLOOR_S + (ceiling - BACKOFF_FLOOR_S) * share


class MqttLink:
    """Fits cloud_sync.station.ports.Link; one use from `start` to `aclose`."""

    def __init__(self, broker_url: str, *, county: CountyId, station: StationId) -> None:
        """Raises ConfigError for an address that cannot be used or would travel in clear."""
        self._address = read_address(broker_url)
        self._county, self._station = county, station
        self._ending = threading.Event()
        self._ended = asyncio.Event()
        self._live: _Connection | None = None
        self.dropped = 0
        """Retained messages and messages on other topics: nobody of ours sends them."""

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Connect and stay connected; `on_event` is called on the running event loop."""
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        # A daemon thread: looking up a name may hang for minutes, and must not hold up our end.
        threading.Thread(target=self._keep_connected, name="cunyi-link", daemon=True).start()

    def send(self, lane: str, payload: bytes) -> None:
        """Hand bytes to the broker; while there is none they are lost."""
        connection = self._live
        if connection is not None:
            connection.publish(topic(self._county, self._station, lane), payload)

    async def aclose(self) -> None:
        """Disconnect after what was sent has left; no event is told from here on."""
        self._ending.set()
        connection = self._live
        if connection is not None:
            connection.disconnect()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._ended.wait()

    # -- in threads of their own

    def _keep_connected(self) -> None:
        failures = 0
        while not self._ending.is_set():
            connection = self._connect()
            failures = 0 if connection.run(self._ending) else failures
            if self._ending.is_set():
                break
            wait_s = backoff_s(failures, secrets.randbelow(2**32) / 2**32)
            failures += 1
            log.info("broker_away", reason=connection.reason, again_in_s=round(wait_s, 1))
            self._ending.wait(wait_s)
        self._hop(self._ended.set)

    def _connect(self) -> "_Connection":
        return _Connection(
            self._address,
            client_id=f"cunyi-{self._county}-{self._station}",
            listen_on=topic(self._county, self._station, "dn"),
            last_will_on=topic(self._county, self._station, "tel"),
            on_up=self._rose,
            on_down=self._fell,
            on_message=self._arrived,
        )

    def _rose(self, connection: "_Connection") -> None:
        self._live = connection
        self._hop(self._tell, LinkUp())

    def _fell(self, reason: str) -> None:
        self._live = None
        self._hop(self._tell, LinkDown(reason))

    def _arrived(self, payload: bytes | None) -> None:
        if payload is None:
            self.dropped += 1
        else:
            self._hop(self._tell, LinkMessage(payload))

    def _hop(self, call: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens any more
            self._loop.call_soon_threadsafe(call, *arguments)

    def _tell(self, event: LinkEvent) -> None:
        if not self._ending.is_set():
            self._on_event(event)


class _Client(mqtt.Client):
    """paho's client, which says when its thread ends, whatever ended it."""

    when_over: Callable[[], None]

    def loop_forever(
        self,
        timeout: float = 1.0,
        retry_first_connection: bool = False,  # noqa: FBT001, FBT002 - paho's signature
    ) -> MQTTErrorCode:
        """What paho runs in its thread."""
        try:
            return super().loop_forever(timeout, retry_first_connection)
        except Exception as cause:  # noqa: BLE001 - paho stumbles in many ways over bytes it trusts
            log.warning("broker_speaks_no_mqtt", reason=repr(cause)[:200])
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        finally:
            self.when_over()


class _Connection:
    """One paho client, from its connect to its end; never used again.

    The callbacks come from paho's thread, `on_up` once at most, `on_down` only after it.
    `on_message` gets None for a message that is not for us.
    """

    def __init__(  # noqa: PLR0913 - what one connection is and who hears of it
        self,
        address: Address,
        *,
        client_id: str,
        listen_on: str,
        last_will_on: str,
        on_up: Callable[["_Connection"], None],
        on_down: Callable[[str], None],
        on_message: Callable[[bytes | None], None],
    ) -> None:
        self.reason = "connection lost"
        self._address, self._listen_on = address, listen_on
        self._on_up, self._on_down, self._on_message = on_up, on_down, on_message
        self._settled, self._gone = threading.Event(), threading.Event()
        self._up_since: float | None = None
        self._good = False
        client = self._client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=mqtt.MQTTv311,
            clean_session=True,
            reconnect_on_failure=False,
        )
        client.will_set(last_will_on, pack(Goodbye(clean=False)), qos=1)
        client.max_queued_messages_set(_MAX_UNSENT)
        client.on_connect, client.on_subscribe = self._connected, self._subscribed
        client.on_message, client.when_over = self._arrived, self._over

    def run(self, ending: threading.Event) -> bool:
        """Connect and wait until it is over; says whether the connection was a good one."""
        try:
            self._live(ending)
        finally:
            self._let_go()
        lived_s = time.monotonic() - self._up_since if self._up_since is not None else 0.0
        return self._good or lived_s >= STEADY_S

    def _live(self, ending: threading.Event) -> None:
        try:
            if self._address.tls:
                self._client.tls_set()
            self._client.connect(self._address.host, self._address.port, KEEPALIVE_S)
        except OSError as cause:
            self.reason = str(cause)
            return
        self._client.loop_start()
        if not self._settled.wait(ESTABLISHED_WITHIN_S):
            self.reason = "the broker does not answer"
        elif not ending.is_set():
            self._gone.wait()
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, where: str, payload: bytes) -> None:
        """Send at least once while this connection lives."""
        self._client.publish(where, payload, qos=1)

    def disconnect(self) -> None:
        """Say so to the broker, after everything that was published before."""
        self._client.disconnect()

    def _let_go(self) -> None:
        # The callbacks make a circle, and only a client outside of one closes its wake-up sockets.
        client = self._client
        client.on_connect = client.on_subscribe = client.on_message = None
        del client.when_over

    # -- paho's callbacks

    def _connected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            self.reason = f"the broker refused us: {reason}"
        else:
            client.subscribe(self._listen_on, qos=1)

    def _subscribed(
        self, client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self.reason = "the broker refused our topic"
            client.disconnect()
            return
        self._up_since = time.monotonic()
        self._on_up(self)
        self._settled.set()

    def _over(self) -> None:
        if self._up_since is not None:
            self._on_down(self.reason)
        self._settled.set()
        self._gone.set()

    def _arrived(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        if message.retain or message.topic != self._listen_on:
            self._on_message(None)
            return
        self._good = True
        self._on_message(bytes(message.payload))


def _conforms(link: MqttLink) -> Link:
    return link
