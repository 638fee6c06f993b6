"""Nobody's Enter opens a door by accident: what was typed before a question is no answer to it."""

import io
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Self

import pytest

from edge.tools.children import cunyi
from edge.tools.commissioning.asking import NoTerminalError, Stopped, Terminal
from hardware.twins.bench import Bench
from hardware.twins.faults import Fault
from tests.support.station import pingshang

PATIENCE_S: Final = 30.0
AT_A_TERMINAL: Final = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
"""So that Ctrl-C reaches the tool as it does at a person's screen."""
Ends = tuple[int, int]


class Screen(io.StringIO):
    """Types the next lines as soon as a question stands there, as a person does."""

    def __init__(self, keys: int, *lines: bytes) -> None:
        super().__init__()
        self._keys = keys
        self._lines = list(lines)

    def flush(self) -> None:
        if self.getvalue().endswith("> "):
            os.write(self._keys, self._lines.pop(0))


@pytest.fixture(params=[pty.openpty, os.pipe], ids=["terminal", "pipe"])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    """Where the tool reads, and where somebody types."""
    make: Callable[[], Ends] = request.param
    pair = make()
    yield pair if make is os.pipe else pair[::-1]
    for end in pair:
        os.close(end)


def test_only_what_is_typed_after_a_question_answers_it(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, keys = ends
    os.write(keys, b"early\n\n\n")
    screen = Screen(keys, b"one\ntwo\n\n\n", b"late\n")
    with os.fdopen(reads, closefd=False) as typed:
        terminal = Terminal("en", answers_from_pipe=True, typed=typed)
        monkeypatch.setattr(sys, "stdout", screen)
        answers = [terminal.ask("commission.shut_all"), terminal.ask("commission.shut_both")]
    assert answers == ["one", "late"]


def test_answers_that_do_not_wait_for_questions_stop_the_run(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.write_text("\n" * 12, encoding="utf-8")
    with answers.open(encoding="utf-8") as typed:
        terminal = Terminal("en", answers_from_pipe=True, typed=typed)
        with pytest.raises(Stopped, match="has ended"):
            terminal.ask("commission.shut_all")


def test_a_flood_without_an_end_stops_the_run() -> None:
    with Path("/dev/zero").open(encoding="utf-8") as typed:
        terminal = Terminal("en", answers_from_pipe=True, typed=typed)
        with pytest.raises(Stopped, match="never pauses"):
            terminal.ask("commission.shut_all")


def test_an_input_that_is_no_terminal_is_refused_unless_somebody_asked_for_it() -> None:
    with (
        Path(os.devnull).open(encoding="utf-8") as typed,
        pytest.raises(NoTerminalError, match="--answers-from-pipe"),
    ):
        Terminal("en", typed=typed)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path / "bench") as bench:
        yield bench


@pytest.fixture
def folder(tmp_path: Path, bench: Bench) -> Path:
    folder = tmp_path / "station"
    pingshang(folder, twins=bench.folder)
    return folder


class AtTheCabinet:
    """The tool on a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self._keys, screen = pty.openpty()
        tool = cunyi("devices", "commission", str(folder), "--operator", "Li", "--language", "en")
        self._process = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, *tool], stdin=screen, stdout=screen, stderr=screen
        )
        os.close(screen)
        self._seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._keys)

    def read_until(self, words: str) -> str:
        """What has appeared up to the end of these words."""
        until_s = time.monotonic() + PATIENCE_S
        while words not in self._seen:
            assert time.monotonic() < until_s, self._seen
            if select.select([self._keys], [], [], 0.1)[0]:
                self._seen += os.read(self._keys, 4_096).decode()
        before, _, self._seen = self._seen.partition(words)
        return before + words

    def type(self, keys: str) -> None:
        os.write(self._keys, keys.encode())

    def end(self) -> int:
        return self._process.wait(PATIENCE_S)


def test_twelve_enters_at_once_open_one_door_and_ctrl_c_changes_nothing(
    folder: Path, bench: Bench
) -> None:
    """The sensor of door 2 is stuck: nothing but a person knows whether it opened."""
    bench.faults.switch(Fault.SENSOR_STUCK_SHUT, on=True, channel=2)
    before = (folder / "station.toml").read_bytes()
    with AtTheCabinet(folder) as cabinet:
        cabinet.read_until("Shut all doors, then press Enter > ")
        cabinet.type("\n" * 12)
        cabinet.read_until("channel 01 (door 1 by the table): Enter = open, s = skip, q = stop > ")
        cabinet.type("s\n")
        cabinet.read_until("channel 02 (door 2 by the table): Enter = open, s = skip, q = stop > ")
        assert not bench.cabinet.pulses
        cabinet.type("\n" * 12)
        assert "(Enter = " not in cabinet.read_until("r = once more > ")
        cabinet.type("\n" * 12)
        cabinet.read_until("r = once more > ")
        cabinet.type("2\n")
        cabinet.read_until("Shut door 2, then press Enter > ")
        cabinet.type("\n" * 12)
        cabinet.read_until("channel 03 (door 3 by the table): Enter = open, s = skip, q = stop > ")
        cabinet.type("\x03")
        cabinet.read_until(f"To go on: cunyi devices commission {folder}")
        assert cabinet.end() == 1
    assert len(bench.cabinet.pulses) == 1
    assert (folder / "station.toml").read_bytes() == before


def test_a_tool_that_nobody_sits_at_opens_nothing(folder: Path, bench: Bench) -> None:
    said = subprocess.run(
        cunyi("devices", "commission", str(folder)),
        input="\n" * 12,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout) == (2, "")
    assert "--answers-from-pipe" in said.stderr
    assert bench.cabinet.pulses == ()
