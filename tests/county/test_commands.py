"""Live commands at the county: each is sent once, and no more is shown of it than is known."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from typer.testing import CliRunner

from cloud_sync.county.commands.asking import command_asks, list_commands
from cloud_sync.county.commands.desk import AGAIN_MS, CommandDesk, CommandError
from cloud_sync.county.commands.telling import follow, listed
from cloud_sync.county.desk import Letter
from cloud_sync.county.local_socket import LocalSocket, NotRunningError
from cloud_sync.wire.live import LIVES_MS, digest_of, sane_command
from cloud_sync.wire.messages import LiveCommand, LiveNonce, LiveRequest, LiveResult, Message
from edge.cli import app
from edge.kernel.ids import StationId
from tests.county.village import NOON_MS, County, Village, open_county, until

HERE = StationId("pingshang")
ELSEWHERE = StationId("dongjiang")
REASON = "村民手机丢了"


class Center:
    """A county's desk of commands, with a clock of its own and its station's answers."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.now_ms = 1_000
        self.draws = 0
        self.village = Village()
        self.village.tell("station.started", version="0.1.0")
        county.deliver(self.village)
        self.desk = self.start()

    def start(self) -> CommandDesk:
        return CommandDesk(
            self.county.database,
            mono_ms=lambda: self.now_ms,
            wall_ms=lambda: NOON_MS + self.now_ms,
            draw=self._draw,
        )

    def _draw(self, count: int) -> bytes:
        self.draws += 1
        return self.draws.to_bytes(count, "big")

    def ask(self, cell: int = 7, tail: str = "3456") -> str:
        return self.desk.open_cell(HERE, cell, " 王某 ", REASON, tail)

    def tick(self, ms: int = 0) -> list[Message]:
        self.now_ms += ms
        return _said(self.desk.tick())

    def nonce(self, command: str, *, fence: int = 4, station: StationId = HERE) -> list[Message]:
        given = LiveNonce(command=command, nonce="n", lives_ms=60_000, epoch=1, fence=fence)
        return _said(self.desk.hear(station, given))

    def sent(self) -> LiveCommand:
        """A command on its way."""
        command = self.ask()
        self.tick()
        (letter,) = self.nonce(command)
        assert isinstance(letter, LiveCommand)
        return letter

    def result(self, command: str, result: str, station: StationId = HERE) -> None:
        assert _said(self.desk.hear(station, LiveResult(command=command, result=result))) == []

    def facts(self, *kinds_and_bodies: tuple[str, dict[str, Any]]) -> None:
        for kind, body in kinds_and_bodies:
            self.village.tell(kind, **body)
        self.county.deliver(self.village, f"n{self.village.seq}")
        self.desk.committed(HERE)

    def state(self, command: str) -> tuple[str, str]:
        row = self.desk.read(command)
        assert row is not None
        return row["state"], row["result"]


def _said(letters: Any) -> list[Message]:
    return [letter.message for letter in letters if isinstance(letter, Letter)]


def accepted(command: LiveCommand) -> tuple[str, dict[str, Any]]:
    return "remote.accepted", {
        "command": command.command,
        "digest": digest_of(command),
        "seq": command.seq,
        "cell": command.cell,
        "auth": "a-1",
        "operator": command.operator,
        "reason": command.reason,
    }


def refused(command: LiveCommand, reason: str, **changed: Any) -> tuple[str, dict[str, Any]]:
    body = accepted(command)[1] | {"reason": reason} | changed
    del body["auth"]
    return "remote.refused", body


def ended(command: LiveCommand, result: str) -> tuple[str, dict[str, Any]]:
    return "remote.ended", {"command": command.command, "result": result}


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
    assert _said(center.desk.welcomed(HERE, "s", 0)) != [], "at once when the station comes back"
    assert _said(center.desk.welcomed(ELSEWHERE, "s", 0)) == []
    assert len(center.nonce(command)) == 1
    assert center.nonce(command) == []
    for _ in range(30):
        assert center.tick(AGAIN_MS) == []
    assert _said(center.desk.welcomed(HERE, "s", 0)) == []


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


def test_a_command_of_an_earlier_run_is_given_up_and_never_sent(center: Center) -> None:
    sent, waiting = center.sent(), center.ask()
    center.tick()
    center.desk = center.start()
    assert center.tick(LIVES_MS) == []
    assert center.state(sent.command) == ("no_answer", "")
    assert center.state(waiting) == ("no_answer", "not_sent")


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


# -- the command line


class Running:
    """The county's socket and its one thread, with a station that answers as it is told."""

    def __init__(self, center: Center, folder: Path) -> None:
        self.center, self.folder = center, folder
        self.answer = "opened"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.socket = LocalSocket(folder)
        for name, handler in command_asks(center.desk, center.county.database).items():
            self.socket.answers(name, handler)

    def __enter__(self) -> Self:
        self.socket.start()
        self._thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._stop.set()
        self._thread.join()
        self.socket.stop()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            for message in self.center.tick():
                if not isinstance(message, LiveRequest):
                    continue
                for sent in self.center.nonce(message.command):
                    assert isinstance(sent, LiveCommand)
                    self.center.result(sent.command, self.answer)


def _open(folder: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        app,
        ["county", "open", HERE, "7", str(folder), "--operator", "王某", "--reason", REASON, *more],
    )
    return result.exit_code, result.output


def test_each_state_is_printed_and_only_an_open_door_is_success(
    center: Center, tmp_path: Path
) -> None:
    with Running(center, tmp_path) as running:
        code, said = _open(tmp_path, "--tail", "3456")
        assert (code, said.splitlines()[-1].endswith("the door opened")) == (0, True)
        running.answer = "refused:rate"
        code, said = _open(tmp_path)
        assert code == 1
        assert "the station refused: too many remote openings" in said
        lines = list(listed(tmp_path))
        assert len(lines) == 2
        assert f"cell 7  王某: {REASON}  -> the station refused" in lines[0]


def test_without_a_running_county_nothing_is_asked(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        list(follow(tmp_path, station=HERE, cell=1, operator="x", reason="x", tail=""))


def test_the_desk_wakes_the_ingest_thread(center: Center) -> None:
    woken = threading.Event()
    center.desk.nudge = woken.set
    center.ask()
    assert until(woken.is_set)
