"""The journal as the sync session sees it: reads and the cursor, all through the store's thread."""

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.messages import Position
from edge.daemon.store_thread import StoreThread
from edge.kernel.ids import Seq
from edge.store.database import Store


class StoreJournalSource:
    """Fits cloud_sync.station.ports.JournalSource."""

    def __init__(self, store: Store, store_thread: StoreThread) -> None:
        self._store = store
        self._thread = store_thread

    async def head(self) -> Position:
        """The newest fact's place."""
        seq, digest = await self._thread.run(self._store.head)
        return Position(epoch=self._store.epoch, seq=seq, hash=digest.hex())

    async def hash_at(self, seq: int) -> bytes | None:
        """The chain hash at a place, GENESIS at 0, None where nothing is kept."""
        return await self._thread.run(self._store.hash_at, Seq(seq))

    async def facts_after(self, seq: int, max_facts: int, max_bytes: int) -> list[bytes]:
        """Canonical bytes that follow a place, oldest first, at least one if there is any."""
        return await self._thread.run(self._store.facts_between, Seq(seq), max_facts, max_bytes)

    async def cursor(self) -> Cursor:
        """How far the county has acknowledged."""
        return await self._thread.run(self._store.cursor)

    async def save_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""
        await self._thread.run(self._store.set_cursor, cursor)
