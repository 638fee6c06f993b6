"""Readings of a scale in whole grams, and which of them lie still."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

MOST_GRAMS: Final = 1_000_000
"""A platform that a counter or a village floor bears; beyond it a decimal point was lost."""
UNSTEADY_S: Final = 10.0
"""A good scale settles within 2 s; so long without rest is wind, a hand or a broken foot."""


class Trouble(StrEnum):
    """Why there is no weight."""

    MOVING = "unsteady"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    OTHER_UNIT = "other_unit"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the scale calls a stable weight; `net` when a tare has been taken off."""

    grams: int
    net: bool


@dataclass(frozen=True, slots=True)
class NoLoad:
    """The scale said something else than a stable weight."""

    trouble: Trouble


Reading = Load | NoLoad


def load_of(digits: str, grams_a_unit: int, *, negative: bool, net: bool) -> Reading:
    """The load of a number as printed, e.g. "4.876" with 1000 grams a unit; half a gram rounds."""
    exact = Decimal(digits) * grams_a_unit
    grams = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
    if grams > MOST_GRAMS:
        return NoLoad(Trouble.UNREADABLE)
    return Load(grams=-grams if negative else grams, net=net)


class ScaleWatch:
    """Which loads are told: those that the scale calls stable twice in a row, each once.

    The same load is told again when something else came in between. Neither protocol has a check
    byte, so one stable reading alone may be a damaged one. Times are of the caller's clock.
    """

    def __init__(self) -> None:
        self._last: Load | None = None
        self._told: Load | None = None
        self._moving_since_s: float | None = None
        self.trouble: Trouble | None = None

    def take(self, reading: Reading, now_s: float) -> Load | None:
        """One reading came; returns the load that is to be told now."""
        if isinstance(reading, NoLoad):
            self._last = None
            self._note(reading.trouble, now_s)
            return None
        self._moving_since_s = None
        self.trouble = None
        still, self._last = reading == self._last, reading
        if not still or reading == self._told:
            return None
        self._told = reading
        return reading

    def _note(self, trouble: Trouble, now_s: float) -> None:
        if trouble is Trouble.UNREADABLE:  # the line's, not the platform's: nothing has moved
            return
        self._told = None
        if trouble is not Trouble.MOVING:
            self._moving_since_s = None
            self.trouble = trouble
            return
        if self._moving_since_s is None:
            self._moving_since_s = now_s
            self.trouble = None
        if now_s - self._moving_since_s >= UNSTEADY_S:
            self.trouble = Trouble.MOVING
