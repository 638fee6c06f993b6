"""What is told of planted bugs: after how many seeds each was found, for people."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any, Final

import pytest

DEFENCE, SEEDS, LAWS = "defence", "seeds", "laws"
"""What a test tells of a defence, as properties of its report."""
_TITLE: Final = "planted bugs: seeds of the gate until found, laws broken"


def table(properties: Iterable[Mapping[str, Any]]) -> list[str]:
    """For people: which defence was missed after how many worlds, and the median of all."""
    told = [one for one in properties if DEFENCE in one]
    if not told:
        return []
    told.sort(key=lambda one: (one[SEEDS] or float("inf"), one[DEFENCE]))
    width = max(len(one[DEFENCE]) for one in told)
    lines = [
        f"{one[DEFENCE]:<{width}}  {one[SEEDS] or 'never':>5}  {one[LAWS]}".rstrip() for one in told
    ]
    found = [one[SEEDS] for one in told if one[SEEDS]]
    middle = f"{median(found):g}" if found else "none"
    return [*lines, f"{len(found)} of {len(told)} planted bugs found, median {middle} seeds"]


def print_planted_bugs(reporter: pytest.TerminalReporter) -> None:
    """At the end of a run, wherever its tests ran."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in reporter.getreports(outcome)
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    if lines := table(dict(report.user_properties) for report in reports):
        reporter.section(_TITLE)
        for line in lines:
            reporter.write_line(line)
