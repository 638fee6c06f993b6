"""The MQTT link against the real embedded broker, which is killed, wiped and restarted."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from cloud_sync.station.mqtt import BACKOFF_CAP_S, MqttLink
from cloud_sync.station.ports import LinkDown, LinkEvent, LinkMessage, LinkUp
from cloud_sync.wire.broker.broker_address import BrokerAddress, read_broker_address
from cloud_sync.wire.broker.pipe import BACKOFF_FIRST_S, BACKOFF_FLOOR_S, backoff_s
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import Goodbye, Hello, Position
from edge.kernel.errors import ConfigError
from edge.tools.broker import Broker
from edge.tools.children import free_ports
from tests.support.broker import running_broker
from tests.support.line import line_to
from tests.support.plain import PlainCodec
from tests.sync.house import COUNTY, STATION, until

UP = "v1/dexing/qingshan-01/up"
DOWN = "v1/dexing/qingshan-01/dn"
TELEMETRY = "v1/dexing/qingshan-01/tel"


class Listener:
    """A plain MQTT client in the county's place."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._listening = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="listener")
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._message
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _connected(self, client: mqtt.Client, *_rest: Any) -> None:
        client.subscribe("v1/#", qos=1)

    def _subscribed(self, *_rest: Any) -> None:
        self._listening = True

    def _message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))

    def listens(self) -> bool:
        return self._listening

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(10)

    def on(self, topic: str) -> list[bytes]:
        return [payload for where, payload in self.heard if where == topic]

    def end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def listener(port: int) -> Iterator[Listener]:
    it = Listener(port)
    try:
        yield it
    finally:
        it.end()


@asynccontextmanager
async def linked(address: str) -> AsyncIterator[tuple[MqttLink, list[LinkEvent]]]:
    """A started link and everything that it tells."""
    link = MqttLink(address, county=COUNTY, station=STATION, codec=PlainCodec())
    events: list[LinkEvent] = []
    link.start(events.append)
    try:
        yield link, events
    finally:
        await link.aclose()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as it:
        yield it


@pytest.mark.anyio
async def test_what_the_station_sends_arrives_and_what_the_county_says_comes_back(
    broker: Broker,
) -> None:
    hello = Hello(
        nonce="n1",
        head=Position(epoch=1, seq=0, hash="0" * 64),
        oldest_seq=1,
        boot=1,
        software="0.1.0",
        cells=24,
    )
    with listener(broker.port) as county:
        async with linked(broker.address) as (link, events):
            await until(lambda: events == [LinkUp()] and county.listens())
            link.send("up", pack(hello))
            await until(lambda: county.on(UP) != [])
            await asyncio.to_thread(county.say, DOWN, b"answer")
            await until(lambda: len(events) == 2)
        assert [unpack(payload) for payload in county.on(UP)] == [hello]
        assert events == [LinkUp(), LinkMessage("dn", b"answer")]


@pytest.mark.anyio
async def test_a_killed_and_wiped_broker_is_found_again_and_nothing_old_is_sent(
    broker: Broker,
) -> None:
    async with linked(broker.address) as (link, events):
        await until(lambda: events == [LinkUp()])
        broker.kill()
        for number in range(100):
            link.send("up", b"%d" % number)
        await until(lambda: len(events) == 2)
        assert isinstance(events[1], LinkDown)
        for number in range(100):
            link.send("up", b"%d" % number)
        broker.wipe()
        broker.start()
        with listener(broker.port) as county:
            await until(lambda: county.listens() and len(events) == 3)
            link.send("up", b"fresh")
            await until(lambda: county.on(UP) != [])
            assert (events[2], county.on(UP)) == (LinkUp(), [b"fresh"])


@pytest.mark.anyio
async def test_a_broker_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    broker = Broker(tmp_path, free_ports(1)[0])
    async with linked(broker.address) as (_link, events):
        await asyncio.sleep(0)
        assert events == []
        broker.start()
        try:
            await until(lambda: events == [LinkUp()])
        finally:
            broker.close()
        await until(lambda: len(events) == 2)
        assert isinstance(events[1], LinkDown)


@pytest.mark.anyio
async def test_a_retained_message_is_dropped_and_counted(broker: Broker) -> None:
    with listener(broker.port) as county:
        await asyncio.to_thread(county.say, DOWN, b"old open command", retain=True)
        async with linked(broker.address) as (link, events):
            await until(lambda: link.dropped == 1)
            await asyncio.to_thread(county.say, DOWN, b"live")
            await until(lambda: len(events) == 2)
            assert events == [LinkUp(), LinkMessage("dn", b"live")]


@pytest.mark.anyio
async def test_a_clean_end_leaves_what_was_sent_last_and_no_last_will(broker: Broker) -> None:
    with listener(broker.port) as county:
        async with linked(broker.address) as (link, events):
            await until(lambda: events == [LinkUp()] and county.listens())
            link.send("tel", pack(Goodbye(clean=True)))
        await until(lambda: county.on(TELEMETRY) != [])
        county.say(UP, b"end")
        await until(lambda: county.on(UP) == [b"end"])
        assert [unpack(p) for p in county.on(TELEMETRY)] == [Goodbye(clean=True)]


@pytest.mark.anyio
async def test_a_station_that_falls_silent_leaves_its_last_will_and_comes_back(
    broker: Broker,
) -> None:
    with listener(broker.port) as county:
        async with line_to(broker.port) as line, linked(line.address) as (_link, events):
            await until(lambda: events == [LinkUp()] and county.listens())
            line.cut()
            await until(lambda: county.on(TELEMETRY) != [] and len(events) == 3)
        assert events == [LinkUp(), LinkDown("connection lost"), LinkUp()]
        assert unpack(county.on(TELEMETRY)[0]) == Goodbye(clean=False)


@pytest.mark.anyio
async def test_a_peer_that_never_answers_does_not_hold_up_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hung:
        async with linked(f"mqtt://127.0.0.1:{hung.getsockname()[1]}") as (link, events):
            link.send("up", b"lost")
            peer, _address = await asyncio.to_thread(hung.accept)
            peer.close()
        assert events == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    "noise",
    [b"\x30\x03\x00\x09x", b"\x00" * 9, b"\xff" * 40, b"\x90\x01\x00", b"\x30\x04\x00\x02\xff\xff"],
    ids=["topic too long", "no packet", "no length", "short answer", "topic no text"],
)
async def test_a_broker_that_speaks_no_mqtt_is_left_and_tried_again(noise: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as strange:
        async with linked(f"mqtt://127.0.0.1:{strange.getsockname()[1]}") as (_link, events):
            peer, _address = await asyncio.to_thread(strange.accept)
            with peer:
                await asyncio.to_thread(peer.recv, 1_000)
                peer.sendall(b"\x20\x02\x00\x00")  # taken in
                await asyncio.to_thread(peer.recv, 1_000)
                peer.sendall(b"\x90\x03\x00\x01\x01")  # and subscribed
                await until(lambda: events == [LinkUp()])
                peer.sendall(noise)
                with suppress(OSError):  # the link may have hung up on it already
                    peer.shutdown(socket.SHUT_WR)
                await until(lambda: len(events) == 2)
            again, _address = await asyncio.to_thread(strange.accept)
            again.close()
        assert events == [LinkUp(), LinkDown("connection lost")]


def test_waits_are_short_at_first_jittered_and_never_above_twenty_seconds() -> None:
    shortest, first = (backoff_s(0, share, BACKOFF_CAP_S) for share in (0.0, 1.0))
    assert (shortest, first) == (BACKOFF_FLOOR_S, BACKOFF_FIRST_S)
    longest = [backoff_s(failures, 1.0, BACKOFF_CAP_S) for failures in range(1_000)]
    assert longest == sorted(longest)
    assert longest[-1] == BACKOFF_CAP_S <= 20
    assert backoff_s(1_000, 0.0, BACKOFF_CAP_S) == BACKOFF_FLOOR_S


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://127.0.0.1:1883", BrokerAddress("127.0.0.1", 1883, tls=False)),
        ("mqtt://localhost:1884", BrokerAddress("localhost", 1884, tls=False)),
        ("mqtt://[::1]:1883", BrokerAddress("::1", 1883, tls=False)),
        (
            "mqtts://broker.county.example:8883",
            BrokerAddress("broker.county.example", 8883, tls=True),
        ),
    ],
)
def test_an_address_is_taken_apart(url: str, address: BrokerAddress) -> None:
    assert read_broker_address(url, "station.toml") == address


@pytest.mark.parametrize("host", ["192.168.1.10", "broker.county.example", "0.0.0.0"])
def test_a_clear_connection_beyond_this_machine_is_refused_with_the_way_out(host: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        MqttLink(f"mqtt://{host}:1883", county=COUNTY, station=STATION, codec=PlainCodec())
    assert refusal.value.key == "link.broker"
    assert host in str(refusal.value)
    assert f"mqtts://{host}:8883" in refusal.value.fix


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mqtt://",
        "mqtt://127.0.0.1",
        "mqtt://127.0.0.1:99999",
        "http://127.0.0.1:1",
        "mqtt://[:1",
        "mqtts://user:secret@broker.county.example:8883",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="no broker's address"):
        read_broker_address(url, "station.toml")
