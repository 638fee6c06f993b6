"""For machines: health, metrics, the description of the API, and what a fuzzer finds in it."""

import time
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error

from tests.web.support.browserless import Visitor
from tests.web.support.village import Village

TOO_MANY: Final = 429
QUICK: Final = settings(
    max_examples=20,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


def test_health_tells_station_version_link_and_devices(village: Village, visitor: Visitor) -> None:
    village.set_link(online=True, waiting=3)
    health = visitor.get("/healthz")
    assert (health["station"], health["version"], health["simulated"]) == (
        "pingshang",
        "0.1.0",
        True,
    )
    assert [device["name"] for device in health["devices"]] == [
        "lock-board-1",
        "scanner",
        "printer",
    ]


def test_metrics_are_prometheus_text(visitor: Visitor) -> None:
    answer = visitor.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "cunyi_facts_total{" in answer.text


def test_the_api_is_described_and_the_pages_are_not(visitor: Visitor) -> None:
    paths = visitor.get("/openapi.json")["paths"]
    assert "/api/keeper/cells/{cell}/open" in paths
    assert "/kiosk" not in paths


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_that_would_load_from_other_hosts_is_served(visitor: Visitor, path: str) -> None:
    assert visitor.http.get(path).status_code == 404


@pytest.mark.slow
def test_a_fuzzer_finds_no_server_error(village: Village, keeper: Visitor) -> None:
    schema = schemathesis.openapi.from_dict(keeper.get("/openapi.json"))
    schema.config.update(base_url=village.address)
    tried: set[str] = set()

    def call(case: Any) -> None:
        answer = case.call(headers=dict(keeper.http.headers), cookies=dict(keeper.http.cookies))
        if answer.status_code == TOO_MANY:
            time.sleep(1)  # the station's rate limit fills up again
        case.validate_response(answer, checks=[not_a_server_error])
        tried.add(case.operation.path)

    # Signing in and out would end the session that the others need; streams never end.
    wanted = schema.exclude(path_regex=r"^/events/|/sign-|/first$")
    operations: Any = wanted.get_all_operations()
    for found in operations:
        operation = found.ok()
        QUICK(given(case=operation.as_strategy())(call))()
    assert len(tried) >= 15
