"""Many worlds, one after another or in several processes, and what they showed together."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.playing import play
from edge.simulation.plan import HOUR_S
from edge.simulation.report import Report
from edge.simulation.story import Schedule, run


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One world that is to be: the story of a seed, or one fault of the catalogue."""

    seed: int
    schedule: Schedule
    fault: str = ""

    def play(self) -> Report:
        """Run it. The trace is kept only where a law is broken."""
        if self.fault:
            report = play(next(one for one in CATALOGUE if one.code == self.fault), self.seed)
        else:
            report = run(self.seed, self.schedule)
        return report if report.troubles else replace(report, last=())


def play_all(turns: Sequence[Turn], jobs: int = 1) -> Iterator[tuple[Turn, Report]]:
    """Each with its report, in order. A single job runs here, in this very process."""
    with ExitStack() as stack:
        if min(jobs, len(turns)) > 1:
            pool = ProcessPoolExecutor(min(jobs, len(turns)))
            # Whoever stops listening does not wait for the worlds that have not begun.
            stack.callback(pool.shutdown, cancel_futures=True)
            yield from zip(turns, pool.map(Turn.play, turns), strict=True)
        else:
            yield from ((turn, turn.play()) for turn in turns)


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


@dataclass
class Tally:
    """Sums over all worlds so far."""

    worlds: int = 0
    virtual_s: float = 0.0
    station_s: float = 0.0
    facts: int = 0
    mishaps: Counter[str] = field(default_factory=Counter)
    hashes: dict[str, str] = field(default_factory=dict)
    failed: list[tuple[Turn, Report]] = field(default_factory=list)

    def add(self, turn: Turn, report: Report) -> None:
        """One more."""
        self.worlds += 1
        self.virtual_s += report.virtual_s
        self.station_s += report.station_s
        self.facts += report.facts
        self.mishaps.update(report.mishaps)
        self.hashes[f"{turn.fault}:{turn.seed}" if turn.fault else f"{turn.seed}"] = report.hash
        if report.troubles:
            self.failed.append((turn, report))

    @property
    def station_hours(self) -> float:
        """Hours that stations were switched on, all together."""
        return self.station_s / HOUR_S

    def speed(self, took_s: float) -> int:
        """How many times as fast as real time a station lived."""
        return round(self.station_s / max(took_s, 1e-9))
