"""What was learned goes into station.toml: its comments and all other keys stay as they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit

from edge.settings import FILE_NAME, LockBoardTable, parse_settings
from edge.tools.commissioning.lesson import BoardPlan
from edge.tools.commissioning.progress import now, write_whole


def new_text(
    text: str, boards: Sequence[LockBoardTable], plans: Sequence[BoardPlan]
) -> tuple[str, tuple[int, ...]]:
    """The file with new keys under [[cabinet.boards]], and the cells that lost their size.

    A cell that no lock opens any more may not have a size either. Raises ConfigError when the
    outcome would not start a station.
    """
    document = tomlkit.parse(text)
    cabinet: Any = document["cabinet"]
    for table, board, plan in zip(cabinet["boards"], boards, plans, strict=True):
        _edit(table, board, plan)
    cells = {cell for plan in plans for cell in plan.cells if cell}
    struck = []
    for size in ("medium", "large"):
        sized = list(cabinet.get(size, ()))
        kept = [cell for cell in sized if cell in cells]
        if kept != sized:
            cabinet[size] = kept
            struck += [cell for cell in sized if cell not in cells]
    new = tomlkit.dumps(document)
    parse_settings(new, FILE_NAME)
    return new, tuple(struck)


def _edit(table: Any, board: LockBoardTable, plan: BoardPlan) -> None:
    if plan.closed_bit != board.closed_bit:
        table["closed_bit"] = plan.closed_bit
    straight = tuple(range(board.first_cell, board.first_cell + board.channels))
    _set_or_drop(table, "cells", plan.cells, default=straight)
    _set_or_drop(table, "sensors", plan.sensors, default=tuple(range(1, board.channels + 1)))


def _set_or_drop(
    table: Any, key: str, numbers: tuple[int, ...], *, default: tuple[int, ...]
) -> None:
    if numbers != default:
        table[key] = list(numbers)
    elif key in table:
        del table[key]


def write_settings(folder: Path, text: str) -> Path:
    """Replace station.toml at once; returns the copy of the old one beside it."""
    file = folder / FILE_NAME
    stamp = now().replace("-", "").replace(":", "")
    backup = folder / f"{FILE_NAME}.before-{stamp}"
    write_whole(backup, file.read_bytes())
    write_whole(file, text.encode())
    return backup
