"""The county and the broker fall over, again and again, while people are served."""

import subprocess

import pytest

from edge.tools.children import cunyi
from edge.tools.house import House
from edge.tools.people import Hands, wait_for
from edge.tools.story import county_facts, journal_of, read_journal
from tests.stories.village import (
    Village,
    assert_each_once,
    assert_steel_and_tables_agree,
    assert_told_is_stored,
    living,
)

pytestmark = [pytest.mark.story, pytest.mark.slow]

ROUNDS = 3


def test_a_killed_county_and_a_wiped_broker_lose_and_double_nothing(house: House) -> None:
    village = Village(house)
    with living(village):
        for _ in range(ROUNDS):
            house.county.kill()
            served(village)
            house.start_county()
            house.broker.kill()
            house.broker.wipe()
            served(village)
            house.broker.start()
            served(village)
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house), 90)
    facts = read_journal(house)
    assert_each_once(facts)
    assert_told_is_stored(village.told, facts)
    assert_steel_and_tables_agree(house)
    with Hands(house.workbench_address) as hands:
        assert hands.bench()["violations"] == []


def served(village: Village) -> None:
    """People are served whatever is down: a pickup never needs the county."""
    before = village.visits
    wait_for("a visit from the scan to the empty cell", lambda: village.visits > before, 30)


def test_a_second_daemon_on_the_same_folder_is_refused_and_the_first_serves_on(
    house: House,
) -> None:
    second = subprocess.run(
        cunyi("station", "run", str(house.station_folder)),
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert second.returncode == 2
    assert f"process {house.station.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    village = Village(house)
    with living(village):
        served(village)
