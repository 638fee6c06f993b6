"""How long the station could go on keeping everything: what is free, and what a day takes."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from cloud_sync.wire.envelope import decode
from edge.daemon.front import RoomView
from edge.daemon.store_thread import StoreCalls
from edge.kernel.ids import Seq
from edge.store.database import Store

LOOK_EVERY_S: Final = 600.0
_FACTS: Final = 1_000
_DAY_MS: Final = 86_400_000
_BESIDE: Final = 120
"""Bytes that a fact takes besides its own: hash, kind, keys, half-filled pages."""
_KEPT_FREE: Final = 20
"""One part in so many is not for facts: a card that is quite full wears out and stalls."""


def measure_room(store: Store, folder: Path) -> RoomView:
    """Look at the disk and at the last thousand facts. Raises StoreError or OSError."""
    usage = shutil.disk_usage(folder)
    free = max(0, usage.free - usage.total // _KEPT_FREE)
    return RoomView(free_bytes=free, daily_bytes=_daily_bytes(store))


def _daily_bytes(store: Store) -> int:
    head, _digest = store.head()
    facts = store.facts_between(Seq(max(0, head - _FACTS)), _FACTS, 10_000_000)
    if not facts:
        return 0
    try:
        span_ms = decode(facts[-1]).wall_lo - decode(facts[0]).wall_lo
    except msgspec.MsgspecError:
        span_ms = 0
    size = sum(len(fact) + _BESIDE for fact in facts)
    return size * _DAY_MS // max(span_ms, _DAY_MS)


class RoomWatch:
    """Measures at the start and every ten minutes."""

    def __init__(self, folder: Path, store: Store, store_thread: StoreCalls) -> None:
        self._folder, self._store, self._thread = folder, store, store_thread
        self._view: RoomView | None = None

    def view(self) -> RoomView | None:
        """The last measure; None before the first, or where the disk cannot be asked."""
        return self._view

    async def run(self, on_change: Callable[[], None]) -> None:
        """For ever. Raises StoreError."""
        while True:
            try:
                view = await self._thread.run(measure_room, self._store, self._folder)
            except OSError:
                view = None
            if view != self._view:
                self._view = view
                on_change()
            await asyncio.sleep(LOOK_EVERY_S)
