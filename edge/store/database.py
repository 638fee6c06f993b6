"""The station's store: journal, projections and durable effects in one transaction.

Used from one thread at a time. After a failed commit it refuses everything: only a restart,
which reads and checks what really reached the disk, may go on.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import msgspec
from sqlite_utils import Database

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import Envelope, decode
from edge.domain.effects import Durable
from edge.domain.facts import Fact
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId, Epoch, Seq, StationId
from edge.kernel.time import Instant
from edge.store.connection import DATABASE, FolderLock, create_database, open_database
from edge.store.county_state import CountyRow
from edge.store.durable import carry_out
from edge.store.foundation import Base, Foundation, read_foundation
from edge.store.journal import BEGINNING, JournalRow, append, damaged, replay, rows_after
from edge.store.keepers import KeeperRows
from edge.store.key import FILE_NAME as KEY_FILE
from edge.store.key import StationKey, UnsealError
from edge.store.print_queue import Paper, void_dead_slips
from edge.store.projections import read_tables
from edge.store.pruning import Pruning
from edge.store.snapshots import SnapshotShelf

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
    """A slip or label to print; `content` is JSON in clear, `started`: part may be on paper."""

    job: int
    content: bytes
    started: bool


class Store(KeeperRows):
    """See the module's docstring. Every method may raise StoreError."""

    def __init__(self, lock: FolderLock, database: Database, key: StationKey) -> None:
        self._lock = lock
        self._database = database
        super().__init__(database.conn)
        self.key = key
        meta = self.meta()
        self.station = StationId(meta["station"])
        self.county = CountyId(meta["county"])
        self.epoch = Epoch(int(meta["epoch"]))
        self.grant = meta.get("grant", "")
        self.boot = int(meta["boot"]) + 1
        self.snapshots = SnapshotShelf(self, self.epoch)
        self.pruning = Pruning(self, self.snapshots, self.station, self.epoch)
        self.write("UPDATE meta SET value = :boot WHERE name = 'boot'", {"boot": str(self.boot)})
        self._head = self._read_head()
        self.wall_floor_ms = max(self._read_wall_floor(), int(meta.get("wall_ms", "0")))

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
        """Place and chain hash of the newest fact; those of the base when there is none."""
        return self._head

    def commit(
        self, entries: Sequence[Entry], durable: Sequence[Durable], at: Instant
    ) -> tuple[Seq, bytes]:
        """Store facts, fold them into the tables, carry out effects: all of it or nothing.

        Returns the new head.
        """
        seq, digest = self._head
        with self.transaction("a decision could not be stored") as connection:
            for entry in entries:
                seq = Seq(seq + 1)
                digest = append(connection, self.station, self._envelope(entry, at, seq), digest)
                void_dead_slips(connection, entry.kind, entry.body)
            carry_out(connection, self.key, [entry.fact for entry in entries], durable)
        self._head = (seq, digest)
        return self._head

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

    def replay(self, after: Seq = BEGINNING) -> Iterator[tuple[Envelope, bytes]]:
        """Every fact after a place, with its hash. Raises StoreError where the chain breaks."""
        self.check()
        try:
            yield from replay(self._db, self.station, self.epoch, after)
        except sqlite3.Error as cause:
            raise self.fail(f"the journal could not be read: {cause}") from cause
        if (told := self.cursor().applied_seq) > self._head[0]:
            raise damaged(f"after fact {self._head[0]}: the county has {told} facts")

    def base(self) -> Base:
        """The place before the first fact that is kept."""
        seq, digest = self.read("SELECT seq, hash FROM journal_base")[0]
        return Base(Seq(seq), bytes(digest))

    def prune(self, now: Instant, ran_ms: int, keep_ms: int) -> bool:
        """Drop a portion of what nobody needs here any more; says whether there is more."""
        return self.pruning.prune(self.pruning.limit(self.cursor(), now, ran_ms, keep_ms))

    def meta(self) -> dict[str, str]:
        """What the journal says of itself."""
        return dict(self.read("SELECT name, value FROM meta"))

    def foundation(self) -> Foundation:
        """What the journal stands on."""
        self.check()
        try:
            return read_foundation(self._db)
        except sqlite3.Error as cause:
            raise self.fail(f"the journal could not be read: {cause}") from cause

    def facts_between(self, after: Seq, max_facts: int, max_bytes: int) -> list[bytes]:
        """Canonical bytes that follow a place: at most so many, but one if there is any."""
        rows = self.read(
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
        """The chain hash at a place, None where nothing is kept; before the first fact, that
        of its parent.
        """
        rows = self.read(
            "SELECT hash FROM journal WHERE epoch = :epoch AND seq = :seq",
            {"epoch": self.epoch, "seq": seq},
        )
        if rows:
            return bytes(rows[0][0])
        base = self.base()
        return base.hash if seq == base.seq else None

    def rows_after(self, epoch: Epoch, seq: Seq, limit: int) -> list[JournalRow]:
        """At most `limit` rows that follow a place, unproven; for verify and export."""
        self.check()
        try:
            return rows_after(self._db, epoch, seq, limit)
        except sqlite3.Error as cause:
            raise self.fail(f"the journal could not be read: {cause}") from cause

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of the tables that facts are folded into."""
        self.check()
        try:
            return read_tables(self._db)
        except sqlite3.Error as cause:
            raise self.fail(f"the tables could not be read: {cause}") from cause

    def _read_head(self) -> tuple[Seq, bytes]:
        rows = self.read("SELECT seq, hash FROM journal ORDER BY epoch DESC, seq DESC LIMIT 1")
        return (Seq(rows[0][0]), bytes(rows[0][1])) if rows else self.base()

    def _read_wall_floor(self) -> int:
        facts = self.facts_between(Seq(max(self._head[0] - 1, 0)), 1, 0)
        try:
            if facts:
                return decode(facts[0]).wall_lo
        except msgspec.MsgspecError as cause:
            raise damaged(f"at fact {self._head[0]}") from cause
        return int(self.read("SELECT coalesce(max(wall_ms), 0) FROM snapshots")[0][0])

    def keep_wall(self, wall_ms: int) -> None:
        """Keep how late it is, for a station that writes no facts: no boot goes back before it."""
        self.write(
            "INSERT INTO meta (name, value) VALUES ('wall_ms', :wall_ms) "
            "ON CONFLICT (name) DO UPDATE SET value = :wall_ms",
            {"wall_ms": str(wall_ms)},
        )

    # -- the county's cursor

    def cursor(self) -> Cursor:
        """How far the county has acknowledged."""
        (row,) = self.read("SELECT county_gen, applied_seq, durable_seq FROM county_cursor")
        return Cursor(county_gen=row[0], applied_seq=row[1], durable_seq=row[2])

    def set_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""
        self.write(
            "UPDATE county_cursor SET county_gen = :county_gen, applied_seq = :applied_seq, "
            "durable_seq = :durable_seq",
            asdict(cursor),
        )

    # -- what the county told for good

    def county_state(self, kind: str | None = None) -> list[CountyRow]:
        """What holds now, of one kind or of all, in the order in which it was told."""
        rows = self.read(
            "SELECT kind, key, seq, body, seen FROM county_state "
            "WHERE :kind IS NULL OR kind = :kind ORDER BY seq",
            {"kind": kind},
        )
        return [CountyRow(kind=r[0], key=r[1], seq=r[2], body=r[3], seen=bool(r[4])) for r in rows]

    def county_state_seq(self) -> int:
        """Up to where the state stream is stored."""
        return int(self.read("SELECT seq FROM county_state_mark")[0][0])

    # -- the print queue

    def next_print_job(self, paper: Paper = Paper.SLIP) -> PrintJob | None:
        """The oldest slip or label that is not yet out. One that no key opens is set aside."""
        rows = self.read(
            "SELECT job, sealed, started FROM print_queue "
            "WHERE state = 'waiting' AND (label_of <> '') = :label ORDER BY job",
            {"label": paper is Paper.LABEL},
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
        self.write(
            "UPDATE print_queue SET started = 1 "
            "WHERE job = :job AND state = 'waiting' AND started = 0",  # a retry writes nothing
            {"job": job},
        )
        waiting = "SELECT 1 FROM print_queue WHERE job = :job AND state = 'waiting'"
        return bool(self.read(waiting, {"job": job}))

    def print_unreadable(self, job: int, note: str) -> None:
        """Nobody can make a slip of this job: set it aside until the keeper prints a new one."""
        self.write(
            "UPDATE print_queue SET state = 'unreadable', note = :note "
            "WHERE job = :job AND state = 'waiting'",
            {"job": job, "note": note[:_NOTE_LENGTH]},
        )

    def print_deferred(self, job: int, note: str) -> None:
        """The printer is in trouble; the slip stays at the head of the queue."""
        values = {"job": job, "note": note[:_NOTE_LENGTH]}
        self.write("UPDATE print_queue SET note = :note WHERE job = :job", values)

    def print_done(self, job: int) -> None:
        """On paper: the sealed code is wiped from the queue, and from the log that still had it."""
        self.write(
            "UPDATE print_queue SET state = 'done', sealed = NULL WHERE job = :job", {"job": job}
        )
        self.read("PRAGMA wal_checkpoint(TRUNCATE)")

    def print_queue_length(self, paper: Paper = Paper.SLIP) -> int:
        """Slips or labels not yet out."""
        return self._count_prints("waiting", paper)

    def unreadable_prints(self, paper: Paper = Paper.SLIP) -> int:
        """What was set aside and still waits for a slip or a label that can be read."""
        return self._count_prints("unreadable", paper)

    def _count_prints(self, state: str, paper: Paper) -> int:
        rows = self.read(
            "SELECT count(*) FROM print_queue WHERE state = :state AND (label_of <> '') = :label",
            {"state": state, "label": paper is Paper.LABEL},
        )
        return int(rows[0][0])
