"""The real uplink, step by step, against a network that replays all and a county that forgets."""

from dataclasses import replace

import pytest

from cloud_sync.station.uplink import (
    Acknowledged,
    Event,
    Moment,
    SendBatch,
    Step,
    TimePassed,
    Uplink,
    Welcomed,
    step,
)
from tests.sync.model.breadth_first import Seen
from tests.sync.search import Limits, search, wander

FORGETTING = Limits(facts=4, hellos=9, restores=1, restarts=1)
TWICE = Limits(facts=4, hellos=12, restores=2, restarts=2)
CLONED = Limits(facts=4, hellos=9, clone=True)


@pytest.mark.parametrize(
    ("limits", "worlds"),
    [(Limits(facts=2, hellos=1), 2_000), (Limits(facts=1, hellos=2), 7_000)],
)
def test_no_world_within_these_limits_is_bad(limits: Limits, worlds: int) -> None:
    found = search(limits)
    assert (found.trouble, found.states > worlds) == ("", True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "limits", [Limits(facts=1, hellos=2, restarts=1), Limits(facts=2, hellos=1, restores=1)]
)
def test_no_world_with_a_forgetful_county_is_bad(limits: Limits) -> None:
    assert search(limits).trouble == ""


@pytest.mark.parametrize("limits", [FORGETTING, TWICE, CLONED])
def test_no_random_walk_through_a_larger_world_meets_trouble(limits: Limits) -> None:
    assert wander(limits, seed=7, walks=200) == Seen(states=12_000)


# -- the search itself: each of these mistakes must be found


def _believes_any_number(uplink: Uplink, event: Event, moment: Moment) -> Step:
    if isinstance(event, Welcomed):
        event = Welcomed(event.welcome, event.welcome.applied)
    if isinstance(event, Acknowledged):
        event = Acknowledged(event.ack, event.ack.applied)
    return step(uplink, event, moment)


def _never_goes_back(uplink: Uplink, event: Event, moment: Moment) -> Step:
    after, actions = step(uplink, event, moment)
    if after.cursor.applied_seq >= uplink.cursor.applied_seq:
        return after, actions
    kept = uplink.cursor.applied_seq
    return replace(after, cursor=replace(after.cursor, applied_seq=kept)), tuple(
        replace(action, after_seq=kept) if isinstance(action, SendBatch) else action
        for action in actions
    )


def _never_asks_again(uplink: Uplink, event: Event, moment: Moment) -> Step:
    return (uplink, ()) if isinstance(event, TimePassed) else step(uplink, event, moment)


def test_a_station_that_skips_the_hash_check_is_found_to_believe_in_lost_facts() -> None:
    found = wander(CLONED, _believes_any_number, seed=4, walks=6_000)
    assert found.trouble == "S6: a station believes delivered what the county does not have"


def test_a_station_that_never_resets_its_cursor_is_found_to_be_stuck() -> None:
    found = wander(FORGETTING, _never_goes_back, seed=1, walks=6_000)
    assert found.trouble == "S4: the county never gets the rest"
    assert any("restore" in name for name in found.way)


def test_a_station_that_never_asks_again_is_found_to_be_stuck() -> None:
    found = search(Limits(facts=1, hellos=1), _never_asks_again)
    assert found.trouble == "S4: the county never gets the rest"
