"""Random schedules of every fault over the real code: the laws hold in all of them."""

from typing import Final

import pytest

from edge.simulation.story import run

FEW: Final = 12
CHUNK: Final = 50
ALL: Final = 1_000


def troubles_of(first: int, count: int) -> list[str]:
    """What went wrong, each with the way to see it again."""
    reports = (run(seed) for seed in range(first, first + count))
    return [report.told() for report in reports if report.troubles]


@pytest.mark.parametrize("first", range(0, FEW, FEW // 3))
def test_the_laws_hold_in_a_few_random_schedules(first: int) -> None:
    assert troubles_of(first, FEW // 3) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, ALL, CHUNK))
def test_the_laws_hold_in_fifty_random_schedules(first: int) -> None:
    assert troubles_of(first, CHUNK) == []


def test_the_same_seed_is_the_same_world_twenty_times_of_twenty() -> None:
    reports = [run(4) for _run in range(20)]
    assert {report.hash for report in reports} == {reports[0].hash}
    assert reports[0].facts > FEW


def test_another_seed_is_another_world() -> None:
    assert len({run(seed).hash for seed in (1, 2, 3)}) == 3
