"""Time as a value. Nobody looks at the clock: instants come in from outside."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """A moment as the station knows it: exact since this boot, a bracket on the wall.

    `mono_ms` counts from the start of boot number `boot`, suspend included. `wall_lo_ms` and
    `wall_hi_ms` bracket UTC in ms since 1970; `wall_hi_ms` is None while the clock is not trusted.
    """

    boot: int
    mono_ms: int
    wall_lo_ms: int
    wall_hi_ms: int | None

    def since_ms(self, earlier: "Instant") -> int | None:
        """Milliseconds from `earlier` to here, or None when a restart lies between."""
        return self.mono_ms - earlier.mono_ms if self.boot == earlier.boot else None


class Expiry(StrEnum):
    """Whether a moment has passed, as far as a bracket on the wall can tell."""

    VALID = "valid"
    EXPIRED = "expired"
    UNSURE = "unsure"


def judge(now: Instant, not_after_ms: int) -> Expiry:
    """Whether `not_after_ms` lies behind `now`. What a clock cannot tell is UNSURE."""
    if now.wall_lo_ms > not_after_ms:
        return Expiry.EXPIRED
    known = now.wall_hi_ms is not None and now.wall_hi_ms <= not_after_ms
    return Expiry.VALID if known else Expiry.UNSURE


class Clock(Protocol):
    """Where instants come from; the shell has the real one, the simulator a virtual one."""

    def now(self) -> Instant:
        """The present moment. Never goes back, within a boot or across boots."""
