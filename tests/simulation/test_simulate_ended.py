"""`cunyi simulate` and the soak ended early: what was found is told, and nothing is left behind."""

import json
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from edge.simulation import soak
from edge.simulation.ground.places import IN_MEMORY, clear_abandoned, world_folder
from edge.simulation.many import Turn, listen_to
from edge.simulation.report import Report
from tests.simulation.test_simulate import QUICK, cunyi
from tests.simulation.test_simulate_shorten import loses_pickups

PATIENCE_S: Final = 60.0
LONG: Final = ("--hours", "0.2", "--seeds", "100000", "--json")
HOLDS_A_WORLD: Final = """
import sys, time
from edge.simulation.ground.places import world_folder
with world_folder() as folder:
    (folder / "card").write_text("x")
    print(folder, flush=True)
    time.sleep(600)  # until the test ends this process
"""


def until(so: Callable[[], bool]) -> None:
    """Wait for it."""
    end_s = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def worlds_of(pids: list[int]) -> list[Path]:
    """Their folders."""
    return [one for pid in pids for one in IN_MEMORY.glob(f"cunyi-world-{pid}-*")]


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [pid, *map(int, children.split())]


# -- by a signal


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_what_was_judged_and_130_and_no_world_is_left(
    ending: signal.Signals, jobs: str
) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "edge.cli", "simulate", *LONG, "--jobs", jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: len(worlds_of(family(started.pid))) >= int(jobs))
        members = family(started.pid)
        started.send_signal(ending)
        said, complained = started.communicate(timeout=PATIENCE_S)
    finally:
        started.kill()
    told = json.loads(said)
    assert (started.returncode, told["ended_early"], told["violations"]) == (130, True, [])
    assert complained.startswith(f"提前结束，已判 {told['worlds']}/100000 个世界，0 个违反规则 · ")
    assert "Traceback" not in complained
    assert worlds_of(members) == []


def test_ctrl_c_is_told_as_no_fault_of_a_library_that_it_came_in_the_middle_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = logging.Logger("a library")  # noqa: LOG001 - of no root, so that the last resort tells

    def play(_turn: int) -> None:
        for failure in (OSError("a real one"), KeyboardInterrupt()):
            log.error("while closing", exc_info=failure)  # as pools of connections do
        raise KeyboardInterrupt

    assert not listen_to(play, [1], 1, lambda _turn, _report: None)
    told = capsys.readouterr().err
    assert told.count("while closing") == 1
    assert "a real one" in told


# -- what was found so far


def test_failures_found_before_ctrl_c_are_told_and_no_plan_is_shortened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    really = Turn.play

    def play(turn: Turn) -> Report:
        if turn.seed == 3:
            signal.raise_signal(signal.SIGINT)
        return really(turn)

    loses_pickups(monkeypatch)
    monkeypatch.setattr(Turn, "play", play)
    done = cunyi("--seeds", "9", "--start", "2", *QUICK)
    assert done.exit_code == 130
    assert "ended early: 1 of 9 worlds judged, 1 broken" in done.stderr
    assert "seed 2 breaks a law" in done.stdout
    assert "cunyi simulate --start 2 --seeds 1 --hours 0.1\n" in done.stdout
    assert "shortest plan" not in done.stdout


def test_ctrl_c_while_a_plan_is_shortened_tells_it_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loses_pickups(monkeypatch)
    monkeypatch.setattr(
        "edge.simulation.command.shorten", lambda *_a, **_k: signal.raise_signal(signal.SIGINT)
    )
    done = cunyi("--seeds", "1", "--start", "2", *QUICK)
    assert done.exit_code == 130
    assert "seed 2 breaks a law" in done.stdout


# -- folders of the dead


def test_a_folder_whose_process_was_killed_is_cleared_and_a_living_one_stays() -> None:
    dead, alive = (
        subprocess.Popen([sys.executable, "-c", HOLDS_A_WORLD], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    try:
        left, kept = (Path(one.stdout.readline().strip()) for one in (dead, alive) if one.stdout)
        dead.kill()
        dead.wait()
        assert (left / "card").exists()
        with world_folder() as own:
            clear_abandoned(own.parent)
            assert own.is_dir()
        assert not left.exists()
        assert (kept / "card").exists()
    finally:
        for one in (dead, alive):
            one.terminate()
            one.communicate()
        clear_abandoned(kept.parent)


# -- the soak


def test_a_short_soak_tells_its_figures_and_leaves_the_published_ones_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published, named = tmp_path / "soak.json", tmp_path / "mine.json"
    monkeypatch.setattr(soak, "FIGURES", published)
    assert soak.main(2, 0.1, jobs=1) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["seeds"], figures["violations"]) == (2, 0)
    assert not published.exists()
    assert soak.main(2, 0.1, [str(named)], jobs=1) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(named)
    assert json.loads(named.read_text(encoding="utf-8"))["facts"] == figures["facts"] > 0
    assert soak.figures_file(4_999, []) is None
    assert soak.figures_file(5_000, []) == published


def test_a_soak_tells_each_failing_seed_as_it_happens(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    really = Turn.play

    def play(turn: Turn) -> Report:
        told.append(capsys.readouterr().err)
        return really(turn)

    loses_pickups(monkeypatch)
    monkeypatch.setattr(Turn, "play", play)
    assert soak.main(4, 0.1, jobs=1) == 1
    assert "seed 2: S1: " in told[3]
    assert "cunyi simulate --start 2 --seeds 1 --hours 0.1\n" in told[3]
