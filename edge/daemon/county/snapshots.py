"""Keeps snapshots of the state, and prunes what they and the county make needless."""

import asyncio
from typing import Final

import structlog

from edge.daemon.station import Station
from edge.daemon.store_thread import StoreCalls
from edge.domain.inputs import SnapshotKept
from edge.domain.state import State, running_ms
from edge.domain.state_codec import encode_state
from edge.kernel.ids import Seq
from edge.store.database import Store
from edge.store.snapshots import SPACING, SPACING_MS, Snapshot, make_snapshot

log = structlog.get_logger(__name__)

FIRST: Final = 50
"""The first snapshot comes soon: it carries the key of the codes to the county."""
REST_S: Final = 0.05
"""Between two portions of pruning, so that a door never waits for more than one of them."""


class SnapshotKeeper:
    """One chore of the daemon. Every method may raise StoreError."""

    def __init__(self, station: Station, store: Store, calls: StoreCalls, keep_ms: int) -> None:
        self._station, self._store, self._calls = station, store, calls
        self._keep_ms = keep_ms
        self._grown = asyncio.Event()
        station.when_journal_grows(self._grown.set)

    async def run(self) -> None:
        """Take one whenever it is time, for ever."""
        while True:
            if await self._due():
                await self.take()
                await self.prune()
            await self._grown.wait()
            self._grown.clear()

    async def take(self) -> None:
        """Keep what is known now, and tell of it."""
        state, (seq, digest) = self._station.state, self._station.place
        snapshot = await self._calls.run(_made, state, seq, digest)
        await self._calls.run(self._store.snapshots.add, snapshot)
        await self._station.tell(
            lambda at, _fresh: SnapshotKept(
                at=at, seq=snapshot.seq, digest=snapshot.digest, ran_ms=snapshot.ran_ms
            )
        )

    async def take_last(self) -> None:
        """At a stop in order: the next start then reads little."""
        newest, _ran_ms = await self._calls.run(self._store.snapshots.newest_place)
        if self._station.place[0] > newest + 1:  # more than the fact that tells of it
            await self.take()

    async def prune(self) -> None:
        """Drop what nobody needs here any more."""
        pruned = 0
        while True:
            now = self._station.now()
            ran_ms = running_ms(self._station.state, now)
            if not await self._calls.run(self._store.prune, now, ran_ms, self._keep_ms):
                break
            pruned += 1
            await asyncio.sleep(REST_S)
        if pruned:
            log.info("journal_pruned", portions=pruned)

    async def _due(self) -> bool:
        seq = self._station.place[0]
        newest, ran_ms = await self._calls.run(self._store.snapshots.newest_place)
        if seq <= newest + 1:
            return False
        if newest == 0 and (seq >= FIRST or self._store.grant):
            return True
        return seq - newest >= SPACING or self._station.state.ran_ms - ran_ms >= SPACING_MS


def _made(state: State, seq: Seq, digest: bytes) -> Snapshot:
    wall_ms = 0 if state.seen_at is None else state.seen_at.wall_lo_ms
    clear = encode_state(state)
    return make_snapshot(clear, seq=seq, digest=digest, ran_ms=state.ran_ms, wall_ms=wall_ms)
