"""The command line: help that reads well, one clear line for each error, and an exit code."""

import asyncio
import importlib.metadata
import json
import logging
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from edge import cli
from edge.kernel.errors import StoreError
from edge.store.database import Store
from edge.tools.children import free_ports
from tests.store.journals import fill

_INIT = ["--county", "shangyou", "--id", "pingshang", "--name", "坪上村驿"]
COMMANDS = [
    "demo",
    "doctor",
    "bench",
    "station init",
    "station run",
    "county init",
    "county run",
    "twin lock-board",
    "twin scanner",
    "twin printer",
    "twin bench",
    "journal verify",
    "journal export",
    "sync status",
    "sync tail",
    "sync resend",
    "county say",
    "county person export",
    "county person erase",
    "devices scan",
    "devices commission",
]


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def cunyi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def run(*arguments: str | int | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["cunyi", *(str(a) for a in arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        heard = capsys.readouterr()
        return Said(code=int(ended.value.code or 0), out=heard.out, err=heard.err)

    return run


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def station(cunyi: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "station"
    (port,) = free_ports(1)  # the default one may be a running station's
    assert cunyi("station", "init", folder, *_INIT, "--web-port", port).code == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(cunyi: Run, command: str) -> None:
    said = cunyi(*command.split(), "--help")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].startswith(f"Usage: cunyi {command} ")
    assert lines[2].strip().endswith(".")  # one whole sentence
    assert max(len(line) for line in lines) <= 80


def test_the_version_is_told_and_doctor_tells_it_first(cunyi: Run, station: Path) -> None:
    version = importlib.metadata.version("cunyi")
    said = cunyi("--version")
    assert (said.code, said.out) == (0, f"cunyi {version}\n")
    assert cunyi("doctor", station).out.splitlines()[0] == f"ok    cunyi: {version}"


def test_the_list_of_commands_is_not_cut_short(cunyi: Run) -> None:
    for group in ((), ("station",), ("county",), ("twin",), ("journal",), ("sync",), ("devices",)):
        said = cunyi(*group, "--help")
        assert "..." not in said.out.split("Commands:")[1]


def test_without_a_command_the_help_is_shown(cunyi: Run) -> None:
    said = cunyi()
    assert said.code == 2
    assert "Commands:" in said.out + said.err


@pytest.mark.parametrize(
    "arguments", [["frob"], ["station", "run"], ["station", "init", "x"], ["demo", "--port", "x"]]
)
def test_a_wrong_command_line_is_one_error_and_exit_code_2(
    cunyi: Run, arguments: list[str]
) -> None:
    said = cunyi(*arguments)
    assert said.code == 2
    assert said.err.splitlines()[-1].startswith("Error: ")


def test_init_says_what_comes_next(cunyi: Run, tmp_path: Path) -> None:
    said = cunyi("station", "init", tmp_path / "a", *_INIT)
    assert said.code == 0
    assert f"cunyi station run {tmp_path / 'a'}" in said.out


def one_line_error(said: Said) -> str:
    assert said.code == 2
    (line,) = said.err.splitlines()
    assert line.startswith("cunyi: ")
    return line


def test_init_over_a_station_is_refused(cunyi: Run, station: Path) -> None:
    said = cunyi("station", "init", station, *_INIT)
    assert "there is a station here already" in one_line_error(said)


def test_init_inside_a_file_is_one_clear_line(cunyi: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = cunyi("station", "init", tmp_path / "file" / "station", *_INIT)
    assert "Not a directory" in one_line_error(said)


@pytest.mark.parametrize("command", ["run", "verify", "export"])
def test_a_folder_without_a_station_is_one_clear_line(
    cunyi: Run, tmp_path: Path, command: str
) -> None:
    group = "station" if command == "run" else "journal"
    line = one_line_error(cunyi(group, command, tmp_path / "nowhere"))
    assert str(tmp_path / "nowhere") in line


def test_a_typo_in_station_toml_stops_the_start(cunyi: Run, station: Path) -> None:
    file = station / "station.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("pulse_ms", "puls_ms"), "utf-8")
    line = one_line_error(cunyi("station", "run", station))
    assert f"{file}: cabinet.boards.0.puls_ms: unknown key" in line


def test_a_clean_journal_is_exit_code_0(cunyi: Run, station: Path) -> None:
    fill(station, parcels=2)
    said = cunyi("journal", "verify", station)
    assert said.code == 0
    assert said.out.startswith("16 facts, epoch 1, head ")
    assert said.out.endswith("journal is clean\n")


def test_a_damaged_journal_is_exit_code_1_with_each_problem(cunyi: Run, station: Path) -> None:
    fill(station, parcels=2)
    connection = sqlite3.connect(station / "journal.db", isolation_level=None)
    connection.execute("UPDATE journal SET fact = zeroblob(40) WHERE seq = 5")
    connection.close()
    said = cunyi("journal", "verify", station)
    assert said.code == 1
    assert "problem: fact 5 does not fit the chain" in said.out


def test_an_export_is_one_fact_a_line(cunyi: Run, station: Path) -> None:
    fill(station, parcels=1)
    said = cunyi("journal", "export", station)
    facts = [json.loads(line) for line in said.out.splitlines()]
    assert [fact["seq"] for fact in facts] == list(range(1, 9))
    assert facts[1]["body"]["carrier"] == "圆通"


def test_a_newer_database_is_refused_in_one_line(cunyi: Run, station: Path) -> None:
    connection = sqlite3.connect(station / "journal.db")
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    before = (station / "journal.db").read_bytes()
    for command in (("station", "run"), ("journal", "verify")):
        assert "has schema 9, newer" in one_line_error(cunyi(*command, station))
    assert (station / "journal.db").read_bytes() == before


def test_a_held_folder_is_refused_in_one_line(cunyi: Run, station: Path) -> None:
    store = Store.open(station)
    line = one_line_error(cunyi("station", "run", station))
    store.close()
    assert "held by another cunyi (process" in line


def test_a_port_in_use_is_refused_in_one_line(cunyi: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        cunyi("station", "init", tmp_path / "a", *_INIT, "--web-port", port)
        line = one_line_error(cunyi("station", "run", tmp_path / "a"))
    assert f"127.0.0.1:{port} cannot be used (Address already in use)" in line


def test_a_daemon_whose_store_fails_ends_with_the_reason_alone(
    cunyi: Run, station: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run_station(*_: object) -> None:
        await asyncio.sleep(0)
        failure = StoreError("a decision could not be stored: disk full")
        raise ExceptionGroup("chores", [ExceptionGroup("loop", [failure]), ValueError()])

    monkeypatch.setattr("edge.wiring.run_station", run_station)
    line = one_line_error(cunyi("station", "run", station))
    assert line == "cunyi: a decision could not be stored: disk full"


def test_a_bug_in_the_daemon_is_not_hidden(
    cunyi: Run, station: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run_station(*_: object) -> None:
        await asyncio.sleep(0)
        raise ExceptionGroup("chores", [ZeroDivisionError()])

    monkeypatch.setattr("edge.wiring.run_station", run_station)
    with pytest.raises(ExceptionGroup, match="chores"):
        cunyi("station", "run", station)


def test_doctor_prints_a_line_for_each_finding_and_fails_for_a_bad_one(
    cunyi: Run, station: Path
) -> None:
    said = cunyi("doctor", station)
    assert said.code == 0
    assert "ok    journal: 0 facts, epoch 1, whole" in said.out.splitlines()
    (station / "station.key").unlink()
    (station / "journal.db").write_bytes(b"nonsense")
    assert cunyi("doctor", station).code == 1


def test_the_real_command_runs_and_a_reader_that_leaves_is_no_error(station: Path) -> None:
    fill(station, parcels=300)
    with subprocess.Popen(
        [sys.executable, "-m", "edge.cli", "journal", "export", str(station)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as export:
        assert export.stdout is not None
        assert export.stderr is not None
        assert json.loads(export.stdout.readline())["seq"] == 1
        export.stdout.close()  # as `head -1` does
        assert export.stderr.read() == b""
