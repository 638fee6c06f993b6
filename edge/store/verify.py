"""Look into a journal from outside: is every fact whole, chained and in the tables?"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import msgspec
from sqlite_utils import Database

from cloud_sync.wire.envelope import Envelope, decode, encode
from edge.kernel.errors import StoreError
from edge.kernel.ids import Epoch, Seq
from edge.store.connection import DATABASE, FolderLock, open_database
from edge.store.foundation import Foundation, read_foundation
from edge.store.journal import JournalRow, rows_after
from edge.store.projections import begin_tables, project, read_tables
from edge.store.schema import MIGRATIONS
from edge.store.snapshots import SNAPSHOT_TAKEN

HIDDEN: Final = frozenset({"code_mac", "token_mac"})
PORTION: Final = 200
"""Rows read at a time; under a running daemon a commit waits for one portion, some 2 ms."""
MOST_PROBLEMS: Final = 50
"""Told one by one; a journal damaged at every fact has said enough by then."""
BEGINNING: Final = (Epoch(0), Seq(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was found; a clean journal has no problems. `head` is the last hash, in hex.

    `facts` counts those that are kept; `pruned` those before them, which the county has for good.
    """

    facts: int
    epoch: int
    head: str
    problems: tuple[str, ...]
    pruned: int = 0


class Examination:
    """Checks rows in the order of the journal and folds them anew, in portions of any size."""

    def __init__(self, foundation: Foundation) -> None:
        self._station, self._epoch = foundation.station, foundation.epoch
        self._base = foundation.base
        self._count, self._previous = int(foundation.base.seq), foundation.base.hash
        self._snapshots = {mark.seq: mark for mark in foundation.snapshots}
        self._problems: list[str] = []
        # Portions may come from another thread each; never from two at once.
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        MIGRATIONS.apply(Database(connection))
        for table, rows in foundation.tables.items():
            begin_tables(connection, table, rows)
        self._fold = connection
        self._check_snapshot_at(self._count, self._previous)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._fold.close()

    def look_at(self, rows: Iterable[JournalRow]) -> None:
        """The next rows of the journal."""
        for row in rows:
            self._count += 1
            if row.seq != self._count:
                self._problem(f"fact {self._count} is missing, {row.seq} follows")
                self._count = row.seq
            if row.follows(self._previous, self._station, self._epoch, self._count):
                self._take(row)
            else:
                self._problem(f"fact {row.seq} does not fit the chain")
            self._previous = row.hash
            self._check_snapshot_at(row.seq, row.hash)

    def _take(self, row: JournalRow) -> None:
        try:
            envelope = decode(row.fact)
        except msgspec.MsgspecError as cause:
            self._problem(f"fact {row.seq} cannot be read: {cause}")
            return
        if encode(envelope) != row.fact:
            self._problem(f"fact {row.seq} is not in canonical form")
        if (envelope.epoch, envelope.seq, envelope.kind) != (row.epoch, row.seq, row.kind):
            self._problem(f"fact {row.seq} is not what its row says")
        else:
            self._check_told(envelope)
            project(self._fold, envelope)

    def _check_snapshot_at(self, seq: int, digest: bytes) -> None:
        mark = self._snapshots.get(Seq(seq))
        if mark is not None and mark.hash != digest:
            self._problem(f"the snapshot at fact {seq} belongs to another journal")

    def _check_told(self, fact: Envelope) -> None:
        if fact.kind != SNAPSHOT_TAKEN or not isinstance(fact.body.get("seq"), int):
            return
        mark = self._snapshots.get(Seq(fact.body["seq"]))
        if mark is not None and not fact.body["digest"] == mark.digest == mark.data_digest:
            self._problem(f"the snapshot at fact {mark.seq} is not what fact {fact.seq} tells")

    def finish(self, tables: Mapping[str, list[tuple[Any, ...]]], applied_seq: int) -> VerifyReport:
        """Compare the tables as they are right after the last row, and the county's position."""
        for table, rows in read_tables(self._fold).items():
            if tables[table] != rows:
                self._problem(f"table {table} is not what the journal says")
        if applied_seq > self._count:
            self._problem(
                f"the county has {applied_seq} facts, this journal only {self._count}: it was cut"
            )
        return VerifyReport(
            facts=self._count - self._base.seq,
            epoch=self._epoch,
            head=self._previous.hex(),
            problems=tuple(self._problems),
            pruned=self._base.seq,
        )

    def _problem(self, text: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(text)


def readable(row: JournalRow) -> dict[str, Any]:
    """A fact as a mapping for people; keyed hashes are left out. Raises StoreError."""
    try:
        envelope: Envelope = decode(row.fact)
    except msgspec.MsgspecError as cause:
        raise StoreError(f"fact {row.seq} cannot be read: {cause}") from cause
    body = {name: value for name, value in envelope.body.items() if name not in HIDDEN}
    return msgspec.structs.asdict(envelope) | {"body": body, "hash": row.hash.hex()}


def verify(folder: Path) -> VerifyReport:
    """Check sequence, chain, canonical bytes and tables. Raises StoreError while a daemon runs."""
    with _Opened(folder) as connection, Examination(read_foundation(connection)) as examination:
        examination.look_at(_all_rows(connection))
        applied = connection.execute("SELECT applied_seq FROM county_cursor").fetchone()[0]
        return examination.finish(read_tables(connection), applied)


def export(folder: Path) -> Iterator[dict[str, Any]]:
    """Every fact as a readable mapping, oldest first. Raises StoreError while a daemon runs."""
    with _Opened(folder) as connection:
        for row in _all_rows(connection):
            yield readable(row)


def _all_rows(connection: sqlite3.Connection) -> Iterator[JournalRow]:
    epoch, seq = BEGINNING
    while rows := rows_after(connection, epoch, seq, PORTION):
        yield from rows
        epoch, seq = rows[-1].epoch, rows[-1].seq


class _Opened:
    """The folder held and its database open, for a look; a damaged file is one clear error."""

    def __init__(self, folder: Path) -> None:
        if not (folder / DATABASE).exists():
            raise StoreError(f"there is no journal in {folder}")
        self._lock = FolderLock.take(folder)
        try:
            self._database = open_database(folder / DATABASE)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self._database.conn
        return connection

    def __exit__(self, _kind: object, failure: BaseException | None, _trace: object) -> None:
        self._database.close()
        self._lock.release()
        if isinstance(failure, sqlite3.Error):
            raise StoreError(f"the journal cannot be read: {failure}") from failure
