"""The switch: DEFENCE_OFF=name[,name] takes defences out of the real code for a whole test run."""

from collections.abc import Iterable, Mapping
from typing import Final

import pytest

from tests.simulation.defences.defence import Defence
from tests.simulation.defences.every import DEFENCES

SWITCH: Final = "DEFENCE_OFF"


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
