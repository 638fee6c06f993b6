"""Lock boards whose own timer is set short, so that a test need not wait for coils to rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from firmware_bridge.lock_board.dialects import DIALECTS, Dialect


@contextmanager
def quick_boards(pulse_ms: int) -> Iterator[None]:
    """While this lasts, the boards of the table drive a coil for so long by themselves."""
    before = dict(DIALECTS)
    DIALECTS.update({name: _quick(row, pulse_ms) for name, row in before.items()})
    try:
        yield
    finally:
        DIALECTS.clear()
        DIALECTS.update(before)


@cache
def _quick(row: Dialect, pulse_ms: int) -> Dialect:
    """The same one each time: boards on one line speak one dialect."""
    return replace(row, pulse_ms=pulse_ms)
