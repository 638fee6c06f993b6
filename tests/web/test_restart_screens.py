"""Too many restarts in a row on the keeper's screen and the kiosk: why, and until when."""

from dataclasses import replace

import pytest

from edge.domain.effects import Reply
from edge.domain.facts import RefusalReason
from edge.domain.state import Boots, State, Supply
from edge.web.check_in_screen import Step
from edge.web.keeper_screen import keeper_view
from edge.web.kiosk_screen import kiosk_view
from edge.web.wording import headline, next_step
from tests.web.support import scenes as s

SAFE = Boots(starts=3, safe=True)
SAFE_AT_SEVEN = replace(SAFE, fell_at=s.SEVEN, falls=2)


def state_of(boots: Boots) -> State:
    return replace(s.with_desk(s.empty_state(s.policy()), checking_in=True), boots=boots)


def alerts(boots: Boots, *, seconds: float = 0) -> list[str]:
    seen = s.seen(state_of(boots), now=s.at(seconds))
    return [alert.text for alert in keeper_view(seen, s.KEEPER, "zh").alerts]


@pytest.mark.parametrize(
    ("boots", "said"),
    [
        (SAFE, "刚才连续断电重启。为了安全，12:03 后再开柜门"),
        (
            SAFE_AT_SEVEN,
            "刚才连续断电重启。为了安全，12:03 后再开柜门。都是开 07 号柜时断的，请查电源和锁",
        ),
        (replace(SAFE_AT_SEVEN, starts=4), "刚才连续断电重启。为了安全，12:03 后再开柜门"),
    ],
)
def test_the_keeper_is_told_until_when_doors_rest_and_what_to_look_at(
    boots: Boots, said: str
) -> None:
    assert alerts(boots) == [said]
    assert alerts(boots, seconds=150) == [said]  # the same to the end


def test_a_station_whose_boots_are_few_or_last_says_nothing() -> None:
    assert alerts(Boots(starts=2)) == []
    assert kiosk_view(s.seen(state_of(Boots(starts=2))), "zh").power == ""


def test_the_check_in_page_says_that_it_waits() -> None:
    view = keeper_view(s.seen(state_of(SAFE)), s.KEEPER, "zh").check_in
    assert (view.step, view.title) == (Step.RESTS, "刚才连续断电，柜门先不开")
    assert view.waits
    assert view.text == "为了安全，过五分钟再入库，不用做什么。"


def test_the_kiosk_says_that_doors_rest_and_of_two_reasons_the_longer_one() -> None:
    state = state_of(SAFE)
    assert kiosk_view(s.seen(state), "zh").power == "刚才断过电，柜门先不开"
    dark = Supply(lost_at=s.at(), told_at=s.at(), low_at=s.at())
    assert kiosk_view(s.seen(replace(state, supply=dark)), "zh").power == "电快没了，柜门先不开"


def test_a_power_cut_on_top_promises_no_pickup_either() -> None:
    dark = replace(state_of(SAFE), supply=Supply(lost_at=s.at(), told_at=s.at()))
    assert keeper_view(s.seen(dark), s.KEEPER, "zh").check_in.step is Step.RESTS


def test_the_start_page_of_the_kiosk_says_when_to_come_back() -> None:
    rest = kiosk_view(s.seen(state_of(SAFE)), "zh").rest
    assert rest is not None
    assert rest.title == "刚才连续断电，柜门先不开"
    assert rest.next_step.startswith("为了安全，请过五分钟再来")


def test_who_is_refused_learns_when_to_come_back_and_that_the_code_stays_good() -> None:
    reply = Reply(key=RefusalReason.JUST_RESTARTED, ok=False)
    assert headline(reply, "zh") == "刚才连续断电，柜门先不开"
    assert next_step(reply, "zh") == "为了安全，请过五分钟再来，码还能用。急用请找店主。"
