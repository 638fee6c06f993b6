"""The journal as the sync session sees it: reads and the cursor, all through the store's thread."""

from cloud_sync.station.ports import Cursor, SnapshotToSend
from cloud_sync.wire.messages import Position
from edge.daemon.county.handover import newest_to_send, oldest_to_send
from edge.daemon.store_thread import StoreCalls
from edge.kernel.ids import Seq
from edge.store.database import Store


class StoreJournalSource:
    """Fits cloud_sync.station.ports.JournalSource."""

    def __init__(self, store: Store, store_thread: StoreCalls) -> None:
        self._store = store
        self._thread = store_thread

    async def head(self) -> Position:
        """The newest fact's place."""
        seq, digest = await self._thread.run(self._store.head)
        return Position(epoch=self._store.epoch, seq=seq, hash=digest.hex())

    async def hash_at(self, seq: int) -> bytes | None:
        """The chain hash at a place, None where nothing is kept."""
        return await self._thread.run(self._store.hash_at, Seq(seq))

    async def facts_after(self, seq: int, max_facts: int, max_bytes: int) -> list[bytes]:
        """Canonical bytes that follow a place, oldest first, at least one if there is any."""
        return await self._thread.run(self._store.facts_between, Seq(seq), max_facts, max_bytes)

    async def base(self) -> Position:
        """The place before the first fact that is kept."""
        seq, digest = await self._thread.run(self._store.base)
        return Position(epoch=self._store.epoch, seq=seq, hash=digest.hex())

    async def oldest_snapshot(self) -> SnapshotToSend | None:
        """The first from which all later facts are kept."""
        return await self._thread.run(oldest_to_send, self._store)

    async def newest_snapshot(self, held_seq: int) -> SnapshotToSend | None:
        """The newest, if the one that the county holds is old beside it."""
        return await self._thread.run(newest_to_send, self._store, held_seq)

    async def cursor(self) -> Cursor:
        """How far the county has acknowledged."""
        return await self._thread.run(self._store.cursor)

    async def save_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""
        await self._thread.run(self._store.set_cursor, cursor)
