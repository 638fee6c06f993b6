"""What a run tried, for people: inputs of each hunt and of all together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pytest

INPUTS: Final = "fuzz-inputs"
"""The property of a test's report in which its numbers of inputs travel."""


def table(told: Iterable[Mapping[str, int]], broken: int = 0) -> list[str]:
    """A line for each hunt and one for all; nothing when nothing was hunted."""
    by_name: Counter[str] = Counter()
    for counts in told:
        by_name.update(counts)
    if not by_name:
        return []
    width = max(map(len, by_name))
    right = max(len(f"{count:,}") for count in by_name.values())
    lines = [f"{name:<{width}}  {by_name[name]:>{right},}" for name in sorted(by_name)]
    end = f"{broken} tests failed" if broken else "0 violations"
    return [*lines, f"{by_name.total():,} inputs, {end}"]


def print_inputs(reporter: pytest.TerminalReporter) -> None:
    """At the end of a run, wherever its tests ran."""
    # The end of a test that went well has no outcome of its own.
    reports = [
        report
        for outcome in ("passed", "failed", "error", "")
        for report in reporter.getreports(outcome)
        if isinstance(report, pytest.TestReport)
    ]
    told: list[dict[str, Any]] = [
        value
        for report in reports
        if report.when == "teardown"
        for name, value in report.user_properties
        if name == INPUTS and isinstance(value, dict)
    ]
    broken = {one.nodeid for one in reports if one.failed and one.nodeid.startswith("tests/fuzz/")}
    if lines := table(told, len(broken)):
        reporter.section("fuzzing: inputs tried")
        for line in lines:
            reporter.write_line(line)
