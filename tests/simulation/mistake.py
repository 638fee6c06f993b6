"""A mistake that is planted in the real code, and how many worlds it takes to find it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import pytest

from edge.simulation.mischief import Allowed
from edge.simulation.story import NO_MISHAPS, Schedule, run

Plant = Callable[[pytest.MonkeyPatch], None]
MOST_SEEDS: Final = 40
ROADS: Final = replace(NO_MISHAPS, roads=True)
RESTORES: Final = replace(NO_MISHAPS, county_restores=True)
KILLS: Final = replace(NO_MISHAPS, station_kills=True)
ORDERS: Final = replace(NO_MISHAPS, commands=True)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is planted, in which worlds, and which laws may name it."""

    plant: Plant
    allowed: Allowed
    laws: set[str]


def name_of(mistake: Mistake) -> str:
    """For people."""
    return mistake.plant.__name__.strip("_")


def seeds_until(mistake: Mistake, first: int = 0) -> tuple[int, set[str]]:
    """How many worlds it takes until one of its laws is broken, and all that was broken."""
    broken: set[str] = set()
    for seed in range(first, first + MOST_SEEDS):
        report = run(seed, Schedule(allowed=mistake.allowed))
        broken |= {trouble.partition(":")[0] for trouble in report.troubles}
        if broken & mistake.laws:
            return seed - first + 1, broken
    return 0, broken


def look_for(mistake: Mistake, record_property: Callable[..., None]) -> None:
    """Fails where no world finds it."""
    seeds, broken = seeds_until(mistake)
    record_property("seeds", seeds)
    print(f"{name_of(mistake)}: found after {seeds} seeds, {sorted(broken)}")  # noqa: T201 - for who looks on
    assert seeds > 0, broken
