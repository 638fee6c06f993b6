"""Both ends over TLS with certificates of the county's authority."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cloud_sync.county.broker_config.make import (
    write_configuration,
    write_own_certificate,
    write_trust,
)
from cloud_sync.county.broker_config.plan import BrokerPlan
from cloud_sync.county.ingest.mqtt import CountyLink, LinkPlan
from cloud_sync.wire.broker.away import Away, why_not_open
from edge.kernel.errors import ConfigError
from edge.kernel.ids import CountyId, StationId
from edge.tools.broker import Broker, Guard
from edge.tools.children import free_ports
from tests.brokers.guests import NOON_MS, Guest, Shop, is_let_in
from tests.brokers.world import arrives, open_center, open_home
from tests.county.village import until
from tests.support.brokers import mosquitto

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
COUNTY = CountyId("shangyou")
PINGSHANG, QINGSHAN = StationId("pingshang"), StationId("qingshan-01")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "ca", COUNTY)
    for name in ("county", PINGSHANG, QINGSHAN, "lost"):
        shop.certify(name)
    write_trust(shop.authority, shop.revoked(QINGSHAN), tmp_path)
    write_own_certificate(shop.authority, ("127.0.0.1",), NOON_MS, tmp_path)
    return shop


@pytest.fixture
def guarded(tmp_path: Path, shop: Shop) -> Iterator[Broker]:
    guard = Guard(county=COUNTY, stations=(PINGSHANG,), certificates=shop.folder.parent)
    broker = Broker(tmp_path / "broker", free_ports(1)[0], guard)
    broker.start()
    try:
        yield broker
    finally:
        broker.close()


async def test_facts_arrive_over_tls_at_the_embedded_broker_and_a_late_station_is_admitted(
    guarded: Broker, shop: Shop, tmp_path: Path
) -> None:
    plan = LinkPlan(tls=lambda: shop.context("county"))
    at = guarded.address
    assert at.startswith("mqtts://")
    with open_center(tmp_path, at, plan, county=COUNTY) as center:
        async with (
            open_home(center, at, PINGSHANG, tls=lambda: shop.context(PINGSHANG)) as early,
            open_home(center, at, QINGSHAN, tls=lambda: shop.context(QINGSHAN)) as late,
        ):
            early.write(20)
            late.write(20)
            await arrives(early.has_delivered_all)
            assert late.delivered == 0
            guarded.admit((PINGSHANG, QINGSHAN))
            await arrives(late.has_delivered_all)
            guarded.admit((QINGSHAN,))
            await arrives(lambda: not early.seen[-1].online)
        assert center.facts(late) == late.journal.facts


def mosquitto_text(folder: Path) -> str:
    """What we write for mosquitto, with a port to fill in."""
    plan = BrokerPlan(county=COUNTY, stations=(), folder=folder, data=folder, host="127.0.0.1")
    write_configuration("mosquitto", plan, folder)
    text = (folder / "mosquitto.conf").read_text(encoding="utf-8")
    return text.replace("8883", "{port}")


def test_mosquitto_reads_a_new_list_of_revoked_certificates_without_a_restart(
    shop: Shop, tmp_path: Path
) -> None:
    with mosquitto(tmp_path, mosquitto_text(tmp_path)) as broker:
        early = Guest("early", shop.context(PINGSHANG))
        assert early.connect(broker.port) == "in"
        write_trust(shop.authority, shop.revoked(PINGSHANG, "lost"), tmp_path)
        broker.reload()
        # A second connection with one certificate would end the first: another one is tried.
        assert until(lambda: not is_let_in(broker.port, "one", shop.context("lost")))
        assert is_let_in(broker.port, "one", shop.context(QINGSHAN))
        assert early.subscribe("v1/shangyou/pingshang/dn") == "granted"  # an open one stays
        early.leave()


async def test_a_refused_certificate_is_named_as_the_reason(shop: Shop, tmp_path: Path) -> None:
    text = mosquitto_text(tmp_path)
    county = LinkPlan(tls=lambda: shop.context("county"), version="5")
    with mosquitto(tmp_path, text) as broker, capture_logs() as logs:
        at = broker.address
        with open_center(tmp_path, at, county, county=COUNTY) as center:
            async with (
                open_home(center, at, PINGSHANG, tls=lambda: shop.context(PINGSHANG)) as good,
                open_home(center, at, QINGSHAN, tls=lambda: shop.context(QINGSHAN)),
            ):
                good.write(5)
                await arrives(good.has_delivered_all)
                await arrives(lambda: any(one["event"] == "broker_away" for one in logs))
    reasons = [str(one["reason"]) for one in logs if one["event"] == "broker_away"]
    assert ("certificate revoked" in reasons[0]) or ("may refuse our cert" in reasons[0])


async def test_a_county_that_may_not_publish_says_so(shop: Shop, tmp_path: Path) -> None:
    """The embedded broker acknowledges what it denies: silence alone would tell."""
    guard = Guard(county=COUNTY, stations=(), certificates=tmp_path)
    broker = Broker(tmp_path / "broker", free_ports(1)[0], guard)
    broker.start()
    file = tmp_path / "broker" / "broker.conf"
    file.write_text(file.read_text().replace(', "v1.shangyou._county.tel"', ""))
    broker.reload()
    plan = LinkPlan(tls=lambda: shop.context("county"))
    try:
        with capture_logs() as logs:
            with open_center(tmp_path, broker.address, plan, county=COUNTY) as center:
                await arrives(lambda: any(one["event"] == "broker_away" for one in logs))
                assert center.turns == []
            (why,) = {str(one["reason"]) for one in logs if one["event"] == "broker_away"}
            assert "no right to publish" in why
    finally:
        broker.close()


def test_the_county_is_told_that_its_certificate_is_in_the_way(shop: Shop, tmp_path: Path) -> None:
    other, troubles = shop.stranger("county", tmp_path / "other"), list[str]()
    with mosquitto(tmp_path, mosquitto_text(tmp_path)) as broker:
        link = CountyLink(
            broker.address,
            COUNTY,
            on_dropped=lambda _why: None,
            on_link=lambda _up: None,
            on_trouble=troubles.append,
            plan=LinkPlan(tls=lambda: other),
        )
        link.start(lambda _address, _payload: None)
        try:
            assert until(lambda: bool(troubles))
        finally:
            link.stop()
    assert set(troubles) == {"refused"}


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (ssl.SSLCertVerificationError("self-signed"), Away.UNTRUSTED),
        (ssl.SSLError("alert"), Away.REFUSED),
        (ConnectionRefusedError(), Away.UNREACHABLE),
        (ConfigError("county.key", "", "is not there", "Put it back"), Away.FILES),
    ],
)
def test_what_went_wrong_on_the_way_in_is_told_apart(
    cause: OSError | ConfigError, why: Away
) -> None:
    assert why_not_open(cause) is why
