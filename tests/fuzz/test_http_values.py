"""Good requests of every kind with one value in them that nobody would send: never a fault."""

import random
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import pytest

from edge.guard.bucket import Buckets
from tests.county.offices import WAYBILL, open_office, pingshang
from tests.fuzz.conftest import Complaints
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import something_else, spoil_value
from tests.fuzz.test_http_openapi import check, patiently
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.village import open_village
from tests.web.test_bad_input import GOOD
from tests.web.test_routes import ASKS

ACTS: Final[dict[str, dict[str, Any]]] = ASKS | {
    "/api/kiosk/code": GOOD,
    "/api/kiosk/scan": {"text": "YT7700123456789"},
    "/api/kiosk/stuck": {"cell": 1, "auth": "a-1"},
    "/api/kiosk/put-back": {"auth": "a-1"},
    "/api/keeper/release": {"waybill_no": "YT7700123456789"},
    "/api/keeper/sign-in": {"keeper": KEEPER, "pin": PIN},
}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "/api/stations/{0}": {"0": "pingshang"},
    "/api/facts": {"station": "pingshang", "after": 0, "limit": 100},
    "/api/trace/{0}": {"0": WAYBILL, "lang": "en"},
    "/": {"lang": "zh"},
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Buckets, "take", lambda *_how: True)


def test_no_value_in_a_body_breaks_a_station(tmp_path: Path, complaints: Complaints) -> None:
    with open_village(tmp_path / "station") as village, Visitor(village.address) as keeper:
        keeper.become_keeper()

        def make(chance: random.Random) -> list[bytes]:
            path = chance.choice(sorted(ACTS))
            body = spoil_value(chance, ACTS[path])
            try:
                return [path.encode(), msgspec.json.encode(body)]
            except (OverflowError, ValueError):  # our own JSON knows no such number
                return [path.encode(), repr(body).replace("'", '"').encode("utf-8", "replace")]

        def try_one(asked: list[bytes]) -> None:
            if len(asked) == 2:
                path, body = asked
                kind = {"content-type": "application/json"}
                http = keeper.http
                request = http.build_request("POST", path.decode(), content=body, headers=kind)
                answer = patiently(http, request)
                check(answer)
                if token := answer.headers.get("x-cunyi-token"):
                    keeper.http.headers["x-cunyi-token"] = token

        hunt("http-bodies", make, try_one)
    assert not complaints, complaints[-1]


def test_no_value_in_an_address_breaks_a_county(tmp_path: Path, complaints: Complaints) -> None:
    with (
        open_office(tmp_path / "county", ("pingshang", "坪上村站")) as served,
        httpx.Client(base_url=served.address) as http,
    ):
        served.hear(pingshang())

        def make(chance: random.Random) -> list[str]:
            path = chance.choice(sorted(LOOKS))
            values = dict(LOOKS[path])
            name = chance.choice(sorted(values))
            values[name] = something_else(chance, values[name])
            return [path, *(f"{one}={value}" for one, value in values.items())]

        def try_one(asked: list[str]) -> None:
            if not asked:
                return
            path, *pairs = asked
            values = dict(pair.split("=", 1) for pair in pairs)
            where = path.replace("{0}", httpx.QueryParams({"x": values.pop("0", "")}).__str__()[2:])
            try:
                url = httpx.URL(where.replace("+", "%20"), params=values)
            except httpx.InvalidURL:  # too long for any client
                return
            check(patiently(http, http.build_request("GET", url)))

        hunt("http-addresses", make, try_one)
    assert not complaints, complaints[-1]
