"""Opening the database file: one holder, one connection, settings that survive a power cut."""

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import Final, Self

from sqlite_utils import Database

from edge.kernel.errors import StoreError
from edge.store.schema import MIGRATIONS, SCHEMA_VERSION

DATABASE: Final = "journal.db"
LOCK: Final = "daemon.lock"
_USER_VERSION_AT: Final = 60
"""Offset of the schema number in a SQLite file's header, big endian (sqlite.org/fileformat.html)."""


class FolderLock:
    """Holds a data folder; the lock goes with the process, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path) -> Self:
        """Take the folder. Raises StoreError naming the process that holds it."""
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            raise StoreError(
                f"{folder} is held by another cunyi (process {holder or 'unknown'}). "
                "Stop that one first; two daemons on one folder are never allowed"
            ) from cause
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        return cls(handle)

    def release(self) -> None:
        """Give the folder back."""
        os.close(self._handle)


def schema_number(file: Path) -> int:
    """The schema number in the file's header, read without opening the database."""
    with file.open("rb") as handle:
        header = handle.read(_USER_VERSION_AT + 4)
    if len(header) < _USER_VERSION_AT + 4 or not header.startswith(b"SQLite format 3\0"):
        raise StoreError(f"{file} is not a database. Put it back from your backup")
    return int.from_bytes(header[_USER_VERSION_AT:], "big")


def open_database(file: Path) -> Database:
    """The one connection. Raises StoreError for a newer schema, which is left untouched."""
    if not file.exists():
        raise StoreError(f"{file} is missing. Run: cunyi station init {file.parent}")
    if (number := schema_number(file)) > SCHEMA_VERSION:
        raise StoreError(
            f"{file} has schema {number}, newer than this cunyi knows ({SCHEMA_VERSION}). "
            "Nothing was changed; install the newer version again"
        )
    try:
        database = Database(_connect(file))
        MIGRATIONS.apply(database)
        damage = database.conn.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as cause:
        raise StoreError(f"{file} cannot be opened: {cause}") from cause
    if damage != "ok":
        raise StoreError(f"{file} is damaged ({damage}). Keep the file and ask for help")
    return database


def create_database(file: Path) -> None:
    """Make an empty database with the present schema. Raises StoreError if there is one."""
    if file.exists():
        raise StoreError(f"{file} exists already. Choose another folder")
    database = Database(_connect(file))
    MIGRATIONS.apply(database)
    database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _connect(file: Path) -> sqlite3.Connection:
    # The store runs in one thread at a time, but opens in another than it closes.
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=1.0)
    for pragma in (
        "locking_mode = EXCLUSIVE",  # no second connection can ever read or checkpoint
        "journal_mode = WAL",
        "synchronous = FULL",  # NORMAL loses acknowledged commits at a power cut
        "mmap_size = 0",
        "foreign_keys = ON",
        "secure_delete = ON",  # a printed slip's sealed code leaves no trace in free pages
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection
