"""Live commands at the county: each is sent once, and no more is shown of it than is known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.commands.asking import list_commands
from cloud_sync.county.commands.desk import AGAIN_MS, CommandError
from cloud_sync.wire.live import LIVES_MS, digest_of, sane_command
from cloud_sync.wire.messages import LiveCommand, LiveRequest
from edge.kernel.ids import StationId
from tests.county.command_center import HERE, REASON, Center, accepted, ended, refused, said_in
from tests.county.village import NOON_MS, Village, open_county

ELSEWHERE = StationId("dongjiang")


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Center]:
    with open_county(tmp_path) as county:
        yield Center(county)


# -- the way of a command


def test_a_wish_is_on_disk_before_the_station_hears_of_it(center: Center) -> None:
    command = center.ask()
    assert center.desk.read(command) is None
    assert center.tick() == [LiveRequest(command=command, action="open", cell=7)]
    row = center.desk.read(command)
    assert row is not None
    wanted = {"operator": "王某", "reason": REASON, "parcel_tail": "3456", "seq": 0}
    assert wanted.items() <= row.items()
    assert center.state(command) == ("nonce_asked", "")


def test_a_nonce_is_answered_by_one_command_that_is_above_every_fence(center: Center) -> None:
    first = center.sent()
    assert (first.seq, first.nonce, first.approvals) == (5, "n", ["王某"])
    assert first.not_after_ms == NOON_MS + center.now_ms + LIVES_MS
    assert sane_command(first)
    assert center.sent().seq == 6, "its own number is above the station's fence now"
    row = center.desk.read(first.command)
    assert row is not None
    assert (row["state"], row["digest"]) == ("sent", digest_of(first))


def test_a_nonce_is_asked_for_again_but_a_command_is_never_sent_again(center: Center) -> None:
    command = center.ask()
    center.tick()
    assert center.tick(AGAIN_MS - 1) == []
    assert len(center.tick(1)) == 1
    assert said_in(center.desk.welcomed(HERE, "s", 0, "")) != [], (
        "at once when the station comes back"
    )
    assert said_in(center.desk.welcomed(ELSEWHERE, "s", 0, "")) == []
    assert len(center.nonce(command)) == 1
    assert center.nonce(command) == []
    for _ in range(30):
        assert center.tick(AGAIN_MS) == []
    assert said_in(center.desk.welcomed(HERE, "s", 0, "")) == []


@pytest.mark.parametrize("result", ["opened", "no_feedback", "indeterminate"])
def test_a_hint_tells_ahead_of_the_fact_and_the_fact_tells_for_good(
    center: Center, result: str
) -> None:
    command = center.sent()
    center.result(command.command, "opened")
    assert center.state(command.command) == ("opened", "")
    center.facts(accepted(command), ended(command, result))
    assert center.state(command.command) == (result, "")
    center.result(command.command, "opened" if result != "opened" else "no_feedback")
    assert center.state(command.command) == (result, ""), "a late hint changes nothing"


def test_a_refusal_says_why(center: Center) -> None:
    command = center.sent()
    center.result(command.command, "refused:rate")
    assert center.state(command.command) == ("refused", "rate")
    center.facts(refused(command, "rate"))
    row = center.desk.read(command.command)
    assert row is not None
    assert row["settled"]


def test_an_accepted_command_is_not_yet_an_open_door(center: Center) -> None:
    command = center.sent()
    center.facts(accepted(command))
    assert center.state(command.command) == ("accepted", "")


# -- no answer is no failure


def test_without_a_nonce_nothing_was_sent_and_that_is_what_is_shown(center: Center) -> None:
    command = center.ask()
    center.tick()
    center.tick(LIVES_MS)
    assert center.state(command) == ("no_answer", "not_sent")
    assert center.nonce(command) == [], "too late: the operator has gone home"


def test_after_a_minute_without_a_word_nobody_knows_and_a_later_fact_still_tells(
    center: Center,
) -> None:
    command = center.sent()
    center.tick(LIVES_MS - 1)
    assert center.state(command.command) == ("sent", "")
    center.tick(1)
    assert center.state(command.command) == ("no_answer", "")
    center.facts(accepted(command), ended(command, "opened"))
    assert center.state(command.command) == ("opened", "")


def test_a_command_that_was_accepted_and_then_silent_has_no_answer_either(center: Center) -> None:
    command = center.sent()
    center.facts(accepted(command))
    center.tick(LIVES_MS)
    assert center.state(command.command) == ("no_answer", "")
    center.facts(ended(command, "indeterminate"))
    assert center.state(command.command) == ("indeterminate", "")


def test_a_wish_of_an_earlier_run_ends_at_once_and_no_nonce_revives_it(center: Center) -> None:
    waiting = center.ask()
    center.tick()
    center.desk = center.start()
    assert center.state(waiting) == ("no_answer", "not_sent")
    assert center.nonce(waiting) == []
    assert said_in(center.desk.welcomed(HERE, "s", 0, "")) == []
    assert center.tick(AGAIN_MS) == []


def test_a_command_of_an_earlier_run_keeps_the_rest_of_its_minute_and_is_never_sent_again(
    center: Center,
) -> None:
    sent = center.sent()
    center.now_ms += LIVES_MS - 1
    center.desk = center.start()
    assert center.tick() == []
    assert center.state(sent.command) == ("sent", "")
    assert center.nonce(sent.command) == []
    assert center.tick(1) == []
    assert center.state(sent.command) == ("no_answer", "")
    center.facts(accepted(sent), ended(sent, "opened"))
    assert center.state(sent.command) == ("opened", "")


def test_a_county_whose_clock_was_put_back_waits_no_longer_than_a_minute(center: Center) -> None:
    sent = center.sent()
    center.now_ms -= 86_400_000
    center.desk = center.start()
    center.tick(LIVES_MS)
    assert center.state(sent.command) == ("no_answer", "")


def test_a_wish_that_a_county_slept_over_is_not_commanded_when_it_wakes(center: Center) -> None:
    command = center.ask()
    center.tick()
    center.slept_ms += 3_600_000  # a machine that was halted: its own time stood still
    assert center.nonce(command) == []
    center.tick()
    assert center.state(command) == ("no_answer", "not_sent")


# -- what others say


def test_another_station_can_neither_claim_nor_settle_a_command(center: Center) -> None:
    other = Village(ELSEWHERE)
    other.tell("station.started", version="0.1.0")
    center.county.deliver(other)
    command = center.ask()
    center.tick()
    assert center.nonce(command, station=ELSEWHERE) == []
    (sent,) = center.nonce(command)
    assert isinstance(sent, LiveCommand)
    center.result(command, "opened", station=ELSEWHERE)
    other.tell(*[accepted(sent)[0]], **accepted(sent)[1])
    other.tell(*[ended(sent, "opened")[0]], **ended(sent, "opened")[1])
    center.county.deliver(other, "n2")
    rows = {row["station"]: row["state"] for row in list_commands(center.county.database)}
    assert rows == {HERE: "sent", ELSEWHERE: "opened"}


def test_the_refusal_of_another_body_says_nothing_of_ours(center: Center) -> None:
    command = center.sent()
    center.facts(refused(command, "dup_body", digest="ab" * 32))
    assert center.state(command.command) == ("sent", "")


@pytest.mark.parametrize("result", ["", "exploded", "accepted", "refused:" + "x" * 65])
def test_a_hint_of_no_meaning_changes_nothing(center: Center, result: str) -> None:
    command = center.sent()
    center.result(command.command, result)
    assert center.state(command.command) == ("sent", "")


@pytest.mark.parametrize("fence", [-1, 2**53 - 1, 2**60])
def test_a_fence_out_of_bounds_gets_no_command(center: Center, fence: int) -> None:
    command = center.ask()
    center.tick()
    assert center.nonce(command, fence=fence) == []


def test_what_a_restored_county_has_forgotten_is_audited_from_the_facts(center: Center) -> None:
    command = center.sent()
    forgotten = LiveCommand(**{**_fields(command), "command": "m-forgotten", "seq": 90})
    center.facts(accepted(forgotten), ended(forgotten, "opened"))
    refusal = LiveCommand(**{**_fields(command), "command": "m-refused", "seq": 91})
    center.facts(refused(refusal, "rate"), ended(refusal, "opened"), accepted(refusal))
    row = center.desk.read("m-forgotten")
    assert row is not None
    assert (row["operator"], row["reason"], row["state"], row["seq"]) == (
        "王某",
        REASON,
        "opened",
        90,
    )
    assert center.sent().seq == 92


def _fields(command: LiveCommand) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__struct_fields__}


# -- what operators may ask


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"operator": "  "}, "who asks and why"),
        ({"reason": ""}, "who asks and why"),
        ({"operator": "x" * 51}, "50 letters"),
        ({"reason": "x" * 201}, "200"),
        ({"cell": 0}, "no such cell"),
        ({"cell": 1_000}, "no such cell"),
        ({"parcel_tail": "x" * 51}, "no such cell"),
        ({"station": "nowhere"}, "no station nowhere"),
    ],
)
def test_a_wish_that_makes_no_command_is_told_and_leaves_nothing(
    center: Center, changed: dict[str, Any], said: str
) -> None:
    wish = {"station": HERE, "cell": 7, "operator": "王某", "reason": "x", "parcel_tail": ""}
    with pytest.raises(CommandError, match=said):
        center.desk.open_cell(**{**wish, **changed})
    assert center.tick() == []
    assert list_commands(center.county.database) == []
