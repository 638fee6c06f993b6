"""The county's database: one connection that writes, others that only read.

SQLite's own words stand here and in `compiled` alone; everything else is SQLAlchemy Core. After a
failed write the database refuses everything: only a restart, which reads what really reached the
disk, may go on.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool

from cloud_sync.county.compiled import COMPILED, DRIVER, schema_words
from cloud_sync.county.folder import (
    FolderLock,
    next_generation,
    read_generation,
    read_instance,
    write_generation,
    write_instance,
)
from cloud_sync.county.tables import META, METADATA, SCHEMA_VERSION
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId

DATABASE: Final = "county.db"
_IDLE_READERS: Final = 4


class Database:
    """See the module's docstring. `write` is for one thread at a time, `read` for any."""

    def __init__(self, lock: FolderLock, writer: Engine, reader: Engine, *, restored: bool) -> None:
        self._lock = lock
        self.writer, self._reader = writer, reader
        # Taking a connection out of a pool costs as much as what is then asked of it.
        self._writing = writer.connect()
        self._idle: list[Connection] = []
        self._closed = False
        self.restored = restored
        """Whether an older copy was put back since the last run; a new generation says so."""
        self._failed = ""
        with self.write() as connection:
            meta = _meta(connection)
        self.county = CountyId(meta["county"])
        self.generation = meta["generation"]

    @classmethod
    def create(cls, folder: Path, county: CountyId) -> None:
        """Make an empty database. Raises StoreError where there is one."""
        file = folder / DATABASE
        if file.exists():
            raise StoreError(f"{file} exists already. Choose another folder")
        lock = FolderLock.take(folder)
        file.touch(mode=0o600)  # SQLite gives its log and index the mode of the file
        writer = _writer(file)
        try:
            generation = next_generation(read_generation(folder))
            rows = {"schema": str(SCHEMA_VERSION), "county": county, "generation": generation}
            with writer.begin() as connection:
                for words in schema_words():
                    connection.exec_driver_sql(words)
                connection.execute(insert(META), [{"name": n, "value": v} for n, v in rows.items()])
            write_generation(folder, generation)
        except SQLAlchemyError as cause:
            raise StoreError(f"{file} cannot be made: {cause}") from cause
        finally:
            writer.dispose()
            lock.release()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Take the folder and check the file. Raises StoreError; a newer file stays untouched."""
        file = folder / DATABASE
        if not file.exists():
            raise StoreError(f"{file} is missing. Run: cunyi county init {folder}")
        lock = FolderLock.take(folder)
        reader = writer = None
        try:
            reader = _reader(file)
            _examine(reader, file)
            writer = _writer(file)
            _add_what_is_new(writer)
            restored = _settle_generation(writer, folder)
            return cls(lock, writer, reader, restored=restored)
        except BaseException as cause:
            for engine in (writer, reader):
                if engine is not None:
                    engine.dispose()
            lock.release()
            if isinstance(cause, SQLAlchemyError):
                raise StoreError(f"{file} cannot be opened: {cause}") from cause
            raise

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Raises StoreError, and from then on always."""
        if self._failed:
            raise StoreError(self._failed)
        try:
            with self._writing.begin():
                yield self._writing
        except SQLAlchemyError as cause:
            # A failed write or sync may have reached the disk or not: only a restart can tell.
            self._failed = f"the county's database could not be written: {cause}"
            raise StoreError(self._failed) from cause

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view. Raises StoreError when it cannot be had now."""
        try:
            connection = self._some_reader()
            try:
                with connection.begin():
                    yield connection
            finally:
                self._give_back(connection)
        except SQLAlchemyError as cause:
            raise StoreError(f"the county's database could not be read: {cause}") from cause

    def _some_reader(self) -> Connection:
        with contextlib.suppress(IndexError):  # other threads take of them, too
            return self._idle.pop()
        return self._reader.connect()

    def _give_back(self, connection: Connection) -> None:
        if self._closed or connection.invalidated or len(self._idle) >= _IDLE_READERS:
            connection.close()
        else:
            self._idle.append(connection)

    @property
    def well(self) -> bool:
        """Whether every write so far has reached the disk."""
        return not self._failed

    def close(self) -> None:
        """Fold the log into the file and give the folder back."""
        self._closed = True
        for connection in (*self._idle, self._writing):
            connection.close()
        self._reader.dispose()
        self.writer.dispose()
        self._lock.release()


def _meta(connection: Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(select(META))}


def _examine(reader: Engine, file: Path) -> None:
    with reader.begin() as connection:
        if not inspect(connection).has_table(META.name):
            raise StoreError(f"{file} is no county database. Put it back from your backup")
        number = int(_meta(connection).get("schema", "0"))
        if number > SCHEMA_VERSION:
            raise StoreError(
                f"{file} has schema {number}, newer than this cunyi knows ({SCHEMA_VERSION}). "
                "Nothing was changed; install the newer version again"
            )
        damage = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    if damage != "ok":
        raise StoreError(f"{file} is damaged ({damage}). Keep the file and ask for help")


def _add_what_is_new(writer: Engine) -> None:
    """Tables and indexes that an older software did not make; no other reads them ill."""
    with writer.begin() as connection:
        here = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        for table in METADATA.sorted_tables:
            if table.name not in here:
                table.create(connection)  # and its indexes
                continue
            for index in table.indexes:
                if index.name not in here:
                    index.create(connection)


def _settle_generation(writer: Engine, folder: Path) -> bool:
    """Mark this run; a new generation where the database is not the one that ran here last."""
    mark, inode = secrets.token_hex(16), (folder / DATABASE).stat().st_ino
    instance = f"{mark} {inode}"
    beside, seen = read_generation(folder), read_instance(folder)
    with writer.begin() as connection:
        meta = _meta(connection)
        last = meta.get("instance", "")
        was_here = not last or seen == f"{last} {inode}"
        restored = meta["generation"] != beside or not was_here
        if restored:
            generation = next_generation(meta["generation"], beside)
            put_meta(connection, "generation", generation)
        put_meta(connection, "instance", mark)
    if restored:
        write_generation(folder, generation)
    write_instance(folder, instance)
    return restored


def put_meta(connection: Connection, name: str, value: str) -> None:
    """Keep a small text under a name."""
    mine = META.c.name == name
    if connection.execute(update(META).where(mine).values(value=value)).rowcount == 0:
        connection.execute(insert(META), {"name": name, "value": value})


def read_meta(connection: Connection, name: str) -> str:
    """What is kept under a name, or an empty text."""
    wanted = select(META.c.value).where(META.c.name == name)
    return str(connection.execute(wanted).scalar() or "")


def _writer(file: Path) -> Engine:
    engine = create_engine(
        f"{DRIVER}:///{file}",
        poolclass=StaticPool,  # one connection writes and checkpoints, ever
        connect_args={"check_same_thread": False, "timeout": 5.0, "isolation_level": None},
    )
    pragmas = (
        "journal_mode = WAL",
        "synchronous = FULL",  # NORMAL loses acknowledged commits at a power cut
        "mmap_size = 0",
        "foreign_keys = ON",
    )
    _prepare(engine, pragmas, "BEGIN IMMEDIATE")
    return engine


def _reader(file: Path) -> Engine:
    engine = create_engine(
        f"{DRIVER}:///file:{file.absolute()}?mode=ro&uri=true",
        poolclass=NullPool,  # idle ones are kept above; no view outlives its `with`
        connect_args={"check_same_thread": False, "timeout": 5.0, "isolation_level": None},
    )
    _prepare(engine, ("query_only = ON",), "BEGIN")
    return engine


def _prepare(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The driver's own begin comes too late: not before the first write. Past SQLAlchemy, which
        # would take as long for this as for a question.
        try:
            connection.connection.cursor().execute(begin)
        except sqlite3.Error as cause:
            raise OperationalError(begin, None, cause) from cause

    engine.update_execution_options(compiled_cache=COMPILED)
