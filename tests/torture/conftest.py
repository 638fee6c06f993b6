"""What a torture has come to is told below the tests' own report, whether they passed or not."""

from collections.abc import Callable
from typing import Final

import pytest

RecordProperty = Callable[[str, object], None]
_FIGURES: Final = "torture: "


def told(record_property: RecordProperty, what: str, figures: object) -> None:
    """Keep figures for the report."""
    record_property(f"{_FIGURES}{what}", str(figures))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind)]
    lines = [
        f"{name.removeprefix(_FIGURES)}: {figures}"
        for report in reports
        if report.when == "call"
        for name, figures in report.user_properties
        if name.startswith(_FIGURES)
    ]
    if lines:
        terminalreporter.section("torture")
        for line in lines:
            terminalreporter.line(line)
