"""`cunyi simulate`: what it says, its exit codes, and that a failure can be seen once more."""

import json
import shlex
import sys
from dataclasses import replace
from subprocess import run as run_process
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from edge.cli import app, main
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.fault import Scenario
from edge.simulation.laws import LAWS
from edge.simulation.plan import KINDS
from edge.simulation.story import Schedule, run
from tests.simulation.test_simulate_shorten import loses_pickups

ALONE: Final = ("--jobs", "1")
QUICK: Final = ("--hours", "0.1", *ALONE)


def cunyi(*words: str) -> Result:
    """Type it, in this process, where a mistake may be planted."""
    return CliRunner().invoke(app, ["simulate", *words])


def for_programs(*words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one object."""
    done = cunyi(*words, "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    return done.exit_code, told


def complaint(capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *words: str) -> str:
    """The one line of a command that cannot be carried out."""
    patch.setattr(sys, "argv", ["cunyi", "simulate", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    return capsys.readouterr().err


# -- all is well


def test_quiet_worlds_end_with_one_line_and_0() -> None:
    done = cunyi("--seeds", "2", *QUICK)
    assert done.exit_code == 0
    assert done.stdout.startswith("✓ 2 个世界，0 个违反规则 · 2 worlds, 0 broken; ")
    assert len(done.stdout.splitlines()) == 1


def test_programs_get_figures_mishaps_and_the_hash_of_each_seed() -> None:
    code, told = for_programs("--seeds", "2", "--start", "5", *QUICK)
    worlds = [run(seed, Schedule(faults_s=360.0)) for seed in (5, 6)]
    assert (code, told["seeds"], told["start"], told["violations"]) == (0, 2, 5, [])
    assert told["hashes"] == {"5": worlds[0].hash, "6": worlds[1].hash}
    hours = sum(world.station_s for world in worlds) / 3_600
    assert told["station_hours"] == pytest.approx(hours, abs=0.001)
    assert told["virtual_s"] == pytest.approx(sum(world.virtual_s for world in worlds), abs=0.01)
    assert sum(told["mishaps"].values()) == sum(sum(one.mishaps.values()) for one in worlds)
    assert set(told["mishaps"]) <= {kind.name for kind in KINDS}
    assert told["speed"] > 1


def test_several_processes_see_the_same_worlds() -> None:
    _code, alone = for_programs("--seeds", "3", *QUICK)
    _code, shared = for_programs("--seeds", "3", "--hours", "0.1", "--jobs", "2")
    assert shared["hashes"] == alone["hashes"]
    assert shared["mishaps"] == alone["mishaps"]


def test_of_a_plan_only_what_is_named_happens() -> None:
    _code, told = for_programs("--seeds", "1", "--start", "3", "--only", "2,4", *QUICK)
    assert sum(told["mishaps"].values()) == 2
    _code, told = for_programs("--seeds", "1", "--start", "3", "--only", "none", *QUICK)
    assert told["mishaps"] == {}


# -- a law is broken


def test_a_failure_tells_laws_shortest_plan_trace_and_a_command_that_shows_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loses_pickups(monkeypatch)
    done = cunyi("--seeds", "1", "--start", "2", "--hours", "0.2", "--jobs", "1")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    first = lines.index("  重演 · see it again:")
    again = shlex.split(lines[first + 1])
    assert again[:2] == ["cunyi", "simulate"]
    assert "--only" in again
    text = "\n".join(lines[:first])
    for part in (
        "违反规则 · ",
        "breaks a law\n",
        "  最短经过 · shortest plan that still fails: 1 of ",
        "  A parcel is checked in, and later somebody collects it.\n",
        "  末尾记录 · end of its trace",
        " trouble ",
    ):
        assert part in text
    laws = {line.split()[0] for line in lines[1:first] if line.split()[0] in LAWS}
    assert laws
    code, told = for_programs(*again[2:], "--jobs", "1")
    assert code == 1
    assert laws & set(told["violations"][0]["laws"])
    assert lines[-1].startswith("✗ 1 个世界，1 个违反规则 · 1 world, 1 broken; ")


def test_programs_get_the_same_of_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    loses_pickups(monkeypatch)
    code, told = for_programs("--seeds", "1", "--start", "2", *QUICK)
    (violation,) = told["violations"]
    assert (code, violation["seed"], violation["fault"]) == (1, 2, None)
    (event,) = violation["plan"]
    assert (event["kind"], event["sentence"]) == (
        "parcel_comes_and_goes",
        "A parcel is checked in, and later somebody collects it.",
    )
    assert violation["planned"] > len(violation["plan"])
    assert violation["again"].endswith(f"--hours 0.1 --only {event['number']}")
    assert " trouble " in violation["trace"][-1] or "killed" in violation["trace"][-1]


def test_every_law_that_a_judge_may_name_is_said_in_words() -> None:
    known = {law for fault in CATALOGUE if not fault.open for law in fault.laws}
    judged = {law for law in known if law[0] in "PDSLTX" and law not in NOT_JUDGED_IN_WORLDS}
    assert judged <= set(LAWS)


NOT_JUDGED_IN_WORLDS: Final = frozenset({"T2", "T3", "T4", "X3"})
"""Tests of their own hold these."""


# -- the catalogue


def test_a_fault_of_the_catalogue_is_played_for_every_seed() -> None:
    code, told = for_programs("--fault", "f001,F003", "--seeds", "2", "--jobs", "1")
    assert code == 0
    assert set(told["hashes"]) == {"F001:0", "F001:1", "F003:0", "F003:1"}
    assert [(one["code"], one["played"], one["open"]) for one in told["faults"]] == [
        ("F001", True, False),
        ("F003", True, False),
    ]


def test_a_broken_promise_of_a_fault_is_told_with_the_command_that_plays_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loses_pickups(monkeypatch)
    code, told = for_programs("--fault", "F001", "--seeds", "1", "--start", "1", "--jobs", "1")
    (violation,) = told["violations"]
    assert (code, violation["fault"], violation["seed"]) == (1, "F001", 1)
    assert violation["again"] == "cunyi simulate --fault F001 --start 1 --seeds 1"
    done = cunyi(*violation["again"].split()[2:], "--jobs", "1")
    assert done.exit_code == 1
    assert "✗ F001 种子 1 违反规则" in done.stdout


def scene(patch: pytest.MonkeyPatch, code: str, scenario: Scenario) -> None:
    """Another scenario in the place of a fault's own."""
    changed = tuple(
        replace(fault, scenario=scenario) if fault.code == code else fault for fault in CATALOGUE
    )
    patch.setattr("edge.simulation.many.CATALOGUE", changed)


def test_an_exception_in_a_scenario_is_told_like_a_broken_law_and_others_are_played(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def asks_the_dead(bench: Bench) -> None:
        bench.node.kill()
        assert bench.daemon is not None

    scene(monkeypatch, "F001", asks_the_dead)
    code, told = for_programs("--fault", "F001,F003", "--seeds", "1", "--start", "1", *ALONE)
    (violation,) = told["violations"]
    assert (code, violation["laws"], set(told["hashes"])) == (1, ["bug"], {"F001:1", "F003:1"})
    assert violation["troubles"][0].startswith(
        "bug: RuntimeError('F001: no daemon runs') at daemon line "
    )
    assert violation["again"] == "cunyi simulate --fault F001 --start 1 --seeds 1"


def test_a_promise_that_is_not_kept_has_the_name_of_its_fault_in_chinese(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def expects_too_much(bench: Bench) -> None:
        bench.expect(so=False, what="pigs fly")

    scene(monkeypatch, "F001", expects_too_much)
    done = cunyi("--fault", "F001", "--seeds", "1", *ALONE)
    zh = next(fault.zh for fault in CATALOGUE if fault.code == "F001")
    assert done.exit_code == 1
    assert f"    F001 {zh}: not so: pigs fly\n" in done.stdout


def test_an_open_fault_says_what_it_waits_for_and_one_shown_by_tests_names_them() -> None:
    waiting = next(fault for fault in CATALOGUE if fault.open)
    proven = next(one for one in CATALOGUE if one.scenario is None and one.proofs)
    done = cunyi("--fault", f"{waiting.code},{proven.code}")
    assert done.exit_code == 0
    assert f"open; it waits for facts of: {', '.join(waiting.waits_for)}" in done.stdout
    assert proven.proofs[0] in done.stdout
    assert "worlds" not in done.stdout


# -- what cannot be carried out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--fault", "F999"), "there is no fault 'F999'"),
        (("--days", "1", "--hours", "2"), "there are hours already"),
        (("--hours", "0"), "no such time"),
        (("--days", "nan"), "no such time"),
        (("--days", "0"), "--days: "),
        (("--only", "-1"), "events are counted from 1, and -1 is none"),
        (("--seeds", "2", "--only", "2,9999"), "the plan of seed 0 has no event 9999"),
        (("--fault", ""), "it names no fault"),
        (("--fault", " , "), "it names no fault"),
        (("--only", "3;4"), "'3;4' is no list"),
        (("--fault", "F001", "--hours", "2"), "a fault has a length"),
        (("--seeds", "0"), "--seeds"),
        (("--stations", "9"), "--stations"),
    ],
)
def test_what_cannot_be_carried_out_is_one_clear_sentence_and_2(
    words: tuple[str, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert told in complaint(capsys, monkeypatch, *words)


def test_the_simulator_is_loaded_by_this_command_alone() -> None:
    looks = "import sys, edge.cli; sys.exit(any('simulation' in name for name in sys.modules))"
    assert run_process([sys.executable, "-c", looks], check=False).returncode == 0
