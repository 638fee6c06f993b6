"""The parts by which a station's journal goes on: snapshots, pruning, and GRANTs."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cloud_sync.station.talks.grant_talk import GrantTalk
from cloud_sync.station.talks.snapshot_talk import SnapshotTalk
from edge.daemon.county.grants import receive_grant, take_grant
from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.county.snapshots import SnapshotKeeper
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.settings import Settings, policy_of
from edge.store.connection import FolderLock
from edge.store.database import Store

_DAY_MS: Final = 86_400_000


async def open_store(
    folder: Path, settings: Settings, thread: StoreThread, lock: FolderLock
) -> Store:
    """Open the journal, after a GRANT that waits has been taken. Raises StoreError."""
    policy = policy_of(settings)
    try:
        await thread.run(take_grant, folder, policy, settings.station_id, settings.county_id)
    except BaseException:
        lock.release()
        raise
    return await thread.run(Store.open, folder, lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOn:
    """Snapshots kept and sent, and GRANTs taken."""

    keeper: SnapshotKeeper
    snapshots: SnapshotTalk
    grants: GrantTalk


def go_on(  # noqa: PLR0913, PLR0917 - the parts of a station, each once
    folder: Path,
    settings: Settings,
    station: Station,
    store: Store,
    thread: StoreThread,
    anew: asyncio.Event,
) -> GoingOn:
    """Make the parts; `anew` tells the station to begin anew."""

    async def receive(data: bytes) -> None:
        await thread.run(receive_grant, folder, policy_of(settings), store, data)
        anew.set()

    return GoingOn(
        keeper=SnapshotKeeper(station, store, thread, settings.link.keep_days * _DAY_MS),
        snapshots=SnapshotTalk(StoreJournalSource(store, thread)),
        grants=GrantTalk(receive),
    )


async def first_of(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
