"""The steel: physics on a hand-driven clock, and the law of the coils."""

from itertools import pairwise

import pytest

from edge.kernel.errors import CunyiError, Refused
from hardware.twins.cabinet import Cabinet, LawBroken, Steel
from hardware.twins.faults import Fault, Faults
from hardware.twins.lock_board import BoardMake

DOORS = 24
PULSE_MS = BoardMake().pulse_ms
STEEL = Steel()


class Bay:
    """A cabinet whose time passes only when told."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.faults = Faults(DOORS)
        self.cabinet = Cabinet(DOORS, self.faults, STEEL, lambda: self.now_s)

    def pass_ms(self, ms: int) -> None:
        self.now_s += ms / 1_000

    def spring_open(self, channel: int) -> None:
        self.cabinet.energise(channel, PULSE_MS)
        self.pass_ms(PULSE_MS + 1)
        assert self.cabinet.is_open(channel)


@pytest.fixture
def bay() -> Bay:
    return Bay()


def held(bay: Bay) -> tuple[int, ...]:
    return bay.cabinet.held


def open_doors(bay: Bay) -> list[int]:
    return [door.channel for door in bay.cabinet.doors() if door.open]


def test_a_pulse_frees_the_bolt_and_a_moment_later_the_door_stands_open(bay: Bay) -> None:
    bay.cabinet.energise(7, PULSE_MS)
    assert bay.cabinet.sensor_shut(7)
    bay.pass_ms(STEEL.release_ms + STEEL.swing_ms - 1)
    assert open_doors(bay) == []
    bay.pass_ms(2)
    assert open_doors(bay) == [7]
    assert not bay.cabinet.sensor_shut(7)


def test_a_pulse_shorter_than_the_bolt_needs_opens_nothing(bay: Bay) -> None:
    bay.cabinet.energise(7, STEEL.release_ms - 1)
    bay.pass_ms(5_000)
    assert open_doors(bay) == []
    assert [pulse.released for pulse in bay.cabinet.pulses] == [False]


def test_every_pulse_is_on_record_with_time_lock_and_length(bay: Bay) -> None:
    bay.cabinet.energise(3, 300)
    bay.pass_ms(400)
    bay.cabinet.energise(24, 1_000)
    record = [(pulse.at_ms, pulse.channel, pulse.length_ms) for pulse in bay.cabinet.pulses]
    assert record == [(100_000, 3, 300), (100_400, 24, 1_000)]


def test_two_coils_at_once_break_the_law_and_the_bench_says_so_at_the_end(bay: Bay) -> None:
    bay.cabinet.energise(3, 300)
    bay.pass_ms(299)
    bay.cabinet.energise(4, 300)
    assert len(bay.cabinet.violations) == 1
    with pytest.raises(LawBroken, match=r"\[3, 4\]"):
        bay.cabinet.judge()
    assert issubclass(LawBroken, AssertionError)
    assert issubclass(LawBroken, CunyiError)


def test_one_coil_after_the_other_is_lawful_and_so_is_the_same_coil_again(bay: Bay) -> None:
    bay.cabinet.energise(3, 300)
    bay.cabinet.energise(3, 300)
    bay.pass_ms(300)
    bay.cabinet.energise(4, 300)
    bay.cabinet.judge()
    assert bay.cabinet.violations == ()


def test_a_longer_drive_of_one_coil_is_remembered_when_the_next_begins(bay: Bay) -> None:
    bay.cabinet.energise(3, 1_000)
    bay.cabinet.energise(3, 50)
    bay.pass_ms(500)
    bay.cabinet.energise(4, 300)
    assert len(bay.cabinet.violations) == 1


def test_what_was_put_in_comes_out_and_only_through_an_open_door(bay: Bay) -> None:
    with pytest.raises(Refused, match=r"bench\.door_is_shut"):
        bay.cabinet.put_in(7, "YT7700123456789")
    bay.spring_open(7)
    bay.cabinet.put_in(7, "YT7700123456789")
    bay.cabinet.put_in(7, "an umbrella")
    assert bay.cabinet.take_out(7) == ("YT7700123456789", "an umbrella")
    with pytest.raises(Refused, match=r"bench\.nothing_inside"):
        bay.cabinet.take_out(7)


def test_a_door_that_has_just_sprung_open_swings_out_before_it_can_be_pushed_shut(
    bay: Bay,
) -> None:
    bay.cabinet.energise(7, PULSE_MS)
    bay.pass_ms(STEEL.release_ms + STEEL.swing_ms + 1)
    bay.cabinet.push_shut(7)
    bay.pass_ms(STEEL.swing_out_ms - 10)
    assert open_doors(bay) == [7]
    bay.pass_ms(20)
    assert open_doors(bay) == []
    assert bay.cabinet.sensor_shut(7)
    with pytest.raises(Refused, match=r"bench\.door_is_shut"):
        bay.cabinet.push_shut(7)


def test_a_door_does_not_latch_while_its_coil_is_driven(bay: Bay) -> None:
    bay.cabinet.energise(7, 9_000)
    bay.pass_ms(5_000)
    bay.cabinet.push_shut(7)
    bay.pass_ms(3_999)
    assert open_doors(bay) == [7]
    bay.pass_ms(2)
    assert open_doors(bay) == []


def test_a_forced_door_is_open_without_a_pulse_and_heals_when_shut(bay: Bay) -> None:
    bay.cabinet.force_open(9)
    assert bay.cabinet.doors()[8].forced
    assert bay.cabinet.pulses == ()
    with pytest.raises(Refused, match=r"bench\.door_is_open"):
        bay.cabinet.force_open(9)
    bay.pass_ms(STEEL.swing_out_ms)
    bay.cabinet.push_shut(9)
    assert not bay.cabinet.doors()[8].forced


@pytest.mark.parametrize("channel", [0, 25, -1])
def test_a_door_that_is_not_there_is_refused(bay: Bay, channel: int) -> None:
    with pytest.raises(Refused, match=r"bench\.no_such_door"):
        bay.cabinet.force_open(channel)


def test_a_stuck_lock_takes_the_pulse_and_stays_shut(bay: Bay) -> None:
    bay.faults.switch(Fault.STUCK_LOCK, on=True, channel=7)
    bay.cabinet.energise(7, PULSE_MS)
    bay.pass_ms(5_000)
    assert open_doors(bay) == []
    bay.faults.switch(Fault.STUCK_LOCK, on=False, channel=7)
    bay.spring_open(7)


def test_a_weak_spring_needs_a_second_pulse(bay: Bay) -> None:
    bay.faults.switch(Fault.WEAK_SPRING, on=True, channel=7)
    bay.cabinet.energise(7, PULSE_MS)
    bay.pass_ms(5_000)
    assert open_doors(bay) == []
    bay.spring_open(7)
    bay.pass_ms(STEEL.swing_out_ms)
    bay.cabinet.push_shut(7)
    bay.cabinet.energise(7, PULSE_MS)
    bay.pass_ms(5_000)
    assert open_doors(bay) == []  # shut once more, it is as weak as before


@pytest.mark.parametrize(("driven", "opens"), [(7, 8), (24, 1)])
def test_wires_in_the_wrong_place_open_the_next_door(bay: Bay, driven: int, opens: int) -> None:
    bay.faults.switch(Fault.WRONG_DOOR, on=True, channel=driven)
    bay.cabinet.energise(driven, PULSE_MS)
    bay.pass_ms(1_000)
    assert open_doors(bay) == [opens]


def test_a_dead_sensor_says_the_same_whatever_the_door_does(bay: Bay) -> None:
    bay.faults.switch(Fault.SENSOR_STUCK_OPEN, on=True, channel=1)
    bay.faults.switch(Fault.SENSOR_STUCK_SHUT, on=True, channel=2)
    assert not bay.cabinet.sensor_shut(1)
    bay.spring_open(2)
    assert bay.cabinet.sensor_shut(2)


def test_a_jammed_door_is_unlocked_but_swings_only_when_nothing_is_in_its_way(bay: Bay) -> None:
    bay.faults.switch(Fault.DOOR_JAMMED, on=True, channel=7)
    bay.cabinet.energise(7, PULSE_MS)
    bay.pass_ms(5_000)
    assert open_doors(bay) == []
    assert [pulse.released for pulse in bay.cabinet.pulses] == [True]
    bay.faults.mend_all()
    assert open_doors(bay) == [7]
    bay.cabinet.push_shut(7)
    bay.pass_ms(STEEL.swing_out_ms - 10)
    assert open_doors(bay) == [7]  # it has only now begun to swing


def test_a_dead_relay_gives_no_current_and_no_pulse_of_any_length(bay: Bay) -> None:
    bay.faults.switch(Fault.DEAD_RELAY, on=True, channel=7)
    bay.cabinet.energise(7, PULSE_MS)
    bay.cabinet.energise(8, PULSE_MS)
    bay.pass_ms(1_000)
    assert open_doors(bay) == [8]
    assert [(p.channel, p.length_ms) for p in bay.cabinet.pulses] == [(7, 0), (8, PULSE_MS)]
    assert bay.cabinet.violations == ()


@pytest.mark.parametrize(("driven", "opens"), [(7, [7, 8]), (24, [1, 24])])
def test_two_doors_come_open_on_one_pulse(bay: Bay, driven: int, opens: list[int]) -> None:
    bay.faults.switch(Fault.TWO_DOORS, on=True, channel=driven)
    bay.cabinet.energise(driven, PULSE_MS)
    bay.pass_ms(1_000)
    assert open_doors(bay) == opens
    assert len(bay.cabinet.pulses) == 1


def test_a_stuck_relay_is_seen_and_no_breach_and_its_door_does_not_latch(bay: Bay) -> None:
    bay.faults.switch(Fault.STUCK_RELAY, on=True, channel=7)
    bay.cabinet.energise(7, PULSE_MS)
    assert held(bay) == ()
    bay.pass_ms(100_000)
    assert held(bay) == (7,)
    bay.cabinet.energise(8, PULSE_MS)
    bay.cabinet.push_shut(7)
    bay.pass_ms(5_000)
    assert open_doors(bay) == [7, 8]
    bay.faults.mend_all()
    assert held(bay) == ()
    assert open_doors(bay) == [8]
    bay.cabinet.judge()


def test_a_stiff_door_creeps_shut_and_is_open_until_then(bay: Bay) -> None:
    bay.faults.switch(Fault.SLOW_CLOSE, on=True, channel=7)
    bay.spring_open(7)
    bay.pass_ms(STEEL.swing_out_ms)
    bay.cabinet.push_shut(7)
    bay.pass_ms(STEEL.slow_close_ms - 10)
    assert not bay.cabinet.sensor_shut(7)
    bay.pass_ms(20)
    assert bay.cabinet.sensor_shut(7)


def test_a_door_pushed_too_early_looks_shut_for_a_moment_and_springs_open_again(bay: Bay) -> None:
    bay.spring_open(7)
    bay.cabinet.put_in(7, "parcel")
    bay.cabinet.push_shut(7, patient=False)
    assert bay.cabinet.sensor_shut(7)
    bay.pass_ms(STEEL.touch_ms + 1)
    assert open_doors(bay) == [7]
    assert bay.cabinet.inside(7) == ("parcel",)
    bay.pass_ms(STEEL.swing_out_ms)
    bay.cabinet.push_shut(7, patient=False)
    bay.pass_ms(5_000)
    assert open_doors(bay) == []


def test_an_article_sensor_sees_what_lies_behind_the_door(bay: Bay) -> None:
    bay.spring_open(7)
    assert not bay.cabinet.article(7)
    bay.cabinet.put_in(7, "parcel")
    assert bay.cabinet.article(7)


def test_a_switch_bounces_when_a_door_is_shut_long_after_it_opened(bay: Bay) -> None:
    bay.faults.switch(Fault.SENSOR_BOUNCE, on=True)
    bay.spring_open(7)
    bay.pass_ms(60_000)
    bay.cabinet.push_shut(7)
    seen = set()
    for _ in range(STEEL.bounce_ms):
        bay.pass_ms(1)
        seen.add(bay.cabinet.sensor_shut(7))
    assert seen == {True, False}


def test_a_bouncing_sensor_flickers_after_a_move_and_then_settles(bay: Bay) -> None:
    bay.faults.switch(Fault.SENSOR_BOUNCE, on=True)
    bay.cabinet.energise(7, PULSE_MS)
    bay.pass_ms(STEEL.release_ms + STEEL.swing_ms)
    seen = []
    for _ in range(STEEL.bounce_ms):
        bay.pass_ms(1)
        seen.append(bay.cabinet.sensor_shut(7))
    assert {True, False} == set(seen)
    assert sum(a != b for a, b in pairwise(seen)) > 3
    bay.pass_ms(1)
    assert not bay.cabinet.sensor_shut(7)
    assert bay.cabinet.sensor_shut(8)
