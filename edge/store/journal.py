"""The journal table: one row a fact, chained; appended by the store, read by whoever looks."""

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

from cloud_sync.wire.envelope import Envelope, decode, encode
from edge.kernel.errors import StoreError
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import Epoch, Seq, StationId
from edge.store.foundation import read_base
from edge.store.projections import project

BEGINNING: Final = Seq(0)
"""Before the first fact, whether it is still kept or not."""
_INSERT: Final = "INSERT INTO journal (epoch, seq, hash, kind, fact) VALUES (?, ?, ?, ?, ?)"
_SELECT: Final = "SELECT epoch, seq, hash, kind, fact FROM journal"


class JournalRow(NamedTuple):
    """A row as it is on disk, believed or not."""

    epoch: Epoch
    seq: Seq
    hash: bytes
    kind: str
    fact: bytes

    def follows(self, previous: bytes, station: StationId, epoch: Epoch, expected: int) -> bool:
        """Whether it is the fact after `previous`, unchanged since it was written."""
        if (self.epoch, self.seq) != (epoch, expected):
            return False
        return chain_hash(previous, station, epoch, self.seq, self.fact) == self.hash


def append(
    connection: sqlite3.Connection, station: StationId, envelope: Envelope, previous: bytes
) -> bytes:
    """Write one fact and fold it into the tables; returns its hash. Part of a transaction."""
    fact = encode(envelope)
    epoch, seq = Epoch(envelope.epoch), Seq(envelope.seq)
    digest = chain_hash(previous, station, epoch, seq, fact)
    connection.execute(_INSERT, (epoch, seq, digest, envelope.kind, fact))
    project(connection, envelope)
    return digest


def rows_after(
    connection: sqlite3.Connection, epoch: Epoch, seq: Seq, limit: int
) -> list[JournalRow]:
    """At most `limit` rows that follow a place, as they are on disk; (0, 0) is the beginning."""
    query = f"{_SELECT} WHERE (epoch, seq) > (?, ?) ORDER BY epoch, seq LIMIT ?"
    return [JournalRow(*row) for row in connection.execute(query, (epoch, seq, limit))]


def replay(
    connection: sqlite3.Connection, station: StationId, epoch: Epoch, after: Seq = BEGINNING
) -> Iterator[tuple[Envelope, bytes]]:
    """Every fact after a place, with its hash. Raises StoreError where the chain breaks, even
    before that place.
    """
    expected, previous = read_base(connection)
    for found in connection.execute(f"{_SELECT} ORDER BY epoch, seq"):
        row = JournalRow(*found)
        if not row.follows(previous, station, epoch, expected + 1):
            raise damaged(f"at fact {row.seq}")
        if row.seq > after:
            yield decode(row.fact), row.hash
        previous, expected = row.hash, row.seq


def damaged(where: str) -> StoreError:
    """The one sentence about a journal that cannot be trusted."""
    return StoreError(
        f"the journal is damaged {where}. Keep the folder as it is and run: cunyi journal verify"
    )
