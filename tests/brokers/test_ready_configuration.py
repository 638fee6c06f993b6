"""The configuration that we write for each broker, in the real broker: who may do what."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import pytest

from cloud_sync.county.broker_config.make import (
    KINDS,
    write_configuration,
    write_own_certificate,
    write_trust,
)
from cloud_sync.county.broker_config.plan import BrokerPlan
from edge.kernel.ids import CountyId, StationId
from tests.brokers.guests import (
    NOON_MS,
    Guest,
    Shop,
    guest,
    is_let_in,
    may_hear,
    open_to_the_world,
)
from tests.county.village import until
from tests.support.brokers import ForeignBroker, mosquitto, nats, rabbitmq

pytestmark = pytest.mark.slow
COUNTY = CountyId("shangyou")
STATIONS = (StationId("pingshang"), StationId("qingshan-01"))
RUN: Final[Mapping[str, Callable[[Path, str], AbstractContextManager[ForeignBroker]]]] = {
    "nats": nats,
    "mosquitto": mosquitto,
    "rabbitmq": rabbitmq,
}
MAIN: Final = {"nats": "nats.conf", "mosquitto": "mosquitto.conf", "rabbitmq": "rabbitmq.conf"}
PORT: Final = 8883


@dataclass(frozen=True)
class Guarded:
    """A broker that runs with what we wrote for it."""

    kind: str
    broker: ForeignBroker
    shop: Shop

    def certified(self, name: str) -> ssl.SSLContext:
        return self.shop.context(name)


@pytest.fixture(scope="module", params=KINDS)
def guarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    kind, folder = request.param, tmp_path_factory.mktemp(request.param)
    shop = Shop(folder / "ca", COUNTY)
    for name in ("county", *STATIONS, "lost"):
        shop.certify(name)
    plan = BrokerPlan(
        county=COUNTY,
        stations=STATIONS,
        folder=PurePath(folder),
        data=PurePath(folder / "data"),
        port=PORT,
    )
    write_configuration(kind, plan, folder)
    write_trust(shop.authority, shop.revoked("lost"), folder)
    write_own_certificate(shop.authority, ("127.0.0.1", "localhost"), NOON_MS, folder)
    text = (folder / MAIN[kind]).read_text(encoding="utf-8")
    assert text.count(str(PORT)) == 1
    free = text.replace(str(PORT), "{port}").replace("127.0.0.1:4222", "127.0.0.1:-1")
    with RUN[kind](folder, free) as broker:
        yield Guarded(kind, broker, shop)


def test_a_station_and_the_county_hear_each_other(guarded: Guarded) -> None:
    port = guarded.broker.port
    with (
        guest(port, "cunyi-county-shangyou", guarded.certified("county")) as county,
        guest(port, "cunyi-shangyou-pingshang", guarded.certified("pingshang")) as station,
    ):
        for lane in ("up", "ask", "tel"):
            assert county.subscribe(f"v1/shangyou/+/{lane}") == "granted"
        for lane in ("dn", "ans"):
            assert station.subscribe(f"v1/shangyou/pingshang/{lane}") == "granted"
        for lane in ("up", "ask", "tel"):
            station.publish(f"v1/shangyou/pingshang/{lane}", lane.encode())
            assert county.next() == (f"v1/shangyou/pingshang/{lane}", lane.encode())
        for lane in ("dn", "ans"):
            county.publish(f"v1/shangyou/pingshang/{lane}", lane.encode())
            assert station.next() == (f"v1/shangyou/pingshang/{lane}", lane.encode())
        county.publish("v1/shangyou/_county/tel", b"echo")
        assert county.next() == ("v1/shangyou/_county/tel", b"echo")


def test_nobody_comes_in_without_a_certificate_of_the_authority(
    guarded: Guarded, tmp_path: Path
) -> None:
    port, who = guarded.broker.port, "cunyi-shangyou-pingshang"
    assert not is_let_in(port, who, guarded.shop.nobody())
    assert not is_let_in(port, who, guarded.shop.stranger("pingshang", tmp_path / "other"))
    assert is_let_in(port, who, guarded.certified("pingshang"))


def test_a_certificate_that_was_revoked_or_is_not_listed_opens_nothing(guarded: Guarded) -> None:
    assert not is_let_in(guarded.broker.port, "cunyi-shangyou-lost", guarded.certified("lost"))


@pytest.mark.parametrize(
    "pattern",
    ["#", "v1/#", "v1/shangyou/#", "+/+/+/dn", "v1/shangyou/qingshan-01/dn", "v1/shangyou/+/up"],
)
def test_a_station_cannot_read_what_is_said_to_others_or_by_others(
    guarded: Guarded, pattern: str
) -> None:
    port, own = guarded.broker.port, "v1/shangyou/pingshang/dn"
    with (
        guest(port, "cunyi-county-shangyou", guarded.certified("county")) as county,
        guest(port, "cunyi-shangyou-qingshan-01", guarded.certified("qingshan-01")) as other,
        guest(port, "cunyi-shangyou-pingshang", guarded.certified("pingshang")) as spy,
    ):
        assert county.subscribe("v1/shangyou/+/up") == "granted"
        assert other.subscribe("v1/shangyou/qingshan-01/dn") == "granted"
        if spy.subscribe(pattern) != "granted":
            return  # refused, or thrown out
        other.publish("v1/shangyou/qingshan-01/up", b"secret")
        assert county.next()[1] == b"secret"
        county.publish("v1/shangyou/qingshan-01/dn", b"secret answer")
        assert other.next()[1] == b"secret answer"
        assert spy.subscribe(own) == "granted"
        county.publish(own, b"yours")
        assert spy.next() == (own, b"yours")


@pytest.mark.parametrize("lane", ["up", "ask", "tel", "dn", "ans"])
def test_a_station_cannot_speak_for_another_nor_for_the_county(guarded: Guarded, lane: str) -> None:
    port, mine = guarded.broker.port, "v1/shangyou/pingshang/up"
    name, context = "cunyi-shangyou-pingshang", guarded.certified("pingshang")
    with (
        guest(port, "cunyi-county-shangyou", guarded.certified("county")) as county,
        guest(port, "cunyi-shangyou-qingshan-01", guarded.certified("qingshan-01")) as other,
    ):
        for upward in ("up", "ask", "tel"):
            assert county.subscribe(f"v1/shangyou/+/{upward}") == "granted"
        for downward in ("dn", "ans"):
            assert other.subscribe(f"v1/shangyou/qingshan-01/{downward}") == "granted"
        with guest(port, name, context) as forger:
            forger.publish(f"v1/shangyou/qingshan-01/{lane}", b"forged")
            forger.publish("v1/shangyou/_county/tel", b"forged")
            forger.publish(mine, b"own")
        with guest(port, name, context) as forger:  # where the broker threw it out
            forger.publish(mine, b"own again")
            while (said := county.next())[1] != b"own again":
                assert said == (mine, b"own")
        county.publish("v1/shangyou/qingshan-01/dn", b"true")
        assert other.next() == ("v1/shangyou/qingshan-01/dn", b"true")


@pytest.mark.parametrize("typed", [("county", ""), ("county", "x"), ("guest", "guest")], ids=str)
@pytest.mark.parametrize("shown", ["pingshang", "nothing"])
def test_a_name_that_is_typed_beside_the_certificate_gives_no_rights(
    guarded: Guarded, typed: tuple[str, str], shown: str
) -> None:
    port = guarded.broker.port
    own = shown != "nothing"
    context = guarded.certified(shown) if own else guarded.shop.nobody()
    with (
        guest(port, "cunyi-county-shangyou", guarded.certified("county")) as county,
        guest(port, "cunyi-shangyou-qingshan-01", guarded.certified("qingshan-01")) as other,
    ):
        assert county.subscribe("v1/shangyou/+/up") == "granted"

        def say() -> None:
            for _time in range(3):  # once the county has the third, a spy would have the first
                other.publish("v1/shangyou/qingshan-01/up", b"secret")
                assert county.next()[1] == b"secret"

        assert not may_hear(port, context, typed, say)


def test_under_another_stations_client_id_nothing_of_it_can_be_read_or_written(
    guarded: Guarded,
) -> None:
    """It pushes the other one out, which then comes again; at mosquitto not even that."""
    port, others = guarded.broker.port, "cunyi-shangyou-qingshan-01"
    victim, thief = guarded.certified("qingshan-01"), guarded.certified("pingshang")
    with guest(port, "cunyi-county-shangyou", guarded.certified("county")) as county:
        assert county.subscribe("v1/shangyou/+/up") == "granted"
        with guest(port, others, victim) as first:
            assert first.subscribe("v1/shangyou/qingshan-01/dn") == "granted"
            spy = Guest(others, thief)
            if spy.connect(port) == "in":
                assert first.is_gone(1.0 if guarded.kind == "mosquitto" else 5.0) is (
                    guarded.kind != "mosquitto"
                )
                spy.publish("v1/shangyou/qingshan-01/up", b"forged")
                spy.subscribe("v1/shangyou/qingshan-01/dn")
                county.publish("v1/shangyou/qingshan-01/dn", b"secret")
            assert until(lambda: is_let_in(port, others, victim))  # NATS makes both wait a while
            with guest(port, others, victim) as again:
                assert again.subscribe("v1/shangyou/qingshan-01/dn") == "granted"
                again.publish("v1/shangyou/qingshan-01/up", b"true")
                assert county.next() == ("v1/shangyou/qingshan-01/up", b"true")
                county.publish("v1/shangyou/qingshan-01/dn", b"fence")
                while again.next()[1] != b"fence":
                    continue
            spy.leave()
            assert list(spy.heard.queue) == []


def test_only_the_guarded_port_is_open_beyond_this_machine(guarded: Guarded) -> None:
    assert open_to_the_world(guarded.broker.pid) == {guarded.broker.port}
