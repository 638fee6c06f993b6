"""A line that loses, delays, throttles, falls silent and breaks, in real TCP before the broker."""

import contextlib
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from edge.settings import FILE_NAME
from edge.tools.house import House
from edge.tools.people import wait_for
from tests.stories.village import (
    Village,
    assert_steel_and_tables_agree,
    living,
)
from tests.support.slow_line import SlowLine, Way, slow_line
from tests.torture.conftest import RecordProperty, told
from tests.torture.rig import assert_the_county_has_the_journal, tortured_house, wait_until_home

SPELLS: Final = int(os.environ.get("CYCLES", "100")) // 4
SEED: Final = int(os.environ.get("SEED", "20261125"))
FINE: Final = (100_000.0, 0.002, 0.0)
"""kbit/s, seconds of a round trip, share that is lost."""
_SPELL_S: Final = (0.3, 1.5)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 15 * SPELLS)]


@dataclass(slots=True)
class Weather:
    """One dice for all that the air does; `had` counts it."""

    line: SlowLine
    dice: random.Random
    had: Counter[str] = field(default_factory=Counter)

    def spell(self) -> None:
        """Bad weather of one kind for a while."""
        kinds: dict[str, Callable[[], None]] = {
            "throttled": lambda: self._be(self.dice.uniform(8, 64), 0.05, 0.0),
            "far away": lambda: self._be(2_000, self.dice.uniform(0.3, 2.0), 0.0),
            "losing": lambda: self._be(256, 0.3, self.dice.uniform(0.05, 0.5)),
            "silent": self.line.fall_silent,
            "broken": self.line.cut,
        }
        kind = self.dice.choice(list(kinds))
        kinds[kind]()
        self.had[kind] += 1
        time.sleep(self.dice.uniform(*_SPELL_S))  # the weather stays for a while
        self.clear_up(sure=self.dice.random() < 1 / 2)

    def clear_up(self, *, sure: bool) -> None:
        """Fine weather, or only an end of the silence: then kinds come together."""
        self.line.speak_again()
        if sure:
            self._be(*FINE)

    def _be(self, kbit_per_s: float, round_trip_s: float, lost: float) -> None:
        for way in self._ways():
            way.bytes_per_s, way.delay_s, way.lost = kbit_per_s * 125, round_trip_s / 2, lost

    def _ways(self) -> tuple[Way, Way]:
        return self.line.up, self.line.down


@contextlib.contextmanager
def behind_a_line(house: House) -> Iterator[SlowLine]:
    """The house's station reaches its broker over a line, from its next start on."""
    file = house.station_folder / FILE_NAME
    port = int(house.broker.address.rsplit(":", 1)[1])
    with slow_line(port, FINE[0], FINE[1]) as line:
        text = file.read_text(encoding="utf-8")
        there = f"mqtt://127.0.0.1:{line.port}"
        assert house.broker.address in text
        file.write_text(text.replace(house.broker.address, there), encoding="utf-8")
        house.station.end()
        house.start_station()
        try:
            yield line
        finally:
            house.station.end()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with tortured_house(tmp_path) as house:
        yield house


def test_in_any_weather_everybody_is_served_and_the_county_gets_each_fact_once(
    house: House, record_property: RecordProperty
) -> None:
    village = Village(house)
    with behind_a_line(house) as line:
        weather = Weather(line, random.Random(SEED))
        with living(village):
            for _spell in range(SPELLS):
                weather.spell()
            weather.clear_up(sure=True)
            done = village.visits
            wait_for("a visit in fine weather", lambda: village.visits > done, 60)
        assert list(village.trouble) == []  # nobody at the counter saw anything of it
        home = wait_until_home(house)
        assert_steel_and_tables_agree(house)
    house.county.end()
    assert_the_county_has_the_journal(house, home)
    told(
        record_property,
        "bad line",
        f"seed {SEED}, {SPELLS} spells: {dict(weather.had)}, {village.visits} whole visits, "
        f"{home} facts at the county, {line.up.carried + line.down.carried} bytes carried, "
        f"{line.up.sent_anew + line.down.sent_anew} chunks lost on the air and sent anew",
    )
    assert village.visits >= SPELLS // 10
