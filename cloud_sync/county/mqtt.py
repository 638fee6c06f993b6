"""The county's end of the pipe: paho, thin. Nothing of what the broker promises is relied on."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion

from cloud_sync.wire.topics import Address, every_station, parse_topic, topic
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

_LANES: Final = ("up", "tel")
_MAX_UNSENT: Final = 1_000


class CountyLink:
    """Subscribes to every station's `up` and `tel`, publishes on `dn`; reconnects for ever.

    All callbacks are called in paho's own thread and must not wait.
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
        place = urlsplit(broker)
        self._host, self._port = place.hostname or "", place.port or 1883
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"cunyi-county-{county}",
            protocol=mqtt.MQTTv311,
            clean_session=True,
        )
        if place.scheme == "mqtts":
            self._client.tls_set()
        self._client.reconnect_delay_set(min_delay=1, max_delay=15)
        self._client.max_queued_messages_set(_MAX_UNSENT)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._arrived

    def start(self, on_message: Callable[[Address, bytes], None]) -> None:
        """Connect and stay connected; an absent broker is waited for."""
        self._on_message = on_message
        self._client.connect_async(self._host, self._port, keepalive=20)
        self._client.loop_start()

    def send(self, station: StationId, payload: bytes) -> None:
        """Answer a station. While the broker is away nothing is kept: the station asks again."""
        if self._client.is_connected():
            self._client.publish(topic(self._county, station, "dn"), payload, qos=1)

    def stop(self) -> None:
        """Say goodbye and disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            log.warning("broker_refused", reason=str(reason))
            return
        client.subscribe([(every_station(self._county, lane), 1) for lane in _LANES])
        log.info("broker_connected", host=self._host, port=self._port)
        self._on_link(True)  # noqa: FBT003 - the callback's only word

    def _disconnected(
        self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        log.warning("broker_gone", reason=str(reason))
        self._on_link(False)  # noqa: FBT003 - the callback's only word

    def _arrived(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        if message.retain:
            self._on_dropped("retained")
            return
        try:
            address = parse_topic(message.topic)
        except UnicodeDecodeError:  # paho decodes late
            address = None
        if address is None or address.county != self._county:
            self._on_dropped("stranger_topic")
            return
        self._on_message(address, bytes(message.payload))


def _nobody(_address: Address, _payload: bytes) -> None:
    """Before the start nobody listens."""
