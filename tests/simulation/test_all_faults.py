"""Every fault that is played has a mistake that its scenario finds, or a reason why it has none."""

from typing import Final

from edge.simulation.catalogue.every import CATALOGUE
from tests.simulation import (
    test_clock_faults,
    test_counter_faults,
    test_door_faults,
    test_identity_faults,
    test_storage_faults,
    test_sync_faults,
)
from tests.simulation.faults import played

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


def test_every_fault_that_is_played_has_a_planted_mistake_or_a_reason() -> None:
    planted = {code for subject in SUBJECTS for code, _plant in subject.PLANTED}
    assert not planted & EXPLAINED.keys()
    assert planted | EXPLAINED.keys() == PLAYED


def test_every_fault_that_is_played_says_what_must_have_been_there() -> None:
    assert {code for subject in SUBJECTS for code in subject.SHOWN} == PLAYED
