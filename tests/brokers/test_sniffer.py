"""Whoever may read everything on the broker learns nothing of anybody."""

import asyncio
import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import pytest
import zstandard

from cloud_sync.county.ingest.mqtt import LinkPlan
from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.messages import Batch
from edge.kernel.ids import CountyId
from edge.tools.children import Child
from tests.brokers.eavesdropper import EVERYTHING, Sniffer, heard_in
from tests.brokers.world import Journal, arrives, open_center, open_home
from tests.support.brokers import ForeignBroker, binary, mosquitto
from tests.support.plain import PlainCodec
from tests.support.voice import say_once
from tests.sync.house import STATION

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PHONE, TAIL, NAME, CODE, WAYBILL = "13907974711", "4711", "赖桂英", "49037152", "YT7700123456"
CANARIES: Final = (PHONE, TAIL, NAME, CODE, WAYBILL)


@contextmanager
def sniffer(broker: ForeignBroker) -> Iterator[Sniffer]:
    log = broker.folder / "sniffer.log"
    child = Child(
        "mosquitto_sub",
        [binary("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(broker.port), *EVERYTHING],
        log,
    )
    say_once(broker.port, "ready", b"ready", retain=True)
    child.start()
    try:
        child.wait_until(lambda: b"ready" in [said for _where, said in Sniffer(log).saw()], 20.0)
        yield Sniffer(log)
    finally:
        child.end()


def sing(journal: Journal) -> None:
    """Facts with everything that is nobody's business."""
    journal.write("parcel.received", waybill_no=WAYBILL, carrier="中通", keeper=NAME)
    journal.write("parcel.phone_tail_noted", waybill_no=WAYBILL, phone_tail=TAIL)
    journal.write("canary.sang", phone=PHONE, name=NAME, code=CODE)


async def test_who_reads_everything_on_the_broker_sees_no_phone_no_name_and_no_code(
    tmp_path: Path,
) -> None:
    with (
        mosquitto(tmp_path / "broker") as broker,
        sniffer(broker) as spy,
        open_center(tmp_path, broker.address, LinkPlan()) as center,
    ):
        async with open_home(center, broker.address) as home:
            for _round in range(5):
                sing(home.journal)
            home.session.journal_grew()
            await arrives(home.has_delivered_all)
            last = topic(center.county, home.name, "dn")
            await asyncio.to_thread(say_once, broker.port, last, b"end")
            await arrives(lambda: (last, b"end") in spy.saw())
        saw = spy.saw()
        assert {where.rpartition("/")[2] for where, _payload in saw} >= {"up", "dn", "tel"}
        assert center.facts(home) == home.journal.facts
    assert heard_in([payload for _where, payload in saw], CANARIES) == set()
    assert all(canary not in where for where, _payload in saw for canary in CANARIES)


async def test_the_same_ear_hears_every_canary_where_nothing_is_sealed(tmp_path: Path) -> None:
    journal = Journal(station=STATION)
    sing(journal)
    batch = Batch(
        session="s",
        previous=journal.place(0),
        facts=[msgspec.Raw(fact) for fact in journal.facts],
        last=journal.place(len(journal.facts)).hash,
    )
    where = topic(CountyId("shangyou"), STATION, "up")
    with mosquitto(tmp_path / "broker") as broker, sniffer(broker) as spy:
        say_once(broker.port, where, PlainCodec().pack("up", batch))
        await arrives(lambda: len(spy.saw()) == 2)
        assert heard_in([spy.saw()[1][1]], CANARIES) == set(CANARIES)
    for canary in (PHONE, NAME, CODE, WAYBILL):
        hidden = canary.encode()
        assert canary in heard_in([b"xx" + base64.b64encode(b"to " + hidden + b" from")], CANARIES)
        assert canary in heard_in([hidden.hex().encode()], CANARIES)
        assert canary in heard_in([zstandard.compress(hidden)], CANARIES)
