"""The station's store: journal, projections and durable effects in one transaction.

Used from one thread at a time. After a failed commit it refuses everything: only a restart,
which reads and checks what really reached the disk, may go on.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import msgspec
from sqlite_utils import Database

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import Envelope, decode, encode
from edge.domain.effects import QueueSlip
from edge.domain.facts import Fact
from edge.kernel.errors import StoreError
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, KeeperId, Seq, StationId
from edge.kernel.time import Instant
from edge.store.connection import DATABASE, FolderLock, create_database, open_database
from edge.store.key import StationKey
from edge.store.projections import project

_INSERT: Final = "INSERT INTO journal (epoch, seq, hash, kind, fact) VALUES (?, ?, ?, ?, ?)"


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
        meta = dict(self._db.execute("SELECT name, value FROM meta"))
        self.station = StationId(meta["station"])
        self.county = CountyId(meta["county"])
        self.epoch = Epoch(int(meta["epoch"]))
        self.boot = int(meta["boot"]) + 1
        self._db.execute("UPDATE meta SET value = ? WHERE name = 'boot'", (str(self.boot),))
        self._head = self._read_head()
        self.wall_floor_ms = self._read_wall_floor()

    @classmethod
    def create(cls, folder: Path, county: CountyId, station: StationId) -> None:
        """Make key and empty journal in a folder. Raises StoreError when there are any."""
        lock = FolderLock.take(folder)
        try:
            create_database(folder / DATABASE)
            StationKey.create(folder)
            database = open_database(folder / DATABASE)
            rows = {"station": station, "county": county, "epoch": "1", "boot": "0"}
            database["meta"].insert_all({"name": n, "value": v} for n, v in rows.items())
            database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
        except FileExistsError as cause:
            raise StoreError(f"{folder} has a key already. Choose another folder") from cause
        finally:
            lock.release()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Take the folder, open the file, count a boot."""
        if not folder.is_dir():
            raise StoreError(f"{folder} does not exist. Run: cunyi station init {folder}")
        lock = FolderLock.take(folder)
        try:
            key = StationKey.read(folder)
            return cls(lock, open_database(folder / DATABASE), key)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Fold the log into the file and give the folder back."""
        try:
            if not self._failed:
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
                digest = self._append(entry, at, seq, digest)
            for slip in slips:
                self._queue(slip)
            self._db.execute("COMMIT")
        except sqlite3.Error as cause:
            self._fail(f"a decision could not be stored: {cause}")
            raise StoreError(self._failed) from cause
        self._head = (seq, digest)

    def _append(self, entry: Entry, at: Instant, seq: Seq, previous: bytes) -> bytes:
        envelope = Envelope(
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
        fact = encode(envelope)
        digest = chain_hash(previous, self.station, self.epoch, seq, fact)
        self._db.execute(_INSERT, (self.epoch, seq, digest, entry.kind, fact))
        project(self._db, envelope)
        return digest

    def replay(self) -> Iterator[tuple[Envelope, bytes]]:
        """Every fact with its hash, oldest first. Raises StoreError where the chain breaks."""
        previous, expected = GENESIS, 1
        rows = self._db.execute("SELECT seq, hash, fact FROM journal ORDER BY epoch, seq")
        for seq, digest, fact in rows:
            chained = chain_hash(previous, self.station, self.epoch, Seq(seq), fact)
            if seq != expected or chained != digest:
                raise StoreError(
                    f"the journal is damaged at fact {seq}. Keep the folder as it is and run: "
                    "cunyi journal verify"
                )
            yield decode(fact), digest
            previous, expected = digest, seq + 1

    def facts_between(self, after: Seq, max_facts: int, max_bytes: int) -> list[bytes]:
        """Canonical bytes that follow a place: at most so many, but one if there is any."""
        rows = self._db.execute(
            "SELECT fact FROM journal WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
            (self.epoch, after, max_facts),
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
        row = self._db.execute(
            "SELECT hash FROM journal WHERE epoch = ? AND seq = ?", (self.epoch, seq)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def _read_head(self) -> tuple[Seq, bytes]:
        row = self._db.execute(
            "SELECT seq, hash FROM journal ORDER BY epoch DESC, seq DESC LIMIT 1"
        ).fetchone()
        return (Seq(0), GENESIS) if row is None else (Seq(row[0]), bytes(row[1]))

    def _read_wall_floor(self) -> int:
        facts = self.facts_between(Seq(max(self._head[0] - 1, 0)), 1, 0)
        return decode(facts[0]).wall_lo if facts else 0

    # -- the county's cursor

    def cursor(self) -> Cursor:
        """How far the county has acknowledged."""
        row = self._db.execute(
            "SELECT county_gen, applied_seq, durable_seq FROM county_cursor"
        ).fetchone()
        return Cursor(county_gen=row[0], applied_seq=row[1], durable_seq=row[2])

    def set_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""
        self._write(
            "UPDATE county_cursor SET county_gen = :county_gen, applied_seq = :applied_seq, "
            "durable_seq = :durable_seq",
            asdict(cursor),
        )

    # -- the print queue

    def _queue(self, slip: QueueSlip) -> None:
        sealed = self.key.seal(msgspec.json.encode(asdict(slip)))
        self._db.execute(
            "INSERT INTO print_queue (sealed, started, state, note) VALUES (?, 0, 'waiting', '')",
            (sealed,),
        )

    def next_print_job(self) -> PrintJob | None:
        """The oldest slip that is not yet on paper."""
        row = self._db.execute(
            "SELECT job, sealed, started FROM print_queue WHERE state = 'waiting' "
            "ORDER BY job LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        return PrintJob(job=row[0], content=self.key.unseal(row[1]), started=bool(row[2]))

    def print_started(self, job: int) -> None:
        """From here on part of the slip may be on paper: another try carries a copy mark."""
        self._write("UPDATE print_queue SET started = 1 WHERE job = :job", {"job": job})

    def print_deferred(self, job: int, note: str) -> None:
        """The printer is in trouble; the slip stays at the head of the queue."""
        values = {"job": job, "note": note[:200]}
        self._write("UPDATE print_queue SET note = :note WHERE job = :job", values)

    def print_done(self, job: int) -> None:
        """On paper: the clear code is wiped from the queue."""
        self._write(
            "UPDATE print_queue SET state = 'done', sealed = NULL WHERE job = :job", {"job": job}
        )

    def print_queue_length(self) -> int:
        """Slips not yet on paper."""
        row = self._db.execute("SELECT count(*) FROM print_queue WHERE state = 'waiting'")
        return int(row.fetchone()[0])

    # -- keepers

    def keeper_count(self) -> int:
        """How many keepers have a PIN here."""
        return int(self._db.execute("SELECT count(*) FROM keepers").fetchone()[0])

    def add_keeper(self, keeper: KeeperId, pin_hash: str) -> None:
        """Keep a keeper's PIN hash."""
        self._write(
            "INSERT INTO keepers (keeper, pin_hash) VALUES (:keeper, :pin_hash)",
            {"keeper": keeper, "pin_hash": pin_hash},
        )

    def keeper_pin_hash(self, keeper: KeeperId) -> str | None:
        """The PIN hash, or None for a stranger."""
        row = self._db.execute(
            "SELECT pin_hash FROM keepers WHERE keeper = ?", (keeper,)
        ).fetchone()
        return None if row is None else str(row[0])

    def pin_tries(self, keeper: KeeperId) -> PinTries:
        """Wrong PINs in a row for this name."""
        row = self._db.execute(
            "SELECT wrong, boot, mono_ms FROM pin_tries WHERE keeper = ?", (keeper,)
        ).fetchone()
        if row is None:
            return PinTries(wrong=0, at=None)
        at = Instant(boot=row[1], mono_ms=row[2], wall_lo_ms=0, wall_hi_ms=None)
        return PinTries(wrong=row[0], at=at)

    def note_pin_tries(self, keeper: KeeperId, wrong: int, at: Instant) -> None:
        """Store the count before anybody hears the answer."""
        self._write(
            "INSERT INTO pin_tries VALUES (:keeper, :wrong, :boot, :mono_ms) "
            "ON CONFLICT (keeper) DO UPDATE SET wrong = :wrong, boot = :boot, mono_ms = :mono_ms",
            {"keeper": keeper, "wrong": wrong, "boot": at.boot, "mono_ms": at.mono_ms},
        )

    # -- failure

    def _write(self, statement: str, values: dict[str, Any]) -> None:
        self._check()
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as cause:
            self._fail(f"the store could not be written: {cause}")
            raise StoreError(self._failed) from cause

    def _check(self) -> None:
        if self._failed:
            raise StoreError(self._failed)

    def _fail(self, reason: str) -> None:
        # A failed write or sync may have reached the disk or not: only a restart can tell.
        self._failed = reason
