"""MQTT 5: the limits that a broker tells are kept."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.ports import LinkDown, LinkEvent, LinkUp
from edge.kernel.ids import CountyId, StationId
from tests.support.plain import PlainCodec
from tests.sync.house import until

pytestmark = pytest.mark.anyio
PATIENCE_S = 15.0
QUIET_S = 0.5
ACCEPTED = b"\x20\x03\x00\x00\x00"
ONE_AT_ONCE = b"\x20\x06\x00\x00\x03\x21\x00\x01"
AT_MOST_200_BYTES = b"\x20\x08\x00\x00\x05\x27\x00\x00\x00\xc8"
GRANTED = b"\x90\x05\x00\x01\x00\x01\x01"
TAKEN_OVER = b"\xe0\x02\x8e\x00"


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE_S)
        yield listening


async def _guest(door: socket.socket, welcome: bytes) -> socket.socket:
    """The next connection, whose CONNECT was answered so."""
    peer, _address = await asyncio.to_thread(door.accept)
    peer.settimeout(PATIENCE_S)
    assert b"MQTT\x05" in await asyncio.to_thread(peer.recv, 1_000)
    peer.sendall(welcome)
    return peer


async def _subscribed(door: socket.socket, welcome: bytes) -> socket.socket:
    peer = await _guest(door, welcome)
    assert (await asyncio.to_thread(peer.recv, 1_000))[0] == 0x82
    peer.sendall(GRANTED)
    return peer


def _hear(peer: socket.socket) -> bytes:
    """Everything until it is quiet."""
    said = b""
    peer.settimeout(QUIET_S)
    try:
        while chunk := peer.recv(10_000):
            said += chunk
    except TimeoutError:
        pass
    return said


def _link(door: socket.socket, events: list[LinkEvent]) -> MqttLink:
    link = MqttLink(
        f"mqtt://127.0.0.1:{door.getsockname()[1]}",
        county=CountyId("shangyou"),
        station=StationId("pingshang"),
        codec=PlainCodec(),
        version="5",
    )
    link.start(events.append)
    return link


async def test_no_more_messages_are_under_way_than_the_broker_takes(door: socket.socket) -> None:
    events: list[LinkEvent] = []
    link = _link(door, events)
    with await _guest(door, ONE_AT_ONCE) as first:
        assert (await asyncio.to_thread(first.recv, 100))[0] == 0xE0  # it leaves, and comes again
    with await _subscribed(door, ONE_AT_ONCE) as peer:
        await until(lambda: events == [LinkUp()])
        for number in range(3):
            link.send("up", b"message %d" % number)
        said = await asyncio.to_thread(_hear, peer)
        assert (b"message 0" in said, b"message 1" in said) == (True, False)
        peer.sendall(b"\x40\x02\x00" + said[said.index(b"/up") + 4 : said.index(b"/up") + 5])
        said = await asyncio.to_thread(_hear, peer)
        assert (b"message 1" in said, b"message 2" in said) == (True, False)
    await link.aclose()


async def test_a_message_above_the_brokers_limit_is_told_and_not_sent(
    door: socket.socket,
) -> None:
    events: list[LinkEvent] = []
    with capture_logs() as logs:
        link = _link(door, events)
        with await _subscribed(door, AT_MOST_200_BYTES) as peer:
            topic = "v1/shangyou/pingshang/up"
            await until(lambda: events == [LinkUp(200 - len(topic) - 16)])
            link.send("up", b"x" * 200)
            link.send("up", b"small")
            said = await asyncio.to_thread(_hear, peer)
        await link.aclose()
    assert (b"xxx" in said, b"small" in said) == (False, True)
    assert [one["most"] for one in logs if one["event"].startswith("message_above")] == [200]


async def test_the_brokers_reason_for_an_end_is_told(door: socket.socket) -> None:
    events: list[LinkEvent] = []
    link = _link(door, events)
    with await _subscribed(door, ACCEPTED) as peer:
        await until(lambda: events == [LinkUp()])
        peer.sendall(TAKEN_OVER)
        await until(lambda: len(events) == 2)
    assert events[1] == LinkDown("connection ended by the broker: Session taken over")
    await link.aclose()
