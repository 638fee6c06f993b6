"""Snapshots: what the station knew right after a fact, so that older facts may be pruned.

A snapshot counts once a later fact of the chain has told its digest (journal.snapshot_taken), or
the first fact of an epoch that began with it. All those that pruning may still come to are kept.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
import zstandard

from cloud_sync.wire.envelope import Envelope, decode
from edge.kernel.errors import StoreError
from edge.kernel.ids import Epoch, Seq
from edge.store.journal import damaged
from edge.store.statements import Statements

SNAPSHOT_TAKEN: Final = "journal.snapshot_taken"
EPOCH_STARTED: Final = "epoch.started"
SPACING: Final = 500
"""Facts between two snapshots that are kept for long,"""
SPACING_MS: Final = 86_400_000
"""... or a day of running time."""
_NEWEST: Final = 3
"""So many are kept, however close they are: two, should the last one never be told."""
_MOST_BYTES: Final = 64_000_000


class SnapshotDamagedError(StoreError):
    """One snapshot is not what was stored; an older one may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """`data` is a state in bytes, compressed; `digest` its SHA-256 in hex, `hash` the chain's."""

    seq: Seq
    hash: bytes
    digest: str
    ran_ms: int
    wall_ms: int
    data: bytes

    def state(self) -> bytes:
        """The state's bytes. Raises SnapshotDamagedError when they are not what was stored."""
        if hashlib.sha256(self.data).hexdigest() != self.digest:
            raise SnapshotDamagedError(f"the snapshot at fact {self.seq} is damaged")
        try:
            return zstandard.ZstdDecompressor().decompress(self.data, max_output_size=_MOST_BYTES)
        except zstandard.ZstdError as cause:
            raise SnapshotDamagedError(
                f"the snapshot at fact {self.seq} is damaged: {cause}"
            ) from cause


def make_snapshot(state: bytes, *, seq: Seq, digest: bytes, ran_ms: int, wall_ms: int) -> Snapshot:
    """A state's bytes as they are kept; `digest` is the chain's hash at `seq`."""
    data = zstandard.compress(state, 3)
    return Snapshot(
        seq=seq,
        hash=digest,
        digest=hashlib.sha256(data).hexdigest(),
        ran_ms=ran_ms,
        wall_ms=wall_ms,
        data=data,
    )


class Told(NamedTuple):
    """A snapshot that the chain proves: by its place, digest, and when that was told."""

    seq: Seq
    digest: str
    ran_ms: int
    wall_ms: int


class SnapshotShelf:
    """The table of snapshots. Every method may raise StoreError."""

    def __init__(self, statements: Statements, epoch: Epoch) -> None:
        self._statements = statements
        self._epoch = epoch

    def add(self, snapshot: Snapshot) -> None:
        """Keep one more, and drop those that nothing can need any more."""
        with self._statements.transaction("a snapshot could not be stored") as connection:
            insert(connection, snapshot)
            for seq in self._spare(connection):
                connection.execute("DELETE FROM snapshots WHERE seq = ?", (seq,))

    def newest_place(self) -> tuple[Seq, int]:
        """Place and running time of the newest, proven or not; zeros when there is none."""
        rows = self._statements.read("SELECT seq, ran_ms FROM snapshots ORDER BY seq DESC LIMIT 1")
        return (Seq(rows[0][0]), int(rows[0][1])) if rows else (Seq(0), 0)

    def proven(self) -> list[Told]:
        """Those that the chain proves, the oldest first."""
        kept = dict(self._statements.read("SELECT seq, digest FROM snapshots"))
        told = [told for told in self._told() if kept.get(told.seq) == told.digest]
        return sorted(told)

    def read(self, seq: Seq) -> Snapshot | None:
        """One of them."""
        rows = self._statements.read(
            "SELECT seq, hash, digest, ran_ms, wall_ms, data FROM snapshots WHERE seq = :seq",
            {"seq": seq},
        )
        return _snapshot(rows[0]) if rows else None

    def _told(self) -> list[Told]:
        rows = self._statements.read(
            "SELECT fact FROM journal WHERE kind = 'journal.snapshot_taken'"
        )
        try:
            return [*(_told_by(decode(fact)) for (fact,) in rows), *self._of_the_epoch()]
        except (msgspec.MsgspecError, KeyError) as cause:
            raise damaged(f"at a fact that tells of a snapshot ({cause})") from cause

    def _of_the_epoch(self) -> list[Told]:
        """What the epoch began with: told by its first fact, or not told yet."""
        base = pruned_to(self._statements)
        first = self._statements.read(
            "SELECT fact FROM journal WHERE epoch = :epoch AND seq = 1", {"epoch": self._epoch}
        )
        row = self._statements.read("SELECT digest, wall_ms FROM snapshots WHERE seq = 0")
        if base != 0 or not row:
            return []
        if not first:
            return [Told(Seq(0), row[0][0], 0, row[0][1])]
        fact = decode(first[0][0])
        if fact.kind != EPOCH_STARTED:
            return []
        return [Told(Seq(0), fact.body["snapshot"], 0, fact.wall_lo)]

    @staticmethod
    def _spare(connection: sqlite3.Connection) -> list[int]:
        rows = connection.execute("SELECT seq, ran_ms FROM snapshots ORDER BY seq").fetchall()
        spare: list[int] = []
        seq, ran_ms = rows[0]
        for here, then in rows[1:-_NEWEST]:
            if here - seq < SPACING and then - ran_ms < SPACING_MS:
                spare.append(here)
            else:
                seq, ran_ms = here, then
        return spare


def pruned_to(statements: Statements) -> Seq:
    """Up to where the journal is pruned."""
    return Seq(statements.read("SELECT seq FROM journal_base")[0][0])


def insert(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Write one; part of a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO snapshots (seq, hash, digest, ran_ms, wall_ms, data) "
        "VALUES (:seq, :hash, :digest, :ran_ms, :wall_ms, :data)",
        {
            "seq": snapshot.seq,
            "hash": snapshot.hash,
            "digest": snapshot.digest,
            "ran_ms": snapshot.ran_ms,
            "wall_ms": snapshot.wall_ms,
            "data": snapshot.data,
        },
    )


def _snapshot(row: tuple[Any, ...]) -> Snapshot:
    seq, digest, told, ran_ms, wall_ms, data = row
    return Snapshot(
        seq=Seq(seq),
        hash=bytes(digest),
        digest=told,
        ran_ms=ran_ms,
        wall_ms=wall_ms,
        data=bytes(data),
    )


def _told_by(fact: Envelope) -> Told:
    body = fact.body
    return Told(Seq(body["seq"]), body["digest"], body["ran_ms"], fact.wall_lo)
