"""Doors that nobody asked for, wrong doors, and doors left open."""

from collections.abc import Callable

import pytest

from edge.domain.answers import Answer, CellReason, Clip, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.effects import Beep, Reply, Say
from edge.domain.facts import (
    CellFreed,
    CellQuestioned,
    DoorForced,
    DoorLeftOpen,
    DoorReminded,
    DoorShut,
    ParcelPickedUp,
)
from edge.domain.parcel import Stage
from tests.domain.house import ONE, SECOND, SF, TWO, YT, House, auth_in, refusal


def test_a_forced_door_is_an_alarm_and_its_parcel_is_the_keepers() -> None:
    house = House().open_shop()
    house.check_in()
    house.opens(ONE)
    assert house.news() == (
        DoorForced(cell=ONE),
        CellQuestioned(cell=ONE, reason=CellReason.FORCED),
    )
    assert house.stage() is Stage.KEEPER_ASSIST
    house.wait(4 * SECOND)
    house.shuts(ONE)
    assert house.news() == (DoorShut(cell=ONE, open_ms=4 * SECOND),)
    assert house.facts(ParcelPickedUp) == []


def test_an_empty_cell_that_was_forced_is_not_offered() -> None:
    house = House().open_shop()
    house.opens(ONE)
    house.shuts(ONE)
    assert house.scan().cell == TWO


def test_a_doubted_cell_that_is_forced_alarms_again_but_keeps_its_question() -> None:
    house = House().open_shop()
    house.scan()
    house.cancel()
    house.opens(ONE)
    house.shuts(ONE)
    house.opens(ONE)
    assert house.news() == (DoorForced(cell=ONE),)
    assert house.why(ONE) == CellReason.CHECK_IN_CANCELLED


def test_a_pickup_to_be_repeated_is_the_keepers_once_the_door_was_forced() -> None:
    house = House().open_shop()
    house.check_in()
    house.token(house.slips[0].token)
    house.tick(3 * SECOND)
    house.tick(60 * SECOND)
    house.opens(ONE)
    assert (house.stage(), house.why(ONE)) == (Stage.KEEPER_ASSIST, CellReason.FORCED)


def test_a_wrong_door_takes_both_cells_out_and_nothing_is_pulsed_again() -> None:
    house = House().open_shop()
    house.check_in()
    auth = auth_in(house.token(house.slips[0].token))
    house.wait(2 * SECOND)
    house.opens(TWO)
    assert house.news() == (
        DoorForced(cell=TWO),
        CellQuestioned(cell=TWO, reason=CellReason.WRONG_DOOR_OPENED),
        CellQuestioned(cell=ONE, reason=CellReason.WRONG_DOOR_OPENED),
    )
    house.tick(SECOND)
    assert house.door(ONE) is Door.SILENT
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    assert house.token(house.slips[0].token).key == "ask_keeper"
    house.tick(60 * SECOND)
    assert (house.kinds, house.why(ONE)) == (["door.shut"], CellReason.WRONG_DOOR_OPENED)


def test_a_second_door_on_one_pulse_leaves_both_in_doubt() -> None:
    house = House().open_shop()
    house.check_in()
    house.token(house.slips[0].token)
    house.opens(ONE)
    house.opens(TWO)
    assert {house.why(ONE), house.why(TWO)} == {CellReason.WRONG_DOOR_OPENED}
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.picked_up"]
    assert house.cell(ONE) is Occupancy.QUESTIONED


def test_a_wrong_door_at_check_in_lets_the_keeper_go_on_elsewhere() -> None:
    house = House().open_shop()
    house.scan(YT)
    house.opens(TWO)
    house.tick(3 * SECOND)
    assert house.scan(SF).key == Answer.DID_IT_OPEN
    house.tick(60 * SECOND)
    house.shuts(TWO)
    assert house.scan(SF).cell == 3
    assert house.scan(YT).key == Answer.LOOK_INSIDE_FIRST
    house.opens(house.pulses[-1].cell)
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.stage(YT) is Stage.UNDONE


@pytest.mark.parametrize("purpose", ["release", "cancel", "open"])
def test_a_wrong_door_forbids_the_second_pulse_whoever_asked(purpose: str) -> None:
    house = House().open_shop()
    house.check_in()
    wishes: dict[str, Callable[[], Reply]] = {
        "release": house.release,
        "cancel": house.cancel,
        "open": lambda: house.open_by_hand(ONE),
    }
    auth = auth_in(wishes[purpose]())
    house.opens(TWO)
    house.tick(3 * SECOND)
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY


def test_a_wrong_door_is_told_over_any_other_doubt() -> None:
    house = House().open_shop()
    house.opens(ONE)
    house.shuts(ONE)
    auth = auth_in(house.open_by_hand(ONE))
    house.opens(TWO)
    assert house.why(ONE) == CellReason.WRONG_DOOR_OPENED
    house.tick(3 * SECOND)
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY


def test_long_after_a_pulse_a_forced_door_is_only_that() -> None:
    house = House().open_shop()
    house.scan()
    house.opens(ONE)
    house.wait(3_001)
    house.opens(TWO)
    assert house.why(TWO) == CellReason.FORCED
    assert house.cell(ONE) is Occupancy.RESERVED


def test_two_people_at_two_doors_disturb_nobody() -> None:
    house = House().open_shop()
    house.check_in(YT)
    house.check_in(SF)
    for slip in house.slips:
        house.token(slip.token)
    house.opens(TWO, ONE)
    house.shuts(TWO, ONE)
    assert house.facts(DoorForced) == []
    assert len(house.facts(CellFreed)) == 2


def test_the_voice_asks_at_ten_seconds_and_the_alarm_comes_at_sixty() -> None:
    house = House().open_shop()
    house.scan()
    assert house.due_ms() == 3 * SECOND
    house.opens(ONE)
    assert house.due_ms() == 10 * SECOND
    house.tick(9_999)
    assert house.kinds == []
    house.tick(1)
    assert house.news() == (DoorReminded(cell=ONE, open_ms=10 * SECOND),)
    assert house.last.effects == (Say(clip=Clip.DOOR_LEFT_OPEN, cell=ONE),)
    assert house.due_ms() == 50 * SECOND
    house.tick(50 * SECOND)
    assert house.news() == (DoorLeftOpen(cell=ONE, open_ms=60 * SECOND),)
    assert [type(effect) for effect in house.last.effects] == [Say, Beep]
    house.tick(60 * SECOND)
    assert house.kinds == ["station.steady"]
    assert house.due_ms() is None
    house.tick(600 * SECOND)
    assert house.kinds == []


def test_a_late_look_tells_both_at_once() -> None:
    house = House().open_shop()
    house.scan()
    house.opens(ONE)
    house.wait(61 * SECOND)
    assert house.due_ms() == 0
    house.tick()
    assert house.kinds == ["door.reminded", "door.left_open"]


def left_open() -> House:
    """A pickup whose door has stood open for a minute."""
    house = House().open_shop()
    house.check_in()
    house.token(house.slips[0].token)
    house.opens(ONE)
    house.tick(10 * SECOND)
    house.tick(50 * SECOND)
    return house


def test_a_pickup_left_open_counts_as_collected_and_its_cell_is_free_only_when_shut() -> None:
    house = left_open()
    assert house.kinds == ["door.left_open", "cell.questioned", "parcel.picked_up"]
    assert (house.stage(), house.why(ONE)) == (Stage.PICKED_UP, CellReason.LEFT_OPEN)
    house.check_in(SF, tail=None)  # other doors still serve
    assert house.parcel(SF).cell == TWO
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "cell.freed"]
    assert house.cell(ONE) is Occupancy.FREE
    assert house.put_back(house.facts(ParcelPickedUp)[0].auth).key == Answer.OPEN_AGAIN


def test_a_parcel_that_the_keeper_hands_out_through_a_door_left_open_is_out_too() -> None:
    house = House().open_shop()
    house.check_in()
    house.release()
    house.opens(ONE)
    house.tick(60 * SECOND)
    assert house.kinds[-3:] == ["cell.questioned", "pickup.code_revoked", "parcel.picked_up"]
    house.shuts(ONE)
    assert house.cell(ONE) is Occupancy.FREE


def test_a_door_left_open_over_a_restart_is_collected_once_and_the_keeper_looks() -> None:
    house = left_open()
    house.restart()
    house.opens(ONE)
    house.tick(60 * SECOND)
    assert house.kinds == ["door.reminded", "door.left_open"]
    house.shuts(ONE)
    assert house.kinds == ["door.shut"]
    assert house.why(ONE) == CellReason.LEFT_OPEN
    assert len(house.facts(ParcelPickedUp)) == 1


def test_several_doors_each_have_their_own_time() -> None:
    house = House().open_shop()
    house.check_in(YT)
    house.check_in(SF)
    house.token(house.slips[0].token)
    house.wait(2 * SECOND)
    house.token(house.slips[1].token)
    assert house.due_ms() == SECOND
    house.tick(SECOND)
    assert [house.door(ONE), house.door(TWO)] == [Door.SILENT, Door.ASKED]
    house.tick(2 * SECOND)
    assert house.door(TWO) is Door.SILENT


def test_nothing_is_due_in_a_quiet_house() -> None:
    house = House().open_shop()
    house.check_in()
    house.tick(120 * SECOND)
    assert house.due_ms() is None
    house.opens(TWO)
    assert house.due_ms() is None
