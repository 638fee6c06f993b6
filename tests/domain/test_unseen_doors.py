"""A door that opened and was not seen to: the word of whoever stands before it is all there is."""

import pytest

from edge.domain.answers import Answer, CellReason, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.facts import DoorOpened, RefusalReason
from edge.domain.parcel import Stage
from edge.kernel.ids import AuthId
from tests.domain.house import ONE, SECOND, TWO, YT, House, auth_in, refusal


@pytest.fixture
def house() -> House:
    """One parcel with a slip in cell 1, and the keeper gone home."""
    house = House().open_shop()
    house.check_in()
    house.leave()
    return house


@pytest.mark.parametrize("pulses", [1, 2])
def test_who_says_that_a_silent_door_did_open_is_believed_and_the_door_is_for_the_repairman(
    house: House, pulses: int
) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    house.tick(3 * SECOND)
    if pulses > 1:
        house.stuck(ONE, auth)
        house.tick(3 * SECOND)
    reply = house.taken(ONE, auth)
    assert (reply.key, reply.cell) == (Answer.PICKUP_NOTED, ONE)
    assert house.kinds == ["cell.faulted", "parcel.picked_up", "door.shut"]
    assert (house.stage(), house.why(ONE)) == (Stage.PICKED_UP, CellReason.OPENED_UNSEEN)
    assert house.facts(DoorOpened)[1:] == []  # nobody claims that it was seen
    assert house.token(house.slips[0].token).key == RefusalReason.ALREADY_COLLECTED
    assert house.put_back(auth).key == Answer.TOO_LATE
    assert refusal(lambda: house.taken(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    house.enter()
    assert house.inspect(ONE, None).key == Answer.LOOK_INSIDE_FIRST
    house.inspect(ONE, YT)  # it was not true: the parcel lay there all the time
    assert (house.stage(), house.cell(ONE)) == (Stage.STORED, Occupancy.HELD)


def test_a_keeper_who_hands_out_through_a_door_without_a_sign_says_so(house: House) -> None:
    house.enter()
    auth = auth_in(house.release())
    house.tick(3 * SECOND)
    house.taken(ONE, auth)
    assert house.kinds == ["cell.faulted", "pickup.code_revoked", "parcel.picked_up", "door.shut"]


def test_nobody_is_believed_of_a_door_that_moves_of_another_or_where_a_wrong_one_opened(
    house: House,
) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    assert refusal(lambda: house.taken(ONE, auth)) == Refusal.NOTHING_TO_RETRY  # not yet silent
    house.tick(2 * SECOND)
    house.opens(TWO)
    house.tick(SECOND)
    assert refusal(lambda: house.taken(ONE, AuthId("a-1"))) == Refusal.NOTHING_TO_RETRY
    assert refusal(lambda: house.taken(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    assert refusal(lambda: house.taken(TWO, auth)) == Refusal.NOTHING_TO_RETRY
    assert house.stage() is Stage.KEEPER_ASSIST


def test_of_a_look_without_a_sign_nothing_is_believed(house: House) -> None:
    house.enter()
    auth = auth_in(house.open_by_hand(ONE))
    house.tick(3 * SECOND)
    assert refusal(lambda: house.taken(ONE, auth)) == Refusal.NOTHING_TO_RETRY
