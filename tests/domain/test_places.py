"""Where a parcel lies: cell, shelf or floor, chosen by the station or by the keeper."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer, CellReason, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.deadlines import next_deadline_ms
from edge.domain.door import Door
from edge.domain.parcel import Stage
from edge.domain.place_facts import (
    Choice,
    Seen,
)
from edge.domain.policy import Shelf
from edge.kernel.ids import CellId, WaybillNo
from tests.domain.house import (
    FOUR,
    HOUR,
    ONE,
    SECOND,
    SF,
    THREE,
    TWO,
    YT,
    ZTO,
    House,
    policy_of,
    refusal,
)

DAY = 24 * HOUR
"""The tests' first day, 2026-11-24, is a Tuesday."""


def shop(sizes: str = "SSML", *, shelves: str = "AB", floor: int = 2) -> House:
    return House(policy=policy_of(sizes, shelves=shelves, floor=floor)).open_shop()


def waybill(n: int) -> WaybillNo:
    return WaybillNo(f"YT00000000000{n:02d}")


# -- rack codes


def test_a_rack_code_is_shelf_layer_weekday_and_number() -> None:
    house = shop(shelves="A")
    house.place(Choice.SHELF, None)
    reply = house.scan()
    assert (reply.key, reply.ok, reply.slot, reply.cell) == (Answer.PUT_ON, True, "A-1-201", None)
    assert house.parcel().stage is Stage.STORED
    assert house.pulses == []


def test_the_layer_with_the_fewest_parcels_is_next_and_its_numbers_go_on_all_day() -> None:
    house = shop(shelves="A")
    slots = [house.shelve(waybill(n)).slot for n in range(4)]
    assert slots == ["A-1-201", "A-2-201", "A-1-202", "A-2-202"]
    house.release(waybill(0), Seen.ID)
    assert house.shelve(waybill(5)).slot == "A-1-203", "a number of today is not given again"


def test_the_number_begins_anew_each_day_but_passes_what_still_lies_there() -> None:
    house = shop(shelves="A")
    house.shelve(waybill(0))
    house.shelve(waybill(1))
    house.wait(DAY)
    assert house.shelve(waybill(2)).slot == "A-1-301"
    house.wait(6 * DAY)
    assert house.shelve(waybill(3)).slot == "A-2-202", "A-2-201 of last week still lies there"


def test_the_day_is_that_of_the_village_and_of_the_best_known_time() -> None:
    house = shop(shelves="A")
    house.wait(11 * HOUR + 58 * 60 * SECOND)
    assert house.now.wall_hi_ms is None, "the clock is not trusted"
    assert house.shelve(waybill(0)).slot == "A-1-201"
    house.wait(5 * 60 * SECOND)
    assert house.shelve(waybill(1)).slot == "A-2-301", "after midnight at +08:00"


def test_a_full_shelf_gives_way_to_the_floor_and_a_full_floor_to_the_shelf() -> None:
    policy = replace(policy_of("S", floor=1), shelves=(Shelf(name="A", layers=1, per_layer=1),))
    house = House(policy=policy).open_shop()
    assert house.shelve(waybill(0)).slot == "A-1-201"
    assert house.shelve(waybill(1)).slot == "地1"
    house.place(Choice.SHELF, None)
    assert house.scan(waybill(2)).key == Answer.NO_FREE_SLOT
    assert waybill(2) not in house.state.parcels
    house.release(waybill(0), Seen.ID)
    house.place(Choice.FLOOR, None)
    assert house.scan(waybill(3)).slot == "A-1-202"


# -- the choice


def test_without_a_choice_it_is_the_smallest_free_cell_as_ever() -> None:
    house = shop()
    assert house.scan().cell == ONE


@pytest.mark.parametrize(
    ("choice", "cell"), [(Choice.SMALL, ONE), (Choice.MEDIUM, THREE), (Choice.LARGE, FOUR)]
)
def test_a_size_chosen_before_the_scan_serves_one_parcel(choice: Choice, cell: CellId) -> None:
    house = shop()
    assert house.place(choice, None).key == Answer.PLACE_NOTED
    house.place(choice, None)
    assert house.kinds == [], "chosen already"
    assert house.scan().cell == cell
    house.opens(cell)
    house.shuts(cell)
    assert house.state.desk.choice is None


def test_no_cell_of_the_size_goes_larger_and_then_to_the_shelf() -> None:
    house = shop("SM")
    house.place(Choice.MEDIUM, None)
    house.check_in(YT)
    assert house.parcel(YT).cell == TWO
    house.place(Choice.MEDIUM, None)
    assert house.scan(SF).slot == "A-1-201", "a small cell is no answer"


def test_a_full_cabinet_proposes_the_shelf_and_without_one_refuses() -> None:
    house = shop("S")
    house.check_in(YT)
    assert house.scan(SF).slot == "A-1-201"
    bare = House("S").open_shop()
    bare.check_in(YT)
    assert bare.scan(SF).key == Answer.NO_FREE_CELL


def test_a_place_on_the_floor() -> None:
    house = shop()
    house.place(Choice.FLOOR, None)
    assert house.scan().slot == "地1"
    house.place(Choice.FLOOR, None)
    assert house.scan(SF).slot == "地2"


# -- too small


def test_too_small_opens_a_larger_cell_and_frees_the_old_one_when_all_is_shut() -> None:
    house = shop()
    house.scan()
    house.opens(ONE)
    reply = house.place(Choice.LARGER)
    assert (reply.key, reply.cell) == (Answer.PUT_IN, THREE)
    assert (house.cell(ONE), house.why(ONE)) == (Occupancy.QUESTIONED, CellReason.TOO_SMALL)
    house.opens(THREE)
    house.shuts(THREE)
    assert house.cell(ONE) is Occupancy.QUESTIONED, "its door stands open"
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.FREE
    assert house.parcel().cell == THREE


def test_the_old_cell_waits_for_the_parcel_to_lie_elsewhere() -> None:
    house = shop()
    house.scan()
    house.opens(ONE)
    house.place(Choice.LARGER)
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.QUESTIONED
    house.opens(THREE)
    house.shuts(THREE)
    assert house.cell(ONE) is Occupancy.FREE
    assert house.replayed() == house.state


def test_too_small_in_the_largest_goes_to_the_shelf_in_one_step() -> None:
    house = shop("L")
    house.scan()
    house.opens(ONE)
    reply = house.place(Choice.LARGER)
    assert (reply.key, reply.slot) == (Answer.PUT_ON, "A-1-201")
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.FREE
    house.tail()
    assert house.slips[-1].slot == "A-1-201"


def test_too_small_and_nowhere_to_go_changes_nothing() -> None:
    house = House("S").open_shop()
    house.scan()
    house.opens(ONE)
    assert house.place(Choice.LARGER).key == Answer.NO_FREE_CELL
    assert house.cell(ONE) is Occupancy.RESERVED
    house.shuts(ONE)
    assert house.stage() is Stage.STORED


def test_a_cancelled_parcel_that_was_too_small_leaves_both_cells_to_be_looked_into() -> None:
    house = shop()
    house.scan()
    house.opens(ONE)
    house.place(Choice.LARGER)
    house.opens(THREE)
    house.cancel()
    house.shuts(ONE, THREE)
    assert {house.cell(ONE), house.cell(THREE)} == {Occupancy.QUESTIONED}
    house.inspect(ONE, None)
    assert house.cell(ONE) is Occupancy.FREE


@pytest.mark.parametrize("trouble", ["blind", "restart", "opened again", "forced"])
def test_a_cell_that_was_left_and_then_moved_by_another_needs_a_look(trouble: str) -> None:
    house = shop()
    house.scan()
    house.opens(ONE)
    house.place(Choice.LARGER)
    house.opens(THREE)
    house.shuts(ONE)
    house.wait(4 * SECOND)
    if trouble == "blind":
        house.lost(ONE)
        house.shuts(ONE)
    elif trouble == "restart":
        house.restart()
        house.see_all_shut()
        house.enter()
        house.check_in_on()
    elif trouble == "opened again":
        house.looks_into(ONE)
    else:
        house.opens(ONE)
        house.shuts(ONE)
    if trouble == "restart":
        house.inspect(THREE, YT)
    else:
        house.shuts(THREE)
    assert house.stage() is Stage.STORED
    assert house.cell(ONE) is Occupancy.QUESTIONED


def test_a_door_that_did_not_open_is_left_for_another_place() -> None:
    house = shop()
    house.scan()
    house.tick(3 * SECOND)
    assert house.door(ONE) is Door.SILENT
    assert house.place(Choice.SHELF).slot == "A-1-201"
    assert house.cell(ONE) is Occupancy.QUESTIONED
    assert next_deadline_ms(house.state, house.policy, house.now) is not None


def test_an_interrupted_parcel_is_not_sent_elsewhere_before_a_look() -> None:
    house = shop()
    house.scan()
    house.opens(ONE)
    house.lost(ONE)
    assert house.place(Choice.LARGE).key == Answer.LOOK_INSIDE_FIRST
    assert refusal(lambda: house.place(Choice.LARGE, SF)) == Refusal.PARCEL_NOT_HERE


def test_the_parcel_that_was_too_small_may_after_all_be_found_in_the_cell() -> None:
    house = shop("SL")
    house.place(Choice.SHELF, None)
    house.shelve(YT)
    house.move(YT)
    house.looks_into(ONE)
    assert house.inspect(ONE, YT).key == Answer.CELL_HOLDS
    assert (house.parcel().cell, house.parcel().slot, dict(house.state.slots)) == (ONE, None, {})


# -- locked by the keeper


def test_a_locked_cell_is_not_offered_and_its_parcel_is_still_collected() -> None:
    house = shop("SS")
    slip = house.check_in(YT)
    assert slip is not None
    assert house.lock(ONE).key == Answer.CELL_LOCKED
    assert house.cell(ONE) is Occupancy.HELD, "kept apart from what lies inside"
    assert house.token(slip.token).ok
    house.opens(ONE)
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.FREE
    house.wait(HOUR)
    assert house.scan(SF).cell == TWO
    house.opens(TWO)
    house.shuts(TWO)
    house.unlock(ONE)
    assert house.scan(ZTO).cell == ONE


def test_locking_says_why_and_twice_is_once() -> None:
    house = shop()
    assert refusal(lambda: house.lock(ONE, "  ")) == Refusal.REASON_MISSING
    assert refusal(lambda: house.lock(CellId(99))) == Refusal.UNKNOWN_CELL
    house.lock(ONE)
    house.lock(ONE, "别的")
    assert house.kinds == []
    assert dict(house.state.locked) == {ONE: "锁坏了"}
    assert house.unlock(TWO).key == Answer.CELL_UNLOCKED
    assert house.kinds == []


def test_locking_the_open_cell_sends_its_parcel_to_another() -> None:
    house = shop()
    house.scan()
    house.opens(ONE)
    reply = house.lock(ONE)
    assert (reply.key, reply.cell) == (Answer.PUT_IN, TWO)
    house.opens(TWO)
    house.shuts(TWO)
    house.shuts(ONE)
    assert (house.cell(ONE), ONE in house.state.locked) == (Occupancy.FREE, True)


def test_locking_the_open_cell_with_nowhere_to_go_leaves_the_parcel_in_hand() -> None:
    house = House("S").open_shop()
    house.scan()
    house.opens(ONE)
    assert house.lock(ONE).key == Answer.CELL_LOCKED
    assert house.parcel().in_hand
    assert house.scan(SF).key == Answer.PLACE_IT_FIRST
    assert house.cancel().key == Answer.CHECK_IN_UNDONE
    assert house.stage() is Stage.UNDONE
