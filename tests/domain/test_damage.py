"""A damaged parcel goes into no cell, and only its keeper hands it out."""

from dataclasses import replace

from edge.domain.cabinet import Occupancy
from edge.domain.keeping import Cause, Liable
from edge.domain.parcel import Stage
from edge.domain.place_facts import Choice
from edge.domain.policy import Policy
from tests.domain.house import ONE, YT, refusal, slip_of
from tests.domain.long_stay import LongStay


def test_found_at_the_open_door_it_goes_to_the_shelf_instead() -> None:
    house = LongStay()
    house.scan()
    house.opens(ONE)
    reply = house.is_damaged(note=" 进水了 ", liable=Liable.SENDER)
    assert (reply.key, reply.slot) == ("put_on", "A-1-201")
    assert house.kinds == [
        "parcel.damaged",
        "cell.questioned",
        "parcel.taken_out",
        "parcel.shelved",
    ]
    assert (house.keeping().damage, house.keeping().liable) == ("进水了", Liable.SENDER)
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.FREE
    assert house.replayed() == house.state


def test_where_no_shelf_is_free_it_stays_in_the_keepers_hands() -> None:
    house = LongStay()
    house.policy = no_slots(house)
    house.scan()
    house.opens(ONE)
    assert house.is_damaged().key == "place_it_first"
    assert house.parcel().in_hand
    house.shuts(ONE)
    assert house.scan().key == "no_free_slot"
    assert house.place(Choice.LARGE).key == "no_free_slot"
    assert house.place(None).key == "no_free_slot"


def test_in_its_cell_it_stays_and_its_code_leads_to_the_keeper() -> None:
    house = LongStay()
    slip = slip_of(house.check_in())
    assert house.is_damaged().key == "parcel_damage_noted"
    assert house.kinds == ["parcel.damaged"]
    assert house.token(slip.token).key == "see_keeper"
    assert house.kinds == ["parcel.called"]
    assert house.release().key == "take_it_out"


def test_once_out_it_goes_into_no_cell_again() -> None:
    house = LongStay()
    house.check_in()
    house.is_damaged()
    house.move()
    house.opens(ONE)
    house.shuts(ONE)
    reply = house.place(Choice.SMALL)
    assert (reply.cell, reply.slot) == (None, "A-1-201")


def test_nor_does_a_look_that_finds_it_in_a_cell() -> None:
    house = LongStay()
    house.check_in()
    house.is_damaged()
    house.move()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.parcel().in_hand
    assert refusal(lambda: house.inspect(ONE, YT)) == "not_for_cells"
    assert house.parcel().in_hand


def test_the_same_word_twice_is_one_and_another_replaces_it() -> None:
    house = LongStay()
    house.check_in()
    house.is_damaged()
    house.is_damaged()
    assert house.kinds == []
    house.is_damaged(liable=Liable.STATION)
    assert house.kinds == ["parcel.damaged"]


def test_damage_needs_words() -> None:
    house = LongStay()
    house.check_in()
    assert refusal(lambda: house.is_damaged(note=" ")) == "reason_missing"


def test_put_on_the_list_it_goes_back_as_damaged() -> None:
    house = LongStay()
    house.check_in()
    house.is_damaged()
    house.to_return()
    assert house.keeping().cause is Cause.DAMAGED
    house.bagged()
    assert house.is_damaged(note="又破了").ok
    assert house.stage() is Stage.BAGGED


def test_found_after_an_interrupted_check_in_it_is_noted_and_its_cell_still_asks() -> None:
    house = LongStay()
    house.scan()
    house.opens(ONE)
    house.comes_back()
    assert house.is_damaged().key == "parcel_damage_noted"
    assert house.cell(ONE) is Occupancy.QUESTIONED


def no_slots(house: LongStay) -> Policy:
    return replace(house.policy, shelves=(), floor_slots=0)
