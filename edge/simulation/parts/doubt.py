"""Facts whose commit was never answered: the next start finds all facts of it, or none."""

import sqlite3
from collections.abc import Callable, Sequence

from edge.kernel.ids import Epoch, Seq
from edge.simulation.oracles.recorder import CardReader, Committed, Recorder
from edge.store.database import Store
from edge.store.journal import JournalRow, rows_after


def unseen(reader: CardReader, connection: sqlite3.Connection) -> list[JournalRow]:
    """What a journal holds beyond what was ever answered."""
    if connection.in_transaction:  # a failed one: its rows are nowhere but in this connection
        return []
    newest = reader.rows[-1] if reader.rows else None
    at = (Epoch(0), Seq(0)) if newest is None else (newest.epoch, newest.seq)
    return rows_after(connection, *at, 500)


def settle(
    recorder: Recorder,
    doubtful: Sequence[JournalRow],
    store: Store,
    committed: Callable[[JournalRow], None],
) -> None:
    """A1: of a decision that was never answered all facts are there, or none."""
    there = [row for row in doubtful if store.hash_at(row.seq) == row.hash]
    if there and len(there) < len(doubtful):
        recorder.trouble(f"A1: {store.station} has {len(there)} of {len(doubtful)} facts of a call")
    for row in there:
        before = store.hash_at(Seq(row.seq - 1)) or b""
        recorder.trace.note(store.station, f"{row.epoch}/{row.seq} {row.kind} after all")
        recorder.facts.setdefault(
            row.hash, Committed(store.station, row.epoch, row.seq, before, row.fact, row.kind)
        )
        committed(row)
