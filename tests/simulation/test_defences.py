"""Each named defence, switched off, is missed: the gate's own worlds see a law broken soon."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Final

import pytest

from edge.simulation.laws import LAWS
from edge.simulation.story import run
from tests.simulation.defences import told
from tests.simulation.defences.every import DEFENCES
from tests.simulation.defences.seeds import seeds_until_found
from tests.simulation.defences.switch import SWITCH, UnknownDefenceError, wanted
from tests.simulation.defences.told import table

FEWEST: Final = 32
NOT_A_LAW: Final = {"bug", "stopped"}
OF_THE_BOARD: Final = {"D4", "D6"}
"""Kept by lock boards and their drivers, for which the world has a cabinet of its own: the judges
speak of them in test_oracles.py, and tests/hardware takes drivers to task.
"""
AT_ONCE: Final = "writes_down_before_it_fires"
"""A defence that the very first world misses."""
GATE: Final = "tests/simulation/test_schedules.py::test_the_laws_hold_in_a_few_random_schedules[0]"


@pytest.mark.slow
@pytest.mark.parametrize("name", DEFENCES)
def test_a_world_of_the_gate_misses_a_defence_that_is_off(
    name: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    defence = DEFENCES[name]
    defence.off(monkeypatch)
    found = seeds_until_found(defence)
    record_property(told.DEFENCE, name)
    record_property(told.SEEDS, found.seeds)
    record_property(told.LAWS, " ".join(sorted(found.broken)))
    assert found.seeds > 0, found.broken


def test_every_law_that_worlds_judge_has_a_planted_bug() -> None:
    assert len(DEFENCES) >= FEWEST
    broken = {law for defence in DEFENCES.values() for law in defence.laws}
    assert broken >= LAWS.keys() - NOT_A_LAW - OF_THE_BOARD
    assert broken <= LAWS.keys()


def test_a_defence_that_was_off_is_back_afterwards() -> None:
    before = run(3).hash
    for defence in DEFENCES.values():
        with pytest.MonkeyPatch.context() as patch:
            defence.off(patch)
    assert run(3).hash == before


# -- the switch


def test_no_name_switches_nothing_off() -> None:
    assert wanted({}) == wanted({SWITCH: ""}) == wanted({SWITCH: " , "}) == ()


def test_names_are_found_in_the_order_they_come() -> None:
    first, second = list(DEFENCES)[:2]
    assert wanted({SWITCH: f"{second}, {first}"}) == (DEFENCES[second], DEFENCES[first])


def test_a_name_that_is_no_defence_is_told_with_all_that_are() -> None:
    with pytest.raises(UnknownDefenceError) as unknown:
        wanted({SWITCH: f"{AT_ONCE},fires_thrice"})
    assert "names no defence: fires_thrice." in str(unknown.value)
    assert all(name in str(unknown.value) for name in DEFENCES)


def gate(off: str) -> subprocess.CompletedProcess[str]:
    """A part of the gate in a process of its own, with a defence off."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", GATE]
    return subprocess.run(
        command, env={**os.environ, SWITCH: off}, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_gate_passes_and_with_one_defence_off_it_fails() -> None:
    whole, without = gate(""), gate(AT_ONCE)
    assert whole.returncode == pytest.ExitCode.OK, whole.stdout
    assert without.returncode == pytest.ExitCode.TESTS_FAILED, without.stdout
    assert "D2: cell" in without.stdout
    assert "without an intent on disk" in without.stdout


def test_the_gate_does_not_begin_with_a_name_that_it_does_not_know() -> None:
    refused = gate("fires_thrice")
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR
    assert "names no defence: fires_thrice." in refused.stderr


def test_the_table_tells_the_soonest_first_and_the_median_of_what_was_found() -> None:
    reports: list[dict[str, object]] = [
        {"defence": "late", "seeds": 9, "laws": "S1"},
        {"defence": "lost", "seeds": 0, "laws": ""},
        {"defence": "soon", "seeds": 1, "laws": "D2 P3"},
        {"of": "another test"},
    ]
    assert table(reports) == [
        "soon      1  D2 P3",
        "late      9  S1",
        "lost  never",
        "2 of 3 planted bugs found, median 5 seeds",
    ]
    assert table([{"of": "another test"}]) == []
