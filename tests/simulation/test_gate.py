"""The gate: worlds of hours and of days in which no law is broken, though everything goes wrong.

Each world is some stations for some time, in all three hours or three days of a station's life.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any, Final

import pytest

from edge.simulation.allowed import drawn
from edge.simulation.careless import CARELESS
from edge.simulation.ground.chance import Dice
from edge.simulation.io_mishaps import IO_MISHAPS
from edge.simulation.plan import DAY_S, HOUR_S, KINDS
from edge.simulation.report import Report
from edge.simulation.story import CALM_S, Schedule, plan_of, run

WORLDS: Final = 300
CHUNK: Final = 10
LONG_WORLDS: Final = 10
SAME: Final = 50
LIFE_S: Final = 3 * HOUR_S
LONG_LIFE_S: Final = 3 * DAY_S
FOR_EACH_KIND: Final = 20


def schedule_of(seed: int, life_s: float) -> Schedule:
    """Of so many stations as the seed draws each has its share of the time, the calm in it."""
    stations = 1 + drawn(Dice(f"what goes wrong {seed}")).neighbours
    return Schedule(faults_s=life_s / stations - CALM_S)


def checked(seed: int, life_s: float) -> Report:
    """Run it. No law may be broken, nothing left out of its plan, and it may not end early."""
    schedule = schedule_of(seed, life_s)
    report = run(seed, schedule)
    assert report.troubles == (), report.told()
    assert report.mishaps == Counter(event.kind.name for event in plan_of(seed, schedule))
    assert report.station_s >= life_s
    return report


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("first", range(0, WORLDS, CHUNK))
def test_no_law_is_broken_in_ten_worlds_of_three_station_hours(first: int) -> None:
    for seed in range(first, first + CHUNK):
        checked(seed, LIFE_S)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", range(LONG_WORLDS))
def test_no_law_is_broken_in_three_station_days(seed: int) -> None:
    assert checked(seed, LONG_LIFE_S).collected > 0


def test_every_kind_of_mishap_and_every_careless_act_is_in_the_plans_many_times() -> None:
    """What is planned does happen: each world above compares the two."""
    planned: dict[str, int] = dict.fromkeys((kind.name for kind in KINDS), 0)
    for seed in range(WORLDS):
        for event in plan_of(seed, schedule_of(seed, LIFE_S)):
            planned[event.kind.name] += 1
    ports_and_people = {name for name, *_rest in (*IO_MISHAPS, *CARELESS)}
    assert ports_and_people < set(planned)
    assert {name for name, count in planned.items() if count < FOR_EACH_KIND} == set()


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("first", range(0, SAME, CHUNK))
def test_the_same_seed_is_the_same_world_in_another_process_ten_times_of_ten(first: int) -> None:
    one, other = _hashes(first, "1"), _hashes(first, "2")
    assert len(one) == CHUNK
    assert [seed for seed in one if one[seed] != other[seed]] == []
    assert len(set(one.values())) == CHUNK


def _hashes(first: int, hash_seed: str) -> dict[str, Any]:
    command = (sys.executable, "-m", "edge.cli", "simulate", "--json", "--jobs", "1")
    said = subprocess.run(
        [*command, "--start", f"{first}", "--seeds", f"{CHUNK}", "--hours", "0.1"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
        text=True,
    )
    hashes: dict[str, Any] = json.loads(said.stdout)["hashes"]
    return hashes
