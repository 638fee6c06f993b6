"""A keeper looks inside: what is found, what is missing, and what a look may not do."""

import pytest

from edge.domain.answers import Answer, CellReason, Refusal, RevokeReason
from edge.domain.cabinet import Occupancy
from edge.domain.facts import DoorAsked, ParcelMissing, PickupCodeRevoked, Purpose, RefusalReason
from edge.domain.parcel import Stage
from edge.kernel.ids import CellId
from tests.domain.house import LI, ONE, SECOND, SF, TWO, YT, ZTO, House, auth_in, refusal


def test_opening_by_hand_names_keeper_and_reason() -> None:
    house = House().open_shop()
    reply = house.open_by_hand(ONE, "钥匙掉在里面")
    assert house.news() == (
        DoorAsked(
            cell=ONE,
            auth=auth_in(reply),
            attempt=1,
            purpose=Purpose.INSPECT,
            actor="keeper:李店主",
            reason="钥匙掉在里面",
        ),
    )
    assert (reply.key, reply.ok, reply.cell) == (Answer.DOOR_OPEN, True, ONE)


@pytest.mark.parametrize("reason", ["", "  ", "\u3000"])
def test_without_a_reason_no_door_opens(reason: str) -> None:
    house = House().open_shop()
    assert refusal(lambda: house.open_by_hand(ONE, reason)) == Refusal.REASON_MISSING
    assert house.pulses == []


def test_an_unknown_cell_is_refused() -> None:
    house = House("SS").open_shop()
    assert refusal(lambda: house.open_by_hand(CellId(3))) == Refusal.UNKNOWN_CELL
    assert refusal(lambda: house.inspect(CellId(3), None)) == Refusal.UNKNOWN_CELL


@pytest.mark.parametrize("holds", [None, YT])
def test_a_look_never_frees_a_cell_by_itself(holds: str | None) -> None:
    house = House().open_shop()
    if holds:
        house.check_in()
    house.looks_into(ONE)
    assert (house.cell(ONE), house.why(ONE)) == (Occupancy.QUESTIONED, CellReason.OPENED_BY_HAND)
    assert house.scan(SF).cell == TWO


def test_the_cell_is_in_doubt_from_the_moment_it_opens() -> None:
    house = House().open_shop()
    house.open_by_hand(ONE)
    assert house.cell(ONE) is Occupancy.FREE
    house.opens(ONE)
    house.restart()
    assert house.cell(ONE) is Occupancy.QUESTIONED


def test_a_look_cut_short_before_any_sign_leaves_a_doubt_too() -> None:
    house = House().open_shop()
    house.open_by_hand(ONE)
    house.restart()
    assert house.why(ONE) == CellReason.OPENED_BY_HAND


def test_an_empty_cell_is_free_again() -> None:
    house = House().open_shop()
    house.looks_into(ONE)
    reply = house.inspect(ONE, None)
    assert (reply.key, reply.ok, reply.cell, house.kinds) == (
        Answer.CELL_FREED,
        True,
        ONE,
        ["cell.freed"],
    )
    assert house.scan().cell == ONE


def test_the_parcel_is_where_it_should_be_and_its_code_stays_good() -> None:
    house = House().open_shop()
    house.check_in()
    stored_at = house.parcel().stored_at
    house.looks_into(ONE)
    assert house.token(house.slips[0].token).key == RefusalReason.ASK_KEEPER
    reply = house.inspect(ONE, YT)
    assert (reply.key, reply.cell, reply.waybill_no) == (Answer.CELL_HOLDS, ONE, YT)
    assert (house.stage(), house.cell(ONE)) == (Stage.STORED, Occupancy.HELD)
    assert house.parcel().stored_at == stored_at
    assert len(house.slips) == 1
    assert house.token(house.slips[0].token).ok


def test_a_parcel_that_is_not_there_is_missing_and_its_code_dies() -> None:
    house = House().open_shop()
    house.check_in()
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.kinds == ["pickup.code_revoked", "parcel.missing", "cell.freed"]
    assert house.facts(PickupCodeRevoked)[-1].reason == RevokeReason.MISSING
    assert house.facts(ParcelMissing) == [ParcelMissing(waybill_no=YT, cell=ONE, keeper=LI)]
    assert house.token(house.slips[0].token).key == RefusalReason.ASK_KEEPER


def test_a_missing_parcel_may_turn_up_in_any_cell() -> None:
    house = House().open_shop()
    house.check_in()
    house.looks_into(ONE)
    house.inspect(ONE, None)
    house.looks_into(TWO)
    house.inspect(TWO, YT)
    assert house.kinds == ["parcel.stored", "pickup.code_issued"]
    assert (house.parcel().cell, house.cell(TWO)) == (TWO, Occupancy.HELD)
    assert YT not in house.state.ended
    assert house.token(house.slips[-1].token).cell == TWO


def test_a_missing_parcel_may_be_received_anew() -> None:
    house = House().open_shop()
    house.check_in()
    house.looks_into(ONE)
    house.inspect(ONE, None)
    house.check_in()
    assert house.stage() is Stage.STORED
    assert house.state.ended == ()


def test_a_parcel_left_behind_by_its_owner_is_found_again() -> None:
    house = House().open_shop()
    house.check_in()
    house.token(house.slips[0].token)
    house.opens(ONE)
    house.shuts(ONE)
    house.looks_into(ONE)
    house.inspect(ONE, YT)
    assert house.kinds == ["parcel.stored", "pickup.code_issued"]
    assert (house.stage(), house.state.ended) == (Stage.STORED, ())


def test_one_parcel_found_in_place_of_another_makes_that_one_missing() -> None:
    house = House().open_shop()
    house.check_in(YT)
    house.token(house.slips[0].token)
    house.opens(ONE)
    house.shuts(ONE)
    house.wait(house.policy.put_back_ms + 1)
    house.check_in(SF)
    house.looks_into(ONE)
    house.inspect(ONE, YT)
    assert house.kinds == [
        "pickup.code_revoked",
        "parcel.missing",
        "parcel.stored",
        "pickup.code_issued",
    ]
    assert (house.stage(YT), house.stage(SF)) == (Stage.STORED, Stage.MISSING)


def test_what_was_never_here_or_lies_elsewhere_is_refused() -> None:
    house = House().open_shop()
    house.check_in(SF)
    house.scan(YT)
    house.cancel(YT)
    house.opens(TWO)
    house.shuts(TWO)
    assert refusal(lambda: house.inspect(TWO, ZTO)) == Refusal.PARCEL_NOT_HERE
    assert refusal(lambda: house.inspect(TWO, YT)) == Refusal.PARCEL_NOT_HERE
    assert refusal(lambda: house.inspect(TWO, SF)) == Refusal.PARCEL_ELSEWHERE


@pytest.mark.parametrize("holds", [None, YT])
def test_a_cell_without_a_doubt_must_be_opened_before_it_is_judged(holds: None) -> None:
    house = House().open_shop()
    house.check_in()
    for cell in (ONE, TWO):
        reply = house.inspect(cell, holds)
        assert (reply.key, reply.ok, house.kinds) == (Answer.LOOK_INSIDE_FIRST, False, [])


def test_the_door_must_be_shut_before_its_cell_is_judged() -> None:
    house = House().open_shop()
    auth = auth_in(house.open_by_hand(ONE))
    assert refusal(lambda: house.inspect(ONE, None)) == Refusal.DOOR_IN_USE
    house.opens(ONE)
    assert refusal(lambda: house.inspect(ONE, None)) == Refusal.DOOR_IN_USE
    house.lost(ONE)
    assert refusal(lambda: house.inspect(ONE, None)) == RefusalReason.DOOR_UNSEEN
    house.opens(TWO)
    assert refusal(lambda: house.inspect(TWO, None)) == Refusal.DOOR_NOT_SHUT
    assert auth == house.pulses[0].auth


def test_a_dead_lock_is_found_by_looking_and_returned_to_use_by_the_keeper() -> None:
    house = House().open_shop()
    house.silent_twice(ONE, auth_in(house.open_by_hand(ONE)))
    assert house.kinds == ["door.silent", "cell.faulted"]
    house.tick(60 * SECOND)
    house.open_by_hand(ONE)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.FAULTED
    house.inspect(ONE, None)
    assert house.cell(ONE) is Occupancy.FREE


def test_a_dead_lock_found_while_taking_back_leaves_the_parcel_with_the_keeper() -> None:
    house = House().open_shop()
    house.check_in()
    house.silent_twice(ONE, auth_in(house.cancel()))
    assert (house.stage(), house.cell(ONE)) == (Stage.KEEPER_ASSIST, Occupancy.FAULTED)
    house.tick(60 * SECOND)
    assert house.kinds == ["door.shut"]


def _interrupted(*, door_open: bool = True) -> House:
    """A check-in whose door stood open when the power went; now all doors are seen shut."""
    house = House().open_shop()
    house.scan()
    if door_open:
        house.opens(ONE)
    house.restart()
    house.open_shop()
    return house


def test_a_cell_in_doubt_is_not_called_empty_before_its_door_was_open() -> None:
    house = _interrupted()
    reply = house.inspect(ONE, None)
    assert (reply.key, reply.ok, reply.cell, house.kinds) == (
        Answer.LOOK_INSIDE_FIRST,
        False,
        ONE,
        [],
    )
    house.looks_into(ONE)
    assert house.inspect(ONE, None).key == Answer.CELL_FREED


def test_a_faulted_cell_is_not_called_empty_unopened_and_the_key_opens_it() -> None:
    house = House().open_shop()
    house.silent_twice(ONE, auth_in(house.scan()))
    house.tick(60 * SECOND)
    assert house.inspect(ONE, None).key == Answer.LOOK_INSIDE_FIRST
    house.opens(ONE)  # by the mechanical key: nobody asked
    assert house.kinds == ["door.forced"]
    house.shuts(ONE)
    assert house.inspect(ONE, None).key == Answer.CELL_FREED


def test_a_door_found_forced_is_opened_once_more_before_its_cell_is_empty() -> None:
    house = House().open_shop()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.inspect(ONE, None).key == Answer.LOOK_INSIDE_FIRST
    house.looks_into(ONE)
    assert house.inspect(ONE, None).key == Answer.CELL_FREED


def test_a_look_before_the_doubt_arose_anew_does_not_count() -> None:
    house = House().open_shop()
    house.looks_into(ONE)
    house.silent_twice(ONE, auth_in(house.open_by_hand(ONE)))
    house.tick(60 * SECOND)
    assert house.inspect(ONE, None).key == Answer.LOOK_INSIDE_FIRST


def test_who_cancels_a_check_in_before_its_open_door_has_looked() -> None:
    house = House().open_shop()
    house.scan()
    house.opens(ONE)
    house.cancel()
    house.shuts(ONE)
    assert house.inspect(ONE, None).key == Answer.CELL_FREED


def test_the_door_of_an_interrupted_check_in_found_open_is_a_look() -> None:
    house = House().open_shop()
    house.scan()
    house.restart()
    house.opens(ONE)
    house.shuts(ONE)
    house.enter()
    assert house.inspect(ONE, None).key == Answer.CELL_FREED


def test_that_the_parcel_is_still_there_may_be_said_without_opening() -> None:
    house = _interrupted(door_open=False)
    assert house.inspect(ONE, YT).key == Answer.CELL_HOLDS
    assert house.stage() is Stage.STORED


def test_another_parcel_is_not_found_in_a_cell_that_nobody_opened() -> None:
    house = House().open_shop()
    house.check_in(SF)
    house.looks_into(ONE)
    house.inspect(ONE, None)
    house.check_in(YT)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.inspect(ONE, SF).key == Answer.LOOK_INSIDE_FIRST
    assert house.stage(YT) is Stage.KEEPER_ASSIST


def test_of_a_door_that_nobody_sees_the_keeper_with_the_key_is_believed() -> None:
    house = House("S").open_shop()
    house.opens(ONE)
    house.shuts(ONE)
    house.lost(ONE)
    assert house.inspect(ONE, None).key == Answer.CELL_FREED
    assert house.scan().key == Answer.NO_FREE_CELL  # not before its sensor says shut
    house.shuts(ONE)
    assert house.scan().cell == ONE
    assert refusal(lambda: house.inspect(CellId(9), None)) == Refusal.UNKNOWN_CELL
