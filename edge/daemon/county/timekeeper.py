"""Brings the county's time to the clock, then to the journal."""

import asyncio
import contextlib
from typing import Final, Protocol

from edge.daemon.clock import SystemClock
from edge.daemon.front import InputMaker
from edge.daemon.store_thread import StoreCalls
from edge.domain.inputs import ClockLearned, Fresh, Input
from edge.kernel.errors import StoreError
from edge.kernel.time import Clock, Instant
from edge.store.database import Store

KEEP_EVERY_S: Final = 600.0


async def keep_time(
    store: Store, store_thread: StoreCalls, clock: Clock, every_s: float = KEEP_EVERY_S
) -> None:
    """Keep how late it is, now and then and at a clean stop. May raise StoreError."""
    try:
        while True:
            await asyncio.sleep(every_s)
            await store_thread.run(store.keep_wall, clock.now().wall_lo_ms)
    finally:
        with contextlib.suppress(StoreError):  # whoever could not write has said so already
            await store_thread.run(store.keep_wall, clock.now().wall_lo_ms)


class Reports(Protocol):
    """The part of the station that takes reports."""

    def report(self, make: InputMaker) -> None:
        """Tell without waiting."""

    def now(self) -> Instant:
        """The present moment."""


class Timekeeper:
    """Fits cloud_sync.station.talks.clock_talk.Tell."""

    def __init__(self, station: Reports, clock: SystemClock) -> None:
        self._station, self._clock = station, clock

    def __call__(self, county_ms: int, asked_ms: int, heard_ms: int, session: str) -> bool:
        """Learn the time first, so that the fact about it has the bracket already."""
        believed = self._clock.learn(county_ms, asked_ms, heard_ms, session)
        if believed:
            self._station.report(self._learned)
        return believed

    def _learned(self, at: Instant, _fresh: Fresh) -> Input:
        county_ms, error_ms = self._clock.county_at(at.mono_ms) or (at.wall_lo_ms, 0)
        return ClockLearned(at=at, county_ms=county_ms, error_ms=error_ms)
