"""Mains and battery on the keeper's screen and on the kiosk."""

from dataclasses import replace

import pytest

from edge.daemon.front import PowerView
from edge.domain.effects import Reply
from edge.domain.facts import RefusalReason
from edge.domain.state import State, Supply
from edge.web.check_in_screen import Step
from edge.web.device_lines import DeviceLine
from edge.web.keeper_screen import keeper_view
from edge.web.kiosk_screen import kiosk_view
from edge.web.wording import headline, next_step
from edge.words import WORDS
from hardware.ports import DeviceHealth
from tests.web.support import scenes as s

SUPPLY = DeviceHealth(name="power", present=True, simulated=True)
ON_BATTERY = Supply(lost_at=s.at(0), told_at=s.at(0))
NEARLY_EMPTY = replace(ON_BATTERY, low_at=s.at(720))


def state_of(supply: Supply, *, checking_in: bool = True) -> State:
    return replace(s.with_desk(s.empty_state(s.policy()), checking_in=checking_in), supply=supply)


def line(supply: Supply, power: PowerView | None, device: DeviceHealth = SUPPLY) -> DeviceLine:
    seen = s.seen(state_of(supply), now=s.at(750), hardware=(device,), power=power)
    return keeper_view(seen, s.KEEPER, "zh").devices[0]


def test_on_the_mains_all_is_well() -> None:
    told = line(Supply(), PowerView(mains=True, battery_percent=97))
    assert (told.name, told.word, told.ok) == ("电源", "市电，电池 97%", True)
    assert line(Supply(), PowerView(mains=True, battery_percent=None)).word == "市电"


@pytest.mark.parametrize(
    ("supply", "percent", "said"),
    [
        (ON_BATTERY, 87, "停电 12 分钟，电池 87%"),
        (ON_BATTERY, None, "停电 12 分钟"),
        (replace(ON_BATTERY, lost_at=s.at(740), told_at=s.at(740)), 99, "停电，电池 99%"),
        (NEARLY_EMPTY, 9, "停电 12 分钟，电池 9%，电快没了，柜门先不开"),
    ],
)
def test_an_outage_tells_how_long_it_lasts_and_what_is_left(
    supply: Supply, percent: int | None, said: str
) -> None:
    told = line(supply, PowerView(mains=False, battery_percent=percent))
    assert (told.word, told.ok) == (said, False)


def test_a_supply_that_cannot_tell_says_so() -> None:
    told = line(Supply(), PowerView(mains=None, battery_percent=None))
    assert (told.word, told.ok) == (WORDS["power.unsure"].zh, False)


def test_a_supply_that_is_away_is_told_like_any_device() -> None:
    away = replace(SUPPLY, present=False, note="device.missing")
    told = line(Supply(), PowerView(mains=None, battery_percent=None), away)
    assert (told.word, told.ok) == (WORDS["device.missing"].zh, False)


@pytest.mark.parametrize("checking_in", [True, False])
def test_the_check_in_page_says_that_nothing_is_taken_in(*, checking_in: bool) -> None:
    seen = s.seen(state_of(ON_BATTERY, checking_in=checking_in), now=s.at(60))
    view = keeper_view(seen, s.KEEPER, "zh")
    assert (view.check_in.step, view.check_in.title) == (Step.HELD, "停电，先不收件")
    assert view.restless  # the minutes count on
    back = keeper_view(s.seen(state_of(Supply()), now=s.at(60)), s.KEEPER, "zh")
    assert (back.check_in.step, back.restless) == (Step.SCAN, False)


def test_on_the_last_of_the_battery_the_counter_promises_no_door() -> None:
    seen = s.seen(state_of(NEARLY_EMPTY), now=s.at(750))
    now = keeper_view(seen, s.KEEPER, "zh").check_in
    assert (now.step, now.title, now.waits) == (Step.LOW, "电快没了，柜门先不开", True)
    assert now.text.startswith("来电自己恢复")
    assert "取件照常" not in now.text
    assert keeper_view(seen, s.KEEPER, "en").check_in.title == "Battery low, doors rest"


@pytest.mark.parametrize(
    ("supply", "hold", "said"),
    [
        (Supply(), True, ""),
        (ON_BATTERY, True, "停电：可取件，不收件"),
        (ON_BATTERY, False, "停电，可取件"),
        (NEARLY_EMPTY, True, "电快没了，柜门先不开"),
    ],
)
def test_the_kiosk_says_what_works_now(supply: Supply, hold: bool, said: str) -> None:  # noqa: FBT001 - a row of the table
    rules = replace(s.policy(), hold_check_in_on_battery=hold)
    view = kiosk_view(s.seen(state_of(supply), rules=rules, now=s.at(750)), "zh")
    assert view.power == said


def test_the_start_page_says_what_a_refusal_would_say_until_doors_open_again() -> None:
    view = kiosk_view(s.seen(state_of(NEARLY_EMPTY), now=s.at(750)), "zh")
    assert view.rest is not None
    assert view.rest.title == "电快没了，柜门先不开"
    assert view.rest.next_step == "请来电后再来，码还能用。急用请找店主。"
    assert view.restless  # it ends with time alone where the supply has fallen silent
    late = s.at(720 + 31 * 60)
    assert kiosk_view(s.seen(state_of(NEARLY_EMPTY), now=late), "zh").rest is None
    assert kiosk_view(s.seen(state_of(ON_BATTERY), now=s.at(750)), "zh").rest is None


def test_nobody_is_offered_a_second_opening_while_doors_rest() -> None:
    done = replace(s.with_visit(s.with_parcels(s.empty_state(s.policy())), done_at=s.at(749)))
    assert (door := kiosk_view(s.seen(done, now=s.at(750)), "zh").door) is not None
    assert door.can_put_back
    dark = replace(done, supply=NEARLY_EMPTY)
    assert (door := kiosk_view(s.seen(dark, now=s.at(750)), "zh").door) is not None
    assert not door.can_put_back


def test_who_is_refused_on_the_last_of_the_battery_learns_that_the_code_stays_good() -> None:
    reply = Reply(key=RefusalReason.BATTERY_LOW, ok=False)
    assert headline(reply, "zh") == "电快没了，柜门先不开"
    assert next_step(reply, "zh") == "请来电后再来，码还能用。急用请找店主。"
