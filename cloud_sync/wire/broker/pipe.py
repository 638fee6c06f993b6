"""The pipe to the broker over MQTT 3.1.1 or 5, for either end: paho, thin, and hardened.

Nothing that the broker promises is relied on. Each connection has a fresh client: whatever paho
still had queued goes with the old one, so that nobody is flooded with yesterday's messages. What
is lost, the two ends send again.
"""

import secrets
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from cloud_sync.wire.broker.away import Away, why_not_open
from cloud_sync.wire.broker.broker_address import BrokerAddress
from cloud_sync.wire.broker.echo import EchoTest
from edge.kernel.errors import ConfigError

log = structlog.get_logger(__name__)

Version = Literal["3.1.1", "5"]
"""Of MQTT. Nothing of 5 is needed, but for a broker's limits, which it alone can tell."""
ESTABLISHED_WITHIN_S: Final = 15.0
"""From the open socket to the granted subscription; a broker that takes longer is hung."""
BACKOFF_FLOOR_S: Final = 0.2
BACKOFF_FIRST_S: Final = 1.0
STEADY_S: Final = 5.0
"""A connection that lived so long, or brought a message, resets the back-off."""
_CLOSE_WITHIN_S: Final = 2.0
_MAX_DOUBLINGS: Final = 6
_IN_FLIGHT: Final = 20
"""Messages that may wait for the broker's receipt at once, unless it wants fewer."""
_LOST: Final = "connection lost"
_NOT_TAKEN_IN: Final = "the broker ended the connection before it took us in"
_PACKET_ROOM: Final = 16
"""Bytes of a PUBLISH beside topic and payload, properties included: we send none."""


class Heard(NamedTuple):
    """A message of the broker. `topic` is None where it is no text."""

    topic: str | None
    payload: bytes
    retained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every connection of one end is like.

    Of the messages that a stuck socket holds up, paho's memory takes `most_unsent`; more are
    lost. `last_will` is a topic and what the broker says there when we fall silent. `tls` is asked
    for each connection anew, so that a renewed certificate counts from the next one on. With
    `echo`, a connection counts as up only when a message of our own has come back on it.
    """

    address: BrokerAddress
    client_id: str
    listen_on: tuple[str, ...]
    keepalive_s: int
    backoff_cap_s: float
    most_unsent: int
    last_will: tuple[str, bytes] | None = None
    version: Version = "3.1.1"
    tls: Callable[[], ssl.SSLContext] | None = None
    echo: EchoTest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Who hears of it, in the pipe's own threads: must not wait. Down comes only after up.

    `on_away` hears after each connection that ended or never came about, what was in its way.
    """

    on_up: Callable[[], None]
    on_down: Callable[[str], None]
    on_message: Callable[[Heard], None]
    on_away: Callable[[Away], None] = lambda _why: None


def backoff_s(failures: int, share: float, cap_s: float) -> float:
    """Seconds to wait before the next try: full jitter, short at first, at most `cap_s`.

    `share` is evenly spread over 0 <= x < 1.
    """
    ceiling = min(cap_s, BACKOFF_FIRST_S * (1 << min(failures, _MAX_DOUBLINGS)))
    return BACKOFF_FLOOR_S + (ceiling - BACKOFF_FLOOR_S) * share


class Pipe:
    """Connects and stays connected, from `start` to `stop`; one use."""

    def __init__(self, plan: Plan, ears: Ears) -> None:
        self._plan, self._ears = plan, ears
        self._ending, self._ended = threading.Event(), threading.Event()
        self._live: _Connection | None = None
        self._in_flight = _IN_FLIGHT

    @property
    def up(self) -> bool:
        """Whether there is a connection that takes messages."""
        return self._live is not None

    def room_for(self, where: str) -> int | None:
        """The largest payload that the broker takes on this topic, None where it told no limit."""
        connection = self._live
        return None if connection is None else connection.room_for(where)

    def start(self) -> None:
        """Begin; an absent broker is waited for."""
        # A daemon thread: looking up a name may hang for minutes, and must not hold up our end.
        threading.Thread(target=self._keep_connected, name="cunyi-pipe", daemon=True).start()

    def publish(self, where: str, payload: bytes) -> None:
        """Send at least once while this connection lives; while there is none it is lost."""
        connection = self._live
        if connection is not None:
            connection.publish(where, payload)

    def stop(self) -> None:
        """Disconnect after what was published has left; waits two seconds at most."""
        self._ending.set()
        connection = self._live
        if connection is not None:
            connection.disconnect()
        self._ended.wait(_CLOSE_WITHIN_S)

    def _keep_connected(self) -> None:
        failures = 0
        told: set[str] = set()
        while not self._ending.is_set():
            connection = self._connection()
            if connection.run(self._ending):
                failures = 0
                told.clear()
            self._in_flight = connection.wants_in_flight
            if self._ending.is_set():
                break
            self._ears.on_away(connection.away)
            share = secrets.randbelow(2**32) / 2**32
            wait_s = backoff_s(failures, share, self._plan.backoff_cap_s)
            failures += 1
            if connection.reason not in told:  # an absence of a night must not fill the log
                told.add(connection.reason)
                log.warning(
                    "broker_away",
                    broker=f"{self._plan.address.host}:{self._plan.address.port}",
                    reason=connection.reason,
                    again_in_s=round(wait_s, 1),
                    then_at_most_every_s=self._plan.backoff_cap_s,
                )
            self._ending.wait(wait_s)
        self._ended.set()

    def _connection(self) -> "_Connection":
        heard = self._ears.on_message
        return _Connection(self._plan, self._in_flight, heard, self._rose, self._fell)

    def _rose(self, connection: "_Connection") -> None:
        self._live = connection
        self._ears.on_up()

    def _fell(self, reason: str) -> None:
        self._live = None
        self._ears.on_down(reason)


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
    """

    def __init__(
        self,
        plan: Plan,
        in_flight: int,
        on_message: Callable[[Heard], None],
        on_up: Callable[["_Connection"], None],
        on_down: Callable[[str], None],
    ) -> None:
        self.reason, self.away = _LOST, Away.LOST
        self._plan = plan
        self._on_up, self._on_down, self._on_message = on_up, on_down, on_message
        self._settled, self._gone = threading.Event(), threading.Event()
        self._turning = threading.Lock()
        self._up_since: float | None = None
        self._good = self._answered = False
        self._most_bytes: int | None = None
        self.wants_in_flight = in_flight
        self._client = self._make_client()

    def _make_client(self) -> _Client:
        plan, five = self._plan, self._plan.version == "5"
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=plan.client_id,
            protocol=mqtt.MQTTv5 if five else mqtt.MQTTv311,
            clean_session=None if five else True,
            reconnect_on_failure=False,
        )
        if plan.last_will is not None:
            client.will_set(*plan.last_will, qos=1)
        client.max_queued_messages_set(plan.most_unsent)
        client.max_inflight_messages_set(self.wants_in_flight)
        client.on_connect, client.on_subscribe = self._connected, self._subscribed
        client.on_message, client.when_over = self._arrived, self._over
        client.on_log, client.on_disconnect = self._paho_says, self._parted
        return client

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
            self._connect()
        except (OSError, ConfigError) as cause:  # an SSLError is an OSError too
            self.reason, self.away = str(cause), why_not_open(cause)
            return
        self._client.loop_start()
        if not self._settled.wait(ESTABLISHED_WITHIN_S):
            self.reason, self.away = "the broker does not answer", Away.SILENT
        elif self._up_since is None and not self._gone.is_set():
            self._see_the_echo(ending)
        if self._up_since is not None and not ending.is_set():
            self._gone.wait()
        self._client.disconnect()
        self._client.loop_stop()

    def _connect(self) -> None:
        """Open the socket. Raises OSError, ConfigError."""
        plan = self._plan
        if plan.address.tls:
            self._client.tls_set_context(plan.tls() if plan.tls else ssl.create_default_context())
        # Version 5 by default keeps no session once the connection is gone, as is wanted here.
        clean = True if plan.version == "5" else mqtt.MQTT_CLEAN_START_FIRST_ONLY
        address, keepalive_s = plan.address, plan.keepalive_s
        self._client.connect(address.host, address.port, keepalive_s, clean_start=clean)

    def _see_the_echo(self, ending: threading.Event) -> None:
        echo = self._plan.echo
        if echo is None:
            return
        if echo.comes_back(
            lambda word: self._client.publish(echo.topic, word, qos=1),
            until=lambda: ending.is_set() or self._gone.is_set(),
        ):
            self._rise()
        elif not self._gone.is_set():
            self.reason, self.away = echo.trouble, Away.DEAF

    def publish(self, where: str, payload: bytes) -> None:
        """Send at least once while this connection lives; never more than the broker takes."""
        room = self.room_for(where)
        if room is not None and len(payload) > room:
            # It would end the connection, the message would come again, and so for ever.
            size, most = len(payload), self._most_bytes
            log.error(
                "message_above_the_brokers_limit", topic=where, size=size, room=room, most=most
            )
            return
        self._client.publish(where, payload, qos=1)

    def room_for(self, where: str) -> int | None:
        """The largest payload that the broker takes on this topic, None where it told no limit."""
        most = self._most_bytes
        return None if most is None else max(0, most - len(where.encode()) - _PACKET_ROOM)

    def disconnect(self) -> None:
        """Say so to the broker, after everything that was published before."""
        self._client.disconnect()

    def _let_go(self) -> None:
        # The callbacks make a circle, and only a client outside of one closes its wake-up sockets.
        client = self._client
        client.on_connect = client.on_subscribe = client.on_message = None
        client.on_log = client.on_disconnect = None
        del client.when_over

    # -- paho's callbacks

    def _connected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, properties: Any
    ) -> None:
        self._answered = True
        if reason.is_failure:
            self.reason, self.away = f"the broker refused us: {reason}", Away.REFUSED
            return
        self._most_bytes = getattr(properties, "MaximumPacketSize", None)
        in_flight = getattr(properties, "ReceiveMaximum", None) or self.wants_in_flight
        if in_flight < self.wants_in_flight:  # paho changes it between connections only
            self.wants_in_flight = in_flight
            self.reason = f"the broker takes {in_flight} messages at once: connecting anew for that"
            client.disconnect()
            return
        client.subscribe([(one, 1) for one in self._plan.listen_on])

    def _subscribed(
        self, client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self.reason, self.away = "the broker refused our topic", Away.NO_RIGHT
            client.disconnect()
            return
        if self._plan.echo is None:
            self._rise()
        self._settled.set()

    def _rise(self) -> None:
        with self._turning:  # the echo may come in another thread than the end
            if not self._gone.is_set():
                self._up_since = time.monotonic()
                self._on_up(self)

    def _over(self) -> None:
        if not self._answered and self.reason == _LOST:
            # A refused certificate looks like this too: the alert that says so is often lost.
            tls = self._plan.address.tls
            doubt = ": it may refuse our certificate" if tls else ""
            self.reason, self.away = _NOT_TAKEN_IN + doubt, Away.REFUSED if tls else Away.LOST
        with self._turning:
            self._gone.set()
            if self._up_since is not None:
                self._on_down(self.reason)
        self._settled.set()

    def _parted(
        self, _client: mqtt.Client, _data: Any, flags: Any, reason: Any, _properties: Any
    ) -> None:
        if flags.is_disconnect_packet_from_server:  # version 5 alone says why
            self.reason = f"connection ended by the broker: {reason}"

    def _arrived(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # paho decodes late
            topic = None
        echo = self._plan.echo
        if echo is not None and topic == echo.topic:
            echo.heard(bytes(message.payload))
            return
        self._good = self._good or not message.retain
        self._on_message(Heard(topic, bytes(message.payload), message.retain))

    def _paho_says(self, _client: mqtt.Client, _data: Any, level: int, said: str) -> None:
        # The one place where a certificate that the broker does not like is named.
        if level == mqtt.MQTT_LOG_ERR and "alert" in said:
            self.reason = f"the broker refused our certificate: {said}"[:200]
            self.away = Away.REFUSED
