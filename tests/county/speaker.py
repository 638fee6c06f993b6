"""A station's voice on a real broker: says hello, sends its journal, beats its heart."""

import queue
from types import TracebackType
from typing import Any, Self, TypeVar

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import (
    Ack,
    Goodbye,
    Heartbeat,
    Message,
    Welcome,
)
from edge.kernel.ids import CountyId
from tests.county.village import Village
from tests.support.plain import PlainCodec

PATIENCE_S = 20.0
_Answer = TypeVar("_Answer", Welcome, Ack)


class Speaker:
    """One village connected to a broker; use as a context manager."""

    def __init__(
        self, village: Village, port: int, codec: Codec | None = None, county: str = "shangyou"
    ) -> None:
        """Without a `codec` it speaks plainly: to whom cares for topics and bytes alone."""
        self._codec = codec or PlainCodec()
        self.village, self._county, self._port = village, CountyId(county), port
        self._heard: queue.Queue[Message] = queue.Queue()
        self._listening: queue.Queue[str] = queue.Queue()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"test-{village.station}", clean_session=True
        )
        self._client.on_connect = self._connected
        self._client.on_subscribe = lambda *_: self._listening.put("now")
        self._client.on_message = lambda _client, _data, message: self._heard.put(
            self._codec.unpack("dn", bytes(message.payload))
        )
        self._nonces = 0

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        assert self._listening.get(timeout=PATIENCE_S) == "now"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        cause: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(topic(self._county, self.village.station, "dn"), qos=1)

    def publish(self, lane: str, payload: bytes, *, retain: bool = False) -> None:
        address = topic(self._county, self.village.station, lane)
        info = self._client.publish(address, payload, qos=1, retain=retain)
        info.wait_for_publish(PATIENCE_S)

    def say(self, lane: str, message: Message) -> None:
        self.publish(lane, self._codec.pack(lane, message))

    def hear(self, kind: type[_Answer], within_s: float = PATIENCE_S) -> _Answer:
        """The next message of a kind; an answer to what was said before may still come by."""
        while not isinstance(message := self._heard.get(timeout=within_s), kind):
            continue
        return message

    def greet(self) -> Welcome:
        """Say hello until somebody answers: the county may not be there yet."""
        for _ in range(40):
            self._nonces += 1
            self.say("up", self.village.hello(f"n{self._nonces}"))
            try:
                return self.hear(Welcome, 0.5)
            except queue.Empty:
                continue
        raise AssertionError("no county answered")

    def deliver(self) -> Ack:
        """Hello, then everything that the county lacks, in one batch."""
        welcome = self.greet()
        self.say("up", self.village.batch(welcome.session, welcome.applied.seq))
        return self.hear(Ack)

    def beat(
        self, *, waiting: int = 0, devices: dict[str, str] | None = None, simulated: bool = True
    ) -> None:
        well = {"lock-board-1": "ok", "scanner": "ok", "printer": "ok"}
        self.say(
            "tel",
            Heartbeat(
                boot=1,
                up_ms=1_000,
                head_seq=self.village.seq,
                waiting=waiting,
                devices=devices or well,
                simulated=simulated,
            ),
        )

    def part(self) -> None:
        self.say("tel", Goodbye(clean=True))
