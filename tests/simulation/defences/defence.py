"""A defence: a few lines of the real code without which a law would be broken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest

Off = Callable[[pytest.MonkeyPatch], None]
"""Takes something out of the real code, until the patch is undone."""
SEEDS: Final = 40
"""Within which most defences are missed several times over."""


@dataclass(frozen=True, kw_only=True)
class Defence:
    """`off` takes it out of the real code; one of `laws` must then be broken in some world.

    Where two defences stand one behind the other, `off` takes both: with one of them left nothing
    happens, which is what it is there for. `long` tells that worlds are those
    of three station-hours, and `needs` what must be allowed to go wrong there: a world without it
    has nothing to tell.
    `most` bounds the seeds, at some three times the one that tells today.
    """

    name: str
    off: Off
    laws: frozenset[str]
    long: bool = False
    needs: tuple[str, ...] = ()
    most: int = SEEDS


def defence(
    name: str,
    off: Off,
    *laws: str,
    long: bool = False,
    needs: tuple[str, ...] = (),
    most: int = SEEDS,
) -> Defence:
    """One line of a table."""
    return Defence(name=name, off=off, laws=frozenset(laws), long=long, needs=needs, most=most)
