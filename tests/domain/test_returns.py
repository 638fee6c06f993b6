"""Refusals and the way back: the list, the return bag, the courier; each step can be undone."""

import pytest

from edge.domain.cabinet import Occupancy
from edge.domain.dock import Handover
from edge.domain.facts import Purpose
from edge.domain.keeping import Cause
from edge.domain.parcel import Stage
from edge.domain.place_facts import Choice
from edge.domain.return_facts import ParcelReturned
from edge.kernel.ids import SealNo
from tests.domain.house import LI, ONE, SF, YT, ZTO, auth_in, refusal, slip_of
from tests.domain.long_stay import LongStay
from tests.domain.van import BAG, CHEN, RUN3, bag_for

SEAL = SealNo(YT)


@pytest.fixture
def house() -> LongStay:
    return LongStay()


# -- the recipient does not want it


def test_a_refused_parcel_loses_its_code_and_is_to_be_returned(house: LongStay) -> None:
    slip = slip_of(house.check_in())
    assert house.refuses(reason=" 不要了 ").key == "refusal_noted"
    assert house.kinds == ["pickup.code_revoked", "parcel.refused", "parcel.to_return"]
    assert (house.keeping().refused, house.keeping().cause) == ("不要了", Cause.REFUSED)
    assert house.token(slip.token).key == "ask_keeper"
    assert house.refuses().ok
    assert house.kinds == []
    assert house.replayed() == house.state


def test_a_new_code_of_a_refused_parcel_leads_to_the_keeper(house: LongStay) -> None:
    house.check_in()
    house.refuses()
    house.reprint()
    assert house.token(house.slips[-1].token).key == "see_keeper"
    assert house.release().key == "take_it_out"


def test_refused_in_the_keepers_hands_it_gets_no_code_when_it_is_put_down(
    house: LongStay,
) -> None:
    house.scan()
    house.tail()
    house.refuses()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.stage() is Stage.STORED
    assert house.slips == []


def test_a_refusal_needs_a_reason_and_a_parcel_that_nobody_is_taking_out(house: LongStay) -> None:
    assert refusal(house.refuses) == "parcel_not_here"
    slip = slip_of(house.check_in())
    assert refusal(lambda: house.refuses(reason=" ")) == "reason_missing"
    house.token(slip.token)
    assert refusal(house.refuses) == "pickup_under_way"


def test_who_wants_it_after_all_gets_it_with_a_new_slip(house: LongStay) -> None:
    house.check_in()
    house.refuses()
    assert house.not_to_return().key == "not_returned"
    assert (house.keeping().refused, house.keeping().cause) == ("", None)
    house.reprint()
    assert house.token(house.slips[-1].token).key == "door_open"


# -- the list


def test_the_keeper_puts_a_parcel_on_the_list_and_takes_it_off(house: LongStay) -> None:
    house.check_in()
    assert house.to_return().key == "to_be_returned"
    assert house.keeping().cause is Cause.KEEPER
    assert house.to_return().ok
    assert house.kinds == []
    assert house.not_to_return().ok
    assert refusal(house.not_to_return) == "not_to_be_returned"
    assert refusal(house.bag_it) == "not_to_be_returned"


def test_off_the_list_needs_a_reason(house: LongStay) -> None:
    house.check_in()
    house.to_return()
    assert refusal(lambda: house.not_to_return(reason="")) == "reason_missing"


# -- the return bag


def test_out_of_a_cell_a_parcel_comes_by_its_door_alone(house: LongStay) -> None:
    house.check_in()
    house.to_return()
    reply = house.bag_it()
    assert (reply.key, reply.cell) == ("take_it_out", ONE)
    assert house.state.auths[auth_in(reply)].purpose is Purpose.RETURN
    assert house.stage() is Stage.STORED
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.bagged", "cell.freed"]
    assert house.stage() is Stage.BAGGED
    assert house.cell(ONE) is Occupancy.FREE
    assert house.scan().key == "in_return_bag"
    assert house.replayed() == house.state


def test_a_code_in_the_bag_leads_to_the_keeper(house: LongStay) -> None:
    slip = slip_of(house.check_in())
    house.to_return()
    house.bagged()
    assert house.token(slip.token).key == "ask_keeper"


def test_off_its_slot_a_parcel_goes_into_the_bag_at_once(house: LongStay) -> None:
    slip = house.shelve()
    house.token(slip.token)
    assert house.state.calls
    house.to_return()
    assert house.bag_it().key == "bagged"
    assert not house.state.slots
    assert not house.state.calls


def test_a_parcel_that_was_moved_out_leaves_an_empty_cell_behind(house: LongStay) -> None:
    house.check_in()
    house.to_return()
    house.move()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.QUESTIONED
    house.bag_it()
    assert house.kinds == ["parcel.bagged", "cell.freed"]
    assert house.state.desk.in_hand is None


def test_into_the_bag_while_its_cell_still_stands_open_it_is_freed_when_it_is_shut(
    house: LongStay,
) -> None:
    cell = house.scan().cell
    house.opens(ONE)
    house.place(None)
    other = house.parcel().cell
    assert (cell, other) != (None, cell)
    assert other is not None
    house.to_return()
    assert house.bag_it().key == "place_it_first"
    house.place(Choice.SHELF)
    house.bag_it()
    house.shuts(ONE)
    assert house.kinds[:2] == ["door.shut", "cell.freed"]


def test_a_door_in_use_or_open_is_not_opened_for_the_bag(house: LongStay) -> None:
    slip = slip_of(house.check_in())
    house.to_return()
    house.token(slip.token)
    assert refusal(house.bag_it) == "pickup_under_way"


def test_cut_off_on_the_way_into_the_bag_the_keeper_is_asked_what_is_inside(
    house: LongStay,
) -> None:
    house.check_in()
    house.to_return()
    house.bag_it()
    house.opens(ONE)
    house.comes_back()
    assert house.why(ONE) == "return_interrupted"
    assert house.stage() is Stage.KEEPER_ASSIST
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.kinds == ["parcel.bagged", "cell.freed"]
    assert house.replayed() == house.state


def test_still_inside_after_a_cut_it_stays_on_the_list(house: LongStay) -> None:
    house.check_in()
    house.to_return()
    house.bag_it()
    house.comes_back()
    house.looks_into(ONE)
    house.inspect(ONE, YT)
    assert (house.stage(), house.keeping().cause) == (Stage.STORED, Cause.KEEPER)


def test_one_that_was_taken_off_the_list_meanwhile_is_missing(house: LongStay) -> None:
    house.check_in()
    house.to_return()
    house.bag_it()
    house.comes_back()
    house.not_to_return()
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.stage() is Stage.MISSING


def test_out_of_the_bag_it_is_in_the_keepers_hands_and_its_code_still_good(
    house: LongStay,
) -> None:
    slip = slip_of(house.check_in())
    house.to_return()
    house.bagged()
    house.not_to_return()
    assert house.parcel().in_hand
    assert house.state.desk.in_hand == YT
    cell = house.place(None).cell
    assert cell is not None
    house.opens(cell)
    house.shuts(cell)
    assert house.token(slip.token).key == "door_open"


def test_what_is_in_hand_is_put_down_before_the_next_comes_out_of_the_bag(
    house: LongStay,
) -> None:
    for waybill_no in (YT, SF):
        house.check_in(waybill_no)
        house.to_return(waybill_no)
        house.bagged(waybill_no)
    house.not_to_return(YT)
    reply = house.not_to_return(SF)
    assert (reply.key, reply.waybill_no) == ("place_it_first", YT)


# -- the courier


def taken_along(house: LongStay) -> None:
    house.check_in()
    house.to_return()
    house.bagged()
    house.arrives()
    house.bag(SEAL)


def test_a_scanned_return_is_gone_once_both_have_signed(house: LongStay) -> None:
    slip = slip_of(house.check_in())
    house.to_return()
    house.bagged()
    house.arrives()
    assert house.bag(SEAL).key == "return_loaded"
    assert house.bag(SEAL).key == "bag_already"
    assert house.stage() is Stage.BAGGED
    house.agrees()
    assert house.kinds == ["handover.signed", "pickup.code_revoked", "parcel.returned"]
    gone = ParcelReturned(waybill_no=YT, trip=RUN3, courier=CHEN, keeper=LI)
    assert house.facts(ParcelReturned) == [gone]
    assert house.papers[-1].returns == (YT,)
    assert house.token(slip.token).key == "returned"
    assert house.replayed() == house.state


def test_one_key_takes_all_that_are_in_the_bag(house: LongStay) -> None:
    for waybill_no in (YT, SF, ZTO):
        house.check_in(waybill_no)
        house.to_return(waybill_no)
    house.bagged(YT)
    house.bagged(SF)
    assert refusal(house.loads_all) == "no_handover"
    house.arrives()
    house.bag(SEAL)
    reply = house.loads_all()
    assert (reply.key, reply.count) == ("returns_loaded", 1)
    assert house.loads_all().key == "return_bag_empty"
    house.agrees()
    assert [fact.waybill_no for fact in house.facts(ParcelReturned)] == [YT, SF]
    assert house.stage(ZTO) is Stage.STORED


def test_a_return_on_a_slot_goes_by_its_scan_alone_and_one_in_a_cell_is_fetched_first(
    house: LongStay,
) -> None:
    house.shelve(YT)
    house.check_in(SF)
    for waybill_no in (YT, SF):
        house.to_return(waybill_no)
    house.arrives()
    assert house.bag(SEAL).key == "return_loaded"
    assert house.kinds == ["parcel.bagged", "return.loaded"]
    reply = house.bag(SealNo(SF))
    assert (reply.key, reply.cell) == ("fetch_it_first", ONE)


def test_a_parcel_that_is_not_to_be_returned_is_no_return(house: LongStay) -> None:
    house.check_in()
    house.arrives()
    assert house.bag(SEAL, is_waybill=True).key == "seal_wanted"


def test_a_return_that_was_collected_meanwhile_is_none(house: LongStay) -> None:
    house.shelve()
    house.to_return()
    house.token(house.slips[-1].token)
    house.release()
    house.arrives()
    assert house.bag(SEAL, is_waybill=True).key == "seal_wanted"


def test_a_return_is_taken_off_the_van_again(house: LongStay) -> None:
    taken_along(house)
    assert house.unscans(SEAL).key == "scan_taken_back"
    assert house.handover.returns == ()
    assert refusal(house.agrees) == "nothing_scanned"
    assert house.stage() is Stage.BAGGED


def test_a_return_that_is_undone_on_the_van_does_not_go(house: LongStay) -> None:
    taken_along(house)
    house.bag(BAG, bag_for())
    house.not_to_return()
    house.agrees()
    assert house.facts(ParcelReturned) == []
    assert house.papers[-1].returns == ()


def test_a_handover_that_waits_keeps_its_returns_and_forgets_those_undone(
    house: LongStay,
) -> None:
    taken_along(house)
    house.holds_up()
    assert waiting(house).returns == (YT,)
    house.not_to_return()
    assert waiting(house).returns == ()
    house.arrives()
    assert house.handover.returns == ()


def test_without_a_courier_nothing_is_unloaded(house: LongStay) -> None:
    taken_along(house)
    house.holds_up()
    house.check_in_on()
    house.check_in(SF)
    house.to_return(SF)
    house.not_to_return(SF)
    assert waiting(house).returns == (YT,)


def test_a_returned_parcel_may_come_in_anew(house: LongStay) -> None:
    taken_along(house)
    house.agrees()
    house.check_in_on()
    house.check_in()
    assert house.stage() is Stage.STORED
    assert house.keeping().cause is None


def test_a_returned_parcel_lies_in_no_cell(house: LongStay) -> None:
    taken_along(house)
    house.agrees()
    house.check_in_on()
    house.check_in(SF)
    house.looks_into(ONE)
    assert refusal(lambda: house.inspect(ONE, YT)) == "parcel_elsewhere"


def waiting(house: LongStay) -> Handover:
    waits = house.state.dock.suspended[RUN3].handover
    assert waits is not None
    return waits


def test_what_was_out_of_sight_on_the_way_into_the_bag_is_for_the_keeper_to_say(
    house: LongStay,
) -> None:
    house.check_in()
    house.to_return()
    house.bag_it()
    house.opens(ONE)
    house.lost(ONE)
    house.shuts(ONE)
    assert house.stage() is Stage.KEEPER_ASSIST
    assert house.why(ONE) == "return_interrupted"
