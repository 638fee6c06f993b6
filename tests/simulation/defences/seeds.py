"""How many of the gate's own worlds it takes until a missing defence shows."""

from typing import NamedTuple

from edge.simulation.ground.chance import Dice
from edge.simulation.story import drawn, run
from tests.simulation.defences.defence import Defence
from tests.simulation.test_gate import LIFE_S, schedule_of


class Found(NamedTuple):
    """The number of worlds up to the one that found it; 0 when none did. What was broken in all."""

    seeds: int
    broken: frozenset[str]


def seeds_until_found(defence: Defence) -> Found:
    """Worlds of the gate one after another, from its first; the defence is off already."""
    broken: set[str] = set()
    for seed in range(defence.most):
        allowed = drawn(Dice(f"what goes wrong {seed}"))
        if not all(getattr(allowed, need) for need in defence.needs):
            continue
        broken |= run(seed, schedule_of(seed, LIFE_S) if defence.long else None).laws
        if broken & defence.laws:
            return Found(seed + 1, frozenset(broken))
    return Found(0, frozenset(broken))
