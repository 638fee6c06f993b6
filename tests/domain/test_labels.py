"""Labels of parcels on slots and of bags that go on: when they come, and what stands on them."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer, Refusal
from edge.domain.effects import QueueBagLabel, QueueShelfLabel
from edge.domain.label_inputs import BagLabelAsked, ShelfLabelAsked
from edge.domain.place_facts import Choice, Seen
from edge.kernel.ids import NOWHERE, PhoneTail, SealNo, WaybillNo
from tests.domain.house import LI, ONE, SF, TAIL, YT, ZTO, House, heard, policy_of, refusal
from tests.domain.van import BAG, BAG2, HERE, RUN3, THERE, TOWN, Van, bag_for

OTHER = PhoneTail("0971")


def shop(*, labels: bool = True) -> House:
    policy = replace(policy_of(shelves="A", floor=2), labels=labels)
    return House(policy=policy).open_shop()


def van(*, hub: bool = False, labels: bool = True) -> Van:
    made = Van(hub=hub)
    made.policy = replace(made.policy, labels=labels)
    made.arrives()
    return made


def is_label(effect: object) -> bool:
    return isinstance(effect, QueueShelfLabel | QueueBagLabel)


def printed(house: House) -> list[QueueShelfLabel | QueueBagLabel]:
    """The labels that the last input brought."""
    kinds = (QueueShelfLabel, QueueBagLabel)
    return [effect for effect in house.last.effects if isinstance(effect, kinds)]


def shelf_label(house: House) -> QueueShelfLabel:
    (label,) = printed(house)
    assert isinstance(label, QueueShelfLabel)
    return label


def bag_label(house: House) -> QueueBagLabel:
    (label,) = printed(house)
    assert isinstance(label, QueueBagLabel)
    return label


def ask(house: House, waybill_no: WaybillNo = YT) -> Answer | str:
    told = ShelfLabelAsked(at=house.now, keeper=LI, waybill_no=waybill_no)
    return heard(house.tell(told)).key


def ask_for_bag(house: House, seal: SealNo = BAG) -> Answer | str:
    told = BagLabelAsked(at=house.now, keeper=LI, seal=seal, advice=bag_for(THERE))
    return heard(house.tell(told)).key


# -- parcels


def test_a_parcel_that_gets_a_slot_gets_a_label_with_what_is_known_of_it() -> None:
    house = shop()
    house.place(Choice.SHELF, None)
    house.scan()
    slot = house.parcel().slot
    assert slot is not None
    assert shelf_label(house) == QueueShelfLabel(
        waybill_no=YT, carrier="圆通", phone_tail=None, slot=slot, at=house.now
    )


@pytest.mark.parametrize("choice", [Choice.SHELF, Choice.FLOOR])
def test_shelf_and_floor_are_labelled_alike(choice: Choice) -> None:
    house = shop()
    house.place(choice, None)
    house.scan()
    assert shelf_label(house).slot == house.parcel().slot


def test_a_parcel_in_a_cell_gets_none_nor_does_any_without_a_label_printer() -> None:
    house = shop()
    house.check_in()
    without = shop(labels=False)
    without.shelve(ZTO)
    for one in (house, without):
        assert not [e for told in one.history for e in told.decision.effects if is_label(e)]


def test_phone_digits_that_come_later_or_change_come_on_a_new_label_and_the_same_do_not() -> None:
    house = shop()
    house.shelve()
    assert shelf_label(house).phone_tail == TAIL
    assert not shelf_label(house).again
    house.tail(YT, TAIL)
    assert printed(house) == []
    house.tail(YT, OTHER)
    assert shelf_label(house).phone_tail == OTHER


def test_digits_of_a_parcel_in_a_cell_bring_no_label() -> None:
    house = shop()
    house.check_in()
    house.tail(YT, OTHER)
    assert printed(house) == []


def test_moved_to_another_slot_it_gets_a_label_for_that_one_and_into_a_cell_none() -> None:
    house = shop()
    house.shelve()
    before = house.parcel().slot
    house.move()
    assert printed(house) == []
    house.place(Choice.FLOOR)
    label = shelf_label(house)
    assert (label.slot, label.phone_tail) == (house.parcel().slot, TAIL)
    assert label.slot != before
    house.move()
    house.place(Choice.SMALL)
    house.opens(ONE)
    house.wait(4_000)
    house.shuts(ONE)
    assert house.parcel().cell == ONE
    assert printed(house) == []


def test_handed_back_onto_its_old_slot_the_label_on_it_still_holds() -> None:
    house = shop()
    house.shelve()
    house.release(YT, Seen.ID)
    house.take_back()
    assert printed(house) == []


def test_handed_back_onto_another_slot_it_gets_a_label() -> None:
    house = shop()
    house.place(Choice.FLOOR, None)
    house.scan()
    old = house.parcel().slot
    house.release(YT, Seen.ID)
    house.place(Choice.FLOOR, None)
    house.scan(SF)
    assert house.parcel(SF).slot == old
    house.take_back()
    assert shelf_label(house).slot == house.parcel().slot != old


def test_the_keeper_has_a_label_printed_again_and_it_says_so_without_a_fact() -> None:
    house = shop()
    house.shelve()
    assert ask(house) == Answer.LABEL_QUEUED
    assert house.news() == ()
    label = shelf_label(house)
    assert (label.again, label.slot, label.phone_tail) == (True, house.parcel().slot, TAIL)


def test_no_label_again_of_what_is_not_here_lies_in_a_cell_or_has_no_printer() -> None:
    house = shop()
    assert refusal(lambda: ask(house)) == Refusal.PARCEL_NOT_HERE
    house.check_in()
    assert refusal(lambda: ask(house)) == Refusal.NO_SLOT
    house.policy = replace(house.policy, labels=False)
    assert refusal(lambda: ask(house)) == Refusal.NO_LABEL_PRINTER
    assert refusal(lambda: ask_for_bag(house)) == Refusal.NO_LABEL_PRINTER


# -- bags


def test_a_bag_that_goes_out_gets_a_label_with_the_next_hop_of_the_route_table() -> None:
    house = van()
    house.turns("county", TOWN)
    house.bag(BAG)
    assert bag_label(house) == QueueBagLabel(
        seal=BAG, to=NOWHERE, next_hop=TOWN, trip=RUN3, parcels=None, at=house.now
    )
    house.bag(BAG2, bag_for(THERE))
    label = bag_label(house)
    assert (label.to, label.next_hop, label.parcels) == (THERE, TOWN, 3)


def test_without_a_label_printer_bags_go_out_as_ever() -> None:
    house = van(labels=False)
    house.turns("county", TOWN)
    assert house.bag(BAG).key == Answer.BAG_OUT
    assert printed(house) == []


def test_a_hub_labels_a_bag_of_its_runs_when_it_comes_in_and_not_once_more_when_it_goes() -> None:
    house = van(hub=True)
    house.bag(BAG, bag_for(THERE, run=True))
    label = bag_label(house)
    assert (label.to, label.next_hop, label.parcels, label.again) == (THERE, TOWN, 3, False)
    house.agrees(BAG)
    house.arrives()
    house.turns(THERE, TOWN)
    assert house.bag(BAG, bag_for(THERE, run=True)).key == Answer.BAG_OUT
    assert printed(house) == []


def test_bags_that_stay_or_belong_elsewhere_get_none() -> None:
    house = van()
    house.bag(BAG, bag_for(HERE))
    assert printed(house) == []
    house.bag(BAG2, bag_for(THERE))
    assert printed(house) == []


def test_a_bags_label_is_printed_again_before_and_after_both_have_signed() -> None:
    house = van(hub=True)
    house.bag(BAG, bag_for(THERE, run=True))
    assert ask_for_bag(house) == Answer.LABEL_QUEUED
    first = bag_label(house)
    assert (first.again, first.to, first.next_hop, first.trip) == (True, THERE, TOWN, RUN3)
    house.agrees(BAG)
    ask_for_bag(house)
    assert replace(bag_label(house), at=first.at) == first


def test_a_bag_that_goes_out_has_its_label_printed_again() -> None:
    house = van()
    house.turns("county", TOWN)
    house.bag(BAG)
    assert ask_for_bag(house) == Answer.LABEL_QUEUED
    assert (bag_label(house).to, bag_label(house).next_hop) == (THERE, TOWN)


def test_no_label_again_of_a_bag_that_does_not_go_on() -> None:
    house = van()
    assert refusal(lambda: ask_for_bag(house)) == Refusal.BAG_NOT_SCANNED
    house.bag(BAG, bag_for(HERE))
    assert refusal(lambda: ask_for_bag(house)) == Refusal.BAG_NOT_SCANNED
    house.agrees(BAG)
    assert refusal(lambda: ask_for_bag(house)) == Refusal.BAG_NOT_SCANNED
