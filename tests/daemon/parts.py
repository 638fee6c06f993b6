"""Small real parts for the daemon's tests: a clock that is set by hand, a store in a folder."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from edge.daemon.store_thread import StoreThread
from edge.kernel.time import Instant
from edge.store.database import Store

PATIENCE_S = 5.0


class HandClock:
    """A clock that moves only when told to."""

    def __init__(self, boot: int = 1) -> None:
        self.boot = boot
        self.mono_ms = 0

    def now(self) -> Instant:
        return Instant(
            boot=self.boot,
            mono_ms=self.mono_ms,
            wall_lo_ms=1_795_000_000_000 + self.mono_ms,
            wall_hi_ms=None,
        )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Store, StoreThread]]:
    """A store in its thread, closed afterwards."""
    thread = StoreThread()
    store = await thread.run(Store.open, folder)
    try:
        yield store, thread
    finally:
        await thread.run(store.close)
        thread.close()


async def until(what: Callable[[], bool]) -> None:
    """Let the loop turn until `what` is true; fails after a few seconds."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.002)
