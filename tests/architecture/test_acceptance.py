"""The acceptance page names tests; each of them must exist."""

import ast
import re
from pathlib import Path
from typing import Final

from edge.tools.bench import MEASUREMENTS

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "acceptance.md"
_MEASURED: Final = re.compile(r"measured by `cunyi bench ([a-z_ ]+)`")
_NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_test_that_the_acceptance_page_names_exists() -> None:
    named = _NAMED.findall(PAGE.read_text(encoding="utf-8"))
    missing = [f"{file}::{name}" for file, name in named if not exists(ROOT / file, name)]
    assert len(named) > 50
    assert missing == []


def test_every_promise_names_a_test_or_says_what_stands_for_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    laws = text[text.index("## Laws") : text.index("## Faults")]  # one test walks them all
    rows = [line for line in text.replace(laws, "").splitlines() if line[:2] == "| "]
    headings = ("| Promise", "| Input", "| Code")
    bare = [
        row
        for row in rows
        if not row.startswith(headings) and not _NAMED.search(row) and not _MEASURED.search(row)
    ]
    assert bare == []


def test_every_measurement_that_the_acceptance_page_names_exists() -> None:
    named = [
        name
        for names in _MEASURED.findall(PAGE.read_text(encoding="utf-8"))
        for name in names.split()
    ]
    assert named != []
    assert [name for name in named if name not in MEASUREMENTS] == []


def exists(file: Path, name: str) -> bool:
    """Whether a test file is there and, where a name is given, the test in it."""
    if not file.exists():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return not name or name in functions
