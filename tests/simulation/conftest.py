"""Switches defences off where DEFENCE_OFF names them."""

import os
from typing import Final

import pytest

from tests.simulation.defences.switch import SWITCH, UnknownDefenceError, switch_off, wanted

_PATCH: Final = pytest.StashKey[pytest.MonkeyPatch]()


def pytest_configure(config: pytest.Config) -> None:
    """Take the named defences out of the real code, in every process of this run."""
    try:
        off = wanted(os.environ)
    except UnknownDefenceError as unknown:
        raise pytest.UsageError(str(unknown)) from unknown
    config.stash[_PATCH] = patch = pytest.MonkeyPatch()
    switch_off(off, patch)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put them back."""
    if (patch := config.stash.get(_PATCH, None)) is not None:
        patch.undo()


def pytest_report_header() -> str | None:
    """Nobody shall wonder why so much fails."""
    names = os.environ.get(SWITCH, "")
    return f"{SWITCH}={names}: these defences are off, so tests must fail" if names else None
