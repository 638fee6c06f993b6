"""How far the sync of a station has come, read from its file while no daemon holds it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from edge.kernel.errors import StoreError
from edge.store.connection import DATABASE, FolderLock, open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncMarks:
    """The marks on the disk."""

    epoch: int
    head_seq: int
    oldest_seq: int
    applied_seq: int
    durable_seq: int
    county_gen: str
    state_seq: int


def read_sync_marks(folder: Path) -> SyncMarks:
    """Raises FolderHeldError while a daemon runs, StoreError for a file that cannot be read."""
    if not (folder / DATABASE).exists():
        raise StoreError(f"there is no journal in {folder}")
    lock = FolderLock.take(folder)
    try:
        database = open_database(folder / DATABASE)
        try:
            return _marks(database.conn)
        except sqlite3.Error as failure:
            raise StoreError(f"the journal cannot be read: {failure}") from failure
        finally:
            database.close()
    finally:
        lock.release()


def _marks(connection: sqlite3.Connection) -> SyncMarks:
    def one(query: str) -> tuple[int | str, ...]:
        row: tuple[int | str, ...] = connection.execute(query).fetchone()
        return row

    (epoch,) = one("SELECT value FROM meta WHERE name = 'epoch'")
    (base,) = one("SELECT seq FROM journal_base")
    (head,) = one(f"SELECT coalesce(max(seq), {base}) FROM journal WHERE epoch = {int(epoch)}")  # noqa: S608 - our own numbers
    gen, applied, durable = one("SELECT county_gen, applied_seq, durable_seq FROM county_cursor")
    (state,) = one("SELECT seq FROM county_state_mark")
    return SyncMarks(
        epoch=int(epoch),
        head_seq=int(head),
        oldest_seq=int(base) + 1,
        applied_seq=int(applied),
        durable_seq=int(durable),
        county_gen=str(gen),
        state_seq=int(state),
    )
