"""R25b: no parcel goes into a cell, and none has a code, whose addressee has not agreed."""

from dataclasses import replace

import pytest

from edge.domain.advice import Consent
from edge.domain.answers import Answer, Refusal, RevokeReason
from edge.domain.cabinet import Occupancy
from edge.domain.consent_facts import (
    ConsentNoted,
    ConsentWanted,
    ContactTried,
    Giver,
    How,
    NoContact,
    Wish,
)
from edge.domain.facts import CellReserved, PickupCodeIssued, PickupCodeRevoked, RefusalReason
from edge.domain.inputs import Fresh
from edge.domain.place_facts import Choice, Seen
from edge.kernel.ids import AuthId
from tests.domain.house import LI, ONE, OTHER_TAIL, SECOND, SF, TAIL, YT, House, cell_in, policy_of
from tests.domain.house import refusal as refused
from tests.domain.van import BAG, Van, parcel_in

BOTH = frozenset({YT, SF})


def unpacked(said: Consent = Consent.UNKNOWN, *, tail: bool = True) -> Van:
    """A parcel of a manifest that says so of its addressee; on a shelf, unless they agreed."""
    van = Van()
    van.takes(BAG)
    van.check_in_on()
    van.unpacks(YT, parcel_in(BOTH, consent=said, tail=TAIL if tail else None))
    return van


def asking(sizes: str = "SS", *, floor: int = 2) -> House:
    """A station without manifests that takes nobody's yes for granted."""
    policy = replace(policy_of(sizes, floor=floor), unannounced=Consent.UNKNOWN)
    return House(policy=policy).open_shop()


def in_cell(house: House) -> None:
    """The one in hand is put into the cell that the station names."""
    cell = cell_in(house.place(None))
    house.opens(cell)
    house.wait(4 * SECOND)
    house.shuts(cell)


@pytest.mark.parametrize("said", [Consent.NO, Consent.UNKNOWN])
@pytest.mark.parametrize("choice", [None, Choice.SMALL, Choice.LARGE, Choice.SHELF])
def test_whose_addressee_has_not_agreed_goes_to_a_slot_whatever_is_chosen(
    said: Consent, choice: Choice | None
) -> None:
    van = Van()
    van.check_in_on()
    van.place(choice, None)
    reply = van.unpacks(YT, parcel_in(BOTH, consent=said))
    assert (reply.key, reply.ok, reply.cell) == (Answer.TO_CONTACT, True, None)
    assert reply.slot == van.parcel().slot is not None
    assert van.facts(ConsentWanted) == [ConsentWanted(waybill_no=YT, said=said)]
    assert (van.pulses, van.slips, van.facts(PickupCodeIssued)) == ([], [], [])
    assert van.parcel().agreement.to_ask
    assert van.replayed() == van.state


def test_who_agreed_before_gets_a_cell_and_is_not_asked() -> None:
    van = unpacked(Consent.YES)
    assert van.facts(CellReserved)
    assert van.facts(ConsentWanted) == []


def test_no_manifest_is_the_villages_standing_yes_unless_the_station_asks() -> None:
    house = House().open_shop()
    house.scan()
    assert (house.facts(ConsentWanted), len(house.facts(CellReserved))) == ([], 1)
    house = asking()
    house.scan()
    assert house.facts(ConsentWanted) == [ConsentWanted(waybill_no=YT, said=Consent.UNKNOWN)]
    assert house.facts(CellReserved) == []


def test_without_a_free_slot_nothing_is_told_of_it_and_no_cell_stands_in() -> None:
    house = asking(floor=0)
    reply = house.scan()
    assert (reply.key, reply.ok, house.news()) == (Answer.NO_FREE_SLOT, False, ())


@pytest.mark.parametrize("choice", [None, Choice.SMALL, Choice.LARGE])
def test_moving_does_not_get_it_into_a_cell_either(choice: Choice | None) -> None:
    van = unpacked()
    van.move()
    reply = van.place(choice)
    assert (reply.key, reply.cell) == (Answer.TO_CONTACT, None)
    assert van.facts(CellReserved) == []


def test_nor_does_a_look_that_finds_it_in_a_cell() -> None:
    van = unpacked()
    van.opens(ONE)  # nobody asked for that: it wants a look
    van.shuts(ONE)
    van.move()
    assert refused(lambda: van.inspect(ONE, YT)) == Refusal.NOT_FOR_CELLS
    assert van.parcel().in_hand


def test_a_yes_to_a_cell_brings_the_code_and_the_slip_and_lets_it_in() -> None:
    van = unpacked()
    van.wait(SECOND)
    reply = van.word(Wish.CELL, how=How.PHONE, giver=Giver.FAMILY)
    assert (reply.key, reply.slot) == (Answer.SLIP_QUEUED, van.parcel().slot)
    assert van.facts(ConsentNoted) == [
        ConsentNoted(waybill_no=YT, wish=Wish.CELL, how=How.PHONE, giver=Giver.FAMILY, keeper=LI)
    ]
    known = van.parcel().agreement
    assert (known.to_ask, known.how, known.giver, known.noted_at) == (
        False,
        How.PHONE,
        Giver.FAMILY,
        van.now,
    )
    assert van.slips[-1].waybill_no == YT
    van.move()
    in_cell(van)
    assert van.parcel().cell is not None
    assert van.token(van.slips[-1].token).key == Answer.DOOR_OPEN
    assert van.replayed() == van.state


def test_a_yes_to_the_counter_keeps_it_out_of_cells_and_brings_a_code() -> None:
    van = unpacked()
    van.word(Wish.SHELF)
    assert van.token(van.slips[-1].token).key == Answer.AT_SHELF
    van.move()
    reply = van.place(Choice.SMALL)
    assert (reply.key, reply.cell) == (Answer.NOT_IN_CELL, None)
    van.move()
    assert van.place(Choice.FLOOR).key == Answer.PUT_ON


def test_what_is_brought_to_the_door_has_no_code_and_is_handed_out_with_papers_seen() -> None:
    van = unpacked()
    assert van.word(Wish.HOME).key == Answer.CONSENT_NOTED
    assert van.slips == []
    assert refused(van.reprint) == Refusal.NO_CONSENT
    assert refused(van.release) == Refusal.ID_NOT_SEEN
    assert van.release(YT, Seen.ID).key == Answer.HANDED_OUT


def test_a_yes_without_a_phone_tail_says_so_and_the_tail_brings_the_slip() -> None:
    van = unpacked(tail=False)
    assert van.word(Wish.SHELF).key == Answer.AGREED_WITHOUT_TAIL
    assert van.slips == []
    assert van.tail().key == Answer.SLIP_QUEUED


def test_a_phone_tail_alone_brings_no_code() -> None:
    van = unpacked(tail=False)
    assert van.tail().key == Answer.TAIL_NOTED
    assert refused(van.reprint) == Refusal.NO_CONSENT
    assert (van.slips, van.parcel().phone_tail) == ([], TAIL)


def test_a_yes_while_it_is_in_hand_waits_with_its_code_for_a_place() -> None:
    van = unpacked()
    van.move()
    assert van.word(Wish.CELL).key == Answer.CONSENT_NOTED
    assert van.slips == []
    in_cell(van)
    assert van.slips[-1].cell == van.parcel().cell


def test_where_no_code_can_be_drawn_the_yes_stands_and_a_slip_can_be_printed_later() -> None:
    van = unpacked()
    drawn = Fresh(auth=AuthId("a"), secrets=())
    assert van.word(Wish.SHELF, fresh=drawn).key == Answer.CONSENT_NOTED
    assert van.slips == []
    assert van.reprint().key == Answer.SLIP_QUEUED


def test_the_same_word_twice_is_told_once() -> None:
    van = unpacked()
    van.word(Wish.SHELF)
    van.wait(SECOND)
    assert (van.word(Wish.SHELF).key, van.news()) == (Answer.CONSENT_NOTED, ())
    assert len(van.slips) == 1


def test_a_call_that_reached_nobody_counts_with_its_time() -> None:
    van = unpacked()
    assert van.reaches_nobody().key == Answer.CONTACT_NOTED
    van.wait(60 * SECOND)
    van.reaches_nobody()
    assert van.facts(ContactTried) == 2 * [
        ContactTried(waybill_no=YT, result=NoContact.NO_ANSWER, keeper=LI)
    ]
    known = van.parcel().agreement
    assert (known.tries, known.tried_at, known.to_ask) == (2, van.now, True)
    van.wait(SECOND)
    assert (van.reaches_nobody().ok, van.news()) == (True, ())  # a key that was pressed twice
    assert van.replayed() == van.state


def test_a_wrong_number_stands_until_a_phone_tail_or_a_word_comes() -> None:
    van = unpacked()
    van.reaches_nobody()
    assert van.reaches_nobody(NoContact.WRONG_NUMBER).key == Answer.WRONG_NUMBER
    assert (van.parcel().agreement.wrong_number, van.parcel().agreement.tries) == (True, 2)
    van.tail(YT, TAIL)
    van.tail(YT, OTHER_TAIL)
    assert not van.parcel().agreement.wrong_number
    van.wait(60 * SECOND)
    van.reaches_nobody(NoContact.WRONG_NUMBER)
    van.word(Wish.SHELF)
    assert not van.parcel().agreement.wrong_number


def test_a_yes_taken_back_on_the_shelf_ends_the_code() -> None:
    van = unpacked()
    van.word(Wish.SHELF)
    slip = van.slips[-1]
    assert van.word(Wish.NOWHERE, how=How.IN_PERSON).key == Answer.CONSENT_NOTED
    (dead,) = van.facts(PickupCodeRevoked)
    assert dead.reason == RevokeReason.NO_CONSENT
    assert van.parcel().agreement.to_ask
    assert van.token(slip.token).key == RefusalReason.ASK_KEEPER


def test_a_yes_taken_back_in_the_cell_ends_the_code_and_asks_to_take_it_out() -> None:
    house = House(policy=policy_of("SS", floor=2)).open_shop()
    slip = house.check_in()
    assert slip is not None
    reply = house.word(Wish.NOWHERE)
    assert (reply.key, reply.cell) == (Answer.LIES_IN_CELL, ONE)
    assert house.token(slip.token).key == RefusalReason.ASK_KEEPER
    assert house.cell(ONE) is Occupancy.HELD
    house.move()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.place(None).key == Answer.TO_CONTACT
    assert house.cell(ONE) is Occupancy.FREE
    assert house.word(Wish.SHELF).key == Answer.SLIP_QUEUED


def test_who_wants_it_from_the_counter_after_all_keeps_the_code_and_it_leaves_the_cell() -> None:
    house = House(policy=policy_of("SS", floor=2)).open_shop()
    house.check_in()
    assert house.word(Wish.SHELF).key == Answer.LIES_IN_CELL
    assert house.facts(PickupCodeRevoked) == []


def test_a_yes_in_the_cell_again_brings_a_new_code() -> None:
    house = House().open_shop()
    house.check_in()
    house.word(Wish.NOWHERE)
    assert house.word(Wish.CELL).key == Answer.SLIP_QUEUED
    assert house.token(house.slips[-1].token).key == Answer.DOOR_OPEN


def test_a_no_while_somebody_takes_it_out_comes_too_late() -> None:
    house = House().open_shop()
    slip = house.check_in()
    assert slip is not None
    house.token(slip.token)
    assert refused(lambda: house.word(Wish.NOWHERE)) == Refusal.PICKUP_UNDER_WAY


def test_a_no_before_the_open_door_sends_it_to_a_slot() -> None:
    house = House(policy=policy_of("SS", floor=2)).open_shop()
    cell = cell_in(house.scan())
    house.opens(cell)
    reply = house.word(Wish.NOWHERE)
    assert (reply.key, reply.cell) == (Answer.TO_CONTACT, None)
    house.shuts(cell)
    assert (house.cell(cell), house.parcel().slot) == (Occupancy.FREE, reply.slot)


def test_a_no_before_the_open_door_without_a_slot_leaves_it_in_her_hands() -> None:
    house = House().open_shop()
    cell = cell_in(house.scan())
    house.opens(cell)
    assert house.word(Wish.NOWHERE).key == Answer.PLACE_IT_FIRST
    house.shuts(cell)
    assert house.parcel().in_hand


def test_a_word_given_to_the_station_outlasts_a_check_in_that_was_taken_back() -> None:
    house = asking()
    house.scan()
    house.word(Wish.CELL)
    house.cancel()
    assert house.scan().cell is not None
    assert len(house.facts(ConsentWanted)) == 1
    assert house.replayed() == house.state


def test_who_was_never_asked_is_asked_again_after_a_check_in_that_was_taken_back() -> None:
    house = asking()
    house.scan()
    house.cancel()
    assert house.scan().key == Answer.TO_CONTACT
    assert len(house.facts(ConsentWanted)) == 2


def test_of_a_parcel_that_is_not_here_nobody_can_agree_to_anything() -> None:
    house = House().open_shop()
    assert refused(lambda: house.word(Wish.CELL)) == Refusal.PARCEL_NOT_HERE
    assert refused(house.reaches_nobody) == Refusal.PARCEL_NOT_HERE


def test_only_the_keeper_who_is_signed_in_notes_a_word() -> None:
    van = unpacked()
    van.leave()
    assert refused(lambda: van.word(Wish.CELL)) == Refusal.NOT_SIGNED_IN
    assert refused(van.reaches_nobody) == Refusal.NOT_SIGNED_IN
    assert van.facts(ConsentNoted) == []
