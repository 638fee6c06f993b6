"""So many doors are opened from afar and no more, whatever is signed, restarted or set."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.remote import RemoteRefusal
from edge.domain.remote_ledger import MOST_OPENS, MOST_OPENS_AT_ONCE
from edge.kernel.ids import CellId
from tests.domain.county import MINUTE, County, in_order
from tests.domain.house import FOUR, HOUR, ONE, SECOND, THREE, TWO


def _flood(county: County, ms: int) -> int:
    """Ask every second for so long; how many doors were told to open."""
    before = len(county.pulses)
    for _ in range(ms // SECOND):
        cell = (ONE, TWO, THREE, FOUR)[county.commands % 4]
        county.remote_and_shut(cell)
        county.wait(SECOND)
    return len(county.pulses) - before


def test_three_doors_in_ten_minutes_and_ten_a_day_and_no_more() -> None:
    county = in_order()
    assert _flood(county, 10 * MINUTE - SECOND) == MOST_OPENS_AT_ONCE
    assert _flood(county, 2 * HOUR) == MOST_OPENS - MOST_OPENS_AT_ONCE
    county.wait(24 * HOUR)
    assert county.remote() == ""


@pytest.mark.parametrize("jump_ms", [-400 * 24 * HOUR, 0, 400 * 24 * HOUR])
def test_neither_restarts_nor_clocks_win_a_further_door(jump_ms: int) -> None:
    county = in_order()
    for cell in (ONE, TWO, THREE):
        assert county.remote_and_shut(cell) == ""
    for _ in range(3):
        county.wall_ms += jump_ms
        county.restart(off_ms=48 * HOUR)
        county.see_all_shut()
        assert county.remote(FOUR) in {RemoteRefusal.RATE, RemoteRefusal.DOORS_REST}


def test_a_command_that_came_to_nothing_counts_all_the_same() -> None:
    county = in_order()
    for cell in (ONE, TWO, THREE):
        county.remote(cell)
        county.tick(3 * SECOND)
    assert county.remote(FOUR) == RemoteRefusal.RATE


steps = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(1, 4)),
        st.tuples(st.just("wait"), st.sampled_from([1, 200, 601, 7_200, 40_000])),
        st.tuples(st.just("restart"), st.sampled_from([0, 60, 90_000])),
        st.tuples(st.just("jump"), st.sampled_from([-86_400 * 365, 86_400 * 365])),
    ),
    max_size=80,
)


@given(steps)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_no_span_of_running_time_sees_more_doors_than_allowed(
    todo: list[tuple[str, int]],
) -> None:
    county, ran_ms, opened = in_order(), 0, list[int]()
    for what, amount in todo:
        match what:
            case "open":
                before = len(county.pulses)
                county.remote_and_shut(CellId(amount))
                opened += [ran_ms] * (len(county.pulses) - before)
            case "wait":
                county.tick(amount * SECOND)
                ran_ms += amount * SECOND
            case "restart":
                county.restart(off_ms=amount * SECOND)
                county.see_all_shut()
                ran_ms += 20
            case _:
                county.wall_ms += amount * SECOND
    for span_ms, most in ((10 * MINUTE, MOST_OPENS_AT_ONCE), (24 * HOUR, MOST_OPENS)):
        for start in opened:
            # A restart may add the milliseconds of its own beginning, never take any away.
            assert sum(start <= ms < start + span_ms - 20 * len(todo) for ms in opened) <= most
    assert county.replayed() == county.state
