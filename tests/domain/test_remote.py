"""The county opens a cell: once, soon or never, and not often, whoever asks for it."""

from dataclasses import replace
from typing import Any

import pytest

from edge.domain.answers import CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door
from edge.domain.facts import DoorAsked, DoorOpened, Purpose
from edge.domain.inputs import CountSigned, StationBooted
from edge.domain.journal_facts import EpochStarted
from edge.domain.parcel import Stage
from edge.domain.remote import RemoteRefusal
from edge.domain.remote_facts import RemoteAccepted, RemoteEnded, RemoteRefused
from edge.domain.remote_ledger import MOST_SEEN
from edge.kernel.ids import AuthId, CellId
from tests.domain.county import WANG, WHY, in_order, with_parcel
from tests.domain.house import (
    LI,
    ONE,
    SECOND,
    SF,
    THREE,
    TWO,
    YT,
    explained,
    refusal,
)

# -- one good command


def test_an_accepted_command_is_one_decision_with_its_intent_and_one_pulse() -> None:
    county = with_parcel()
    wish = county.wish(ONE)
    assert county.tell(wish) is None
    auth = wish.fresh.auth
    accepted = RemoteAccepted(
        command=wish.command,
        digest=wish.digest,
        seq=1,
        cell=ONE,
        auth=auth,
        operator=WANG,
        reason=WHY,
    )
    asked = DoorAsked(
        cell=ONE,
        auth=auth,
        attempt=1,
        purpose=Purpose.REMOTE,
        actor="county:王某",
        reason=WHY,
    )
    assert county.news() == (accepted, asked)
    assert explained(county.history[-1])
    assert county.state.remote.fence == 1


def test_a_door_that_opens_ends_the_command_and_its_cell_needs_a_look() -> None:
    county = with_parcel()
    county.remote()
    county.opens(ONE)
    assert RemoteEnded(command="m-1", result="opened") in county.news()
    assert (county.cell(ONE), county.why(ONE)) == (
        Occupancy.QUESTIONED,
        CellReason.REMOTE_OPENED,
    )
    county.shuts(ONE)
    assert county.kinds == ["door.shut"]
    assert county.stage() is Stage.KEEPER_ASSIST, "the parcel stays in care"
    assert county.state.remote.seen["m-1"].result == "opened"
    assert not county.state.auths


def test_nobody_stood_at_the_door_so_the_keeper_has_to_look_before_calling_it_empty() -> None:
    county = with_parcel()
    county.remote_and_shut()
    assert county.inspect(ONE, None).ok is False
    county.looks_into(ONE)
    assert county.inspect(ONE, YT).ok
    assert county.stage() is Stage.STORED


def test_an_empty_cell_that_was_opened_is_offered_to_nobody_until_a_keeper_has_looked() -> None:
    county = in_order()
    county.remote_and_shut()
    assert county.cell(ONE) is Occupancy.QUESTIONED


def test_a_silent_door_ends_the_command_without_feedback_and_is_never_pulsed_again() -> None:
    county = with_parcel()
    county.remote()
    auth = county.pulses[-1].auth
    county.tick(3 * SECOND)
    assert county.kinds == ["door.silent", "remote.ended"]
    assert county.facts(RemoteEnded) == [RemoteEnded(command="m-1", result="no_feedback")]
    pulses = len(county.pulses)
    assert refusal(lambda: county.stuck(ONE, auth)) == "nothing_to_retry"
    assert not county.token(county.slips[-1].token).ok
    assert len(county.pulses) == pulses
    county.tick(61 * SECOND)
    assert county.why(ONE) == CellReason.REMOTE_OPENED


def test_a_stiff_door_pulled_open_later_does_not_end_the_command_twice() -> None:
    county = with_parcel()
    county.remote()
    county.tick(3 * SECOND)
    county.opens(ONE)
    assert [fact.result for fact in county.facts(RemoteEnded)] == ["no_feedback"]
    assert county.facts(DoorOpened)[-1].auth == county.pulses[-1].auth


def test_a_board_that_did_not_take_the_pulse_ends_the_command_without_feedback() -> None:
    county = with_parcel()
    county.remote()
    county.pulse_failed(ONE, county.pulses[-1].auth)
    assert [fact.result for fact in county.facts(RemoteEnded)] == ["no_feedback"]


def test_a_sensor_lost_in_mid_pulse_leaves_the_command_indeterminate() -> None:
    county = with_parcel()
    county.remote()
    county.lost(ONE)
    assert RemoteEnded(command="m-1", result="indeterminate") in county.news()


def test_a_sensor_lost_at_an_idle_door_says_nothing_of_any_command() -> None:
    county = with_parcel()
    county.remote(TWO)
    county.lost(THREE)
    assert county.kinds == ["door.unseen"]
    county.release()
    county.lost(ONE)
    assert county.facts(RemoteEnded) == []
    county.lost(TWO)
    assert [fact.result for fact in county.facts(RemoteEnded)] == ["indeterminate"]


def test_a_restart_in_mid_pulse_leaves_the_command_indeterminate_and_pulses_nothing() -> None:
    county = with_parcel()
    wish = county.wish()
    county.tell(wish)
    pulses = len(county.pulses)
    county.restart()
    assert RemoteEnded(command=wish.command, result="indeterminate") in county.news()
    county.see_all_shut()
    county.tell(replace(wish, at=county.wish().at))
    assert county.news() == ()
    assert len(county.pulses) == pulses
    county.restart()
    assert len(county.facts(RemoteEnded)) == 1, "told once"


def test_nothing_that_opens_the_door_after_a_crash_makes_its_command_opened() -> None:
    county = with_parcel()
    token = county.slips[-1].token
    county.tell(county.wish())
    county.restart()
    county.opens(ONE)  # pulled, by a key or by the pulse: nobody knows
    county.see_all_shut()
    county.enter()
    county.looks_into(ONE)
    county.inspect(ONE, YT)
    assert county.token(token).ok
    county.opens(ONE)
    county.shuts(ONE)
    assert county.stage() is Stage.PICKED_UP
    assert [fact.result for fact in county.facts(RemoteEnded)] == ["indeterminate"]
    assert county.state.remote.seen["m-1"].result == "indeterminate"
    assert not county.state.remote.under_way


@pytest.mark.parametrize("how", ["silent", "failed", "unseen"])
def test_nothing_that_opens_the_door_later_changes_how_a_command_has_ended(how: str) -> None:
    county = with_parcel()
    county.remote()
    if how == "silent":
        county.tick(3 * SECOND)
    elif how == "failed":
        county.pulse_failed(ONE, county.pulses[-1].auth)
    else:
        county.lost(ONE)
    (end,) = county.facts(RemoteEnded)
    county.opens(ONE)
    county.shuts(ONE)
    county.looks_into(ONE)
    county.restart()
    county.opens(ONE)
    assert county.facts(RemoteEnded) == [end]
    assert end.result != "opened"


# -- once


def test_the_same_command_again_changes_nothing_whatever_has_become_of_it() -> None:
    county = with_parcel()
    wish = county.wish()
    county.tell(wish)
    for step in (county.wait, county.opens, county.shuts):
        step(ONE)
        county.tell(wish)
        assert county.news() == ()
    assert len([p for p in county.pulses if p.auth == wish.fresh.auth]) == 1


def test_a_refused_command_is_answered_the_same_again_without_a_new_fact() -> None:
    county = in_order()
    wish = county.wish(nonce_alive=False)
    county.tell(wish)
    county.tell(replace(wish, nonce_alive=True))
    assert county.news() == ()
    assert county.state.remote.seen[wish.command].why == RemoteRefusal.STALE


def test_another_body_under_a_known_name_is_refused_and_the_first_stays() -> None:
    county = in_order()
    county.remote(command="m", digest="a" * 64)
    assert county.remote(TWO, command="m", digest="b" * 64) == RemoteRefusal.DUP_BODY
    assert county.state.remote.seen["m"].digest == "a" * 64
    county.opens(ONE)
    assert county.state.remote.seen["m"].result == "opened"


def test_only_the_newest_commands_are_remembered_and_the_fence_keeps_the_others_out() -> None:
    county = in_order()
    first = county.wish(nonce_alive=False)
    county.tell(first)
    for _ in range(MOST_SEEN):
        county.remote(nonce_alive=False)
    assert len(county.state.remote.seen) == len(county.state.remote.order) == MOST_SEEN
    county.tell(replace(first, nonce_alive=True))
    assert [fact.reason for fact in county.facts(RemoteRefused)][-1] == RemoteRefusal.FENCE
    assert county.pulses == []


def test_an_end_of_a_command_that_nobody_remembers_does_no_harm() -> None:
    county = in_order()
    county.remote()
    for _ in range(MOST_SEEN):
        county.remote(nonce_alive=False)
    county.opens(ONE)
    assert RemoteEnded(command="m-1", result="opened") in county.news()
    assert not county.state.remote.under_way


# -- refusals, in the order in which they are looked at

LADDER: list[tuple[dict[str, Any], RemoteRefusal]] = [
    ({"in_scope": False}, RemoteRefusal.SCOPE),
    ({"command": "known", "digest": "f" * 64}, RemoteRefusal.DUP_BODY),
    ({"seq": 0}, RemoteRefusal.FENCE),
    ({"nonce_alive": False}, RemoteRefusal.STALE),
    ({"not_after_ms": 0}, RemoteRefusal.EXPIRED),
    ({"cell": CellId(77)}, RemoteRefusal.UNKNOWN_CELL),
    ({"cell": TWO}, RemoteRefusal.DOOR_UNSEEN),
    ({"parcel_tail": "0000"}, RemoteRefusal.WRONG_PARCEL),
    ({"operator": " "}, RemoteRefusal.NOBODY_ANSWERS),
]


@pytest.mark.parametrize("rung", range(len(LADDER)), ids=[str(why) for _, why in LADDER])
def test_the_first_thing_that_is_wrong_is_what_is_told(rung: int) -> None:
    county = in_order()
    county.lost(TWO)
    county.remote(command="known", nonce_alive=False)
    # Everything from this rung on is wrong; two cells cannot be: the earlier one counts.
    wrong: dict[str, Any] = {}
    for changes, _why in reversed(LADDER[rung:]):
        wrong |= changes
    assert county.remote(**wrong) == LADDER[rung][1]
    assert county.pulses == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"parcel_tail": "9999"}, RemoteRefusal.WRONG_PARCEL),
        ({"parcel_tail": ""}, RemoteRefusal.WRONG_PARCEL),
        ({"parcel_tail": YT[-3:]}, RemoteRefusal.WRONG_PARCEL),
        ({"reason": "\u3000"}, RemoteRefusal.NOBODY_ANSWERS),
        ({"approvals": ()}, RemoteRefusal.NOBODY_ANSWERS),
        ({"approvals": ("李某", WANG)}, RemoteRefusal.NOBODY_ANSWERS),
    ],
)
def test_the_operator_names_who_asks_why_and_what_lies_inside(
    changed: dict[str, Any], why: RemoteRefusal
) -> None:
    county = with_parcel()
    assert county.remote(**changed) == why


def test_the_fence_itself_is_no_fresh_number() -> None:
    county = in_order()
    county.remote(TWO)
    assert county.remote(seq=county.state.remote.fence) == RemoteRefusal.FENCE


def test_a_clock_that_nobody_has_set_opens_nothing() -> None:
    county = in_order()
    assert county.remote(at=county.now) == RemoteRefusal.CLOCK_UNSURE


def test_a_door_in_use_open_or_forced_is_not_opened_from_afar() -> None:
    county = with_parcel()
    county.release()
    assert county.remote() == RemoteRefusal.DOOR_IN_USE
    county.opens(ONE)
    assert county.remote() == RemoteRefusal.DOOR_IN_USE
    county.opens(TWO)
    assert county.door(TWO) is Door.FORCED
    assert county.remote(TWO) == RemoteRefusal.DOOR_NOT_SHUT


def test_a_faulted_cell_is_for_the_repairman() -> None:
    county = with_parcel()
    county.silent_twice(ONE, county.release().auth or AuthId(""))
    county.tick(61 * SECOND)
    assert county.cell(ONE) is Occupancy.FAULTED
    assert county.remote() == RemoteRefusal.CELL_FAULTED


def test_a_questioned_cell_may_be_opened_for_whoever_asks_about_it() -> None:
    county = with_parcel()
    county.looks_into(ONE)
    assert county.remote() == ""


def test_a_station_whose_cells_are_still_to_be_counted_opens_nothing_from_afar() -> None:
    county = in_order()
    granted = EpochStarted(
        parent_epoch=1,
        parent_seq=9,
        parent_hash="0" * 64,
        grant="g",
        reason="new_card",
        fence=40,
        snapshot="",
    )
    county.tell(StationBooted(at=county.now, version="test", epoch=granted))
    county.see_all_shut()
    for cell in (ONE, TWO, THREE):
        assert county.remote(cell) == RemoteRefusal.COUNTING
    assert county.facts(RemoteRefused)[0].seq == 41
    assert county.pulses == []
    county.tick(180 * SECOND)  # this start has lasted
    county.restart()
    county.see_all_shut()
    assert county.remote() == RemoteRefusal.COUNTING, "no restart counts the cells"
    county.enter()
    county.tell(CountSigned(at=county.now, keeper=LI))
    assert county.remote() == ""


def test_doors_that_rest_are_not_opened_from_afar() -> None:
    county = in_order()
    county.power(mains=False, low=True)
    assert county.remote() == RemoteRefusal.DOORS_REST


def test_what_a_villager_does_at_other_doors_goes_on_beside_it() -> None:
    county = with_parcel()
    county.remote(TWO)
    assert county.token(county.slips[-1].token).ok
    assert county.scan(SF).cell == THREE
    assert county.state.desk.keeper == LI
