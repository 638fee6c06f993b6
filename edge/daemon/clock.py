"""The real clock: counts suspend, never goes back, and trusts the wall only as far as it may."""

import time
from typing import Final

from edge.kernel.time import Instant

BUILD_FLOOR_MS: Final = 1_790_000_000_000
"""No station runs before September 2026; an earlier wall clock is wrong."""


class SystemClock:
    """Instants of one boot. `floor_ms` is the latest wall time that the journal has seen."""

    def __init__(self, *, boot: int, floor_ms: int) -> None:
        self._boot = boot
        self._start_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        self._floor_ms = max(floor_ms, BUILD_FLOOR_MS)

    def now(self) -> Instant:
        """The present. The wall's upper bound stays open until the county signs a time."""
        mono_ms = (time.clock_gettime_ns(time.CLOCK_BOOTTIME) - self._start_ns) // 1_000_000
        wall_ms = time.time_ns() // 1_000_000
        self._floor_ms = max(self._floor_ms, wall_ms)
        return Instant(boot=self._boot, mono_ms=mono_ms, wall_lo_ms=self._floor_ms, wall_hi_ms=None)

    def mono_ms(self) -> int:
        """Milliseconds of this boot alone, for time-outs."""
        return self.now().mono_ms
