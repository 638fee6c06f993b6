"""A month without a network goes home over a village's air, and costs little; TLS and all counted.

30 days with 600 facts each, by the real core, through the real session, TLS, broker and ingest,
over 256 kbit/s with a round trip of 300 ms.
"""

import queue
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from cloud_sync.county.broker_config.make import write_own_certificate, write_trust
from cloud_sync.county.database import DATABASE
from cloud_sync.county.ingest.mqtt import LinkPlan
from cloud_sync.station.posting import MAX_FACTS
from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import CountyId, Seq, StationId
from edge.tools.broker import Broker, Guard
from edge.tools.children import free_ports
from edge.tools.measures.village_month import month_of_facts
from tests.brokers.guests import NOON_MS, Shop
from tests.brokers.world import Home, open_center, open_home
from tests.support.slow_line import SlowLine, slow_line
from tests.sync.house import EPOCH, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]
COUNTY, PINGSHANG = CountyId("shangyou"), StationId("pingshang")
DAYS = 30
KBIT_PER_S, ROUND_TRIP_S = 256, 0.3
DRAIN_WITHIN_S = 300.0
PLAIN = 2_000
"""Facts sent plainly, to know what one costs; each costs about the same."""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "ca", COUNTY)
    for name in ("county", PINGSHANG):
        shop.certify(name)
    write_trust(shop.authority, shop.revoked(), tmp_path)
    write_own_certificate(shop.authority, ("127.0.0.1",), NOON_MS, tmp_path)
    return shop


@pytest.fixture
def broker(tmp_path: Path, shop: Shop) -> Iterator[Broker]:
    guard = Guard(county=COUNTY, stations=(PINGSHANG,), certificates=shop.folder.parent)
    broker = Broker(tmp_path / "broker", free_ports(1)[0], guard)
    broker.start()
    try:
        yield broker
    finally:
        broker.close()


@pytest.fixture(scope="module")
def month() -> list[bytes]:
    return month_of_facts(seed=2_026, days=DAYS)


def remember(home: Home, facts: list[bytes]) -> None:
    """Give a station's journal these facts."""
    journal = home.journal
    for fact in facts:
        seq = Seq(len(journal.facts) + 1)
        journal.facts.append(fact)
        journal.hashes.append(chain_hash(journal.hashes[-1], journal.station, EPOCH, seq, fact))


def plainly(facts: list[bytes], shop: Shop, line: SlowLine) -> int:
    """Bytes both ways on the line for facts as one plain QoS 1 message each, like a peer's."""
    said: queue.Queue[int] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="peer")
    client.tls_set_context(shop.context(PINGSHANG))
    client.on_connect = lambda *_: said.put(0)

    def published(_client: Any, _data: Any, mid: int, *_rest: Any) -> None:
        said.put(mid)

    client.on_publish = published
    client.connect("127.0.0.1", line.port)
    client.loop_start()
    assert said.get(timeout=20) == 0
    before = line.up.carried + line.down.carried
    for start in range(0, len(facts), 20):
        for fact in facts[start : start + 20]:
            client.publish(f"v1/{COUNTY}/{PINGSHANG}/up", fact, qos=1)
        for _fact in facts[start : start + 20]:
            said.get(timeout=20)
    carried = line.up.carried + line.down.carried - before
    client.disconnect()
    client.loop_stop()
    return carried


async def drained(home: Home) -> float:
    """Seconds until the county has acknowledged everything."""
    began = time.monotonic()
    await until(home.has_delivered_all, DRAIN_WITHIN_S)
    return time.monotonic() - began


async def test_a_month_of_facts_costs_a_tenth_of_plain_messages_and_is_home_in_five_minutes(
    broker: Broker,
    shop: Shop,
    tmp_path: Path,
    month: list[bytes],
    record_property: Any,
) -> None:
    plan = LinkPlan(tls=lambda: shop.context("county"))
    with open_center(tmp_path, broker.address, plan, county=COUNTY) as center:
        await until(center.is_up)
        with slow_line(broker.port, KBIT_PER_S, ROUND_TRIP_S) as line:
            at = f"mqtts://127.0.0.1:{line.port}"
            async with open_home(center, at, tls=lambda: shop.context(PINGSHANG)) as home:
                remember(home, month)
                home.session.journal_grew()
                took_s = await drained(home)
                ours = (line.up.carried + line.down.carried) / len(month)
        assert center.facts(home) == month
    with slow_line(broker.port, kbit_per_s=100_000, round_trip_s=0.001) as line:
        theirs = plainly(month[:PLAIN], shop, line) / PLAIN
    for name, value in (("took_s", took_s), ("ours", ours), ("theirs", theirs)):
        record_property(name, round(value, 1))
    assert ours <= theirs / 10
    assert took_s <= DRAIN_WITHIN_S


async def test_a_county_put_back_to_an_old_copy_in_mid_drain_still_gets_everything_in_time(
    broker: Broker, shop: Shop, tmp_path: Path, month: list[bytes]
) -> None:
    plan = LinkPlan(tls=lambda: shop.context("county"))
    identity = Identity.from_secret(bytes(SECRET_BYTES))
    database, copy = tmp_path / "county" / DATABASE, tmp_path / "copy.db"
    began = time.monotonic()

    def center_again() -> Any:
        return open_center(tmp_path, broker.address, plan, county=COUNTY, identity=identity)

    with slow_line(broker.port, KBIT_PER_S, ROUND_TRIP_S) as line, ExitStack() as open_now:
        at = f"mqtts://127.0.0.1:{line.port}"
        center = open_now.enter_context(center_again())
        async with open_home(center, at, tls=lambda: shop.context(PINGSHANG)) as home:
            remember(home, month)
            home.session.journal_grew()
            await until(lambda: home.delivered >= len(month) // 4, DRAIN_WITHIN_S)
            open_now.close()
            shutil.copy(database, copy)
            copied = _facts_in(copy)
            open_now.enter_context(center_again()).enrol(home)
            await until(lambda: home.delivered >= len(month) * 3 // 4, DRAIN_WITHIN_S)
            open_now.close()
            for beside in database.parent.glob(f"{DATABASE}-*"):
                beside.unlink()
            shutil.copy(copy, database)
            center = open_now.enter_context(center_again())
            center.enrol(home)
            await until(lambda: home.delivered < len(month) * 3 // 4, DRAIN_WITHIN_S)
            assert home.delivered < len(month) // 2 + MAX_FACTS
            await drained(home)
            assert center.facts(home) == month
    assert 0 < copied < len(month) // 2 + MAX_FACTS
    assert time.monotonic() - began <= DRAIN_WITHIN_S


def _facts_in(copy: Path) -> int:
    with closing(sqlite3.connect(copy)) as database:
        (count,) = database.execute("SELECT count(*) FROM facts").fetchone()
    return int(count)
