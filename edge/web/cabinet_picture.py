"""The picture of the steel: where each door is, so that a person finds the lit one."""

from collections import Counter
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

from edge.domain.policy import CellSize, Policy

ROWS: Final = {CellSize.SMALL: 1, CellSize.MEDIUM: 2, CellSize.LARGE: 3}
"""How tall a door is drawn, in rows of the picture."""
FEWEST_COLUMNS: Final = 2
MOST_COLUMNS: Final = 12
STRETCH: Final = 2.5
"""How much wider or narrower than a square may be, so that rows come out whole."""


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
    """Whole rows of one size, as steel is built: 12 small, 8 medium, 4 large stand four to a row.

    Where there is a choice, about as wide as it is tall. The same for every screen of a station.
    """
    doors = tuple(
        PictureDoor(cell=cell.cell, name=f"{cell.cell:02d}", rows=ROWS[cell.size])
        for cell in policy.cells
    )
    return Picture(columns=_columns(doors), doors=doors)


def _columns(doors: tuple[PictureDoor, ...]) -> int:
    """As few rows as possible that one size does not fill; then as near to a square as possible."""
    square = sqrt(sum(door.rows for door in doors))
    sizes = Counter(door.rows for door in doors).values()
    fewest = max(FEWEST_COLUMNS, ceil(square / STRETCH))
    most = min(MOST_COLUMNS, max(fewest, int(square * STRETCH)))

    def flaws(columns: int) -> tuple[int, bool, float]:
        ragged = sum(number % columns != 0 for number in sizes)
        return ragged, len(doors) % columns != 0, abs(columns - square)

    return min(range(fewest, most + 1), key=flaws)
