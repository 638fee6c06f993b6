"""Whoever forgot the parcel or took a wrong one opens once more, and the keeper looks."""

import pytest

from edge.domain.answers import Answer, CellReason, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.effects import OpenDoor
from edge.domain.facts import ParcelMissing, ParcelPickedUp, Proof, RefusalReason
from edge.domain.parcel import Stage
from edge.kernel.ids import AuthId, CellId
from tests.domain.house import (
    ONE,
    SECOND,
    SF,
    YT,
    House,
    auth_in,
    refusal,
)

MINUTE = 60 * SECOND


@pytest.fixture
def house() -> House:
    """One parcel with a slip in cell 1, and the keeper gone home."""
    house = House().open_shop()
    house.check_in()
    house.leave()
    return house


def _collect(house: House, token: str, cell: CellId = ONE) -> AuthId:
    auth = auth_in(house.token(token))
    house.opens(cell)
    house.wait(5 * SECOND)
    house.shuts(cell)
    return auth


def test_who_took_the_wrong_parcel_puts_it_back_under_the_same_authorisation(
    house: House,
) -> None:
    auth = _collect(house, house.slips[0].token)
    house.wait(9 * MINUTE)
    reply = house.put_back(auth)
    assert (reply.key, reply.ok, reply.cell, reply.auth) == (Answer.OPEN_AGAIN, True, ONE, auth)
    assert house.pulses[-1] == OpenDoor(cell=ONE, auth=auth, attempt=2)
    assert house.kinds == ["door.asked", "cell.questioned"]
    assert house.thanked_at() is None
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.put_back"]
    assert (house.stage(), house.why(ONE)) == (Stage.KEEPER_ASSIST, CellReason.PUT_BACK)
    assert house.thanked_at() == house.now
    assert house.token(house.slips[0].token).key == RefusalReason.ASK_KEEPER
    assert house.put_back(auth).key == Answer.TOO_LATE


def test_what_was_put_back_gets_a_new_code_once_the_keeper_has_looked(house: House) -> None:
    auth = _collect(house, house.slips[0].token)
    house.put_back(auth)
    house.opens(ONE)
    house.shuts(ONE)
    house.enter()
    house.inspect(ONE, YT)
    assert house.kinds == ["parcel.stored", "pickup.code_issued"]
    _collect(house, house.slips[-1].token)
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FREE)


def _reopened(house: House) -> AuthId:
    """The person shut the door, opened it once more, and shut it again."""
    auth = _collect(house, house.slips[0].token)
    house.wait(MINUTE)
    house.put_back(auth)
    house.opens(ONE)
    house.wait(5 * SECOND)
    house.shuts(ONE)
    return auth


def test_who_forgot_the_parcel_and_took_it_then_has_collected_it_as_at_first(house: House) -> None:
    auth = _reopened(house)
    collected_at = house.parcel().collected_at
    assert collected_at is not None
    house.enter()
    house.wait(MINUTE)
    house.looks_into(ONE)
    thanked_at = house.thanked_at()
    reply = house.inspect(ONE, None)
    assert (reply.key, house.kinds) == (Answer.CELL_FREED, ["parcel.picked_up", "cell.freed"])
    assert house.news()[0] == ParcelPickedUp(
        waybill_no=YT, cell=ONE, auth=auth, proof=Proof.TOKEN, actor="keeper:李店主"
    )
    assert house.facts(ParcelMissing) == []
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FREE)
    assert (house.parcel().collected_at, house.parcel().ended_by) == (collected_at, auth)
    assert house.parcel().ended_at == house.now
    assert house.thanked_at() == thanked_at
    told = house.token(house.slips[0].token)
    assert told.key == RefusalReason.ALREADY_COLLECTED
    assert told.at == collected_at
    assert house.put_back(auth).key == Answer.TOO_LATE
    assert house.replayed() == house.state


def test_the_visitors_own_opening_is_no_look_of_the_keeper(house: House) -> None:
    _reopened(house)
    house.enter()
    reply = house.inspect(ONE, None)
    assert (reply.key, reply.ok, house.kinds) == (Answer.LOOK_INSIDE_FIRST, False, [])
    assert house.cell(ONE) is Occupancy.QUESTIONED


def test_what_is_gone_from_a_reopened_cell_that_was_forced_since_is_a_dispute(
    house: House,
) -> None:
    _reopened(house)
    house.opens(ONE)
    assert (house.kinds, house.why(ONE)) == (["door.forced", "cell.questioned"], CellReason.FORCED)
    house.shuts(ONE)
    house.enter()
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.stage() is Stage.MISSING


def test_a_parcel_handed_out_after_a_put_back_left_when_the_keeper_gave_it(house: House) -> None:
    first = _reopened(house)
    house.enter()
    house.release()
    house.opens(ONE)
    house.wait(MINUTE)
    house.shuts(ONE)
    assert house.parcel().collected_at == house.now
    assert house.parcel().ended_by not in {None, first}


def test_a_silent_put_back_is_not_pulsed_again_and_the_cell_waits_for_a_look(
    house: House,
) -> None:
    auth = _collect(house, house.slips[0].token)
    house.put_back(auth)
    house.tick(3 * SECOND)
    assert house.kinds == ["door.silent"]
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    house.tick(MINUTE)
    assert house.kinds == ["door.shut"]
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.QUESTIONED)


def test_putting_back_ends_after_ten_minutes_and_with_a_restart(house: House) -> None:
    auth = _collect(house, house.slips[0].token)
    house.wait(10 * MINUTE + 1)
    assert house.put_back(auth).key == Answer.TOO_LATE
    assert house.put_back(AuthId("a-nobody")).key == Answer.TOO_LATE


def test_a_restart_ends_the_time_for_putting_back(house: House) -> None:
    auth = _collect(house, house.slips[0].token)
    house.restart()
    house.see_all_shut()
    reply = house.put_back(auth)
    assert (reply.key, reply.ok, house.kinds) == (Answer.TOO_LATE, False, [])


def test_who_needed_both_pulses_asks_the_keeper_to_put_it_back(house: House) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    house.tick(3 * SECOND)
    house.stuck(ONE, auth)
    house.opens(ONE)
    house.shuts(ONE)
    reply = house.put_back(auth)
    assert (reply.key, reply.ok, reply.cell) == (Answer.ASK_KEEPER, False, ONE)
    assert len([p for p in house.pulses if p.auth == auth]) == 2


def test_a_cell_that_had_another_parcel_since_is_not_reopened() -> None:
    house = House("S").open_shop()
    house.check_in(YT)
    auth = _collect(house, house.slips[0].token)
    house.check_in(SF)
    assert house.put_back(auth).key == Answer.ASK_KEEPER
    _collect(house, house.slips[1].token)
    reply = house.put_back(auth)
    assert (reply.key, house.kinds) == (Answer.ASK_KEEPER, [])


def test_while_collecting_nothing_is_put_back(house: House) -> None:
    auth = auth_in(house.token(house.slips[0].token))
    house.opens(ONE)
    assert house.put_back(auth).key == Answer.TOO_LATE
