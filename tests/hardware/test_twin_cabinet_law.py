"""The law of the coils, on a hand-driven clock: one on a supply, not for long, not too often."""

import pytest

from hardware.twins.cabinet import LawBroken
from hardware.twins.faults import Fault
from tests.hardware.test_twin_cabinet import Bay


@pytest.fixture
def bay() -> Bay:
    return Bay()


def held(bay: Bay) -> tuple[int, ...]:
    return bay.cabinet.held


def breaches(bay: Bay) -> list[str]:
    return [breach.partition(":")[0] for breach in bay.cabinet.violations]


def test_coils_on_different_supplies_may_be_driven_at_once(bay: Bay) -> None:
    bay.cabinet.energise(1, 300, "left")
    bay.cabinet.energise(13, 300, "right")
    assert breaches(bay) == []
    bay.cabinet.energise(14, 300, "right")
    assert breaches(bay) == ["two coils driven at once"]
    assert "[13, 14]" in bay.cabinet.violations[0]


@pytest.mark.parametrize(
    ("length_ms", "told"),
    [(1_000, []), (1_001, ["coil held"]), (9_000, ["coil held", "coil too hot"])],
)
def test_a_pulse_is_a_second_at_most(bay: Bay, length_ms: int, told: list[str]) -> None:
    bay.cabinet.energise(7, length_ms)
    assert breaches(bay) == told
    if told:
        with pytest.raises(LawBroken, match=f"coil held: 7 for {length_ms} ms"):
            bay.cabinet.judge()


def test_pulses_without_a_gap_are_one_long_one(bay: Bay) -> None:
    for _ in range(3):
        bay.cabinet.energise(7, 400)
        bay.pass_ms(400)
    assert breaches(bay) == ["coil held"]


def test_a_drive_without_an_end_is_held_after_a_second_and_told_once(bay: Bay) -> None:
    bay.cabinet.energise(7, None)
    bay.pass_ms(1_000)
    assert breaches(bay) == []
    assert held(bay) == ()
    bay.pass_ms(2)
    assert held(bay) == (7,)
    bay.pass_ms(4_000)
    assert breaches(bay) == ["coil held"]
    bay.cabinet.de_energise(7)
    assert breaches(bay) == ["coil held"]
    assert held(bay) == ()
    assert [pulse.length_ms for pulse in bay.cabinet.pulses] == [5_002]


def test_switching_on_what_is_on_is_no_second_pulse(bay: Bay) -> None:
    bay.cabinet.energise(7, None)
    bay.cabinet.energise(7, None)
    bay.pass_ms(300)
    bay.cabinet.de_energise(7)
    bay.cabinet.de_energise(7)
    assert [(pulse.channel, pulse.length_ms) for pulse in bay.cabinet.pulses] == [(7, 300)]
    assert bay.cabinet.is_open(7)


def test_a_time_given_to_a_coil_that_is_on_ends_it(bay: Bay) -> None:
    bay.cabinet.energise(7, None)
    bay.cabinet.energise(7, 300)
    bay.pass_ms(10_000)
    assert breaches(bay) == []


def test_a_drive_that_is_cut_too_early_frees_nothing(bay: Bay) -> None:
    bay.cabinet.energise(7, 300)
    bay.pass_ms(30)
    bay.cabinet.de_energise(7)
    bay.pass_ms(1_000)
    assert not bay.cabinet.is_open(7)
    (pulse,) = bay.cabinet.pulses
    assert (pulse.length_ms, pulse.released) == (30, False)


def test_a_weak_spring_counts_the_time_that_it_was_really_driven(bay: Bay) -> None:
    bay.faults.switch(Fault.WEAK_SPRING, on=True, channel=7)
    bay.cabinet.energise(7, 300)
    bay.pass_ms(100)
    bay.cabinet.de_energise(7)
    bay.cabinet.energise(7, 300)
    bay.pass_ms(1_000)
    assert not bay.cabinet.is_open(7)
    bay.cabinet.energise(7, None)
    bay.pass_ms(200)
    bay.cabinet.de_energise(7)
    bay.pass_ms(1_000)
    assert bay.cabinet.is_open(7)


@pytest.mark.parametrize(("pause_ms", "told"), [(2_700, []), (2_690, ["coil too hot"])])
def test_a_coil_may_be_driven_a_tenth_of_a_minute(bay: Bay, pause_ms: int, told: list[str]) -> None:
    for _ in range(21):
        bay.cabinet.energise(7, 300)
        bay.pass_ms(300 + pause_ms)
    assert breaches(bay) == told


def test_a_coil_cools_down_and_a_neighbour_has_its_own_heat(bay: Bay) -> None:
    for channel in (7, 8, 7):
        for _ in range(20):
            bay.cabinet.energise(channel, 300)
            bay.pass_ms(310)
        bay.pass_ms(60_000)
    assert breaches(bay) == []


def test_what_a_stuck_relay_does_is_not_against_the_law(bay: Bay) -> None:
    bay.faults.switch(Fault.STUCK_RELAY, on=True, channel=7)
    bay.cabinet.energise(7, 300)
    bay.pass_ms(30_000)
    for channel in (8, 7, 9):
        bay.cabinet.energise(channel, 300)
        bay.pass_ms(400)
    assert breaches(bay) == []
    assert held(bay) == (7,)
