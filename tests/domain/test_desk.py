"""The counter: one keeper at a time, and keeper's wishes from nobody else."""

from collections.abc import Callable

import pytest

from edge.domain.answers import Answer, Refusal
from edge.domain.facts import CheckInBegun, CheckInEnded, KeeperSignedIn, KeeperSignedOut
from tests.domain.house import LI, ONE, WANG, House, heard, refusal


def test_a_keeper_signs_in_and_out_once() -> None:
    house = House().see_all_shut()
    assert heard(house.enter()).key == Answer.SIGNED_IN
    assert house.news() == (KeeperSignedIn(keeper=LI),)
    assert (heard(house.enter()).key, house.kinds) == (Answer.SIGNED_IN, [])
    assert heard(house.leave()).key == Answer.SIGNED_OUT
    assert house.news() == (KeeperSignedOut(keeper=LI),)
    assert (heard(house.leave()).key, house.kinds) == (Answer.SIGNED_OUT, [])


def test_another_keeper_takes_the_desk_over_and_check_in_ends() -> None:
    house = House().open_shop()
    house.enter(WANG)
    assert house.news() == (
        CheckInEnded(keeper=LI),
        KeeperSignedOut(keeper=LI),
        KeeperSignedIn(keeper=WANG),
    )
    assert (house.state.desk.keeper, house.state.desk.checking_in) == (WANG, False)


def test_a_keeper_who_is_gone_cannot_sign_the_next_one_out() -> None:
    house = House().open_shop()
    house.enter(WANG)
    house.leave(LI)
    assert house.state.desk.keeper == WANG


def test_check_in_is_switched_and_switching_twice_is_no_news() -> None:
    house = House().see_all_shut()
    house.enter()
    assert heard(house.check_in_on()).key == Answer.CHECK_IN_ON
    assert house.news() == (CheckInBegun(keeper=LI),)
    assert (heard(house.check_in_on()).key, house.kinds) == (Answer.CHECK_IN_ON, [])
    assert heard(house.check_in_on(on=False)).key == Answer.CHECK_IN_OFF
    assert house.news() == (CheckInEnded(keeper=LI),)
    assert (heard(house.check_in_on(on=False)).key, house.kinds) == (Answer.CHECK_IN_OFF, [])


WISHES: dict[str, Callable[[House], object]] = {
    "check-in": House.check_in_on,
    "tail": House.tail,
    "release": House.release,
    "reprint": House.reprint,
    "cancel": House.cancel,
    "inspect": lambda house: house.inspect(ONE, None),
    "open": lambda house: house.open_by_hand(ONE),
}


@pytest.mark.parametrize("desk", ["empty", "another"])
@pytest.mark.parametrize("wish", WISHES)
def test_a_keepers_wish_is_heard_from_the_desk_alone(wish: str, desk: str) -> None:
    house = House().open_shop()
    house.check_in()
    house.leave()
    if desk == "another":
        house.enter(WANG)
    before = house.state
    assert refusal(lambda: WISHES[wish](house)) == Refusal.NOT_SIGNED_IN
    assert house.state == before
