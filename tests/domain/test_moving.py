"""A parcel goes from one place to another, and is taken off a place by undo."""

from dataclasses import replace

from edge.domain.answers import Answer, CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.facts import ParcelReceived, RefusalReason
from edge.domain.inputs import PlaceAsked
from edge.domain.parcel import Stage
from edge.domain.place_facts import (
    Choice,
    ParcelTakenOut,
)
from tests.domain.house import (
    FOUR,
    LI,
    ONE,
    OTHER_TAIL,
    SF,
    TAIL,
    YT,
    ZTO,
    House,
    auth_in,
    cell_in,
    policy_of,
    slot_in,
)


def shop(sizes: str = "SSML") -> House:
    return House(policy=policy_of(sizes, shelves="AB", floor=2)).open_shop()


def test_from_a_cell_to_a_shelf_in_two_steps() -> None:
    house = shop()
    slip = house.check_in()
    assert slip is not None
    assert house.move().key == Answer.TAKE_IT_OUT
    house.opens(ONE)
    house.shuts(ONE)
    assert house.parcel().in_hand
    assert house.cell(ONE) is Occupancy.QUESTIONED, "until the parcel lies elsewhere"
    assert house.token(slip.token).key == RefusalReason.ASK_KEEPER
    assert slot_in(house.place(Choice.SHELF)) == "A-1-201"
    assert house.cell(ONE) is Occupancy.FREE
    assert house.token(slip.token).key == Answer.AT_SHELF, "the slip that is out stays good"


def test_from_a_shelf_to_a_cell() -> None:
    house = shop()
    slip = house.shelve()
    assert house.move().key == Answer.PLACE_IT_FIRST
    assert dict(house.state.slots) == {}
    cell = cell_in(house.place(Choice.LARGE))
    house.opens(cell)
    house.shuts(cell)
    assert house.token(slip.token).ok
    assert house.pulses[-1].cell == FOUR


def test_a_parcel_in_hand_waits_over_a_restart_and_is_put_down_by_its_next_scan() -> None:
    house = shop()
    house.shelve()
    house.move()
    house.restart()
    assert house.state.desk.in_hand == YT
    house.see_all_shut()
    house.enter()
    house.check_in_on()
    assert house.scan().cell == ONE
    assert len(house.facts(ParcelReceived)) == 1, "it is not received anew"
    assert house.parcel().phone_tail == TAIL


def test_only_one_parcel_is_in_hand() -> None:
    house = shop()
    house.shelve(YT)
    house.shelve(SF)
    house.scan(ZTO)
    assert house.move(YT).key == Answer.PLACE_IT_FIRST, "a door waits for another"
    house.opens(ONE)
    house.shuts(ONE)
    house.move(YT)
    assert (house.move(SF).ok, house.move(SF).waybill_no) == (False, YT)


def test_a_move_that_is_cut_off_asks_for_a_look() -> None:
    house = shop()
    house.check_in()
    house.move()
    house.opens(ONE)
    house.restart()
    assert house.why(ONE) == CellReason.MOVE_INTERRUPTED
    house.shuts(ONE)
    assert house.facts(ParcelTakenOut) == []
    assert house.stage() is Stage.KEEPER_ASSIST


def test_a_doubted_cell_is_not_freed_by_moving_its_parcel() -> None:
    house = shop()
    house.check_in()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.why(ONE) == CellReason.FORCED
    house.move()
    house.opens(ONE)
    house.shuts(ONE)
    house.place(Choice.SHELF)
    assert (house.cell(ONE), house.why(ONE)) == (Occupancy.QUESTIONED, CellReason.FORCED)


def test_a_moved_parcel_for_which_no_door_opens_is_undone_with_its_code() -> None:
    house = shop("S")
    slip = house.shelve()
    house.move()
    reply = house.place(Choice.SMALL)
    house.silent_twice(ONE, auth_in(reply))
    assert house.stage() is Stage.UNDONE
    assert house.token(slip.token).key == RefusalReason.REVOKED


def test_undo_takes_a_parcel_off_its_shelf_at_once() -> None:
    house = shop()
    slip = house.shelve()
    reply = house.cancel()
    assert (reply.key, reply.cell) == (Answer.CHECK_IN_UNDONE, None)
    assert (house.stage(), dict(house.state.slots)) == (Stage.UNDONE, {})
    assert house.token(slip.token).key == RefusalReason.REVOKED


def test_a_second_scan_of_a_shelved_parcel_names_its_slot() -> None:
    house = shop()
    house.shelve()
    reply = house.scan()
    assert (reply.key, reply.slot) == (Answer.ALREADY_IN, "A-1-201")


def test_a_slip_for_a_shelf_needs_an_unused_code_like_any_other() -> None:
    house = shop()
    first = house.fresh()
    first = replace(first, secrets=first.secrets[:1])
    house.place(Choice.FLOOR, None)
    house.scan(YT)
    house.tail(YT, fresh=first)
    house.scan(SF)
    house.tail(SF)
    told = PlaceAsked(at=house.now, keeper=LI, waybill_no=SF, choice=Choice.SHELF, fresh=first)
    house.tell(told)
    assert house.stage(SF) is Stage.STORED, "no secret was left, and it lies on the shelf"
    assert [slip.waybill_no for slip in house.slips] == [YT]


def test_other_phone_digits_for_a_parcel_in_hand_bring_another_code() -> None:
    house = shop()
    slip = house.shelve()
    house.move()
    house.tail(YT, OTHER_TAIL)
    house.place(Choice.SHELF)
    assert house.token(slip.token).key == RefusalReason.REVOKED
    assert house.slips[-1].phone_tail == OTHER_TAIL
    assert house.token(house.slips[-1].token).key == Answer.AT_SHELF


def test_undo_of_a_parcel_in_hand_ends_its_code() -> None:
    house = shop()
    slip = house.shelve()
    house.move()
    assert house.cancel().key == Answer.CHECK_IN_UNDONE
    assert house.stage() is Stage.UNDONE
    assert house.token(slip.token).key == RefusalReason.REVOKED
