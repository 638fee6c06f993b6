"""The switch: DEFENCE_OFF=name[,name] takes defences out of the real code for a whole test run."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any, Final

import pytest

from tests.simulation.defences.defence import Defence
from tests.simulation.defences.every import DEFENCES

SWITCH: Final = "DEFENCE_OFF"
DEFENCE, SEEDS, LAWS = "defence", "seeds", "laws"
"""What a test tells of a defence, as properties of its report."""


class UnknownDefenceError(Exception):
    """A name that is no defence's; names those that there are."""

    def __init__(self, names: Iterable[str]) -> None:
        unknown, known = ", ".join(names), "\n  ".join(sorted(DEFENCES))
        super().__init__(f"{SWITCH} names no defence: {unknown}. There are:\n  {known}")


def wanted(environment: Mapping[str, str]) -> tuple[Defence, ...]:
    """The defences that the environment switches off. Raises UnknownDefenceError."""
    names = [name.strip() for name in environment.get(SWITCH, "").split(",") if name.strip()]
    if unknown := [name for name in names if name not in DEFENCES]:
        raise UnknownDefenceError(unknown)
    return tuple(DEFENCES[name] for name in names)


def switch_off(defences: Iterable[Defence], patch: pytest.MonkeyPatch) -> None:
    """Until `patch` is undone."""
    for defence in defences:
        defence.off(patch)


def table(properties: Iterable[Mapping[str, Any]]) -> list[str]:
    """For people: which defence was missed after how many worlds, and the median of all."""
    told = [one for one in properties if DEFENCE in one]
    if not told:
        return []
    told.sort(key=lambda one: (one[SEEDS] or float("inf"), one[DEFENCE]))
    width = max(len(one[DEFENCE]) for one in told)
    lines = [
        f"{one[DEFENCE]:<{width}}  {one[SEEDS] or 'never':>5}  {one[LAWS]}".rstrip() for one in told
    ]
    found = [one[SEEDS] for one in told if one[SEEDS]]
    middle = f"{median(found):g}" if found else "none"
    return [*lines, f"{len(found)} of {len(told)} planted bugs found, median {middle} seeds"]
