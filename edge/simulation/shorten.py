"""Of a plan that fails, the shortest part found that still fails.

Every event has dice of its own, so leaving some out keeps the others as they were. What is
returned was run and did fail: it is a way to see the failure, though not always its only cause.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from edge.simulation.plan import Event
from edge.simulation.report import Report
from edge.simulation.story import Schedule, plan_of, run

MOST_RUNS: Final = 80
"""Of worlds, for one failure: most plans of a short story are down to a few events by then."""

Teller = Callable[[int, int], None]
"""Hears how many worlds were run and how many events are left."""


@dataclass(frozen=True, kw_only=True)
class Shortest:
    """What is left of a plan. `report` is of the world in which just these events happen."""

    schedule: Schedule
    events: tuple[Event, ...]
    report: Report
    planned: int
    """Events of the whole plan."""
    runs: int


def shorten(
    report: Report, schedule: Schedule, *, most_runs: int = MOST_RUNS, told: Teller | None = None
) -> Shortest:
    """Leave out ever smaller parts of the plan for as long as one of the same laws is broken."""
    return _Search(report, schedule, most_runs, told or _to_nobody).shortest()


def _to_nobody(_runs: int, _left: int) -> None:
    return


class _Search:
    def __init__(self, report: Report, schedule: Schedule, most_runs: int, told: Teller) -> None:
        self._seed, self._wanted = report.seed, report.laws
        self._report, self._schedule = report, schedule
        self._whole = plan_of(report.seed, schedule)
        self._left = [event.number for event in self._whole]
        self._runs, self._most, self._told = 0, most_runs, told

    def shortest(self) -> Shortest:
        awake_s = self._report.awake_s  # what was planned for later has not happened
        before = [event.number for event in self._whole if event.at_s <= awake_s]
        if len(before) < len(self._left):
            self._still_fails(before)
        if self._left and not self._still_fails([]):
            self._search()
        left = set(self._left)
        return Shortest(
            schedule=self._schedule,
            events=tuple(event for event in self._whole if event.number in left),
            report=self._report,
            planned=len(self._whole),
            runs=self._runs,
        )

    def _search(self) -> None:
        parts = 2
        while len(self._left) > 1 and self._runs < self._most:
            if any(self._still_fails(rest) for rest in _without_each(self._left, parts)):
                parts = max(2, parts - 1)
            elif parts >= len(self._left):
                return
            else:
                parts = min(len(self._left), parts * 2)

    def _still_fails(self, numbers: Sequence[int]) -> bool:
        if self._runs >= self._most:
            return False
        self._runs += 1
        schedule = replace(self._schedule, only=frozenset(numbers))
        report = run(self._seed, schedule)
        fails = bool(report.laws & self._wanted)
        if fails:
            self._report, self._schedule, self._left = report, schedule, list(numbers)
        self._told(self._runs, len(self._left))
        return fails


def _without_each(numbers: Sequence[int], parts: int) -> Iterator[list[int]]:
    """The numbers without their first part, without their second, and so on; late ones go first."""
    size = len(numbers)
    edges = [size * part // parts for part in range(parts + 1)]
    for begin, end in reversed(list(pairwise(edges))):
        yield [*numbers[:begin], *numbers[end:]]
