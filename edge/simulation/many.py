"""Many worlds, one after another or in several processes, and what they showed together."""

import contextlib
import logging
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.playing import play
from edge.simulation.ground.places import clear_abandoned
from edge.simulation.plan import HOUR_S
from edge.simulation.report import Report
from edge.simulation.story import Schedule, run

_Turn = TypeVar("_Turn")
_Played = TypeVar("_Played")


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


def play_all(
    play: Callable[[_Turn], _Played], turns: Sequence[_Turn], jobs: int = 1
) -> Generator[tuple[_Turn, _Played], None, None]:
    """Each with what it showed, in order. A single job runs here, in this very process."""
    if min(jobs, len(turns)) > 1:
        yield from _in_processes(play, turns, min(jobs, len(turns)))
    else:
        yield from ((turn, play(turn)) for turn in turns)


def _in_processes(
    play: Callable[[_Turn], _Played], turns: Sequence[_Turn], jobs: int
) -> Iterator[tuple[_Turn, _Played]]:
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, initializer=_leave_ctrl_c_to_the_parent)
    ended = False
    try:
        yield from zip(turns, pool.map(play, turns), strict=True)
        ended = True
    finally:
        if not ended:
            # Nobody waits for worlds that nobody listens to; all they leave is a folder.
            for process in set(multiprocessing.active_children()) - before:
                process.kill()
        pool.shutdown(cancel_futures=True)
        if not ended:
            clear_abandoned()


def _leave_ctrl_c_to_the_parent() -> None:
    """A terminal tells every process; one of them answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def listen(turns: Sequence[Turn], jobs: int, each: Callable[[Turn, Report], None]) -> bool:
    """Play all and let `each` hear of every world; false where Ctrl-C or SIGTERM ended it early."""
    return listen_to(Turn.play, turns, jobs, each)


def listen_to(
    play: Callable[[_Turn], _Played],
    turns: Sequence[_Turn],
    jobs: int,
    each: Callable[[_Turn, _Played], None],
) -> bool:
    """The same for whatever `play`, a function of a module or class, makes of a turn."""
    try:
        with _interrupts_untold(), contextlib.closing(play_all(play, turns, jobs)) as played:
            for turn, shown in played:
                each(turn, shown)
    except KeyboardInterrupt:
        return False
    return True


@contextlib.contextmanager
def _interrupts_untold() -> Iterator[None]:
    """Inside, nobody reads that Ctrl-C was a fault of whatever library it came in the middle of."""
    told = logging.lastResort
    if told is None:
        yield
        return
    told.addFilter(_is_no_interrupt)
    try:
        yield
    finally:
        told.removeFilter(_is_no_interrupt)


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    return record.exc_info is None or not isinstance(record.exc_info[1], KeyboardInterrupt)


@contextlib.contextmanager
def sigterm_is_ctrl_c() -> Iterator[None]:
    """Inside, who ends this process with SIGTERM is heard as one at the keyboard is."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
    def in_words(self) -> str:
        """How many worlds, in English."""
        return f"{self.worlds:,} world{'' if self.worlds == 1 else 's'}"

    @property
    def station_hours(self) -> float:
        """Hours that stations were switched on, all together."""
        return self.station_s / HOUR_S

    def speed(self, took_s: float) -> int:
        """How many times as fast as real time a station lived."""
        return round(self.station_s / max(took_s, 1e-9))
