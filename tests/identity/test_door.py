"""POST /enrol and /renew over real HTTP: what a station gets, and what a flood does not."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from cloud_sync.county.web.enrolment_door import EnrolmentDoor
from cloud_sync.station.enrolment.county_pages import (
    CountyRefusedError,
    NotYetAnsweredError,
    ask_to_enrol,
    checked_url,
)
from cloud_sync.station.enrolment.enrolling import set_out
from cloud_sync.wire.trust.enrolment import EnrolmentCode
from edge.kernel.errors import ConfigError, LinkError
from tests.identity.places import COUNTY, STATION, Town, fresh, open_town
from tests.support.serving import serve


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path / "county") as town:
        yield town


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """The county's door, with nothing behind it."""
    with serve(EnrolmentDoor(Starlette(), office=lambda: town.office)) as address:
        yield address


def a_request(code: EnrolmentCode) -> bytes:
    errand = set_out(fresh(), code, county=COUNTY, station=STATION, machine="", hosts=())
    return errand.asked.encode()


def test_a_station_enrols_over_http(town: Town, address: str) -> None:
    code = town.office.expect(STATION)
    errand = set_out(fresh(), code, county=COUNTY, station=STATION, machine="m", hosts=())
    enrolment = errand.open(ask_to_enrol(address, errand.asked.encode()))
    assert enrolment.card == town.ring.own.issued_card
    device = town.ring.device(STATION)
    assert device is not None
    assert (device.machine, device.public) == ("m", fresh().public)


def test_a_county_that_does_not_know_the_code_yet_lets_ask_again(address: str) -> None:
    with pytest.raises(NotYetAnsweredError):
        ask_to_enrol(address, a_request(EnrolmentCode.draw()))


def test_a_refusal_is_told_in_its_own_words(town: Town, address: str) -> None:
    code = town.office.expect(STATION)
    with pytest.raises(CountyRefusedError, match="does not prove the code"):
        ask_to_enrol(address, a_request(code).replace(b"pingshang", b"pingxiang"))
    with pytest.raises(CountyRefusedError, match="belongs to no enrolment"):
        ask_to_enrol(address, b"garbage")


def test_a_flood_is_turned_away_before_it_costs_anything(town: Town, address: str) -> None:
    asked = a_request(EnrolmentCode.draw())
    told: list[str] = []
    with httpx.Client(base_url=address) as client:
        while not any("too many tries" in one for one in told):
            seen = [client.post("/enrol", content=b"x").status_code for _try in range(60)]
            assert set(seen) <= {403, 429}
            with pytest.raises(NotYetAnsweredError) as answer:
                ask_to_enrol(address, asked)
            told.append(str(answer.value))
        assert 429 in seen
    assert town.states() == {}


def test_what_is_too_large_or_asked_another_way_is_refused(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        assert client.post("/enrol", content=b"x" * 20_000).status_code == 413
        assert client.post("/enrol", content=b"x" * 100_000).status_code == 413
        assert client.get("/enrol").status_code == 405
        assert client.post("/elsewhere", content=b"x").status_code == 404


def test_before_the_county_is_ready_it_says_to_try_again() -> None:
    asked = a_request(EnrolmentCode.draw())
    with (
        serve(EnrolmentDoor(Starlette(), office=lambda: None)) as address,
        pytest.raises(NotYetAnsweredError),
    ):
        ask_to_enrol(address, asked)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://10.0.0.1:8602", "would send everything in clear to 10.0.0.1"),
        ("http://county.lan", "would send everything in clear"),
        ("ftp://127.0.0.1", "no address of a county"),
        ("10.0.0.1:8602", "no address of a county"),
        ("", "no address of a county"),
    ],
)
def test_nothing_goes_in_clear_to_another_machine(url: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        checked_url(url)


def test_an_address_is_taken_without_what_follows_it() -> None:
    assert checked_url("https://county.lan:8602/") == "https://county.lan:8602"
    assert checked_url("http://127.0.0.1:8602") == "http://127.0.0.1:8602"


def test_a_county_that_is_away_is_told_with_its_address() -> None:
    with pytest.raises(LinkError, match=r"127\.0\.0\.1:1/enrol cannot be reached"):
        ask_to_enrol("http://127.0.0.1:1", b"")
