"""kill -9 and standstills of station, county and broker while parcels come and go."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from edge.store.verify import export, verify
from edge.tools.house import House
from edge.tools.people import Hands, StoryError, wait_for
from tests.stories.village import (
    Village,
    assert_steel_and_tables_agree,
    assert_told_is_stored,
    living,
)
from tests.torture.conftest import RecordProperty, told
from tests.torture.rig import (
    PulseLog,
    assert_pulses_explained,
    assert_the_county_has_the_journal,
    tortured_house,
    wait_until_home,
)
from tests.torture.wrecker import Wrecker, repeating

CYCLES: Final = int(os.environ.get("CYCLES", "100"))
HOUSES: Final = 2
"""One for each of two processors."""
SEED: Final = int(os.environ.get("SEED", "20261125"))
PATIENCE_S: Final = 120.0
_LOOK_EVERY_S: Final = 1.0

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 15 * CYCLES)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with tortured_house(tmp_path) as house:
        yield house


@pytest.mark.parametrize("number", range(HOUSES))
def test_kills_and_standstills_lose_nothing_double_nothing_and_open_nothing_unexplained(
    house: House, record_property: RecordProperty, number: int
) -> None:
    village, wrecker = Village(house), Wrecker(house, random.Random(SEED + number))
    began = time.monotonic()
    with Hands(house.workbench_address) as hands:
        pulses = PulseLog(hands)
        with living(village), repeating(pulses.look, _LOOK_EVERY_S):
            for _cycle in range(CYCLES // HOUSES):
                wrecker.cycle()
            done = village.visits
            with suppress(StoryError):
                wait_for(
                    "an undisturbed visit at the end", lambda: village.visits > done, PATIENCE_S
                )
        assert village.visits > done, list(village.trouble)
        home = wait_until_home(house)
        assert_steel_and_tables_agree(house)
        fired = pulses.all()
        assert hands.bench()["violations"] == []
    house.station.end()
    house.county.end()
    assert verify(house.station_folder).problems == ()
    assert_the_county_has_the_journal(house, home)
    facts = list(export(house.station_folder))
    assert_told_is_stored(village.told, facts)
    unfired = assert_pulses_explained(fired, facts)
    told(
        record_property,
        "kills",
        f"seed {SEED + number}, {CYCLES // HOUSES} cycles in {time.monotonic() - began:.0f} s: "
        f"{dict(wrecker.done)}, "
        f"{village.visits} whole visits, {len(village.told)} answers, {len(facts)} facts, "
        f"{len(fired)} pulses, {unfired} intents without one",
    )
    few = CYCLES // HOUSES // 4  # then hardly anybody got served, and little was put to the test
    assert len(village.told) >= few
