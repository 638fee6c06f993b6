"""How many of the gate's own worlds it takes until a missing defence shows."""

from typing import Final, NamedTuple

from edge.simulation.story import run
from tests.simulation.defences.defence import Defence

MOST_SEEDS: Final = 120


class Found(NamedTuple):
    """The number of worlds up to the one that found it; 0 when none did. What was broken in all."""

    seeds: int
    broken: frozenset[str]


def seeds_until_found(defence: Defence, most: int = MOST_SEEDS) -> Found:
    """Worlds of the gate one after another, from its first; the defence is off already."""
    broken: set[str] = set()
    for seed in range(most):
        broken |= run(seed, defence.schedule).laws
        if broken & defence.laws:
            return Found(seed + 1, frozenset(broken))
    return Found(0, frozenset(broken))
