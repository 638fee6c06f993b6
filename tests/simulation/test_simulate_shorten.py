"""A plan that fails is made shorter: what is left was run and fails by the same law."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import pytest

from cloud_sync.county.ingest.reading import fact_rows
from edge.simulation.plan import Event
from edge.simulation.report import Report
from edge.simulation.shorten import shorten
from edge.simulation.story import Schedule, plan_of, run

SHORT: Final = Schedule(faults_s=400.0)
FIRST_SEEDS: Final = range(6)


def loses_pickups(patch: pytest.MonkeyPatch) -> None:
    """The county leaves out of its books that a parcel was picked up."""

    def fewer(*args: Any) -> list[dict[str, Any]]:
        return [row for row in fact_rows(*args) if row["kind"] != "parcel.picked_up"]

    patch.setattr("cloud_sync.county.ingest.ingest.fact_rows", fewer)


@pytest.fixture
def failed(monkeypatch: pytest.MonkeyPatch) -> Report:
    """The first of some worlds that finds the mistake."""
    loses_pickups(monkeypatch)
    reports = (run(seed, SHORT) for seed in FIRST_SEEDS)
    return next(report for report in reports if report.troubles)


def fails(report: Report, events: Iterable[Event]) -> bool:
    """Whether just these events break one of the same laws."""
    numbers = frozenset(event.number for event in events)
    return bool(run(report.seed, replace(SHORT, only=numbers)).laws & report.laws)


def test_what_is_left_fails_alone_and_without_any_of_it_nothing_fails(failed: Report) -> None:
    short = shorten(failed, SHORT)
    assert 1 <= len(short.events) <= 2
    assert short.planned == len(plan_of(failed.seed, SHORT)) > 5
    assert "parcel_comes_and_goes" in {event.kind.name for event in short.events}
    assert fails(failed, short.events)
    for left_out in short.events:
        assert not fails(failed, [event for event in short.events if event != left_out])


def test_the_report_is_of_the_short_world_and_the_same_each_time(failed: Report) -> None:
    first, again = (shorten(failed, SHORT, most_runs=10) for _time in range(2))
    assert first.report.hash == again.report.hash == run(failed.seed, first.schedule).hash
    assert first.report.hash != failed.hash
    assert (first.events, first.runs) == (again.events, again.runs)


def test_no_more_worlds_are_run_than_allowed_and_what_was_reached_still_fails(
    failed: Report,
) -> None:
    told: list[tuple[int, int]] = []
    short = shorten(failed, SHORT, most_runs=3, told=lambda *so_far: told.append(so_far))
    assert [runs for runs, _left in told] == [1, 2, 3]
    assert short.runs == 3
    assert short.report.laws & failed.laws
    assert fails(failed, short.events)


def test_a_failure_that_needs_no_event_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloud_sync.county.ingest.ingest.fact_rows", lambda *_args: [])
    report = run(0, SHORT)
    short = shorten(report, SHORT)
    assert (short.events, short.schedule.only) == ((), frozenset())
    assert short.report.again.endswith("--only none")
