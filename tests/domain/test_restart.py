"""Power cuts and lost sensors: nothing is pulsed, nothing is free that nobody has seen."""

from collections.abc import Callable

import pytest

from edge.domain.answers import Answer, CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.facts import (
    DoorOpened,
    DoorShut,
    DoorUnseen,
    ParcelPickedUp,
    ParcelPutBack,
    Proof,
    RefusalReason,
    StationStarted,
)
from edge.domain.parcel import Stage
from edge.domain.state import Desk
from edge.kernel.ids import AuthId
from tests.domain.house import LI, ONE, SECOND, SF, TWO, YT, House, auth_in

Cut = Callable[[House], object]
CUTS: dict[str, Cut] = {"power": House.restart, "sensor": lambda house: house.lost(ONE)}
cuts = pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)


def _with_parcel() -> House:
    house = House().open_shop()
    house.check_in()
    return house


def test_a_restart_empties_the_desk_and_forgets_every_door() -> None:
    house = _with_parcel()
    house.restart()
    assert house.news() == (StationStarted(version="test"),)
    assert house.state.boot == 2
    assert house.state.desk == Desk()
    assert {door.door for door in house.state.doors.values()} == {Door.UNKNOWN}
    assert house.state.visit is None


@cuts
def test_a_check_in_cut_short_is_a_question_and_never_free(cut: Cut) -> None:
    for opened in (False, True):
        house = House().open_shop()
        house.scan()
        if opened:
            house.opens(ONE)
        cut(house)
        assert house.why(ONE) == CellReason.CHECK_IN_INTERRUPTED
        house.opens(ONE)
        house.shuts(ONE)
        assert (house.stage(), house.cell(ONE)) == (Stage.RECEIVED, Occupancy.QUESTIONED)
        _to_work(house)
        reply = house.scan()
        assert (reply.key, reply.cell) == (Answer.LOOK_INSIDE_FIRST, ONE)


def _to_work(house: House) -> None:
    house.see_all_shut()
    house.enter()
    house.check_in_on()


def test_the_keeper_found_the_parcel_inside_after_the_power_cut() -> None:
    house = House().open_shop()
    house.scan()
    house.tail()
    house.opens(ONE)
    house.restart()
    _to_work(house)
    house.inspect(ONE, YT)
    assert house.kinds == ["parcel.stored", "pickup.code_issued"]
    assert house.token(house.slips[0].token).ok


def test_the_keeper_found_the_cell_empty_after_the_power_cut() -> None:
    house = House().open_shop()
    house.scan()
    house.restart()
    _to_work(house)
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.kinds == ["parcel.check_in_undone", "cell.freed"]
    assert house.scan().key == Answer.PUT_IN


def test_a_parcel_cut_short_does_not_hold_up_the_next_one() -> None:
    house = House().open_shop()
    house.scan(YT)
    house.lost(ONE)
    assert house.scan(SF).key == Answer.SHUT_DOOR_FIRST
    house.shuts(ONE)
    assert house.scan(SF).cell == TWO


def test_a_check_in_may_be_taken_back_while_nobody_sees_its_door() -> None:
    house = House().open_shop()
    house.scan()
    house.restart()
    house.enter()
    assert house.cancel().key == Answer.CHECK_IN_UNDONE
    assert house.kinds == ["parcel.check_in_undone"]
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.UNDONE, Occupancy.QUESTIONED)


@cuts
def test_a_pickup_cut_short_before_any_sign_is_repeated_by_the_person(cut: Cut) -> None:
    house = _with_parcel()
    token = house.slips[0].token
    first = auth_in(house.token(token))
    house.wait(SECOND)
    cut(house)
    assert (house.stage(), house.why(ONE)) == (Stage.STORED, CellReason.PICKUP_INTERRUPTED)
    assert house.token(token).key == RefusalReason.DOOR_UNSEEN
    house.shuts(ONE)
    assert house.news() == (DoorShut(cell=ONE, open_ms=None),)
    assert len(house.pulses) == 2
    second = auth_in(house.token(token))
    assert second != first
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.picked_up", "cell.freed"]


@cuts
def test_a_door_found_open_belongs_to_the_pickup_that_was_cut_short(cut: Cut) -> None:
    house = _with_parcel()
    token = house.slips[0].token
    auth = auth_in(house.token(token))
    cut(house)
    house.opens(ONE)
    assert house.news() == (DoorOpened(cell=ONE, auth=auth),)
    house.wait(6 * SECOND)
    assert house.token(token).key == RefusalReason.DOOR_IN_USE
    house.shuts(ONE)
    picked_up = ParcelPickedUp(waybill_no=YT, cell=ONE, auth=auth, proof=Proof.TOKEN, actor="kiosk")
    assert house.news() == (DoorShut(cell=ONE, open_ms=6 * SECOND), picked_up)
    assert house.cell(ONE) is Occupancy.QUESTIONED
    assert len(house.pulses) == 2


@cuts
def test_a_pickup_seen_open_before_the_cut_and_shut_after_it_is_done(cut: Cut) -> None:
    house = _with_parcel()
    auth = auth_in(house.token(house.slips[0].token))
    house.opens(ONE)
    cut(house)
    house.shuts(ONE)
    assert house.kinds == ["door.shut", "parcel.picked_up"]
    assert (house.parcel().ended_by, house.cell(ONE)) == (auth, Occupancy.QUESTIONED)
    _to_work(house)
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.kinds == ["cell.freed"]


def test_a_pickup_cut_short_twice_is_asked_about_once() -> None:
    house = _with_parcel()
    house.tick(120 * SECOND)
    house.token(house.slips[0].token)
    for _ in range(2):
        house.restart()
    assert house.kinds == ["station.started"]
    house.opens(ONE)
    house.restart()
    house.shuts(ONE)
    assert house.stage() is Stage.PICKED_UP


def test_a_release_cut_short_can_be_repeated() -> None:
    house = _with_parcel()
    house.release()
    house.restart()
    _to_work(house)
    assert house.release().key == Answer.TAKE_IT_OUT
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.PICKED_UP, Occupancy.FREE)


@cuts
def test_a_put_back_that_nobody_saw_to_the_end_still_is_one(cut: Cut) -> None:
    house = _with_parcel()
    auth = auth_in(house.token(house.slips[0].token))
    house.opens(ONE)
    house.shuts(ONE)
    house.put_back(auth)
    house.opens(ONE)
    cut(house)
    house.shuts(ONE)
    assert house.facts(ParcelPutBack) == [ParcelPutBack(waybill_no=YT, cell=ONE)]
    assert (house.stage(), house.why(ONE)) == (Stage.KEEPER_ASSIST, CellReason.PUT_BACK)


@pytest.mark.parametrize("held", [False, True])
def test_a_door_found_open_after_a_start_is_no_alarm_but_not_offered(*, held: bool) -> None:
    house = House().open_shop()
    if held:
        house.check_in()
    house.restart()
    house.opens(ONE)
    assert house.kinds == ["door.opened", "cell.questioned"]
    assert house.facts(DoorOpened)[-1].auth == AuthId("")
    _to_work(house)
    assert house.scan(SF).cell == TWO
    if held:
        assert house.token(house.slips[0].token).key == RefusalReason.ASK_KEEPER


def test_a_lost_sensor_is_told_once() -> None:
    house = House().open_shop()
    house.lost(ONE)
    assert house.news() == (DoorUnseen(cell=ONE),)
    house.lost(ONE)
    assert house.news() == ()


def test_a_pickup_code_survives_the_restart() -> None:
    house = _with_parcel()
    house.restart()
    house.see_all_shut()
    assert house.code(house.slips[0].digits).cell == ONE


def test_a_parcel_in_hand_is_nobodys_after_a_restart() -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    house.restart()
    assert house.state.desk.in_hand is None
    house.enter(LI)
    assert house.tail().key == Answer.SLIP_QUEUED


def test_only_time_of_running_counts_over_restarts() -> None:
    house = House().open_shop()
    before = house.state.ran_ms
    house.wait(5 * SECOND)
    house.lost(ONE)
    house.restart(off_ms=3_600_000)
    assert house.state.ran_ms == before + 5 * SECOND + 20
