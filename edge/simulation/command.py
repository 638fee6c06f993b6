"""`cunyi simulate`: worlds from seeds. Each failure is told so that it can be seen once more."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from edge.kernel.errors import ConfigError
from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.fault import Fault
from edge.simulation.laws import in_words
from edge.simulation.many import Tally, Turn, listen, sigterm_is_ctrl_c
from edge.simulation.plan import DAY_S, HOUR_S
from edge.simulation.progress import Progress
from edge.simulation.report import Report
from edge.simulation.shorten import Shortest, shorten
from edge.simulation.story import Schedule, plan_of

SHORTEST_S: Final = 1.0
LONGEST_S: Final = 366 * DAY_S
MOST_SHORTENED: Final = 5
"""Failures whose plans are made short; whoever has more looks at these first."""
ENDED_EARLY: Final = 130
"""The exit code of whatever Ctrl-C ends."""
MOST_TROUBLES: Final = 5
"""Of one world: one broken law often breaks many."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for."""

    seeds: range
    schedule: Schedule
    faults: tuple[Fault, ...]
    jobs: int
    as_json: bool

    def turns(self) -> list[Turn]:
        """All worlds to play; a fault that no world can show has none."""
        codes = [fault.code for fault in self.faults if fault.scenario is not None]
        return [
            Turn(seed=seed, schedule=self.schedule, fault=code)
            for code in (codes if self.faults else [""])
            for seed in self.seeds
        ]


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A world in which a law is broken. `shortest` where its plan was made short."""

    turn: Turn
    report: Report
    shortest: Shortest | None

    @property
    def seen(self) -> Report:
        """The shorter world, or the whole one."""
        return self.report if self.shortest is None else self.shortest.report

    def for_programs(self) -> dict[str, Any]:
        """As JSON has it."""
        events = () if self.shortest is None else self.shortest.events
        return {
            "seed": self.turn.seed,
            "fault": self.turn.fault or None,
            "laws": sorted(self.report.laws),
            "troubles": list(self.report.troubles),
            "plan": [
                {
                    "number": event.number,
                    "at_s": round(event.at_s, 3),
                    "kind": event.kind.name,
                    "station": event.village + 1,
                    "sentence": event.kind.sentence,
                }
                for event in events
            ],
            "planned": None if self.shortest is None else self.shortest.planned,
            "trace": self.seen.end().splitlines(),
            "again": self.seen.again,
        }

    def for_people(self) -> str:
        """Several lines."""
        turn, troubles = self.turn, self.seen.troubles
        what = f"{turn.fault} " if turn.fault else ""
        lines = [f"✗ {what}种子 {turn.seed} 违反规则 · {what}seed {turn.seed} breaks a law"]
        lines += [f"    {_in_words(trouble)}" for trouble in troubles[:MOST_TROUBLES]]
        if len(troubles) > MOST_TROUBLES:
            lines.append(f"    … {len(troubles) - MOST_TROUBLES} more")
        if self.shortest is not None:
            kept, of, runs = len(self.shortest.events), self.shortest.planned, self.shortest.runs
            lines.append(
                f"  最短经过 · shortest plan that still fails: "
                f"{kept} of {of} events, after {runs} tries"
            )
            lines += [f"    {event}" for event in self.shortest.events]
        lines.append("  末尾记录 · end of its trace (ms, who, what)")
        lines += [f"    {line}" for line in self.seen.end().splitlines()]
        lines.append(f"  重演 · see it again:\n    {self.seen.again}")
        return "\n".join(lines)


def faults_named(codes: Sequence[str]) -> tuple[Fault, ...]:
    """The faults of these codes, in the order given. Raises ConfigError for a stranger."""
    known = {fault.code: fault for fault in CATALOGUE}
    wanted = [code.strip().upper() for code in codes]
    if strangers := [code for code in wanted if code not in known]:
        raise ConfigError(
            "command line",
            "--fault",
            f"没有这个故障 · there is no fault {strangers[0]!r}",
            f"Choose from {CATALOGUE[0].code} to {CATALOGUE[-1].code}; docs/durability.md has all",
        )
    return tuple(known[code] for code in dict.fromkeys(wanted))


def agree(schedule: Schedule, seeds: range) -> None:
    """Each event that is to happen is in the plan of each seed. Raises ConfigError if not."""
    if not schedule.only:
        return
    for seed in seeds:
        there = {event.number for event in plan_of(seed, replace(schedule, only=None))}
        if strangers := sorted(schedule.only - there):
            raise ConfigError(
                "command line",
                "--only",
                f"种子 {seed} 的计划里没有事件 {strangers[0]} · "
                f"the plan of seed {seed} has no event {strangers[0]}",
                f"Choose from 1 to {max(there)}, or none" if there else "Its plan is empty",
            )


def length_s(hours: float | None, days: float | None) -> float:
    """How long things go wrong, in whole seconds, so that it can be typed again exactly."""
    if hours is not None and days is not None:
        raise ConfigError(
            "command line", "--days", "已有小时数 · there are hours already", "Say one of both"
        )
    if days is not None:
        wanted_s = days * DAY_S
    else:
        wanted_s = Schedule().faults_s if hours is None else hours * HOUR_S
    if not SHORTEST_S <= wanted_s <= LONGEST_S:
        fix = "Say from one second to 366 days: --hours 3, --days 3"
        option = "--hours" if days is None else "--days"
        raise ConfigError("command line", option, "没有这样的时长 · no such time", fix)
    return float(round(wanted_s))


def simulate(wish: Wish) -> int:
    """Play all; 1 where a law is broken, 130 where Ctrl-C or SIGTERM ended it early."""
    progress, tally = Progress(), Tally()
    turns = wish.turns()

    def each(turn: Turn, report: Report) -> None:
        tally.add(turn, report)
        progress.say(progress_line(tally, len(turns), progress.passed_s()))

    with sigterm_is_ctrl_c():
        whole = listen(turns, wish.jobs, each)
        took_s = progress.passed_s()
        if not whole:
            progress.tell(ended_early(tally, len(turns)))
        violations, short = _violations(tally, progress, shortened=whole)
    progress.clear()
    if wish.as_json:
        told = {**_for_programs(wish, tally, violations, took_s), "ended_early": not whole}
        _say(json.dumps(told, ensure_ascii=False))
    else:
        _tell(wish, tally, violations, took_s, whole=whole)
    if not (whole and short):
        return ENDED_EARLY
    return 1 if violations else 0


def ended_early(tally: Tally, of: int) -> str:
    """What somebody who pressed Ctrl-C wants to know first."""
    return (
        f"提前结束，已判 {tally.worlds}/{of} 个世界，{len(tally.failed)} 个违反规则 · "
        f"ended early: {tally.worlds} of {of} worlds judged, {len(tally.failed)} broken"
    )


def _violations(
    tally: Tally, progress: Progress, *, shortened: bool
) -> tuple[list[Violation], bool]:
    """All of them; false where Ctrl-C ended the shortening, and the rest is told as it was."""
    whole = [Violation(turn=turn, report=one, shortest=None) for turn, one in tally.failed]
    if not shortened:
        return whole, True
    for number, violation in enumerate(whole[:MOST_SHORTENED]):
        try:
            whole[number] = _shortened(violation, progress)
        except KeyboardInterrupt:
            progress.tell("不再缩短 · no more plans are shortened")
            return whole, False
    return whole, True


def progress_line(tally: Tally, of: int, took_s: float) -> str:
    """How far it is."""
    return (
        f"{tally.worlds}/{of} 个世界 worlds · {len(tally.failed)} 违规 broken · "
        f"{tally.station_hours:,.0f} 站时 station-hours · {tally.speed(took_s):,}×"
    )


def _shortened(violation: Violation, progress: Progress) -> Violation:
    turn = violation.turn
    if turn.fault:  # it has no plan that could be cut
        return violation

    def told(runs: int, left: int) -> None:
        progress.say(f"种子 seed {turn.seed}: 缩短中 shortening, {left} events, {runs} tries")

    return replace(violation, shortest=shorten(violation.report, turn.schedule, told=told))


def _for_programs(
    wish: Wish, tally: Tally, violations: Sequence[Violation], took_s: float
) -> dict[str, Any]:
    return {
        "seeds": len(wish.seeds),
        "start": wish.seeds.start,
        "hours": wish.schedule.faults_s / HOUR_S,
        "faults": [_state(fault) for fault in wish.faults],
        "worlds": tally.worlds,
        "violations": [violation.for_programs() for violation in violations],
        "station_hours": round(tally.station_hours, 3),
        "virtual_s": round(tally.virtual_s, 3),
        "took_s": round(took_s, 3),
        "speed": tally.speed(took_s),
        "mishaps": dict(sorted(tally.mishaps.items())),
        "hashes": tally.hashes,
    }


def _state(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.code,
        "name": fault.name,
        "played": fault.scenario is not None,
        "open": fault.open,
        "waits_for": list(fault.waits_for),
        "proofs": list(fault.proofs),
    }


def _tell(
    wish: Wish, tally: Tally, violations: Sequence[Violation], took_s: float, *, whole: bool
) -> None:
    for fault in wish.faults:
        _say(_of_fault(fault))
    for violation in violations:
        _say(violation.for_people())
    if not tally.worlds:
        return
    mark = "✗" if violations else "✓" if whole else "…"
    _say(
        f"{mark} {tally.worlds} 个世界，{len(violations)} 个违反规则 · "
        f"{tally.in_words}, {len(violations)} broken; "
        f"{tally.station_hours:,.1f} station-hours, {sum(tally.mishaps.values()):,} events, "
        f"{tally.facts:,} facts, {took_s:.1f} s, {tally.speed(took_s):,} times real time"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _in_words(trouble: str) -> str:
    """What a law or a fault of the catalogue has to say, Chinese first."""
    code, colon, what = trouble.partition(":")
    name = next((fault.zh for fault in CATALOGUE if fault.code == code), None)
    return in_words(trouble) if name is None else f"{code} {name}{colon}{what}"


def _of_fault(fault: Fault) -> str:
    head = f"{fault.code} {fault.zh} · {fault.name}"
    if fault.open:
        waits = ", ".join(fault.waits_for)
        return f"{head}\n    尚未验证，等待 · open; it waits for facts of: {waits}"
    if fault.scenario is None:
        tests = "\n".join(f"    {proof}" for proof in fault.proofs)
        return (
            f"{head}\n    不在仿真世界中，由测试验证 · no world shows it, these tests do:\n{tests}"
        )
    return f"{head}\n    {fault.expected}"
