"""Days of a stay: both ends of the bracket, then the next morning; or nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.storage_time import certainly_not, day_of, morning_after, over, passed_by_ms
from edge.kernel.time import Instant
from tests.domain.house import HOUR, NOON
from tests.domain.long_stay import DAY, MORNING


def at(lo_ms: int, hi_ms: int | None, *, boot: int = 1, mono_ms: int = 0) -> Instant:
    return Instant(boot=boot, mono_ms=mono_ms, wall_lo_ms=lo_ms, wall_hi_ms=hi_ms)


@pytest.mark.parametrize(
    ("moment_ms", "morning_ms"),
    [
        (NOON, NOON + MORNING),
        (NOON + MORNING, NOON + MORNING),
        (NOON + MORNING + 1, NOON + MORNING + DAY),
        (NOON - 6 * HOUR, NOON + MORNING - DAY),
    ],
)
def test_the_shop_opens_at_half_past_six(moment_ms: int, morning_ms: int) -> None:
    assert morning_after(moment_ms) == morning_ms


def test_three_days_are_over_on_the_morning_after_them_and_not_a_moment_before() -> None:
    stored, limit = at(NOON - 5, NOON + 5), NOON + 3 * DAY + MORNING
    assert not over(stored, None, 3, at(limit - 1, limit + 9, boot=2))
    assert over(stored, None, 3, at(limit, limit + 9, boot=2))
    assert not over(stored, None, 3, at(limit + 30 * DAY, None, boot=2))


def test_within_one_boot_the_time_since_counts_whatever_the_wall_clock_did() -> None:
    stored = at(NOON, None)
    jumped = at(NOON + 40 * DAY, NOON + 40 * DAY, mono_ms=2 * DAY)
    assert not over(stored, None, 3, jumped)
    waited = at(NOON + 40 * DAY, NOON + 40 * DAY, mono_ms=5 * DAY)
    assert over(stored, None, 3, waited)


def test_a_moment_without_a_clock_has_passed_when_a_trusted_one_says_so_later() -> None:
    stored, now = at(NOON, None), at(NOON + 9 * DAY, NOON + 9 * DAY, boot=2)
    assert passed_by_ms(stored, None, now) is None
    assert not over(stored, None, 3, now)
    assert over(stored, NOON + DAY, 3, now)
    assert not over(stored, NOON + 7 * DAY, 3, now)


def test_people_count_the_day_it_came_as_the_first() -> None:
    assert day_of(at(NOON, None), at(NOON, None)) == 1
    assert day_of(at(NOON, None), at(NOON + 13 * HOUR, None)) == 2
    assert day_of(at(NOON, None), at(NOON - 2 * DAY, None)) == 1


@given(
    stored_ms=st.integers(0, 20 * DAY),
    stored_doubt=st.none() | st.integers(0, 2 * DAY),
    now_ms=st.integers(0, 40 * DAY),
    doubt=st.none() | st.integers(0, 2 * DAY),
    days=st.integers(1, 9),
)
def test_days_are_over_only_if_they_are_by_every_time_that_is_possible(
    stored_ms: int, stored_doubt: int | None, now_ms: int, doubt: int | None, days: int
) -> None:
    stored = at(NOON + stored_ms, None if stored_doubt is None else NOON + stored_ms + stored_doubt)
    now = at(NOON + now_ms, None if doubt is None else NOON + now_ms + doubt, boot=2)
    if over(stored, None, days, now):
        assert stored.wall_hi_ms is not None
        assert now.wall_hi_ms is not None
        assert now.wall_lo_ms - stored.wall_hi_ms >= days * DAY
    if certainly_not(stored, days, now):
        assert not over(stored, None, days, now)
