"""The station is killed fifty times while a keeper checks in and villagers collect.

What a screen has acknowledged is in the journal, the county has each fact once, and every pulse
of a lock has a row that was on disk before it.
"""

import contextlib
import random
import subprocess
import time
from typing import Any

import pytest

from edge.settings import FILE_NAME
from edge.tools.children import cunyi
from edge.tools.house import House
from edge.tools.people import Hands, StoryError, wait_for
from edge.tools.story import county_facts, journal_of, read_journal
from tests.stories.village import (
    Village,
    assert_each_once,
    assert_steel_and_tables_agree,
    assert_told_is_stored,
    living,
)

pytestmark = [pytest.mark.story, pytest.mark.slow]

KILLS = 50
SEED = 20_261_124


def test_fifty_kills_lose_nothing_double_nothing_and_open_nothing_unexplained(
    house: House,
) -> None:
    chance = random.Random(SEED)
    village = Village(house)
    with (house.station_folder / FILE_NAME).open("a", encoding="utf-8") as more:
        # Else the third kill would let the doors rest for minutes, and nobody would get served.
        more.write("\n[rules]\nsafe_after_boots = 0\n")
    with living(village):
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 2.5))
            house.station.kill()
            house.start_station()
        done = village.visits
        with contextlib.suppress(StoryError):
            wait_for("an undisturbed visit at the end", lambda: village.visits > done, 40)
    assert village.visits > done, list(village.trouble)
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house), 60)
    facts = read_journal(house)
    assert_each_once(facts)
    assert_told_is_stored(village.told, facts)
    assert_steel_and_tables_agree(house)
    assert len(village.told) >= KILLS // 2  # fewer would mean that hardly anybody got served
    with Hands(house.workbench_address) as hands:
        bench = hands.bench()
    assert bench["violations"] == []
    assert_pulses_explained(bench["pulses"], facts)
    house.station.end()
    assert_clean(house)


def assert_pulses_explained(pulses: list[Any], facts: list[Any]) -> None:
    """Each pulse takes one intent of its own door that was stored before it."""
    to_wall_ms = time.time_ns() // 1_000_000 - time.monotonic_ns() // 1_000_000
    intents = [
        (fact["wall_lo"], fact["body"]["cell"]) for fact in facts if fact["kind"] == "door.asked"
    ]
    for pulse in sorted(pulses, key=lambda pulse: pulse["at_ms"]):
        at_ms = pulse["at_ms"] + to_wall_ms
        explained = [
            intent for intent in intents if intent[1] == pulse["channel"] and intent[0] <= at_ms + 2
        ]
        assert explained, f"no row explains {pulse}"
        intents.remove(explained[-1])


def assert_clean(house: House) -> None:
    verified = subprocess.run(
        cunyi("journal", "verify", str(house.station_folder)),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "journal is clean" in verified.stdout
