"""What a journal stands on: the place before its first fact, and what the tables said there."""

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

from edge.kernel.ids import Epoch, Seq, StationId
from edge.store.projections import read_base_tables


class Base(NamedTuple):
    """The place before the first fact that is kept: 0 and a parent's hash where none is pruned."""

    seq: Seq
    hash: bytes


class SnapshotMark(NamedTuple):
    """What a row of the table of snapshots says of itself, and what its data hashes to."""

    seq: Seq
    hash: bytes
    digest: str
    data_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """All that an examination takes for granted or checks beside the facts."""

    station: StationId
    epoch: Epoch
    base: Base
    tables: dict[str, list[tuple[Any, ...]]]
    snapshots: tuple[SnapshotMark, ...]


def read_base(connection: sqlite3.Connection) -> Base:
    """The place before the first fact that is kept."""
    seq, digest = connection.execute("SELECT seq, hash FROM journal_base").fetchone()
    return Base(Seq(seq), bytes(digest))


def read_foundation(connection: sqlite3.Connection) -> Foundation:
    """What the journal of this connection stands on."""
    meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    return Foundation(
        station=StationId(meta["station"]),
        epoch=Epoch(int(meta["epoch"])),
        base=read_base(connection),
        tables=read_base_tables(connection),
        snapshots=_marks(connection),
    )


def _marks(connection: sqlite3.Connection) -> tuple[SnapshotMark, ...]:
    rows = connection.execute("SELECT seq, hash, digest, data FROM snapshots ORDER BY seq")
    return tuple(
        SnapshotMark(Seq(seq), bytes(digest), told, hashlib.sha256(data).hexdigest())
        for seq, digest, told, data in rows
    )
