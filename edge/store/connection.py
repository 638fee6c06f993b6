"""Opening the database file: one holder, one connection, settings that survive a power cut."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

from sqlite_utils import Database

from edge.kernel.errors import StoreError
from edge.store.schema import MIGRATIONS, SCHEMA_VERSION

DATABASE: Final = "journal.db"
LOCK: Final = "daemon.lock"
PRAGMAS: Final = (
    "locking_mode = EXCLUSIVE",  # no second connection can ever read or checkpoint
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL loses acknowledged commits at a power cut
    "mmap_size = 0",
    "foreign_keys = ON",
    "secure_delete = ON",  # a printed slip's sealed code leaves no trace in free pages
)
_USER_VERSION_AT: Final = 60
"""Offset of the schema number in a SQLite file's header, big endian (its format, part 1.3)."""


class FolderLock:
    """Holds a data folder; the lock goes with the process, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path) -> Self:
        """Take the folder. Raises StoreError naming the process that holds it, or what is wrong."""
        if not folder.is_dir():
            raise StoreError(f"{folder} does not exist. Run: cunyi station init {folder}")
        try:
            handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as cause:
            raise StoreError(
                f"{folder / LOCK} cannot be opened ({cause.strerror}). "
                "The folder must belong to the user that cunyi runs as"
            ) from cause
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            raise FolderHeldError(folder, holder or "unknown") from cause
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        return cls(handle)

    def release(self) -> None:
        """Give the folder back."""
        os.close(self._handle)


class FolderHeldError(StoreError):
    """Another process has the folder; `holder` is its number."""

    def __init__(self, folder: Path, holder: str) -> None:
        self.holder = holder
        super().__init__(
            f"{folder} is held by another cunyi (process {holder}). "
            "Stop that one first; two daemons on one folder are never allowed"
        )


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
    connection = None
    try:
        _refuse_newer(file, schema_number(file))
        connection = _connect(file)
        # The header may lag behind the log that a killed newer version left.
        _refuse_newer(file, connection.execute("PRAGMA user_version").fetchone()[0])
        database = Database(connection)
        MIGRATIONS.apply(database)
        _refuse_damaged(file, connection.execute("PRAGMA quick_check").fetchone()[0])
    except (sqlite3.Error, OSError) as cause:
        _close(connection)
        raise StoreError(f"{file} cannot be opened: {cause}") from cause
    except StoreError:
        _close(connection)
        raise
    return database


def create_database(
    file: Path,
    meta: Mapping[str, str],
    fill: Callable[[sqlite3.Connection], None] = lambda _connection: None,
) -> None:
    """Make a database with the present schema. Raises StoreError if there is one."""
    try:
        # SQLite takes over the mode: parcels and phone tails are nobody else's business.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = _connect(file)
    except FileExistsError as cause:
        raise StoreError(f"{file} exists already. Choose another folder") from cause
    except (sqlite3.Error, OSError) as cause:
        raise StoreError(f"{file} cannot be made: {cause}") from cause
    MIGRATIONS.apply(Database(connection))
    connection.executemany("INSERT INTO meta (name, value) VALUES (?, ?)", meta.items())
    fill(connection)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _connect(file: Path) -> sqlite3.Connection:
    # The store runs in one thread at a time, but opens in another than it closes.
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=1.0)
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _close(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        connection.close()


def _refuse_damaged(file: Path, found: str) -> None:
    if found != "ok":
        raise StoreError(f"{file} is damaged ({found}). Keep the file and ask for help")


def _refuse_newer(file: Path, number: int) -> None:
    if number > SCHEMA_VERSION:
        raise StoreError(
            f"{file} has schema {number}, newer than this cunyi knows ({SCHEMA_VERSION}). "
            "Nothing was changed; install the newer version again"
        )
