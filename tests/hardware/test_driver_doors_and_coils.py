"""Debouncing of doors and rest of coils, on a hand-driven clock."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.drivers.locks.coil_guard import CoilGuard, join_supply, leave_supply
from hardware.drivers.locks.door_watch import DoorWatch
from hardware.options import COOLING
from hardware.ports import DoorChange, DoorReading

OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN


def change(channel: int, reading: DoorReading) -> DoorChange:
    return DoorChange(channel=channel, reading=reading)


def test_the_first_reading_is_believed_at_once_and_a_new_one_after_50_ms() -> None:
    doors = DoorWatch(2)
    assert list(doors.see({1: SHUT, 2: OPEN}, 1.0)) == [change(1, SHUT), change(2, OPEN)]
    assert list(doors.see({1: OPEN, 2: OPEN}, 2.0)) == []
    assert doors.look_again_s() == pytest.approx(2.05)
    assert list(doors.see({1: OPEN}, 2.04)) == []
    assert list(doors.see({1: OPEN}, 2.06)) == [change(1, OPEN)]
    assert doors.look_again_s() is None


def test_a_reading_that_falls_back_was_a_bounce() -> None:
    doors = DoorWatch(1)
    list(doors.see({1: SHUT}, 1.0))
    for second in (2.0, 2.1, 2.2):
        assert list(doors.see({1: OPEN}, second)) == []
        assert list(doors.see({1: SHUT}, second + 0.04)) == []
    assert doors.look_again_s() is None


def test_lost_doors_are_unknown_once_and_believed_at_once_when_they_are_back() -> None:
    doors = DoorWatch(2)
    list(doors.see({1: SHUT}, 1.0))
    assert list(doors.lose_sight()) == [change(1, UNKNOWN), change(2, UNKNOWN)]
    assert list(doors.lose_sight()) == []
    assert list(doors.see({1: OPEN}, 9.0)) == [change(1, OPEN)]


def test_after_a_silence_that_may_have_been_a_new_start_news_must_last_a_second() -> None:
    doors = DoorWatch(2)
    list(doors.see({1: OPEN, 2: SHUT}, 1.0))
    doors.distrust(3.0)
    assert list(doors.see({1: SHUT, 2: SHUT}, 3.0)) == []  # it has not read its inputs yet
    assert list(doors.see({1: SHUT, 2: SHUT}, 3.4)) == []
    assert list(doors.see({1: OPEN, 2: OPEN}, 3.6)) == []
    assert doors.look_again_s() == pytest.approx(4.0)
    assert list(doors.see({1: OPEN, 2: OPEN}, 4.0)) == [change(2, OPEN)]


def test_lost_doors_are_unknown_until_a_board_that_starts_anew_has_read_its_inputs() -> None:
    doors = DoorWatch(1)
    list(doors.see({1: OPEN}, 1.0))
    list(doors.lose_sight())
    doors.distrust(5.0)
    assert list(doors.see({1: SHUT}, 5.0)) == []
    assert list(doors.see({1: OPEN}, 5.6)) == []
    assert list(doors.see({1: OPEN}, 6.0)) == [change(1, OPEN)]


def test_a_channel_that_the_board_does_not_have_is_no_door() -> None:
    assert list(DoorWatch(2).see({3: OPEN, 0: OPEN}, 1.0)) == []


@given(st.lists(st.tuples(st.floats(0.001, 0.5), st.sampled_from([OPEN, SHUT])), min_size=1))
def test_no_two_reports_of_a_door_are_the_same_and_none_is_nearer_than_50_ms(
    readings: list[tuple[float, DoorReading]],
) -> None:
    doors, now, reports = DoorWatch(1), 0.0, [(-1.0, UNKNOWN)]
    for gap, reading in readings:
        now += gap
        reports += [(now, seen.reading) for seen in doors.see({1: reading}, now)]
    pairs = list(pairwise(reports))
    assert all(one[1] is not other[1] for one, other in pairs)
    assert all(other[0] - one[0] >= 0.05 for one, other in pairs[1:])


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 2)), max_size=30))
def test_no_coil_is_driven_more_than_a_tenth_of_the_time_nor_two_together(
    wishes: list[tuple[int, float]],
) -> None:
    coils, now, pulse, driven = CoilGuard(), 0.0, 0.3, []
    for channel, gap in wishes:
        now = max(now + gap, coils.ready_s(1, channel))
        assert coils.claim(1, channel, pulse, now)
        driven.append((now, channel))
    times = [at for at, _ in driven]
    assert all(b - a >= pulse for a, b in pairwise(times))
    for channel in (1, 2, 3):
        own = [at for at, coil in driven if coil == channel]
        assert all(b - a >= pulse * COOLING - 1e-9 for a, b in pairwise(own))


def test_a_repeat_waits_until_its_coil_is_cool_and_others_wait_for_the_supply_alone() -> None:
    coils = CoilGuard()
    assert coils.claim(1, 7, 0.3, 10.0)
    assert coils.ready_s(1, 7) == pytest.approx(13.0)
    assert coils.ready_s(1, 8) == pytest.approx(10.4)
    assert coils.ready_s(2, 7) == pytest.approx(10.4)


def test_the_supply_is_taken_by_one_alone_even_when_two_threads_ask_at_once() -> None:
    coils = CoilGuard()
    taken: list[int] = []
    start = threading.Barrier(8)

    def ask(board: int) -> None:
        start.wait()
        taken.extend(n for n in range(200) if coils.claim(board, n, 0.3, 10.0))

    threads = [threading.Thread(target=ask, args=(board,)) for board in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_a_claim_before_its_time_changes_nothing() -> None:
    coils = CoilGuard()
    assert coils.claim(1, 7, 0.3, 10.0)
    assert not coils.claim(1, 8, 0.3, 10.2)
    assert coils.ready_s(1, 8) == pytest.approx(10.4)


def test_boards_that_name_one_supply_share_its_guard_until_the_last_one_leaves() -> None:
    first, second, other = join_supply("left"), join_supply("left"), join_supply("right")
    assert first is second
    assert first is not other
    assert first.claim("a", 1, 0.3, 10.0)
    leave_supply("left")
    assert join_supply("left").ready_s("b", 1) == pytest.approx(10.4)
    for name in ("left", "left", "right"):
        leave_supply(name)
    fresh = join_supply("left")
    leave_supply("left")
    assert fresh.ready_s("b", 1) == 0.0
