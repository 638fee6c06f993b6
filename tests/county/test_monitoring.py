"""The files for Prometheus and Grafana ask for numbers that exist, and for all of them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped] # no types
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from cloud_sync.county.alarms import FORK, clear_alarm, raise_alarm
from cloud_sync.county.durability.backups import Backup, record
from cloud_sync.county.metrics import CountyMetrics
from edge.daemon.metrics import StationMetrics
from tests.county.offices import OpenOffice, open_office, pingshang

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
BOARD: Final[dict[str, Any]] = json.loads(
    (DEPLOY / "grafana/cunyi.json").read_text(encoding="utf-8")
)
RULES: Final[list[dict[str, Any]]] = yaml.safe_load(
    (DEPLOY / "prometheus/cunyi.rules.yml").read_text(encoding="utf-8")
)["groups"][0]["rules"]


def names_in(expression: str) -> set[str]:
    return set(re.findall(r"\bcunyi_[a-z_]+", expression))


def families() -> dict[str, set[str]]:
    """What can be asked for of each metric."""
    metrics = (CountyMetrics(), StationMetrics())
    said = "".join(one.text().decode() for one in metrics)
    forms = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return {
        family.name: {family.name + form for form in forms.get(family.type, ("",))}
        for family in text_string_to_metric_families(said)
        if not family.name.endswith("_created")  # when a program began to count: for programs
    }


BOARD_ASKS: Final = {
    name
    for panel in BOARD["panels"]
    for target in panel.get("targets", ())
    for name in names_in(target["expr"])
}


def test_whatever_the_dashboard_and_the_rules_ask_for_is_there() -> None:
    there = set().union(*families().values())
    asked = BOARD_ASKS | {name for rule in RULES for name in names_in(rule["expr"])}
    assert asked - there == set()


def test_no_number_of_ours_is_left_off_the_dashboard() -> None:
    assert [name for name, forms in families().items() if not forms & BOARD_ASKS] == []


def test_panels_do_not_overlap_and_each_says_in_two_languages_what_it_shows() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
        assert re.search(r"[一-鿿].* [A-Z]", panel["title"]), panel["title"]
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_to_do_and_whom_it_wakes(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert re.match(r"[一-鿿]", rule["annotations"]["summary"])


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenOffice]:
    with open_office(tmp_path, ("pingshang", "坪上村站"), ("shexi", "社溪村站")) as opened:
        opened.hear(pingshang(), waiting=4)
        yield opened


def scraped(opened: OpenOffice) -> dict[tuple[str, ...], float]:
    office = opened.office
    office.metrics.look(office.database, office.presence, office.wall_ms())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(office.metrics.text().decode())
        for sample in family.samples
    }


def test_backlog_alarms_and_backups_are_read_when_somebody_asks(opened: OpenOffice) -> None:
    office = opened.office
    now_ms = office.wall_ms()
    backup = Backup(place="/backups", file="b.db", digest="d", made_ms=now_ms - 90_000, marks=())
    with office.database.write() as connection:
        raise_alarm(connection, "pingshang", FORK, "its head is elsewhere", now_ms)
        raise_alarm(connection, "shexi", FORK, "its head is elsewhere", now_ms)
        record(connection, backup, now_ms, keep=2)
    told = scraped(opened)
    assert told["cunyi_county_database_up",] == 1
    assert told["cunyi_county_facts_waiting",] == 4
    assert told["cunyi_county_alarms_open", FORK] == 2
    assert told["cunyi_county_backup_age_seconds", "/backups"] == 90
    with office.database.write() as connection:
        clear_alarm(connection, "pingshang", FORK, now_ms)
        clear_alarm(connection, "shexi", FORK, now_ms)
    assert ("cunyi_county_alarms_open", FORK) not in scraped(opened), "what is over is not told on"


def test_a_database_that_fails_is_told_and_the_rest_still_answers(opened: OpenOffice) -> None:
    before = scraped(opened)
    with opened.office.database.write() as connection:
        connection.execute(text("ALTER TABLE alarms RENAME TO elsewhere"))
    after = scraped(opened)
    assert after["cunyi_county_database_up",] == 0
    waiting, online = ("cunyi_county_facts_waiting",), ("cunyi_county_stations_online",)
    assert [after[waiting], after[online]] == [before[waiting], before[online]]
