"""The keeper scans parcels in: which cell, which answer, and what a shut door settles."""

from edge.domain.answers import Answer, CellReason, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.facts import (
    CellReserved,
    CheckInUndone,
    DoorAsked,
    ParcelReceived,
    Purpose,
)
from edge.domain.parcel import Stage
from edge.kernel.ids import WaybillNo
from tests.domain.house import (
    FOUR,
    HOUR,
    LI,
    ONE,
    OTHER_TAIL,
    SECOND,
    SF,
    THREE,
    TWO,
    WANG,
    YT,
    ZTO,
    House,
    auth_in,
    refusal,
    slip_of,
)


def test_a_scan_receives_reserves_and_asks_for_one_door() -> None:
    house = House().open_shop()
    reply = house.scan(YT)
    auth = house.pulses[0].auth
    assert house.news() == (
        ParcelReceived(waybill_no=YT, carrier="圆通", keeper=LI),
        CellReserved(cell=ONE, waybill_no=YT),
        DoorAsked(
            cell=ONE,
            auth=auth,
            attempt=1,
            purpose=Purpose.CHECK_IN,
            actor="keeper:李店主",
            reason="",
        ),
    )
    assert (reply.key, reply.ok, reply.cell, reply.auth) == (Answer.PUT_IN, True, ONE, auth)
    assert house.state.desk.in_hand == YT


def test_a_shut_door_stores_the_parcel_and_waits_for_the_phone_tail() -> None:
    house = House().open_shop()
    house.check_in(tail=None)
    assert house.kinds == ["door.shut", "parcel.stored"]
    assert (house.stage(), house.cell(ONE)) == (Stage.STORED, Occupancy.HELD)
    assert house.state.desk.in_hand == YT
    assert house.slips == []


def test_the_smallest_cell_comes_first_then_the_lowest_number() -> None:
    house = House("LMSS").open_shop()
    cells = []
    for n in range(4):
        waybill_no = WaybillNo(f"YT000000000000{n}")
        house.check_in(waybill_no, tail=None)
        cells.append(house.parcel(waybill_no).cell)
    assert cells == [THREE, FOUR, TWO, ONE]


def test_a_cell_whose_visitor_may_open_it_again_comes_last_of_its_size() -> None:
    house = House("SSM").open_shop()
    for waybill_no in (YT, SF):
        house.check_in(waybill_no)
    house.token(house.slips[0].token)
    house.opens(ONE)
    house.shuts(ONE)
    house.wait(house.policy.put_back_ms)
    house.token(house.slips[1].token)
    house.opens(TWO)
    house.shuts(TWO)
    house.wait(1)
    assert house.check_in(ZTO) is not None
    assert house.parcel(ZTO).cell == ONE
    # Rather a cell of a moment ago than a bigger one: what was forgotten there is seen at once.
    assert house.scan(WaybillNo("YT0000000000009")).cell == TWO


def test_the_time_for_opening_again_keeps_a_cell_back_and_a_restart_ends_it() -> None:
    cells = []
    for wait_ms, restarts in ((600_000, False), (600_001, False), (0, True)):
        house = House("SS").open_shop()
        house.token(slip_of(house.check_in()).token)
        house.opens(ONE)
        house.shuts(ONE)
        house.wait(wait_ms)
        if restarts:
            house.restart()
            house.open_shop()
        cells.append(house.scan(SF).cell)
    assert cells == [TWO, ONE, ONE]


def test_a_full_cabinet_takes_nothing_and_writes_nothing() -> None:
    house = House("S").open_shop()
    house.check_in()
    reply = house.scan(SF)
    assert (reply.key, reply.ok, house.kinds) == (Answer.NO_FREE_CELL, False, [])
    assert SF not in house.state.parcels


def test_without_check_in_a_waybill_is_not_expected() -> None:
    house = House().see_all_shut()
    assert house.scan().key == Answer.SCAN_NOT_EXPECTED
    house.enter()
    assert house.scan().key == Answer.SCAN_NOT_EXPECTED
    house.check_in_on()
    house.leave()
    reply = house.scan()
    assert (reply.key, reply.ok, house.kinds) == (Answer.SCAN_NOT_EXPECTED, False, [])


def test_a_second_scan_tells_the_cell_and_makes_no_second_record() -> None:
    house = House().open_shop()
    house.scan()
    for _ in range(3):
        again = house.scan()
        assert (again.key, again.ok, again.cell) == (Answer.ALREADY_IN, False, ONE)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.scan().key == Answer.ALREADY_IN
    assert (len(house.facts(ParcelReceived)), len(house.pulses)) == (1, 1)


def test_the_next_parcel_waits_until_the_door_is_shut() -> None:
    house = House().open_shop()
    auth = auth_in(house.scan(YT))
    for _ in ("asked", "open"):
        reply = house.scan(SF)
        assert (reply.key, reply.cell, reply.auth) == (Answer.SHUT_DOOR_FIRST, ONE, auth)
        house.opens(ONE)
    house.shuts(ONE)
    assert house.scan(SF).cell == TWO


def test_a_missing_tail_does_not_hold_up_the_next_parcel() -> None:
    house = House().open_shop()
    house.check_in(YT, tail=None)
    assert house.scan(SF).key == Answer.PUT_IN
    assert house.state.desk.in_hand == SF
    house.tail(YT)
    assert house.slips[-1].waybill_no == YT
    assert house.state.desk.in_hand == SF


def test_a_parcel_in_hand_survives_a_change_of_keepers() -> None:
    house = House().open_shop()
    house.scan(YT)
    house.opens(ONE)
    house.enter(WANG)
    house.check_in_on(keeper=WANG)
    assert house.scan(SF).key == Answer.SHUT_DOOR_FIRST
    house.shuts(ONE)
    assert house.stage() is Stage.STORED


def test_a_silent_door_asks_whether_it_opened() -> None:
    house = House().open_shop()
    auth = auth_in(house.scan(YT))
    house.tick(3 * SECOND)
    for waybill_no in (YT, SF):
        reply = house.scan(waybill_no)
        assert (reply.key, reply.cell, reply.auth) == (Answer.DID_IT_OPEN, ONE, auth)
    assert len(house.pulses) == 1


def test_a_silent_check_in_waits_for_its_keeper_for_hours() -> None:
    house = House().open_shop()
    auth = auth_in(house.scan(YT))
    house.tick(3 * SECOND)
    house.tick(5 * HOUR)
    assert house.due_ms() is None
    assert house.stuck(ONE, auth).key == Answer.PUT_IN
    assert [(p.cell, p.auth, p.attempt) for p in house.pulses] == [(ONE, auth, 1), (ONE, auth, 2)]


def test_two_silences_take_the_cell_out_and_give_the_parcel_another() -> None:
    house = House().open_shop()
    house.silent_twice(ONE, auth_in(house.scan(YT)))
    assert house.kinds == ["door.silent", "cell.faulted", "parcel.check_in_undone"]
    assert (house.cell(ONE), house.why(ONE)) == (Occupancy.FAULTED, CellReason.NO_SIGN_TWICE)
    assert house.facts(CheckInUndone)[-1].keeper == LI
    reply = house.scan(YT)
    assert (reply.key, reply.cell) == (Answer.PUT_IN, TWO)


def test_a_parcel_that_was_collected_is_not_taken_in_again() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    house.token(slip.token)
    house.opens(ONE)
    house.wait(9 * SECOND)
    house.shuts(ONE)
    collected = house.now
    house.wait(HOUR)
    reply = house.scan()
    assert (reply.key, reply.ok, reply.at) == (Answer.ALREADY_COLLECTED, False, collected)


def test_a_parcel_that_needs_the_keeper_is_already_in() -> None:
    house = House().open_shop()
    house.check_in()
    house.opens(ONE)
    assert house.stage() is Stage.KEEPER_ASSIST
    assert house.scan().key == Answer.ALREADY_IN


def test_a_cancelled_scan_leaves_the_cell_for_a_look_and_the_parcel_for_another_cell() -> None:
    house = House().open_shop()
    house.scan()
    reply = house.cancel()
    assert (reply.key, reply.ok, reply.cell) == (Answer.CHECK_IN_UNDONE, True, ONE)
    assert house.kinds == ["parcel.check_in_undone", "cell.questioned"]
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.UNDONE, Occupancy.QUESTIONED)
    assert house.scan().cell == TWO
    assert house.inspect(ONE, None).key == Answer.CELL_FREED


def test_a_cancelled_scan_is_not_pulsed_again() -> None:
    house = House().open_shop()
    auth = auth_in(house.scan())
    house.tick(3 * SECOND)
    house.cancel()
    assert refusal(lambda: house.stuck(ONE, auth)) == Refusal.NOTHING_TO_RETRY
    assert house.due_ms() == 60 * SECOND
    house.tick(60 * SECOND)
    assert house.kinds == ["door.shut"]
    assert house.cell(ONE) is Occupancy.QUESTIONED


def test_a_stored_parcel_is_taken_back_through_its_door() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    reply = house.cancel()
    assert (reply.key, reply.cell, house.kinds) == (Answer.TAKE_IT_OUT, ONE, ["door.asked"])
    assert house.stage() is Stage.STORED
    house.opens(ONE)
    assert house.kinds == ["door.opened"]
    house.shuts(ONE)
    assert house.kinds == [
        "door.shut",
        "pickup.code_revoked",
        "parcel.check_in_undone",
        "cell.freed",
    ]
    assert house.token(slip.token).key == "revoked"
    assert house.scan().cell == ONE


def test_a_parcel_in_doubt_is_taken_back_but_its_cell_keeps_the_doubt() -> None:
    house = House().open_shop()
    house.check_in()
    house.opens(ONE)
    house.shuts(ONE)
    house.cancel()
    house.opens(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.cell(ONE)) == (Stage.UNDONE, Occupancy.QUESTIONED)


def test_a_take_back_that_nobody_saw_leaves_the_question_to_the_keeper() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    house.cancel()
    house.opens(ONE)
    house.lost(ONE)
    house.shuts(ONE)
    assert (house.stage(), house.why(ONE)) == (Stage.KEEPER_ASSIST, CellReason.CHECK_IN_CANCELLED)
    assert house.token(slip.token).key == "ask_keeper"
    house.looks_into(ONE)
    house.inspect(ONE, None)
    assert house.kinds == ["pickup.code_revoked", "parcel.check_in_undone", "cell.freed"]


def test_a_parcel_that_left_cannot_be_taken_back() -> None:
    house = House().open_shop()
    house.scan()
    house.cancel()
    assert refusal(house.cancel) == Refusal.PARCEL_NOT_HERE
    assert refusal(lambda: house.cancel(ZTO)) == Refusal.PARCEL_NOT_HERE


def test_nobody_takes_back_what_somebody_is_collecting() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    house.token(slip.token)
    assert refusal(house.cancel) == Refusal.PICKUP_UNDER_WAY
    assert refusal(house.reprint) == Refusal.PICKUP_UNDER_WAY
    assert refusal(lambda: house.tail(tail=OTHER_TAIL)) == Refusal.PICKUP_UNDER_WAY


def test_of_cells_of_one_size_the_less_worn_lock_is_driven() -> None:
    house = House("SSM").open_shop()
    for n in range(50):  # two pulses each: in and out
        house.check_in(WaybillNo(f"YT{n:013d}"))
        assert house.parcel(WaybillNo(f"YT{n:013d}")).cell == ONE
        house.token(house.slips[-1].token)
        house.opens(ONE)
        house.shuts(ONE)
        house.wait(house.policy.put_back_ms + SECOND)
    assert dict(house.state.worn) == {ONE: 100}
    house.check_in(SF)
    assert house.parcel(SF).cell == TWO
