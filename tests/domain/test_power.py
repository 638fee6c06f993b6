"""Mains and battery: what goes on when the mains are away, and what a nearly empty battery ends."""

from dataclasses import replace

import pytest

from edge.domain.answers import Answer, Clip, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.effects import Say
from edge.domain.facts import ParcelPickedUp, RefusalReason
from edge.domain.inputs import PowerMoved, StopAsked
from edge.domain.machine_facts import BatteryLow, PowerLost, PowerRestored, StationStopping
from edge.domain.parcel import Stage
from edge.domain.power import (
    LONGEST_HOLD_MS,
    LONGEST_REST_MS,
    WAIT_FOR_DOORS_MS,
    doors_rest,
    may_switch_off,
    on_battery_ms,
)
from edge.kernel.time import Instant
from tests.domain.house import (
    HOUR,
    ONE,
    SECOND,
    SF,
    YT,
    ZTO,
    House,
    auth_in,
    cell_in,
    policy_of,
    refusal,
    slip_of,
)

MINUTE = 60 * SECOND


@pytest.fixture
def house() -> House:
    return House().open_shop()


def test_an_outage_is_told_once_and_ends_with_its_duration(house: House) -> None:
    assert house.power(mains=False, percent=90) == ["power.lost"]
    house.wait(43 * MINUTE)
    assert house.power(mains=False, percent=61) == []
    assert house.power(mains=True, percent=61) == ["power.restored"]
    assert house.facts(PowerLost) == [PowerLost()]
    assert house.news() == (PowerRestored(duration_ms=43 * MINUTE),)
    assert house.power(mains=True, percent=100) == []


def test_what_the_supply_does_not_know_is_no_fact(house: House) -> None:
    assert house.power(mains=None) == []
    assert house.power(mains=None, low=True) == []
    house.power(mains=False)
    assert house.power(mains=None) == []
    assert on_battery_ms(house.state, house.now) == 0


def test_mains_that_were_never_away_are_no_news(house: House) -> None:
    assert house.power(mains=True) == []
    assert house.power(mains=True, percent=5, low=True) == []  # it is being charged
    assert not doors_rest(house.state, house.now)


def test_on_battery_no_new_parcel_is_taken_in(house: House) -> None:
    house.power(mains=False)
    reply = house.scan(YT)
    assert (reply.key, reply.ok) == (Answer.ON_BATTERY, False)
    assert house.news() == ()
    house.power(mains=True)
    assert house.scan(YT).key == Answer.PUT_IN


def test_on_battery_check_in_cannot_be_begun_but_ended(house: House) -> None:
    house.power(mains=False)
    house.check_in_on(on=False)
    assert house.kinds == ["check_in.ended"]
    assert refusal(house.check_in_on) == Refusal.ON_BATTERY
    house.power(mains=True)
    house.check_in_on()
    assert house.kinds == ["check_in.begun"]


def test_a_parcel_whose_door_is_open_is_finished_on_battery(house: House) -> None:
    cell = cell_in(house.scan(YT))
    house.opens(cell)
    house.power(mains=False)
    house.shuts(cell)
    house.tail(YT)
    assert house.stage(YT) is Stage.STORED
    assert slip_of(house.slips[-1]).waybill_no == YT


def test_a_door_that_did_not_open_for_a_parcel_in_hand_is_tried_again_on_battery(
    house: House,
) -> None:
    reply = house.scan(YT)
    house.tick(3 * SECOND)
    house.power(mains=False)
    assert house.stuck(cell_in(reply), auth_in(reply)).key == Answer.PUT_IN


def test_pickup_release_put_back_and_looking_go_on_on_battery(house: House) -> None:
    slip = slip_of(house.check_in(YT))
    house.check_in(SF)
    house.power(mains=False)
    reply = house.token(slip.token)
    assert reply.key == Answer.DOOR_OPEN
    house.opens(cell_in(reply))
    house.shuts(cell_in(reply))
    assert house.put_back(auth_in(reply)).key == Answer.OPEN_AGAIN
    assert house.release(SF).key == Answer.TAKE_IT_OUT


def test_a_county_may_let_check_in_go_on_on_battery() -> None:
    house = House(policy=replace(policy_of(), hold_check_in_on_battery=False)).open_shop()
    house.power(mains=False)
    assert house.scan(YT).key == Answer.PUT_IN
    house.opens(ONE)
    house.shuts(ONE)
    house.power(mains=False, low=True)
    assert house.scan(ZTO).key == Answer.ON_BATTERY  # but not on the last of it


def test_a_battery_nearly_empty_is_told_once_and_said_aloud(house: House) -> None:
    assert house.power(mains=False, percent=9, low=True) == ["power.lost", "power.battery_low"]
    assert house.news()[-1] == BatteryLow(battery_percent=9)
    assert house.last.effects == (Say(clip=Clip.BATTERY_LOW, cell=None),)
    assert house.power(mains=False, percent=8, low=True) == []
    assert house.power(mains=False, percent=10) == []
    assert house.power(mains=False, percent=9, low=True) == []


def test_on_a_nearly_empty_battery_nobody_gets_a_door_opened(house: House) -> None:
    slip = slip_of(house.check_in(YT))
    other = slip_of(house.check_in(SF))
    taken = house.token(other.token)
    house.opens(cell_in(taken))
    house.shuts(cell_in(taken))
    house.power(mains=False, low=True)
    before = house.state
    for reply in (
        house.token(slip.token),
        house.code(slip.digits),
        house.release(YT),
        house.cancel(YT),
        house.put_back(auth_in(taken)),
        house.open_by_hand(ONE),
    ):
        assert (reply.key, reply.ok) == (RefusalReason.BATTERY_LOW, False)
    assert house.state == before


def test_a_silent_door_is_not_pulsed_again_on_a_nearly_empty_battery(house: House) -> None:
    reply = house.scan(YT)
    house.tick(3 * SECOND)
    house.power(mains=False, low=True)
    assert house.stuck(cell_in(reply), auth_in(reply)).key == RefusalReason.BATTERY_LOW
    assert len(house.pulses) == 1


def test_a_wrong_code_costs_a_try_on_a_nearly_empty_battery_too(house: House) -> None:
    house.check_in(YT)
    house.power(mains=False, low=True)
    assert house.code("wrong").key == RefusalReason.WRONG_CODE
    assert house.kinds == ["pickup.refused"]


def test_a_door_that_stood_open_when_the_battery_went_low_is_settled(house: House) -> None:
    slip = slip_of(house.check_in(YT))
    cell = cell_in(house.token(slip.token))
    house.opens(cell)
    house.power(mains=False, low=True)
    house.shuts(cell)
    assert house.facts(ParcelPickedUp)[-1].waybill_no == YT
    assert house.cell(cell) is Occupancy.FREE


def test_with_the_mains_the_doors_wake_without_a_restart(house: House) -> None:
    slip = slip_of(house.check_in(YT))
    house.power(mains=False, low=True)
    assert not house.token(slip.token).ok
    house.power(mains=True, percent=12, low=True)
    assert house.token(slip.token).ok


def test_a_supply_that_falls_silent_locks_nobody_out(house: House) -> None:
    slip = slip_of(house.check_in(YT))
    house.power(mains=False, low=True)
    house.power(mains=None)
    house.wait(LONGEST_REST_MS - 1)
    assert not house.token(slip.token).ok
    house.wait(1)
    assert house.token(slip.token).ok
    assert house.power(mains=False, low=True) == []  # its word was wrong once in this outage


def test_a_supply_that_falls_silent_holds_no_parcel_out_for_ever(house: House) -> None:
    house.power(mains=False)
    house.wait(LONGEST_HOLD_MS - 1)
    assert house.scan(YT).key == Answer.ON_BATTERY
    house.wait(1)
    assert house.scan(YT).key == Answer.PUT_IN


def test_a_start_forgets_the_outage_until_the_supply_tells_of_it_again(house: House) -> None:
    slip = slip_of(house.check_in(YT))
    house.power(mains=False, low=True)
    house.restart()
    house.open_shop()
    assert on_battery_ms(house.state, house.now) is None
    assert house.scan(SF).key == Answer.PUT_IN
    assert house.power(mains=False, low=True) == ["power.lost", "power.battery_low"]
    assert not house.token(slip.token).ok


def test_how_long_an_outage_lasts_over_a_restart_is_not_known_by_a_clock_that_nobody_trusts(
    house: House,
) -> None:
    house.power(mains=False)
    house.restart(off_ms=HOUR)
    assert house.power(mains=True) == ["power.restored"]
    assert house.news() == (PowerRestored(duration_ms=None),)


@pytest.mark.parametrize(
    ("trusted_before", "trusted_after", "back_ms", "lasted_ms"),
    [
        (True, True, HOUR, HOUR),
        (True, True, -HOUR, 0),
        (True, False, HOUR, None),
        (False, True, HOUR, None),
    ],
)
def test_over_a_restart_only_a_wall_clock_trusted_at_both_ends_counts(
    house: House, *, trusted_before: bool, trusted_after: bool, back_ms: int, lasted_ms: int | None
) -> None:
    def moved(mains: bool, at: Instant, trusted: bool) -> PowerMoved:  # noqa: FBT001 - short and local
        known = replace(at, wall_hi_ms=at.wall_lo_ms + 500 if trusted else None)
        return PowerMoved(at=known, mains=mains, battery_percent=None, low=False)

    house.tell(moved(mains=False, at=house.now, trusted=trusted_before))
    lost_at = house.now.wall_lo_ms
    house.restart()
    house.wall_ms = lost_at + back_ms
    house.tell(moved(mains=True, at=house.now, trusted=trusted_after))
    assert house.news() == (PowerRestored(duration_ms=lasted_ms),)


def test_an_outage_that_restarts_lie_in_is_counted_from_its_beginning(house: House) -> None:
    def moved(*, mains: bool) -> PowerMoved:
        trusted = replace(house.now, wall_hi_ms=house.now.wall_lo_ms + 500)
        return PowerMoved(at=trusted, mains=mains, battery_percent=None, low=False)

    house.tell(moved(mains=False))
    lost_at_ms = house.now.wall_lo_ms
    house.restart(off_ms=HOUR)
    house.tell(moved(mains=False))
    house.wait(5 * MINUTE)
    house.tell(moved(mains=True))
    assert house.news() == (PowerRestored(duration_ms=house.now.wall_lo_ms - lost_at_ms),)


def test_how_long_it_has_been_dark_is_counted_from_the_first_word(house: House) -> None:
    house.power(mains=False)
    house.wait(12 * MINUTE)
    assert on_battery_ms(house.state, house.now) == 12 * MINUTE
    house.restart()
    house.power(mains=False)
    house.wait(2 * MINUTE)
    assert on_battery_ms(house.state, house.now) == 2 * MINUTE  # what this boot has seen of it
    house.power(mains=True)
    assert on_battery_ms(house.state, house.now) is None


def test_the_machine_is_kept_on_while_somebody_is_at_a_door_but_not_for_long(
    house: House,
) -> None:
    slip = slip_of(house.check_in(YT))
    cell = cell_in(house.token(slip.token))
    house.opens(cell)
    assert not may_switch_off(house.state, house.now)
    house.power(mains=False, low=True)
    assert not may_switch_off(house.state, house.now)
    house.wait(WAIT_FOR_DOORS_MS - 1)
    assert not may_switch_off(house.state, house.now)
    house.wait(1)
    assert house.door(cell) is Door.OPEN
    assert may_switch_off(house.state, house.now)


def test_with_every_door_shut_the_machine_may_be_switched_off_at_once(house: House) -> None:
    house.power(mains=False, low=True)
    assert may_switch_off(house.state, house.now)


def test_that_the_machine_is_switched_off_is_the_last_fact(house: House) -> None:
    house.power(mains=False, low=True)
    house.tell(StopAsked(at=house.now, reason="battery_low"))
    assert house.news() == (StationStopping(reason="battery_low"),)


def test_with_the_mains_back_the_machine_is_not_switched_off(house: House) -> None:
    house.power(mains=False, low=True)
    house.power(mains=True)
    house.tell(StopAsked(at=house.now, reason="battery_low"))
    assert house.news() == ()


def test_the_journal_gives_the_same_supply(house: House) -> None:
    house.power(mains=False, low=True)
    house.tell(StopAsked(at=house.now, reason="battery_low"))
    assert house.replayed() == house.state
    house.restart()
    house.power(mains=True)
    assert house.replayed() == house.state
