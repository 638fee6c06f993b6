"""Before the enrolment, between two sessions, and under a flood: the station's rarest talk."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cloud_sync.station.enrolment.awaited_link import AwaitedLink
from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.ports import LinkEvent, LinkUp
from cloud_sync.wire.broker.pipe import Heard
from cloud_sync.wire.messages import Goodbye, LiveResult
from tests.support.plain import PlainCodec
from tests.sync.house import COUNTY, STATION, until
from tests.sync.test_live import bench_in

pytestmark = pytest.mark.anyio


class Wire:
    """A link that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.closed = False

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Up at once."""
        on_event(LinkUp(1_000))

    def send(self, lane: str, payload: bytes) -> None:
        """Keep it."""
        self.sent.append((lane, payload))

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


async def test_a_link_waits_for_the_enrolment_and_what_is_said_before_is_lost() -> None:
    wires, events, enrolled = list[Wire](), list[LinkEvent](), list[bool]()

    def make() -> Wire:
        wires.append(Wire())
        return wires[-1]

    link = AwaitedLink(make, lambda: bool(enrolled), look_every_s=0.001)
    link.start(events.append)
    link.send("up", b"early")
    await asyncio.sleep(0.01)  # some looks that find nothing; nothing is timed
    assert wires == []
    enrolled.append(True)
    await until(lambda: events == [LinkUp(1_000)])
    link.send("up", b"word")
    await link.aclose()
    assert (wires[0].sent, wires[0].closed) == ([("up", b"word")], True)


async def test_a_link_that_nobody_ever_enrolled_ends_without_one() -> None:
    link = AwaitedLink(Wire, lambda: False)
    link.start(lambda _event: None)
    await link.aclose()
    wire = Wire()
    at_once = AwaitedLink(lambda: wire, lambda: True)
    at_once.start(lambda _event: None)
    await at_once.aclose()
    assert wire.closed


async def test_what_is_nobodys_live_message_and_a_result_without_a_session_are_lost(
    tmp_path: Path,
) -> None:
    async with bench_in(tmp_path) as bench:
        await bench.talk.hear(Goodbye(clean=True))
        assert (bench.said, bench.talk.dropped) == ([], 0)
        bench.talk.tell("m-1", "opened")
        assert [type(said) for _lane, said in bench.said] == [LiveResult]
        bench.talk.closed()
        bench.talk.tell("m-2", "opened")
        assert len(bench.said) == 1


async def test_a_flood_on_foreign_topics_is_counted_and_hardly_logged() -> None:
    link = MqttLink("mqtt://127.0.0.1:1", county=COUNTY, station=STATION, codec=PlainCodec())
    strange = Heard(topic="v1/elsewhere", payload=b"x", retained=False)
    left = Heard(topic=f"v1/{COUNTY}/{STATION}/dn", payload=b"x", retained=True)
    with capture_logs() as logs:
        for heard in (strange, strange, left, left, strange):
            link._arrived(heard)  # noqa: SLF001 - the pipe's own thread calls it
    assert (link.dropped, link.retained) == (5, 2)
    assert len(logs) == 3
