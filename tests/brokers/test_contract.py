"""One contract over every kind of broker: whatever it does, each fact arrives once and in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_bytes

import pytest

from cloud_sync.county.ingest.mqtt import CountyLink
from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.ports import LinkDown, LinkEvent, LinkMessage, LinkUp
from cloud_sync.wire.broker.topics import Address, topic
from cloud_sync.wire.messages import Goodbye
from edge.kernel.ids import CountyId, StationId
from tests.brokers.conftest import Place
from tests.brokers.world import arrives, new_county, open_center, open_home
from tests.support.brokers import frozen
from tests.support.line import line_to
from tests.support.plain import PlainCodec
from tests.support.voice import say_once

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PINGSHANG = StationId("pingshang")


class Ends:
    """Two bare links, one at each side of the broker, and what both have heard."""

    def __init__(self, county: CountyId, link: CountyLink, station: MqttLink) -> None:
        self.county, self.county_link, self.station_link = county, link, station
        self.at_county: list[tuple[Address, bytes]] = []
        self.at_station: list[LinkEvent] = []
        self.turns: list[bool] = []

    def both_up(self) -> bool:
        return self.turns[-1:] == [True] and self.at_station[-1:] == [LinkUp()]

    def payloads(self, lane: str) -> list[bytes]:
        return [payload for address, payload in self.at_county if address.lane == lane]


@asynccontextmanager
async def ends_of(place: Place, station_address: str | None = None) -> AsyncIterator[Ends]:
    county, setting = new_county(), place.setting
    turns: list[bool] = []
    link = CountyLink(
        place.broker.address,
        county,
        on_dropped=lambda _why: None,
        on_link=turns.append,
        plan=setting.county_plan(),
    )
    station = MqttLink(
        station_address or place.broker.address,
        county=county,
        station=PINGSHANG,
        codec=PlainCodec(),
        version=setting.version,
    )
    ends = Ends(county, link, station)
    ends.turns = turns
    link.start(lambda address, payload: ends.at_county.append((address, payload)))
    station.start(ends.at_station.append)
    try:
        await arrives(ends.both_up)
        yield ends
    finally:
        await station.aclose()
        await asyncio.to_thread(link.stop)


async def test_every_fact_of_three_stations_arrives_once_and_in_order(
    place: Place, tmp_path: Path
) -> None:
    at, version = place.broker.address, place.setting.version
    with open_center(tmp_path, at, place.setting.county_plan()) as center:
        async with (
            open_home(center, at, "pingshang", version=version) as first,
            open_home(center, at, "qingshan-01", version=version) as second,
            open_home(center, at, "niutian", version=version) as third,
        ):
            homes = (first, second, third)
            for home in homes:
                home.write(700)
            for _more in range(10):
                for home in homes:
                    home.write(3)
                await asyncio.sleep(0)
            await arrives(lambda: all(home.has_delivered_all() for home in homes))
        for home in homes:
            assert center.facts(home) == home.journal.facts
            assert len(home.journal.facts) == 730
            assert (home.seen[-1].waiting, home.seen[-1].verdict) == (0, "")


async def test_a_broker_that_is_killed_and_wiped_in_mid_flight_loses_and_doubles_nothing(
    place: Place, tmp_path: Path
) -> None:
    at = place.broker.address
    with open_center(tmp_path, at, place.setting.county_plan()) as center:
        async with open_home(center, at, version=place.setting.version) as home:
            home.write(2_500)
            await arrives(lambda: home.delivered > 0)
            assert not home.has_delivered_all()
            place.broker.kill()
            home.write(500)
            place.broker.wipe()
            place.broker.start()  # in this thread: a broker ends with the thread that started it
            await arrives(home.has_delivered_all)
        assert center.facts(home) == home.journal.facts
        assert len(home.journal.facts) == 3_000


async def test_two_connections_with_one_name_push_each_other_out_and_nothing_is_lost(
    place: Place, tmp_path: Path
) -> None:
    at, version = place.broker.address, place.setting.version
    with open_center(tmp_path, at, place.setting.county_plan()) as center:
        async with open_home(center, at, version=version) as home:
            home.write(10)
            await arrives(home.has_delivered_all)
            events: list[LinkEvent] = []
            twin = MqttLink(
                at, county=home.county, station=home.name, codec=PlainCodec(), version=version
            )
            twin.start(events.append)
            await arrives(lambda: any(isinstance(one, LinkDown) for one in events))
            home.write(10)
            await twin.aclose()
            await arrives(home.has_delivered_all)
        assert center.facts(home) == home.journal.facts


async def test_a_retained_message_for_a_station_is_dropped_and_told(
    place: Place, tmp_path: Path
) -> None:
    at = place.broker.address
    with open_center(tmp_path, at, place.setting.county_plan()) as center:
        where = topic(center.county, PINGSHANG, "dn")
        await asyncio.to_thread(say_once, place.broker.port, where, b"open!", retain=True)
        async with open_home(center, at, version=place.setting.version) as home:
            await arrives(lambda: home.link.retained == 1)
            home.write(3)
            await arrives(home.has_delivered_all)
        assert home.session.dropped == 0
        await asyncio.to_thread(say_once, place.broker.port, where, b"", retain=True)


async def test_a_message_of_60_kb_passes_both_ways(place: Place) -> None:
    large, answer = token_bytes(60_000), token_bytes(60_000)
    async with ends_of(place) as ends:
        ends.station_link.send("up", large)
        await arrives(lambda: ends.payloads("up") == [large])
        ends.county_link.send(PINGSHANG, "dn", answer)
        await arrives(lambda: LinkMessage("dn", answer) in ends.at_station)


async def test_a_station_that_falls_silent_leaves_its_last_will(place: Place) -> None:
    async with line_to(place.broker.port) as line, ends_of(place, line.address) as ends:
        line.cut()
        await arrives(lambda: ends.payloads("tel") != [])
        last = PlainCodec().unpack("tel", ends.payloads("tel")[0])
        assert last == Goodbye(clean=False)


async def test_a_connection_that_is_open_and_dead_is_noticed_and_left(
    place: Place, tmp_path: Path
) -> None:
    at, plan = place.broker.address, place.setting.county_plan(keepalive_s=2)
    with open_center(tmp_path, at, plan) as center:
        version = place.setting.version
        async with open_home(center, at, version=version, keepalive_s=2) as home:
            home.write(5)
            await arrives(home.has_delivered_all)
            with frozen(place.broker):
                await arrives(lambda: not home.seen[-1].online and not center.is_up())
                home.write(5)
            await arrives(home.has_delivered_all)
        assert center.facts(home) == home.journal.facts
