"""The real clock: counts suspend, never goes back, and believes nobody further than it must.

What it gives is a bracket on the wall. The lower end never goes back: it starts where the journal
ended and grows with the time since power-on. The machine's own clock, which any time server may
have set, moves it on by a day at most, beyond what is known. The upper end is open until the
county has told the time in answer to our own question. A county whose time lies more than a day
ahead is believed once the machine's clock agrees, or once another session with the county, an hour
later or more, says the same: so long people have to put right what is wrong.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from edge.kernel.time import Instant

log = structlog.get_logger(__name__)

BUILD_FLOOR_MS: Final = 1_790_000_000_000
"""No station runs before September 2026; an earlier wall clock is wrong."""
FIRST_BOOT_SPAN_MS: Final = 10 * 365 * 86_400_000
"""A station that has never known the time believes its machine so far beyond the build."""
DAY_MS: Final = 86_400_000
DOUBTED_FOR_MS: Final = 3_600_000
COUNTY_AHEAD: Final = "clock.county_ahead"
COUNTY_BEHIND: Final = "clock.county_behind"
"""What the county hears of a time that was not believed."""
NEAR_MS: Final = 60_000
"""Clocks that are no further apart say the same."""
_DRIFT: Final = 5_000
"""A quartz is wrong by less than one part of these: 200 ppm."""


def _since_power_on_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)  # CLOCK_MONOTONIC stands still in suspend


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The county's time, asked for and heard at these moments of this boot."""

    county_ms: int
    asked_ms: int
    heard_ms: int
    session: str

    def earliest_ms(self, mono_ms: int) -> int:
        age_ms = max(0, mono_ms - self.heard_ms)
        return self.county_ms + age_ms - age_ms // _DRIFT

    def latest_ms(self, mono_ms: int) -> int:
        age_ms = mono_ms - self.asked_ms
        return self.county_ms + age_ms + age_ms // _DRIFT + 1


class SystemClock:
    """Instants of one boot. `floor_ms` is the latest wall time that the journal has seen."""

    def __init__(
        self,
        *,
        boot: int,
        floor_ms: int,
        since_power_on_ns: Callable[[], int] = _since_power_on_ns,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._boot = boot
        self._since_power_on_ns = since_power_on_ns
        self._wall_ns = wall_ns
        self._start_ns = since_power_on_ns()
        self._known = floor_ms > 0
        self._lo_ms = max(floor_ms, BUILD_FLOOR_MS)
        self._lo_at = 0
        machine_ms = self._machine_ms()
        if not self._known and 0 <= machine_ms - self._lo_ms <= FIRST_BOOT_SPAN_MS:
            self._lo_ms = machine_ms
        self._anchor_ms = self._lo_ms
        """What was known at the start of this boot, or when the county told it."""
        self._anchored_at = 0
        self._told: _Told | None = None
        self._doubted: _Told | None = None
        self._disbelieved = False
        self.doubt = ""
        """Why the time that the county told last was not believed; empty where it was."""

    def now(self) -> Instant:
        """The present. The wall's upper bound stays open until the county has told the time."""
        mono_ms = self.mono_ms()
        told = self._told
        hi_ms = None if told is None else told.latest_ms(mono_ms)
        lo_ms = self._lo_ms + _at_least(mono_ms - self._lo_at)
        if told is not None:
            lo_ms = max(lo_ms, told.earliest_ms(mono_ms))
        machine_ms = self._believed_ms(mono_ms)
        lo_ms = max(lo_ms, machine_ms if hi_ms is None else min(machine_ms, hi_ms))
        self._lo_ms, self._lo_at = lo_ms, mono_ms
        if hi_ms is not None:
            # Ahead of the county by a moment is no doubt; by more, nobody knows who is right.
            hi_ms = max(lo_ms, hi_ms) if lo_ms - hi_ms <= NEAR_MS else None
        return Instant(boot=self._boot, mono_ms=mono_ms, wall_lo_ms=lo_ms, wall_hi_ms=hi_ms)

    def mono_ms(self) -> int:
        """Milliseconds of this boot alone, for time-outs."""
        return (self._since_power_on_ns() - self._start_ns) // 1_000_000

    def learn(self, county_ms: int, asked_ms: int, heard_ms: int, session: str = "") -> bool:
        """The county told the time in answer to what was asked; whether it is believed.

        `asked_ms` and `heard_ms` are of this boot. The county's clock stood at `county_ms` at some
        moment between them.
        """
        told = _Told(county_ms=county_ms, asked_ms=asked_ms, heard_ms=heard_ms, session=session)
        now = self.now()
        ahead_ms = told.earliest_ms(now.mono_ms) - now.wall_lo_ms
        if now.wall_lo_ms - told.latest_ms(now.mono_ms) > NEAR_MS:
            # One of the two was wrong before, and nobody knows which: time has to catch up.
            log.error("county_time_behind_ours", by_ms=-ahead_ms)
            self._told, self.doubt = None, COUNTY_BEHIND
            return False
        if self._known and ahead_ms > DAY_MS and not self._seconded(told, now.mono_ms):
            log.error("county_time_not_believed", ahead_ms=ahead_ms)
            if self._doubted is None or not self._says_the_same(told, now.mono_ms):
                self._doubted = told
            self.doubt = COUNTY_AHEAD
            return False
        self._told, self._doubted, self._known, self.doubt = told, None, True, ""
        self._anchor_ms, self._anchored_at = told.earliest_ms(now.mono_ms), now.mono_ms
        return True

    def county_at(self, mono_ms: int) -> tuple[int, int] | None:
        """What the county's clock shows at a moment of this boot, and by how much that may err."""
        if self._told is None:
            return None
        first, last = self._told.earliest_ms(mono_ms), self._told.latest_ms(mono_ms)
        return (first + last) // 2, (last - first + 1) // 2

    def _seconded(self, told: _Told, mono_ms: int) -> bool:
        """Whether somebody else says the same: the machine's clock, or another session."""
        if abs(self._machine_ms() - told.earliest_ms(mono_ms)) <= DAY_MS:
            return True
        before = self._doubted
        if before is None or before.session == told.session:
            return False
        lasts = told.asked_ms - before.heard_ms >= DOUBTED_FOR_MS
        return lasts and self._says_the_same(told, mono_ms)

    def _says_the_same(self, told: _Told, mono_ms: int) -> bool:
        """Whether a time is the one that was doubted before."""
        before = self._doubted
        return before is not None and (
            abs(before.earliest_ms(mono_ms) - told.earliest_ms(mono_ms)) <= NEAR_MS
        )

    def _machine_ms(self) -> int:
        return self._wall_ns() // 1_000_000

    def _believed_ms(self, mono_ms: int) -> int:
        """What the machine's clock shows, 0 where that lies too far ahead."""
        machine_ms = self._machine_ms()
        most_ms = self._anchor_ms + (mono_ms - self._anchored_at) + DAY_MS
        disbelieved = machine_ms > most_ms
        if disbelieved and not self._disbelieved:
            log.error("machine_clock_not_believed", shows_ms=machine_ms, most_ms=most_ms)
        self._disbelieved = disbelieved
        return 0 if disbelieved else machine_ms


def _at_least(elapsed_ms: int) -> int:
    """How much time has passed for certain when a quartz has counted so much."""
    return elapsed_ms - elapsed_ms // _DRIFT
