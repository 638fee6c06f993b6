"""Boots that do not last: how doors come to rest after some in a row, and how they wake."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from edge.domain.answers import Answer, CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.facts import CellFaulted, RefusalReason
from edge.domain.inputs import EndedInOrder
from edge.domain.machine_facts import SafeEntered, SafeLeft, StationSteady
from edge.domain.parcel import Stage
from edge.domain.rest import why_doors_rest
from edge.domain.state import Boots
from tests.domain.house import (
    ONE,
    SECOND,
    SF,
    TWO,
    YT,
    ZTO,
    House,
    cell_in,
    policy_of,
    slip_of,
)

STEADY = 120 * SECOND
SAFE = 300 * SECOND


@pytest.fixture
def house() -> House:
    """One that has been up for a while, with two parcels in it."""
    house = House().open_shop()
    house.check_in(YT)
    house.check_in(SF)
    house.tick(STEADY)
    return house


def falls(house: House, times: int, *, after_ms: int = STEADY - SECOND) -> House:
    """The power goes, comes back, and does not last; the shop is opened again each time."""
    for _ in range(times):
        house.restart()
        house.open_shop()
        house.wait(after_ms)
    return house


def ends_in_order(house: House) -> list[str]:
    house.tell(EndedInOrder(at=house.now))
    return house.kinds


def test_that_a_boot_has_lasted_is_told_once() -> None:
    house = House()
    house.tick(STEADY - 21)
    assert (house.kinds, house.due_ms()) == ([], 1)
    house.tick(1)
    assert house.news() == (StationSteady(),)
    house.tick(SAFE)
    assert (house.kinds, house.due_ms()) == ([], None)
    assert ends_in_order(house) == []


def test_the_third_start_without_one_that_lasted_lets_the_doors_rest(house: House) -> None:
    falls(house, 2)
    assert house.facts(SafeEntered) == []
    assert house.release(YT).ok
    house.restart()
    assert house.news()[-1] == SafeEntered(starts=3, cell=None)
    assert why_doors_rest(house.state, house.now) is RefusalReason.JUST_RESTARTED


def test_a_boot_that_lasted_or_was_ended_in_order_begins_a_new_row(house: House) -> None:
    falls(house, 2)
    assert ends_in_order(house) == ["station.steady"]
    falls(house, 2)
    house.tick(SECOND)
    assert house.kinds == ["station.steady"]
    falls(house, 2)
    assert house.facts(SafeEntered) == []


def test_a_county_may_set_how_many_starts_and_how_long_or_have_none_of_it() -> None:
    rules = replace(policy_of(), safe_after_boots=2, steady_ms=3 * SECOND, safe_ms=7 * SECOND)
    house = House(policy=rules)
    house.restart()
    assert house.facts(SafeEntered) == [SafeEntered(starts=2, cell=None)]
    assert house.due_ms() == 7 * SECOND - 20
    never = House(policy=replace(rules, safe_after_boots=0))
    falls(never, 5, after_ms=0)
    assert never.facts(SafeEntered) == []
    assert never.scan(ZTO).ok


def test_while_doors_rest_nobody_gets_one_opened(house: House) -> None:
    taken = house.token(slip_of(house.slips[1]).token)
    house.opens(cell_in(taken))
    house.shuts(cell_in(taken))
    falls(house, 3, after_ms=SECOND)
    before, slip = house.state, house.slips[0]
    for reply in (
        house.token(slip.token),
        house.code(slip.digits),
        house.release(YT),
        house.cancel(YT),
        house.open_by_hand(ONE),
    ):
        assert (reply.key, reply.ok) == (RefusalReason.JUST_RESTARTED, False)
    assert (house.scan(ZTO).key, house.state) == (Answer.CHECK_IN_WAITS, before)


def test_doors_wake_by_themselves_and_then_do_nothing_by_themselves(house: House) -> None:
    falls(house, 3, after_ms=0)
    fired, slip = len(house.pulses), house.slips[0]
    assert not house.token(slip.token).ok
    house.tick(STEADY)
    assert house.kinds == []  # what lasts long enough on other days is no more than a beginning
    assert house.due_ms() == SAFE - STEADY - 20
    house.tick(SAFE - STEADY - 20)
    assert house.news() == (SafeLeft(),)
    house.tick(SAFE)
    assert len(house.pulses) == fired
    assert house.token(slip.token).ok


def test_a_fall_while_doors_rest_keeps_them_at_rest_from_the_start_on(house: House) -> None:
    falls(house, 3, after_ms=SAFE - SECOND)
    house.restart()
    assert house.news()[-1] == SafeEntered(starts=4, cell=None)
    house.tick(SAFE - 21)
    assert house.kinds == []
    house.tick(1)
    falls(house, 2)
    assert why_doors_rest(house.state, house.now) is None


def test_of_two_reasons_to_rest_the_longer_one_is_told(house: House) -> None:
    falls(house, 3, after_ms=0)
    house.power(mains=False, low=True)
    assert house.release(YT).key == RefusalReason.BATTERY_LOW
    house.power(mains=True)
    assert house.release(YT).key == RefusalReason.JUST_RESTARTED


def test_a_door_that_stood_open_is_settled_while_doors_rest(house: House) -> None:
    cell = cell_in(house.release(YT))
    house.opens(cell)
    falls(house, 2, after_ms=0)
    house.restart()
    house.opens(cell)
    house.shuts(cell)
    assert house.stage(YT) is Stage.PICKED_UP


# -- cut off at a cell


def ask_and_fall(house: House, wish: Callable[[], object]) -> None:
    """Somebody has a lock fired and the machine is reset before the door answers."""
    wish()
    house.restart()


def test_a_cell_at_whose_lock_the_station_was_cut_off_twice_is_out_of_use(house: House) -> None:
    token = house.slips[0].token
    ask_and_fall(house, lambda: house.token(token))
    assert (house.cell(ONE), house.why(ONE)) == (
        Occupancy.QUESTIONED,
        CellReason.PICKUP_INTERRUPTED,
    )
    house.open_shop()
    ask_and_fall(house, lambda: house.token(token))
    assert house.news()[-1] == CellFaulted(cell=ONE, reason=CellReason.CUT_OFF_TWICE)
    assert house.stage(YT) is Stage.KEEPER_ASSIST
    house.open_shop()
    assert house.token(token).key == RefusalReason.ASK_KEEPER
    assert cell_in(house.scan(ZTO)) not in {ONE, TWO}


def test_a_keeper_who_insists_learns_at_which_cell_it_was_each_time(house: House) -> None:
    for _ in range(3):
        house.open_shop()
        ask_and_fall(house, lambda: house.open_by_hand(ONE))
    assert house.news()[-1] == SafeEntered(starts=3, cell=ONE)
    assert len(house.facts(CellFaulted)) == 1


def test_what_began_the_row_is_not_asked_when_a_cell_is_to_blame_for_the_rest(
    house: House,
) -> None:
    house.restart()  # a mere power cut
    for _ in range(2):
        house.open_shop()
        ask_and_fall(house, lambda: house.open_by_hand(ONE))
    assert house.news()[-1] == SafeEntered(starts=3, cell=ONE)


def test_a_check_in_that_cuts_the_station_off_twice_is_looked_for_in_its_cell(
    house: House,
) -> None:
    cell = cell_in(house.scan(ZTO))
    house.restart()
    house.open_shop()
    ask_and_fall(house, lambda: house.open_by_hand(cell))
    assert house.why(cell) == CellReason.CUT_OFF_TWICE
    assert house.parcel(ZTO).cell == cell
    house.open_shop()
    assert house.inspect(cell, ZTO).key == Answer.CELL_HOLDS
    assert house.replayed() == house.state


def test_cells_that_are_not_the_same_are_not_to_blame(house: House) -> None:
    ask_and_fall(house, lambda: house.token(house.slips[0].token))
    house.open_shop()
    ask_and_fall(house, lambda: house.token(house.slips[1].token))
    assert house.facts(CellFaulted) == []
    house.restart()
    assert house.news()[-1] == SafeEntered(starts=3, cell=None)


@pytest.mark.parametrize(
    "between",
    [
        lambda house: house.opens(ONE),
        lambda house: house.tick(3 * SECOND),
        lambda house: house.release(SF),
    ],
    ids=["it opened", "it stayed silent", "another lock was fired too"],
)
def test_a_fall_that_may_have_other_causes_is_not_counted(
    house: House, between: Callable[[House], object]
) -> None:
    ask_and_fall(house, lambda: house.release(YT))
    house.open_shop()
    house.release(YT)
    assert house.door(ONE) is Door.ASKED
    between(house)
    house.restart()
    assert house.facts(CellFaulted) == []


def test_falls_at_a_cell_with_one_for_nothing_between_do_not_add_up() -> None:
    house = House(policy=replace(policy_of(), safe_after_boots=10)).open_shop()
    for _ in range(3):
        ask_and_fall(house, lambda: house.open_by_hand(ONE))
        falls(house, 1)
    assert house.facts(CellFaulted) == []


def test_falls_on_both_sides_of_a_boot_that_lasted_do_not_add_up(house: House) -> None:
    ask_and_fall(house, lambda: house.release(YT))
    house.open_shop()
    house.tick(STEADY)
    assert house.state.boots == Boots()
    ask_and_fall(house, lambda: house.release(YT))
    assert house.facts(CellFaulted) == []
    house.open_shop()
    ask_and_fall(house, lambda: house.release(YT))
    assert len(house.facts(CellFaulted)) == 1


def test_the_journal_gives_the_same_row_of_boots(house: House) -> None:
    ask_and_fall(house, lambda: house.release(YT))
    house.restart()
    house.restart()
    assert house.state.boots.safe
    assert house.replayed() == house.state
    house.tick(SAFE)
    assert house.replayed() == house.state
