"""When a coil may be driven: one at a time per supply, and each with rest between its pulses."""

import threading
from collections import Counter
from collections.abc import Hashable
from math import inf
from typing import Final

from hardware.options import COOLING

PAUSE_S: Final = 0.1
"""Between two coils: the board's own timer is not exact, and the supply must recover (F043)."""


class CoilGuard:
    """The coils of one supply; any thread may ask. Times are seconds of one clock for all.

    `board` is whatever tells the boards of one supply apart. A repeat waits and is never refused:
    a refusal would use up one of the two pulses that an authorisation has. The settings see to it
    that the rest ends before the person is asked.
    """

    def __init__(self) -> None:
        self._free_s = 0.0
        self._cool_s: dict[tuple[Hashable, int], float] = {}
        self._held: set[Hashable] = set()
        self._gate = threading.Lock()

    def ready_s(self, board: Hashable, channel: int) -> float:
        """The earliest second at which this coil may be driven, as far as is known now."""
        with self._gate:
            return self._ready_s((board, channel))

    def claim(self, board: Hashable, channel: int, pulse_s: float, now_s: float) -> bool:
        """Take the supply for this coil from now on for `pulse_s`; False: not yet, ask again."""
        with self._gate:
            if self._ready_s((board, channel)) > now_s:
                return False
            self._free_s = now_s + pulse_s + PAUSE_S
            self._cool_s[board, channel] = now_s + pulse_s * COOLING
            return True

    def hold(self, board: Hashable) -> None:
        """A coil of this board could not be switched off: nothing else is driven meanwhile."""
        with self._gate:
            self._held.add(board)

    def let_go(self, board: Hashable, now_s: float) -> None:
        """All coils of this board are off again for sure."""
        with self._gate:
            if board in self._held:
                self._held.remove(board)
                self._free_s = max(self._free_s, now_s + PAUSE_S)

    def _ready_s(self, coil: tuple[Hashable, int]) -> float:
        if self._held:
            return inf
        return max(self._free_s, self._cool_s.get(coil, 0.0))


# Boards on different ports may hang on one supply; the settings name it once for each.
_SUPPLIES: Final[dict[str, CoilGuard]] = {}
_USERS: Final[Counter[str]] = Counter()
_GATE: Final = threading.Lock()


def join_supply(name: str) -> CoilGuard:
    """The one guard of that supply; give it back with `leave_supply`."""
    with _GATE:
        _USERS[name] += 1
        return _SUPPLIES.setdefault(name, CoilGuard())


def leave_supply(name: str) -> None:
    """One user less; the last one takes the guard along."""
    with _GATE:
        _USERS[name] -= 1
        if not _USERS[name]:
            del _USERS[name], _SUPPLIES[name]
