"""Every scenario of the catalogue is noticed when idle, and speaks when a defence is off.

What each subject's worlds show, and that they are silent, stands in the modules named here.
"""

import asyncio
from dataclasses import replace
from typing import Final

import pytest

from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.fault import Fault
from edge.simulation.catalogue.playing import play
from tests.simulation import (
    test_clock_faults,
    test_counter_faults,
    test_door_faults,
    test_identity_faults,
    test_storage_faults,
    test_sync_faults,
)
from tests.simulation.defences.defence import Off
from tests.simulation.faults import code_of, not_shown, played, speaks

SUBJECTS: Final = (
    test_storage_faults,
    test_door_faults,
    test_counter_faults,
    test_sync_faults,
    test_clock_faults,
    test_identity_faults,
)
EXPLAINED: Final[dict[str, str]] = {}
"""Faults without a planted mistake, and why."""
PLAYED: Final = {fault.code for fault in played(CATALOGUE)}
SHOWN: Final = {code: shown for subject in SUBJECTS for code, shown in subject.SHOWN.items()}
PLANTED: Final = [planted for subject in SUBJECTS for planted in subject.PLANTED]


def test_every_fault_that_is_played_has_a_planted_mistake_or_a_reason() -> None:
    planted = {code for code, _plant in PLANTED}
    assert not planted & EXPLAINED.keys()
    assert planted | EXPLAINED.keys() == PLAYED


def test_every_fault_that_is_played_says_what_must_have_been_there() -> None:
    assert SHOWN.keys() == PLAYED


@pytest.mark.slow
@pytest.mark.parametrize("fault", played(CATALOGUE), ids=code_of)
def test_a_scenario_that_does_nothing_is_noticed(fault: Fault) -> None:
    async def idle(_bench: Bench) -> None:
        """Nothing breaks."""

    assert not_shown(replace(fault, scenario=idle), SHOWN[fault.code], seeds=1)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "plant"), PLANTED, ids=[code for code, _ in PLANTED])
def test_without_its_defence_the_scenario_speaks(
    code: str, plant: Off, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert speaks(CATALOGUE, code)


def test_a_scenario_that_waits_for_ever_is_left_once_a_law_is_broken() -> None:
    async def stands_there(bench: Bench) -> None:
        bench.expect(so=False, what="it goes on")
        await asyncio.Event().wait()

    report = play(replace(played(CATALOGUE)[0], scenario=stands_there), seed=0)
    assert [trouble.endswith("not so: it goes on") for trouble in report.troubles] == [True]


def test_what_a_scenario_raises_is_told_as_ever() -> None:
    async def falls(_bench: Bench) -> None:
        raise RuntimeError("the scenario itself is wrong")

    report = play(replace(played(CATALOGUE)[0], scenario=falls), seed=0)
    assert "bug: RuntimeError('the scenario itself is wrong')" in report.troubles[0]
