"""What lies in this repository, for the tests that walk over all of it."""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("edge", "firmware_bridge", "cloud_sync", "hardware")


def files(*endings: str, under: tuple[str, ...] = (*PACKAGES, "tests", "scripts")) -> list[Path]:
    """Files below the named folders by their ending, in order; caches are not ours."""
    return sorted(
        file
        for folder in under
        for ending in endings
        for file in (ROOT / folder).rglob(f"*{ending}")
        if "__pycache__" not in file.parts
    )


def name_of(file: Path) -> str:
    """A path as people write it."""
    return file.relative_to(ROOT).as_posix()


@cache
def tree_of(file: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(file.read_text(encoding="utf-8"), name_of(file))


def comments_of(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each comment."""
    for token in tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
