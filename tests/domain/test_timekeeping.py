"""The time that the county told becomes a fact once a boot, and when it has moved since."""

from edge.domain.clock_facts import ClockSynced
from edge.domain.inputs import ClockLearned
from tests.domain.house import NOON, SECOND, House


def _learn(house: House, county_ms: int) -> list[str]:
    house.tell(ClockLearned(at=house.now, county_ms=county_ms, error_ms=40))
    return house.kinds


def test_the_first_time_of_a_boot_is_a_fact() -> None:
    house = House()
    assert _learn(house, NOON + 5) == ["clock.synced"]
    assert house.facts(ClockSynced) == [ClockSynced(county_ms=NOON + 5, error_ms=40)]
    assert house.replayed() == house.state


def test_the_same_time_told_again_is_no_news_and_a_minute_off_is() -> None:
    house = House()
    _learn(house, NOON)
    house.wait(3_600 * SECOND)
    assert _learn(house, NOON + 3_660 * SECOND) == []
    assert _learn(house, NOON + 3_660 * SECOND + 1) == ["clock.synced"]


def test_each_boot_learns_it_anew() -> None:
    house = House()
    _learn(house, NOON)
    house.restart()
    assert _learn(house, NOON) == ["clock.synced"]
