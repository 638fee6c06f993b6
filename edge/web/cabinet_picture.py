"""The picture of the steel: where each door is, so that a person finds the lit one."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

from edge.domain.policy import CellSize, Policy

ROWS: Final = {CellSize.SMALL: 1, CellSize.MEDIUM: 2, CellSize.LARGE: 3}
"""How tall a door is drawn, in rows of the picture."""
MOST_COLUMNS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDoor:
    """One door of the picture."""

    cell: int
    name: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Doors in the order of their numbers, row after row, so many to a row."""

    columns: int
    doors: tuple[PictureDoor, ...]


def draw_cabinet(policy: Policy) -> Picture:
    """About as wide as it is tall. The same for every screen of a station."""
    doors = tuple(
        PictureDoor(cell=cell.cell, name=f"{cell.cell:02d}", rows=ROWS[cell.size])
        for cell in policy.cells
    )
    rows = sum(door.rows for door in doors)
    return Picture(columns=min(max(round(sqrt(rows)), 2), MOST_COLUMNS), doors=doors)
