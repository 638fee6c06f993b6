"""Live commands as operators ask for them: by the county's own socket and the command line."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from typer.testing import CliRunner

from cloud_sync.county.commands.asking import command_asks
from cloud_sync.county.commands.telling import follow, listed
from cloud_sync.county.local_socket import LocalSocket, NotRunningError, ask_county
from cloud_sync.wire.messages import LiveCommand, LiveRequest
from edge.cli import app
from tests.county.command_center import HERE, REASON, Center
from tests.county.village import open_county, until


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Center]:
    with open_county(tmp_path) as county:
        yield Center(county)


class Running:
    """The county's socket and its one thread, with a station that answers as it is told."""

    def __init__(self, center: Center, folder: Path) -> None:
        self.center, self.folder = center, folder
        self.answer, self.silent = "opened", False
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
                if self.silent or not isinstance(message, LiveRequest):
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


def test_whoever_hangs_up_before_anything_was_sent_has_taken_the_wish_back(
    center: Center, tmp_path: Path
) -> None:
    with Running(center, tmp_path) as running:
        running.silent = True
        lines = ask_county(tmp_path, "open", station=HERE, cell=7, operator="王某", reason=REASON)
        command = next(lines)["command"]
        assert center.state(command) == ("nonce_asked", "")
        lines.close()  # type: ignore[attr-defined]  # an iterator that is a generator
        assert until(lambda: center.state(command) == ("no_answer", "not_sent"))
    assert center.nonce(command) == []


def test_a_command_that_was_sent_is_awaited_on_though_its_operator_has_left(center: Center) -> None:
    sent = center.sent()
    center.desk.leave(sent.command)
    center.desk.leave("m-unknown")
    assert center.tick() == []
    assert center.state(sent.command) == ("sent", "")


def test_without_a_running_county_nothing_is_asked(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        list(follow(tmp_path, station=HERE, cell=1, operator="x", reason="x", tail=""))


def test_the_desk_wakes_the_ingest_thread(center: Center) -> None:
    woken = threading.Event()
    center.desk.nudge = woken.set
    center.ask()
    assert until(woken.is_set)
