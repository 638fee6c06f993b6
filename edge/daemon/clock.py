"""The real clock: counts suspend, never goes back, and trusts the wall only as far as it may."""

import time
from collections.abc import Callable
from typing import Final

from edge.kernel.time import Instant

BUILD_FLOOR_MS: Final = 1_790_000_000_000
"""No station runs before September 2026; an earlier wall clock is wrong."""


def _since_power_on_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)  # CLOCK_MONOTONIC stands still in suspend


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
        self._floor_ms = max(floor_ms, BUILD_FLOOR_MS)

    def now(self) -> Instant:
        """The present. The wall's upper bound stays open until the county signs a time."""
        mono_ms = (self._since_power_on_ns() - self._start_ns) // 1_000_000
        self._floor_ms = max(self._floor_ms, self._wall_ns() // 1_000_000)
        return Instant(boot=self._boot, mono_ms=mono_ms, wall_lo_ms=self._floor_ms, wall_hi_ms=None)

    def mono_ms(self) -> int:
        """Milliseconds of this boot alone, for time-outs."""
        return self.now().mono_ms
