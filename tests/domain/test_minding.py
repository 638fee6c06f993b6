"""What spoils or is worth much lies in no cell, unless its addressee said so in so many words."""

import pytest

from edge.domain.answers import Answer, Refusal
from edge.domain.consent_facts import Wish
from edge.domain.facts import CellReserved
from edge.domain.parcel import Stage
from edge.domain.place_facts import Choice, Flag, ParcelFlagged
from tests.domain.house import ONE, SECOND, TWO, YT, House, cell_in, policy_of
from tests.domain.house import refusal as refused

DELICATE = pytest.mark.parametrize("flag", [Flag.FRESH, Flag.VALUABLE])


def shop(*, floor: int = 2) -> House:
    """Two small cells, and slots of the floor."""
    return House(policy=policy_of("SS", floor=floor)).open_shop()


@DELICATE
@pytest.mark.parametrize("choice", [None, Choice.SMALL, Choice.LARGE])
def test_no_choice_gets_it_into_a_cell(flag: Flag, choice: Choice | None) -> None:
    house = shop()
    house.scan()
    house.place(Choice.FLOOR)
    house.flag(YT, flag)
    house.move()
    told = len(house.facts(CellReserved))
    reply = house.place(choice)
    assert (reply.key, reply.cell) == (Answer.NOT_IN_CELL, None)
    assert reply.slot == house.parcel().slot is not None
    assert len(house.facts(CellReserved)) == told


@DELICATE
def test_found_out_before_the_open_door_it_goes_onto_a_slot(flag: Flag) -> None:
    house = shop()
    cell = cell_in(house.scan())
    house.opens(cell)
    reply = house.flag(YT, flag)
    assert (reply.key, reply.cell) == (Answer.NOT_IN_CELL, None)
    assert house.parcel().slot == reply.slot is not None
    assert house.facts(ParcelFlagged)[-1].flags == (flag,)
    assert house.replayed() == house.state


def test_without_a_free_slot_it_stays_in_the_keepers_hands() -> None:
    house = shop(floor=0)
    house.opens(cell_in(house.scan()))
    assert house.flag(YT, Flag.FRESH).key == Answer.PLACE_IT_FIRST
    assert house.parcel().in_hand


@pytest.mark.parametrize("flag", [Flag.BULKY, Flag.SIGNATURE])
def test_what_is_bulky_or_signed_for_may_go_on_into_its_cell(flag: Flag) -> None:
    house = shop()
    cell = cell_in(house.scan())
    house.opens(cell)
    assert house.flag(YT, flag).key == Answer.FLAGS_NOTED
    assert house.parcel().cell == cell


@DELICATE
def test_in_a_cell_it_is_told_to_the_keeper_who_asks_or_moves_it(flag: Flag) -> None:
    house = shop()
    assert house.check_in() is not None
    reply = house.flag(YT, flag)
    assert (reply.key, reply.cell) == (Answer.LIES_IN_CELL, ONE)
    assert house.stage() is Stage.STORED
    assert house.flag(YT, flag).key == Answer.LIES_IN_CELL, "said already, and still true"
    house.word(Wish.CELL)
    assert not house.parcel().unagreed
    assert house.flag(YT, flag).key == Answer.FLAGS_NOTED


@DELICATE
def test_a_word_that_names_a_cell_lets_it_in(flag: Flag) -> None:
    house = shop()
    house.scan()
    house.place(Choice.FLOOR)
    house.flag(YT, flag)
    house.word(Wish.CELL)
    house.move()
    house.opens(cell_in(house.place(None)))
    house.wait(4 * SECOND)
    assert house.parcel().cell is not None


def test_nor_does_a_look_that_finds_it_in_a_cell() -> None:
    house = shop()
    house.scan()
    house.place(Choice.FLOOR)
    house.flag(YT, Flag.VALUABLE)
    house.opens(TWO)  # nobody asked for that: it wants a look
    house.shuts(TWO)
    house.move()
    assert refused(lambda: house.inspect(TWO, YT)) == Refusal.NOT_FOR_CELLS
