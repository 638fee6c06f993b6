"""The station's store: journal, projections and durable effects in one transaction.

Used from one thread at a time. After a failed commit it refuses everything: only a restart,
which reads and checks what really reached the disk, may go on.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import msgspec
from sqlite_utils import Database

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import Envelope, decode
from edge.domain.effects import QueueSlip
from edge.domain.facts import Fact, PickupCodeIssued
from edge.kernel.errors import StoreError
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import CountyId, Epoch, KeeperId, Seq, StationId
from edge.kernel.time import Instant
from edge.store.connection import DATABASE, FolderLock, create_database, open_database
from edge.store.journal import JournalRow, append, damaged, replay, rows_after
from edge.store.key import FILE_NAME as KEY_FILE
from edge.store.key import StationKey, UnsealError
from edge.store.print_queue import add_slip, void_dead_slips
from edge.store.projections import read_tables

_NO_VALUES: Final[Mapping[str, Any]] = {}
_NOTE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact ready to be stored: its body is already in the words of the wire."""

    fact: Fact
    actor: str
    kind: str
    schema: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """A slip to print; `content` is JSON in clear, `started` says that part may be on paper."""

    job: int
    content: bytes
    started: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTries:
    """Wrong PINs in a row and when the last one was."""

    wrong: int
    at: Instant | None


class Store:
    """See the module's docstring. Every method may raise StoreError."""

    def __init__(self, lock: FolderLock, database: Database, key: StationKey) -> None:
        self._lock = lock
        self._database = database
        self._db: sqlite3.Connection = database.conn
        self.key = key
        self._failed = ""
        meta = dict(self._read("SELECT name, value FROM meta"))
        self.station = StationId(meta["station"])
        self.county = CountyId(meta["county"])
        self.epoch = Epoch(int(meta["epoch"]))
        self.boot = int(meta["boot"]) + 1
        self._write("UPDATE meta SET value = :boot WHERE name = 'boot'", {"boot": str(self.boot)})
        self._head = self._read_head()
        self.wall_floor_ms = self._read_wall_floor()

    @classmethod
    def create(cls, folder: Path, county: CountyId, station: StationId) -> None:
        """Make key and empty journal in a folder. Raises StoreError when there are any."""
        lock = FolderLock.take(folder)
        try:
            if (folder / DATABASE).exists():
                raise StoreError(f"{folder / DATABASE} exists already. Choose another folder")
            StationKey.create(folder)
            meta = {"station": station, "county": county, "epoch": "1", "boot": "0"}
            try:
                create_database(folder / DATABASE, meta)
            except BaseException:
                for name in (KEY_FILE, DATABASE, f"{DATABASE}-wal"):
                    (folder / name).unlink(missing_ok=True)
                raise
        finally:
            lock.release()

    @classmethod
    def open(cls, folder: Path, held: FolderLock | None = None) -> Self:
        """Open the file and count a boot. Takes the folder, unless the caller holds it already."""
        lock = held or FolderLock.take(folder)
        try:
            key = StationKey.read(folder)
            database = open_database(folder / DATABASE)
            try:
                return cls(lock, database, key)
            except BaseException:
                database.close()
                raise
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Fold the log into the file and give the folder back."""
        try:
            if not self._failed:
                # The log is whole without it; the next start reads it all the same.
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._database.close()
            self._lock.release()

    # -- the journal

    def head(self) -> tuple[Seq, bytes]:
        """Place and chain hash of the newest fact; 0 and GENESIS when there is none."""
        return self._head

    def commit(self, entries: Sequence[Entry], slips: Sequence[QueueSlip], at: Instant) -> None:
        """Store facts, fold them into the tables and queue slips: all of it or nothing."""
        self._check()
        seq, digest = self._head
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for entry in entries:
                seq = Seq(seq + 1)
                digest = append(self._db, self.station, self._envelope(entry, at, seq), digest)
                void_dead_slips(self._db, entry.kind, entry.body)
            issued = {
                entry.fact.waybill_no: entry.fact.credential
                for entry in entries
                if isinstance(entry.fact, PickupCodeIssued)
            }
            for slip in slips:  # each has the fact of its code beside it
                add_slip(self._db, self.key, slip, issued[slip.waybill_no])
            self._db.execute("COMMIT")
        except sqlite3.Error as cause:
            raise self._fail(f"a decision could not be stored: {cause}") from cause
        except BaseException as bug:
            # Half a decision hangs in the open transaction: nobody may read or go on from it.
            self._fail(f"a decision could not be stored: {bug!r}")
            raise
        self._head = (seq, digest)

    def _envelope(self, entry: Entry, at: Instant, seq: Seq) -> Envelope:
        return Envelope(
            epoch=self.epoch,
            seq=seq,
            boot=at.boot,
            mono_ms=at.mono_ms,
            wall_lo=at.wall_lo_ms,
            wall_hi=at.wall_hi_ms,
            kind=entry.kind,
            schema=entry.schema,
            actor=entry.actor,
            body=entry.body,
        )

    def replay(self) -> Iterator[tuple[Envelope, bytes]]:
        """Every fact with its hash, oldest first. Raises StoreError where the chain breaks."""
        self._check()
        try:
            yield from replay(self._db, self.station, self.epoch)
        except sqlite3.Error as cause:
            raise self._fail(f"the journal could not be read: {cause}") from cause
        if (told := self.cursor().applied_seq) > self._head[0]:
            raise damaged(f"after fact {self._head[0]}: the county has {told} facts")

    def facts_between(self, after: Seq, max_facts: int, max_bytes: int) -> list[bytes]:
        """Canonical bytes that follow a place: at most so many, but one if there is any."""
        rows = self._read(
            "SELECT fact FROM journal WHERE epoch = :epoch AND seq > :after ORDER BY seq LIMIT :n",
            {"epoch": self.epoch, "after": after, "n": max_facts},
        )
        facts: list[bytes] = []
        size = 0
        for (fact,) in rows:
            size += len(fact)
            if facts and size > max_bytes:
                break
            facts.append(fact)
        return facts

    def hash_at(self, seq: Seq) -> bytes | None:
        """The chain hash at a place; GENESIS at 0, None where nothing is kept."""
        if seq == 0:
            return GENESIS
        rows = self._read(
            "SELECT hash FROM journal WHERE epoch = :epoch AND seq = :seq",
            {"epoch": self.epoch, "seq": seq},
        )
        return bytes(rows[0][0]) if rows else None

    def rows_after(self, epoch: Epoch, seq: Seq, limit: int) -> list[JournalRow]:
        """At most `limit` rows that follow a place, unproven; for verify and export."""
        self._check()
        try:
            return rows_after(self._db, epoch, seq, limit)
        except sqlite3.Error as cause:
            raise self._fail(f"the journal could not be read: {cause}") from cause

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the tables that facts are folded into."""
        self._check()
        try:
            return read_tables(self._db)
        except sqlite3.Error as cause:
            raise self._fail(f"the tables could not be read: {cause}") from cause

    def _read_head(self) -> tuple[Seq, bytes]:
        rows = self._read("SELECT seq, hash FROM journal ORDER BY epoch DESC, seq DESC LIMIT 1")
        return (Seq(rows[0][0]), bytes(rows[0][1])) if rows else (Seq(0), GENESIS)

    def _read_wall_floor(self) -> int:
        facts = self.facts_between(Seq(max(self._head[0] - 1, 0)), 1, 0)
        try:
            return decode(facts[0]).wall_lo if facts else 0
        except msgspec.MsgspecError as cause:
            raise damaged(f"at fact {self._head[0]}") from cause

    # -- the county's cursor

    def cursor(self) -> Cursor:
        """How far the county has acknowledged."""
        (row,) = self._read("SELECT county_gen, applied_seq, durable_seq FROM county_cursor")
        return Cursor(county_gen=row[0], applied_seq=row[1], durable_seq=row[2])

    def set_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""
        self._write(
            "UPDATE county_cursor SET county_gen = :county_gen, applied_seq = :applied_seq, "
            "durable_seq = :durable_seq",
            asdict(cursor),
        )

    # -- the print queue

    def next_print_job(self) -> PrintJob | None:
        """The oldest slip that is not yet on paper. One that no key opens is set aside."""
        rows = self._read(
            "SELECT job, sealed, started FROM print_queue WHERE state = 'waiting' ORDER BY job"
        )
        for job, sealed, started in rows:
            try:
                content = self.key.unseal(sealed)
            except UnsealError as cause:
                # One unreadable slip must not stop the doors at every start: reprint it.
                self.print_unreadable(job, str(cause))
                continue
            return PrintJob(job=job, content=content, started=bool(started))
        return None

    def print_started(self, job: int) -> bool:
        """From here on part of the slip may be on paper: another try carries a copy mark.

        False when its code died since the job was taken up: then it must not be printed.
        """
        self._write(
            "UPDATE print_queue SET started = 1 "
            "WHERE job = :job AND state = 'waiting' AND started = 0",  # a retry writes nothing
            {"job": job},
        )
        waiting = "SELECT 1 FROM print_queue WHERE job = :job AND state = 'waiting'"
        return bool(self._read(waiting, {"job": job}))

    def print_unreadable(self, job: int, note: str) -> None:
        """Nobody can make a slip of this job: set it aside until the keeper prints a new one."""
        self._write(
            "UPDATE print_queue SET state = 'unreadable', note = :note "
            "WHERE job = :job AND state = 'waiting'",
            {"job": job, "note": note[:_NOTE_LENGTH]},
        )

    def print_deferred(self, job: int, note: str) -> None:
        """The printer is in trouble; the slip stays at the head of the queue."""
        values = {"job": job, "note": note[:_NOTE_LENGTH]}
        self._write("UPDATE print_queue SET note = :note WHERE job = :job", values)

    def print_done(self, job: int) -> None:
        """On paper: the sealed code is wiped from the queue, and from the log that still had it."""
        self._write(
            "UPDATE print_queue SET state = 'done', sealed = NULL WHERE job = :job", {"job": job}
        )
        self._read("PRAGMA wal_checkpoint(TRUNCATE)")

    def print_queue_length(self) -> int:
        """Slips not yet on paper."""
        return self._count_slips("waiting")

    def unreadable_slips(self) -> int:
        """Slips that were set aside and whose codes still wait for a slip that can be read."""
        return self._count_slips("unreadable")

    def _count_slips(self, state: str) -> int:
        rows = self._read("SELECT count(*) FROM print_queue WHERE state = :state", {"state": state})
        return int(rows[0][0])

    # -- keepers

    def keeper_count(self) -> int:
        """How many keepers have a PIN here."""
        return int(self._read("SELECT count(*) FROM keepers")[0][0])

    def add_first_keeper(self, keeper: KeeperId, pin_hash: str) -> bool:
        """Keep the first keeper's PIN hash; False, and nothing changed, when there is one."""
        added = self._write(
            "INSERT INTO keepers (keeper, pin_hash) SELECT :keeper, :pin_hash "
            "WHERE NOT EXISTS (SELECT 1 FROM keepers)",
            {"keeper": keeper, "pin_hash": pin_hash},
        )
        return added == 1

    def keeper_pin_hash(self, keeper: KeeperId) -> str | None:
        """The PIN hash, or None for a stranger."""
        rows = self._read("SELECT pin_hash FROM keepers WHERE keeper = :keeper", {"keeper": keeper})
        return str(rows[0][0]) if rows else None

    def pin_tries(self, keeper: KeeperId) -> PinTries:
        """Wrong PINs in a row for this name."""
        rows = self._read(
            "SELECT wrong, boot, mono_ms FROM pin_tries WHERE keeper = :keeper", {"keeper": keeper}
        )
        if not rows:
            return PinTries(wrong=0, at=None)
        wrong, boot, mono_ms = rows[0]
        at = Instant(boot=boot, mono_ms=mono_ms, wall_lo_ms=0, wall_hi_ms=None)
        return PinTries(wrong=wrong, at=at)

    def note_pin_tries(self, keeper: KeeperId, wrong: int, at: Instant) -> None:
        """Store the count before anybody hears the answer."""
        self._write(
            "INSERT INTO pin_tries VALUES (:keeper, :wrong, :boot, :mono_ms) "
            "ON CONFLICT (keeper) DO UPDATE SET wrong = :wrong, boot = :boot, mono_ms = :mono_ms",
            {"keeper": keeper, "wrong": wrong, "boot": at.boot, "mono_ms": at.mono_ms},
        )

    # -- one statement, and what follows when it fails

    def _read(self, query: str, values: Mapping[str, Any] = _NO_VALUES) -> list[tuple[Any, ...]]:
        self._check()
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as cause:
            raise self._fail(f"the store could not be read: {cause}") from cause

    def _write(self, statement: str, values: Mapping[str, Any]) -> int:
        self._check()
        try:
            return self._db.execute(statement, values).rowcount
        except sqlite3.Error as cause:
            raise self._fail(f"the store could not be written: {cause}") from cause

    def _check(self) -> None:
        if self._failed:
            raise StoreError(self._failed)

    def _fail(self, reason: str) -> StoreError:
        # A failed write or sync may have reached the disk or not: only a restart can tell.
        self._failed = reason
        return StoreError(reason)
