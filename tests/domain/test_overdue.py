"""After days by a trusted clock a parcel is overdue and reminded of, then it is to be returned."""

from dataclasses import replace

from edge.domain.inputs import ClockLearned
from edge.domain.keeping import Cause, Way
from edge.domain.overdue import MOST_LINES, is_overdue
from edge.domain.parcel import Stage
from edge.domain.return_facts import ParcelOverdue, ParcelReminded, ParcelToReturn
from edge.kernel.ids import WaybillNo
from tests.domain.house import HOUR, LI, SF, TAIL, YT, refusal, slip_of
from tests.domain.long_stay import DAY, MORNING, LongStay
from tests.domain.van import van_policy

REMINDED = ["parcel.overdue", "parcel.reminded"]
LISTED = ["parcel.to_return"]


def overdue_kinds(house: LongStay) -> list[str]:
    """Kinds of the last decision, but for a boot that lasted."""
    return [kind for kind in house.kinds if kind != "station.steady"]


def test_after_three_days_a_parcel_is_overdue_and_after_seven_it_is_to_be_returned() -> None:
    house = LongStay()
    house.check_in()
    house.tick(3 * DAY)
    assert overdue_kinds(house) == []
    assert not is_overdue(house.parcel())
    house.tick(MORNING)
    assert overdue_kinds(house) == REMINDED
    assert is_overdue(house.parcel())
    assert house.facts(ParcelOverdue) == [ParcelOverdue(waybill_no=YT, days=3)]
    assert house.due_ms() is None
    assert house.days(3) == []
    assert house.days(1) == LISTED
    assert house.keeping().cause is Cause.OVERDUE
    assert house.days(30) == []
    assert [entry.to_return for page in house.lists for entry in page.lines] == [False, True]
    assert house.replayed() == house.state


def test_the_list_of_a_morning_has_all_that_came_due_the_oldest_first() -> None:
    house = LongStay()
    house.check_in(SF)
    house.tick(HOUR)
    house.check_in(YT, tail=None)
    house.tick(3 * DAY + MORNING)
    (page,) = house.lists
    assert [(line.waybill_no, line.phone_tail, line.day) for line in page.lines] == [
        (SF, TAIL, 5),
        (YT, None, 5),
    ]
    assert page.left == 0


def test_a_long_list_says_how_many_more_stand_on_the_page() -> None:
    house = LongStay(policy=replace(van_policy(), floor_slots=20))
    for n in range(MOST_LINES + 2):
        house.shelve(WaybillNo(f"YT77001234567{n:02d}"))
    house.tick(3 * DAY + MORNING)
    (page,) = house.lists
    assert (len(page.lines), page.left) == (MOST_LINES, 2)
    assert page.lines[0].slot is not None
    assert len(house.facts(ParcelOverdue)) == MOST_LINES + 2


def test_without_a_trusted_clock_no_day_counts_and_with_one_none_is_lost() -> None:
    house = LongStay()
    house.check_in()
    house.loses_the_time()
    assert overdue_kinds_after(house, 30) == []
    assert house.due_ms() is None
    house.learns_the_time()
    assert house.due_ms() == 0
    house.tick()
    assert house.kinds == REMINDED


def test_nobodys_parcel_is_listed_on_the_day_of_its_first_reminder() -> None:
    house = LongStay()
    house.check_in()
    assert overdue_kinds_after(house, 30) == REMINDED
    house.tick()
    assert house.kinds == []
    assert house.days(2) == LISTED


def test_a_parcel_that_came_without_a_clock_is_dated_by_the_first_trusted_one() -> None:
    house = LongStay()
    house.loses_the_time()
    house.check_in()
    house.comes_back(off_ms=20 * DAY)
    house.tick(2 * DAY)
    assert house.facts(ParcelOverdue) == []
    house.tick(2 * DAY)
    assert overdue_kinds(house) == REMINDED
    assert house.replayed() == house.state


def test_within_its_boot_a_parcel_without_a_clock_is_dated_by_the_time_since() -> None:
    house = LongStay()
    house.loses_the_time()
    house.check_in()
    house.tick(2 * DAY)
    house.learns_the_time()
    house.comes_back()
    house.tick(2 * DAY)
    assert overdue_kinds(house) == REMINDED


def test_an_untrusted_start_dates_nothing() -> None:
    house = LongStay()
    house.loses_the_time()
    house.check_in()
    house.comes_back(trusted=False)
    house.tell(ClockLearned(at=house.now, county_ms=house.wall_ms, error_ms=40))
    assert house.keeping().stored_by_ms is None
    assert overdue_kinds_after(house, 20) == []


def test_a_jump_of_the_wall_clock_makes_nothing_overdue_within_a_boot() -> None:
    house = LongStay()
    house.check_in()
    house.wall_ms += 400 * DAY
    house.tick()
    assert overdue_kinds(house) == []


def test_days_over_restarts_are_counted_by_what_is_certain_alone() -> None:
    house = LongStay()
    house.check_in()
    house.comes_back(off_ms=3 * DAY)
    assert overdue_kinds_after(house, 0) == []
    house.tick(DAY)
    assert overdue_kinds(house) == REMINDED


def test_a_promise_holds_reminder_and_return_back() -> None:
    house = LongStay()
    house.check_in()
    assert house.extends(5).key == "stays_longer"
    house.tick(4 * DAY)
    assert overdue_kinds(house) == []
    assert house.days(2) == REMINDED
    assert house.extends(3).ok
    assert house.days(3) == []
    assert house.days(1) == LISTED


def test_a_promise_without_a_clock_holds_until_a_trusted_one_says_that_it_is_over() -> None:
    house = LongStay()
    house.overdue()
    house.loses_the_time()
    house.extends(3)
    house.comes_back()
    house.tick(3 * DAY)
    assert overdue_kinds(house) == []
    assert house.days(2) == LISTED
    assert house.replayed() == house.state


def test_a_promise_needs_a_reason_and_a_parcel_that_stays() -> None:
    house = LongStay()
    house.check_in()
    assert refusal(lambda: house.extends(reason=" ")) == "reason_missing"
    house.to_return()
    assert refusal(house.extends) == "to_be_returned_already"


def test_a_parcel_that_left_is_nobodys_concern() -> None:
    house = LongStay()
    slip = slip_of(house.check_in())
    house.token(slip.token)
    (cell,) = {house.pulses[-1].cell}
    house.opens(cell)
    house.shuts(cell)
    assert house.stage() is Stage.PICKED_UP
    assert overdue_kinds_after(house, 30) == []


def test_the_recipient_of_a_listed_parcel_may_still_come_for_it() -> None:
    house = LongStay()
    slip = slip_of(house.check_in())
    overdue_kinds_after(house, 5)
    house.days(5)
    assert house.keeping().cause is Cause.OVERDUE
    assert house.token(slip.token).key == "door_open"


def test_a_call_of_the_keeper_is_a_reminder_too_and_the_last_five_are_kept() -> None:
    house = LongStay()
    house.overdue()
    for _ in range(6):
        assert house.calls().key == "call_noted"
    ways = [(one.way, one.keeper) for one in house.keeping().reminders]
    assert ways == [(Way.PHONE, LI)] * 5
    assert house.facts(ParcelReminded)[0].way is Way.LIST


def test_idle_days_wake_nobody_and_write_nothing() -> None:
    house = LongStay()
    house.check_in()
    house.tick(HOUR)
    before = len(house.journal)
    assert house.due_ms() is None
    for _ in range(48):
        house.tick(HOUR)
        assert house.due_ms() is None
    assert len(house.journal) == before


def test_a_parcel_on_its_way_into_a_cell_has_not_begun_to_stay() -> None:
    house = LongStay()
    house.scan()
    assert house.due_ms() is not None
    assert overdue_kinds_after(house, 30)[:1] != ["parcel.overdue"]
    assert house.facts(ParcelToReturn) == []


def overdue_kinds_after(house: LongStay, days: int) -> list[str]:
    house.tick(days * DAY)
    return overdue_kinds(house)
