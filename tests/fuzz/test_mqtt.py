"""A broker that speaks broken MQTT: both ends live on, hear nothing wrong, and come back."""

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from cloud_sync.county.ingest.mqtt import CountyLink, LinkPlan
from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.ports import LinkEvent, LinkMessage
from cloud_sync.wire.broker.topics import Address, topic
from edge.kernel.ids import CountyId, StationId
from tests.fuzz.conftest import Complaints
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil
from tests.fuzz.spoilt_broker import (
    SpoiltBroker,
    Version,
    connack,
    packet,
    publish,
    suback,
)
from tests.support.plain import PlainCodec

COUNTY: Final = CountyId("dexing")
HERE: Final = StationId("qingshan-01")
PACKETS: Final = 80
"""On one connection."""
TOPICS: Final = (
    b"v1/dexing/qingshan-01/dn",
    b"v1/dexing/qingshan-01/ans",
    b"v1/dexing/qingshan-01/up",
    b"v1/dexing/qingshan-01/ask",
    b"v1/dexing/qingshan-01/tel",
    b"v1/dexing/qingshan-02/dn",
    b"v1/dexing/+/up",
    b"v1/#",
    b"$SYS/broker/uptime",
    b"v1/dexing//up",
    b"v1/dexing/QINGSHAN/up",
    b"v1/dexing/qingshan-01/up/more",
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "v1/德兴/青山/up".encode(),
    b"/" * 300,
)
GOOD: Final = b"a good one at last"


def odd_message(chance: random.Random, version: Version) -> bytes:
    """Whole, but with a topic, a flag or a size that nobody of ours would send."""
    size = chance.choice((0, 1, 10, 300, 70_000)) if chance.random() < 0.2 else 20
    return publish(
        version,
        chance.choice(TOPICS),
        chance.randbytes(size),
        qos=chance.choice((0, 1, 1, 2)),
        retain=chance.random() < 0.3,
        again=chance.random() < 0.3,
        mid=chance.randrange(1, 65_536),
    )


def other_packet(chance: random.Random, version: Version) -> bytes:
    """A packet of any kind at a moment when nobody waits for it."""
    mid = chance.randbytes(2)
    return chance.choice(
        (
            connack(version, code=chance.choice((0, 1, 5, 0x87, 0xFF))),
            suback(version, mid, chance.choice((b"", b"\x80", b"\1\1\1\1"))),
            packet(4, 0, mid),
            packet(5, 0, mid),
            packet(6, 2, mid),
            packet(7, 0, mid),
            packet(11, 0, mid),
            packet(13, 0, b""),
            packet(14, 0, b"\x8b" if version == "5" else b""),
            packet(chance.randrange(16), chance.randrange(16), chance.randbytes(6)),
        )
    )


def hollow_packet(chance: random.Random) -> bytes:
    """Of a kind that is known, and with less in it than that kind needs."""
    return packet(
        chance.choice((2, 3, 4, 9, 14)),
        chance.choice((0, 2)),
        chance.randbytes(chance.randrange(4)),
    )


def tapes(version: Version) -> Callable[[random.Random], list[bytes]]:
    """Packets of one connection: odd ones that harm nothing, and in most of them damage."""

    def make(chance: random.Random) -> list[bytes]:
        said = [odd_message(chance, version) for _ in range(PACKETS)]
        if chance.random() < 0.7:
            for _ in range(chance.choice((1, 1, 3))):
                at = chance.randrange(PACKETS)
                broken = odd_message(chance, version), other_packet(chance, version)
                said[at] = spoil(chance, chance.choice(broken), said[:3])
        if chance.random() < 0.5:
            said[chance.randrange(PACKETS)] = other_packet(chance, version)
        if chance.random() < 0.5:
            said.insert(chance.randrange(8), hollow_packet(chance))
        return said

    return make


def odd_but_whole(version: Version, where: str) -> bytes:
    """Everything that anybody may publish: none of it ends the connection, and this is heard."""
    said = [
        publish(version, name, b"x", qos=qos, retain=retain)
        for name in TOPICS
        for qos in (0, 1)
        for retain in (False, True)
        if name
    ]
    return b"".join(said) + publish(version, where.encode(), GOOD)


@pytest.fixture(autouse=True)
def fallen_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Nobody waits between two connections here, and no thread may end by an exception."""
    monkeypatch.setattr("cloud_sync.wire.broker.pipe.backoff_s", lambda *_how: 0.0)
    fallen: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda told: fallen.append(repr(told)))
    yield fallen
    assert fallen == []


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_station_lives_through_whatever_a_broker_says(
    version: Version, complaints: Complaints
) -> None:
    heard: list[LinkEvent] = []

    async def listen(broker: SpoiltBroker) -> None:
        link = MqttLink(
            broker.address, county=COUNTY, station=HERE, codec=PlainCodec(), version=version
        )
        link.start(heard.append)
        try:
            await asyncio.to_thread(campaign, broker)
            for _ in range(500):
                if LinkMessage("dn", GOOD) in heard:
                    break
                await asyncio.sleep(0.01)
        finally:
            await link.aclose()

    def campaign(broker: SpoiltBroker) -> None:
        def try_one(said: list[bytes]) -> None:
            complaints.clear()
            broker.play(b"".join(said))
            assert not complaints, complaints[-1]
            del heard[:-50]

        hunt(f"mqtt-station-{version}", tapes(version), try_one)
        broker.play(odd_but_whole(version, topic(COUNTY, HERE, "dn")))

    with SpoiltBroker(version) as broker:
        asyncio.run(listen(broker))
    assert LinkMessage("dn", GOOD) in heard
    lanes = {event.lane for event in heard if isinstance(event, LinkMessage)}
    assert lanes <= {"dn", "ans"}


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_a_county_lives_through_whatever_a_broker_says(
    version: Version, complaints: Complaints
) -> None:
    heard: list[tuple[Address, bytes]] = []
    dropped: list[str] = []
    with SpoiltBroker(version) as broker:
        link = CountyLink(
            broker.address,
            COUNTY,
            on_dropped=dropped.append,
            on_link=lambda _up: None,
            plan=LinkPlan(version=version),
        )
        link.start(lambda address, payload: heard.append((address, payload)))

        def try_one(said: list[bytes]) -> None:
            complaints.clear()
            broker.play(b"".join(said))
            assert not complaints, complaints[-1]
            assert all(address.county == COUNTY for address, _payload in heard)
            del heard[:], dropped[:-50]

        try:
            hunt(f"mqtt-county-{version}", tapes(version), try_one)
            del heard[:]
            broker.play(odd_but_whole(version, topic(COUNTY, HERE, "up")))
        finally:
            link.stop()
    assert heard[-1] == (Address(COUNTY, HERE, "up"), GOOD)
    assert {"retained", "stranger_topic"} <= set(dropped)


def test_no_broken_welcome_keeps_a_station_from_the_next_good_one(
    complaints: Complaints,
) -> None:
    """The very first packets of a connection are damaged: the answer to CONNECT and SUBSCRIBE."""
    good = [
        connack("5", properties=b"\x21\x00\x14\x27\x00\x00\xff\xff")
        + suback("5", b"\0\1", b"\1\1"),
        connack("5") + suback("5", b"\0\1", b"\x87\1"),
        connack("5", code=0x87),
    ]

    def campaign(broker: SpoiltBroker) -> None:
        def try_one(tape: bytes) -> None:
            broker.play(tape, welcome=False)

        def make(chance: random.Random) -> bytes:
            return spoil(chance, chance.choice(good), good)

        hunt("mqtt-welcome", make, try_one)
        broker.play(b"")

    async def listen(broker: SpoiltBroker) -> None:
        link = MqttLink(
            broker.address, county=COUNTY, station=HERE, codec=PlainCodec(), version="5"
        )
        events: list[LinkEvent] = []
        link.start(events.append)
        try:
            await asyncio.to_thread(campaign, broker)
        finally:
            await link.aclose()

    with SpoiltBroker("5") as broker:
        asyncio.run(listen(broker))
    assert not complaints, complaints[-1]
