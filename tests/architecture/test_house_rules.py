"""The house rules that no linter knows: names, sizes, reasons, and what tests may do."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.tree import PACKAGES, ROOT, comments_of, files, name_of, tree_of

BANNED_NAMES: Final = frozenset({"utils", "helpers", "common", "manager", "misc", "base"})
MOST_LINES: Final = 400
LONGEST_FUNCTION: Final = 40
FEWEST_WORDS: Final = 3
CLOCKS: Final = frozenset({"time.monotonic", "time.time", "datetime.datetime.now", "uuid.uuid4"})
REAL_TIME: Final = frozenset(
    {
        "tests/**",
        "edge/tools/**",
        "hardware/drivers/**",
        "hardware/twins/**",
        "cloud_sync/county/**",
        "cloud_sync/wire/broker/pipe.py",
    }
)
"""Where a linter lets real time in. A new place is a decision: write it here too."""

_NOQA: Final = re.compile(r"#\s*noqa")
_NOQA_WITH_REASON: Final = re.compile(r"# noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S.*")
_IGNORE: Final = re.compile(r"#\s*type:\s*ignore")
_IGNORE_WITH_REASON: Final = re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]\s+# \S.*")
_UNDONE: Final = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_SLEEPS: Final = frozenset({"time.sleep", "asyncio.sleep", "anyio.sleep"})
_LEVELS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical"})

PYTHON: Final = files(".py")


def test_no_file_has_a_name_that_says_nothing() -> None:
    parts = {name_of(f): {f.stem, *(p for p in f.relative_to(ROOT).parts)} for f in PYTHON}
    assert [name for name, has in parts.items() if has & BANNED_NAMES] == []


def test_no_file_is_longer_than_400_lines() -> None:
    text = files(".py", ".js", ".css", ".html", ".sh")
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in text}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{name_of(file)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for file, node in _functions()
        if node.end_lineno is not None and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_silenced_warning_has_a_code_and_a_reason() -> None:
    silent = [
        f"{name_of(file)}:{line} {comment}"
        for file in PYTHON
        for line, comment in comments_of(file)
        if (_NOQA.search(comment) and not _NOQA_WITH_REASON.search(comment))
        or (_IGNORE.search(comment) and not _IGNORE_WITH_REASON.search(comment))
    ]
    assert silent == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    undone = [
        f"{name_of(file)}:{line} {comment}"
        for file in PYTHON
        for line, comment in comments_of(file)
        if _UNDONE.search(comment)
    ]
    assert undone == []


def test_a_log_line_is_a_name_and_its_facts() -> None:
    bad = [
        f"{name_of(file)}:{call.lineno}"
        for file in files(".py", under=PACKAGES)
        for call in _calls(tree_of(file))
        if _is_log(call) and not _has_plain_event(call)
    ]
    assert bad == []


def test_tests_put_nothing_in_place_of_our_own_code() -> None:
    bad = [
        f"{name_of(file)}:{node.lineno}"
        for file in PYTHON
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Import | ast.ImportFrom) and _imports_mock(node)
    ]
    assert bad == []


def test_tests_wait_by_looking_again_and_never_blindly() -> None:
    """A sleep stands in a loop, gives way (0 s), or says beside it what it waits for."""
    bad = []
    for file in files("test_*.py", "conftest.py", under=("tests",)):
        tree, said = tree_of(file), {line for line, _ in comments_of(file)}
        loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)]
        polling = {call for loop in loops for call in _calls(loop)}
        bad += [
            f"{name_of(file)}:{call.lineno}"
            for call in _calls(tree)
            if ast.unparse(call.func) in _SLEEPS
            if call not in polling and call.lineno not in said
            if ast.unparse(call.args[0]) != "0"
        ]
    assert bad == []


def test_every_test_is_named_as_a_sentence() -> None:
    short = [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file, node in _functions()
        if file.name.startswith("test_") and node.name.startswith("test_")
        if len(node.name.removeprefix("test_").split("_")) < FEWEST_WORDS
    ]
    assert short == []


def test_the_linter_keeps_the_clock_in_its_room() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"][
        "lint"
    ]
    banned = lint["flake8-tidy-imports"]["banned-api"].keys()
    assert banned >= CLOCKS | {"random", "unittest.mock"}
    assert lint["select"] == ["ALL"]
    freed = {place for place, codes in lint["per-file-ignores"].items() if "TID251" in codes}
    assert freed <= REAL_TIME


def test_locked_requirements_hold_names_versions_and_hashes_alone() -> None:
    for file in files(".txt", under=("requirements",)):
        for line in file.read_text(encoding="utf-8").splitlines():
            code = line.split("#")[0].strip().rstrip("\\").strip()
            assert "/" not in line, f"{name_of(file)}: {line}"
            assert not code or re.fullmatch(
                r"--hash=sha256:[0-9a-f]{64}|[\w.\[\],-]+==[\w.+!]+( ; .*)?", code
            ), f"{name_of(file)}: {line}"


def _functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for file in PYTHON:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _is_log(call: ast.Call) -> bool:
    method = call.func
    return (
        isinstance(method, ast.Attribute)
        and method.attr in _LEVELS
        and isinstance(method.value, ast.Name)
        and method.value.id in {"log", "logger"}
    )


def _has_plain_event(call: ast.Call) -> bool:
    """One event: a plain word, or the name of a fact."""
    if len(call.args) != 1:
        return False
    event = call.args[0]
    if isinstance(event, ast.Constant):
        return (
            isinstance(event.value, str) and re.fullmatch(r"[a-z0-9_.]+", event.value) is not None
        )
    return isinstance(event, ast.Attribute) and event.attr == "KIND"


def _imports_mock(node: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{name}" for name in names]
    return any(name == "mock" or name.startswith("unittest.mock") for name in names)
