"""Every word key that the code names exists, whether it stands in Python, a page or a script."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from edge.words import WORDS
from tests.architecture.tree import PACKAGES, files, name_of, tree_of

_SAYERS: Final = frozenset({"say", "words"})
_IN_PAGE: Final = re.compile(r"\bsay\(\s*[\"']([^\"']+)[\"']")
_IN_SCRIPT: Final = re.compile(r"[\"'`]((?:kiosk|keeper|county|bench|page)\.[a-z0-9_.]+)[\"'`]")
_NOTE: Final = re.compile(r"(device|printer|slip)\.[a-z_]+")
_FILE_NAME: Final = re.compile(r".*\.(js|css|html|svg|png)$")


def _spoken(file: Path) -> list[tuple[str, re.Pattern[str]]]:
    """What a Python file says: a key, or a pattern where a part of the key is not known here."""
    found = []
    for node in ast.walk(tree_of(file)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if not isinstance(node.func, ast.Name) or node.func.id not in _SAYERS:
            continue
        key = node.args[0]
        parts = key.values if isinstance(key, ast.JoinedStr) else [key]
        if not any(isinstance(part, ast.Constant) for part in parts):
            continue
        pattern = "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts
        )
        found.append((f"{name_of(file)}:{node.lineno} {ast.unparse(key)}", re.compile(pattern)))
    return found


def test_every_key_that_python_says_has_a_sentence() -> None:
    spoken = [one for file in files(".py", under=PACKAGES) for one in _spoken(file)]
    assert len(spoken) > 10
    assert [where for where, key in spoken if not any(map(key.fullmatch, WORDS))] == []


def test_every_note_of_a_device_has_a_sentence() -> None:
    notes = {
        f"{name_of(file)}:{node.lineno} {node.value}": node.value
        for file in files(".py", under=PACKAGES)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if _NOTE.fullmatch(node.value)
    }
    assert [where for where, note in notes.items() if note not in WORDS] == []


@pytest.mark.parametrize("ending", [".html", ".js"])
def test_every_key_that_a_page_names_has_a_sentence(ending: str) -> None:
    pattern = _IN_PAGE if ending == ".html" else _IN_SCRIPT
    named = {
        f"{name_of(file)} {key}": key
        for file in files(ending, under=PACKAGES)
        for key in pattern.findall(file.read_text(encoding="utf-8"))
        if not _FILE_NAME.fullmatch(key)
    }
    assert [where for where, key in named.items() if key not in WORDS] == []
