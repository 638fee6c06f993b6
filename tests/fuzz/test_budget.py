"""The promise of so many inputs: the table says it, and every line of the table is spent."""

import ast
import re
from pathlib import Path

import pytest

from tests.fuzz.budget import BUDGET, LEAST, spent
from tests.fuzz.hunt import TIMES, hunt
from tests.fuzz.tally import table

HERE = Path(__file__).parent
OWN = {"test_budget.py", "test_hunt.py"}
"""Their hunts try the hunt."""


def test_one_run_tries_more_inputs_than_were_promised() -> None:
    assert sum(BUDGET.values()) >= LEAST
    assert all(count > 0 for count in BUDGET.values())


def test_every_line_of_the_budget_is_spent_by_a_hunt() -> None:
    hunted = [pattern for file in HERE.glob("test_*.py") for pattern in _hunted_in(file)]
    idle = [name for name in BUDGET if not any(re.fullmatch(one, name) for one in hunted)]
    assert idle == []


def _hunted_in(file: Path) -> list[str]:
    """Names of its hunts, with anything where a parameter stands."""
    calls = (
        node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "hunt" and file.name not in OWN
    )
    return [_pattern(call.args[0]) for call in calls]


def _pattern(name: ast.expr) -> str:
    parts = name.values if isinstance(name, ast.JoinedStr) else [name]
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts
    )


def test_a_hunt_without_a_line_in_the_budget_does_not_begin() -> None:
    with pytest.raises(KeyError, match="unheard-of"):
        hunt("unheard-of", lambda chance: chance.randbytes(1), lambda _made: None)


def test_what_a_hunt_tried_is_counted_and_told() -> None:
    before = spent["counted"]
    hunt("counted", lambda chance: chance.randbytes(1), lambda _made: None, count=7)
    assert spent.pop("counted") - before == 7 * TIMES
    assert table([{"scans": 12_000}, {"scans": 1, "openapi": 300}, {}]) == [
        "openapi     300",
        "scans    12,001",
        "12,301 inputs, 0 violations",
    ]
    assert table([{"scans": 3}], broken=2)[-1] == "3 inputs, 2 tests failed"
    assert table([]) == []
