"""Every route of station and county, with whatever fits its description and whatever does not."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, reject, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from cloud_sync.county.web import make_app as county_web
from edge.guard.bucket import Buckets
from edge.web.app import make_app
from tests.county.offices import OpenOffice, open_office, pingshang
from tests.fuzz.budget import spent
from tests.fuzz.conftest import Complaints
from tests.fuzz.hunt import FROM, MOST_GROWTH, SEED, TIMES, resident
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.village import Village, open_village

EACH: Final = 10
"""Cases of each route that fit, and as many that do not; each goes in as every kind of visitor."""
CODE: Final = re.compile(r"[a-z][a-z_]+")
_LEAKS: Final = ("Traceback", 'File "', "site-packages", ".py:")

Cases = list[tuple[str, st.SearchStrategy[Any]]]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks too fast is refused before he gets far: that limit has tests of its own."""
    monkeypatch.setattr(Buckets, "take", lambda *_how: True)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    with open_village(tmp_path / "station") as opened:
        yield opened


@pytest.fixture
def served(tmp_path: Path) -> Iterator[OpenOffice]:
    with open_office(tmp_path / "county", ("pingshang", "坪上村站")) as opened:
        opened.hear(pingshang())
        yield opened


def cases_of(app: Any) -> Cases:
    """For each route what fits its description and what does not; live streams never end."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    found: Cases = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if "events" in operation.path:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            label = f"{operation.method} {operation.path} {mode.value}"
            found.append((label, operation.as_strategy(generation_mode=mode)))
    return found


def send(http: httpx.Client, case: Any) -> httpx.Response | None:
    """As this visitor. None for what no client can even write down: it is not sent."""
    sent = case.as_transport_kwargs(base_url=str(http.base_url))
    headers = {**http.headers, **dict(sent.get("headers") or {})}
    try:
        request = http.build_request(
            sent["method"],
            sent["url"],
            headers=headers,
            params=sent.get("params"),
            json=sent.get("json"),
            content=sent.get("data") if isinstance(sent.get("data"), bytes | str) else None,
        )
    except (ValueError, TypeError, httpx.InvalidURL):
        return None
    return patiently(http, request)


def patiently(http: httpx.Client, request: httpx.Request) -> httpx.Response:
    """A server may close a kept connection in the very moment in which we use it: once more."""
    try:
        return http.send(request)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        return http.send(request)


def check_described(case: Any, answer: httpx.Response | None) -> None:
    """As `check`, and what it says has the form that its description promises."""
    if answer is None:
        reject()  # another one instead, so that as many are sent as are promised
    check(answer)
    case.validate_response(answer, checks=[content_type_conformance, response_schema_conformance])


def check(answer: httpx.Response) -> None:
    """No fault of ours; a refusal has a code, and nothing of our inside in it."""
    assert answer.status_code < 500, answer.text[:300]
    if answer.status_code >= 400:
        code = answer.json().get("error", {}).get("code", "")
        assert CODE.fullmatch(code), answer.text[:300]
        assert not any(leak in answer.text for leak in _LEAKS), answer.text[:300]


def play(name: str, cases: Cases, each: int, tell: Callable[[Any], None]) -> int:
    """Draw and tell; how many were told. A failure is shrunk and printed with its seed."""
    told = 0
    for label, strategy in cases:
        try:

            @seed(f"{SEED}/{label}/{FROM}")
            @settings(
                max_examples=each * TIMES,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(strategy)
            def tell_each(case: Any) -> None:
                nonlocal told
                tell(case)
                told += 1

            tell_each()
        except Unsatisfiable:  # a route without parameters has nothing that would not fit
            continue
    spent[name] += told
    return told


def moved_parts(village: Village) -> tuple[object, ...]:
    """What only a person with a right to it may move; time alone moves none of it here."""
    state = village.state
    return state.parcels, state.doors, state.desk, tuple(village.steel.pulses)


def test_nobody_without_authority_breaks_a_station_or_moves_it(
    village: Village, complaints: Complaints
) -> None:
    stranger = httpx.Client(base_url=village.address, headers={"origin": "http://evil.example"})
    tokenless = httpx.Client(base_url=village.address, headers={"origin": village.address})
    with stranger, tokenless, Visitor(village.address) as visitor:
        before = moved_parts(village)

        def tell(case: Any) -> None:
            for http in (stranger, tokenless, visitor.http):
                check_described(case, send(http, case))
            assert moved_parts(village) == before, "it moved"

        told = grown_by("openapi-visitors", village, tell)
        assert visitor.get("/api/kiosk/screen")
    assert told > 100
    assert not complaints, complaints[-1]


def test_a_keeper_breaks_no_station(village: Village, complaints: Complaints) -> None:
    with Visitor(village.address) as keeper:
        keeper.become_keeper()

        def tell(case: Any) -> None:
            check_described(case, send(keeper.http, case))
            if "sign-" in case.path or "first" in case.path:
                keeper.refresh_token()

        told = grown_by("openapi-keeper", village, tell)
        keeper.refresh_token()
        assert keeper.ask("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)["ok"]
        assert keeper.get("/api/keeper/screen")
    assert told > 100
    assert not complaints, complaints[-1]


def grown_by(name: str, village: Village, tell: Callable[[Any], None]) -> int:
    """Play every route, the first few to warm up; memory must not grow. How many were told."""
    cases = cases_of(make_app(village.front, hosts=("127.0.0.1",)))
    warm = len(cases) // 4
    play(name, cases[:warm], EACH, tell)
    before = resident()
    told = play(name, cases[warm:], EACH, tell)
    assert resident() - before <= MOST_GROWTH
    return told


def test_no_request_breaks_a_county(served: OpenOffice, complaints: Complaints) -> None:
    cases = cases_of(county_web.make_app(served.office))
    with httpx.Client(base_url=served.address) as http:
        rows = served.county.database.generation

        def tell(case: Any) -> None:
            check_described(case, send(http, case))

        told = play("openapi-county", cases, 3 * EACH, tell)
        assert served.county.database.generation == rows
    assert told > len(cases)
    assert not complaints, complaints[-1]
