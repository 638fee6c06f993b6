"""Everything that any station ever committed, as it stood on its card: the oracles' own memory.

Facts form a tree by their chain hashes: a card that was put back grows a second branch.
"""

import contextlib
import hashlib
import resource
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from cloud_sync.wire.envelope import decode
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import Epoch, Seq, StationId
from edge.simulation.ground.trace import Trace
from edge.store.connection import DATABASE
from edge.store.database import Store
from edge.store.journal import JournalRow

EPOCH_STARTED: Final = "epoch.started"
"""The one fact that is written while no daemon runs: when a GRANT is taken."""


class Committed(NamedTuple):
    """A fact on some card, and the hash before it."""

    station: StationId
    epoch: int
    seq: int
    before: bytes
    fact: bytes
    kind: str


@dataclass
class Recorder:
    """Facts by their chain hash. `gone` names those that a card took with it for good."""

    trace: Trace
    facts: dict[bytes, Committed] = field(default_factory=dict)
    gone: set[bytes] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    _epochs: dict[tuple[StationId, int], str] = field(default_factory=dict)

    def epoch_began(self, station: StationId, epoch: int, grant: str) -> None:
        """S5: no epoch is ever granted twice."""
        if self._epochs.setdefault((station, epoch), grant) != grant:
            self.trouble(f"S5: epoch {epoch} of {station} was granted twice")

    def way_to(self, digest: bytes) -> list[tuple[bytes, Committed]]:
        """Every fact up to this one by its hash, also those that exist nowhere any more."""
        way: list[tuple[bytes, Committed]] = []
        while (known := self.facts.get(digest)) is not None:
            way.append((digest, known))
            digest = known.before
        return way[::-1]

    def trouble(self, what: str) -> None:
        """An invariant does not hold."""
        if what not in self.troubles:
            self.trace.note("trouble", what)
            self.troubles.append(what)


def hashes_on(card: Path) -> set[bytes]:
    """The chain hash of each fact on a card that is not in use.

    SQLite writes an index to read a log. No mishap of the card is meant for whoever judges it.
    """
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (usual[1], usual[1]))
    try:
        with contextlib.closing(sqlite3.connect(card / DATABASE)) as connection:
            return {bytes(row[0]) for row in connection.execute("SELECT hash FROM journal")}
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def link(before: bytes, station: StationId, row: JournalRow) -> bytes:
    """A fact's chain hash as docs/wire/README.md has it, by no code of the house."""
    place = row.epoch.to_bytes(8, "big") + row.seq.to_bytes(8, "big")
    return hashlib.sha256(before + station.encode() + bytes(1) + place + row.fact).digest()


class CardReader:
    """Follows one card's journal while a process writes it, proving each row by itself (S5)."""

    def __init__(self, recorder: Recorder, store: Store) -> None:
        self._recorder, self._store = recorder, store
        self._at: tuple[Epoch, Seq] = (Epoch(0), Seq(0))
        self._digest: bytes | None = None
        self.rows: list[JournalRow] = []

    def follow(self, *, fresh: bool) -> list[JournalRow]:
        """Rows that are new since the last look; what is not `fresh` must have been seen before."""
        news: list[JournalRow] = []
        while rows := self._store.rows_after(*self._at, 500):
            for row in rows:
                self._take(row, fresh=fresh)
            news += rows
        self.rows += news
        return news

    def _take(self, row: JournalRow, *, fresh: bool) -> None:
        fresh = fresh or row.kind == EPOCH_STARTED
        recorder, station = self._recorder, self._store.station
        before = self._before(row)
        expected = link(before, station, row)
        if expected != row.hash:
            recorder.trouble(f"S5: the chain of {station} breaks at {row.epoch}/{row.seq}")
        if not fresh and row.hash not in recorder.facts:
            recorder.trouble(f"S5: {station} finds a fact {row.epoch}/{row.seq} it never committed")
        if fresh:
            recorder.trace.note(station, f"{row.epoch}/{row.seq} {row.kind} {row.hash.hex()[:12]}")
        if row.kind == EPOCH_STARTED:
            recorder.epoch_began(station, row.epoch, decode(row.fact).body["grant"])
        recorder.facts.setdefault(
            row.hash, Committed(station, row.epoch, row.seq, before, row.fact, row.kind)
        )
        self._at, self._digest = (row.epoch, row.seq), row.hash

    def _before(self, row: JournalRow) -> bytes:
        if self._digest is not None:
            epoch, seq = self._at
            if row.epoch == epoch and row.seq != seq + 1:
                self._recorder.trouble(f"S5: {self._store.station} leaps from {seq} to {row.seq}")
            return self._digest
        if row.kind == EPOCH_STARTED:
            return bytes.fromhex(decode(row.fact).body["parent_hash"])
        known = self._recorder.facts.get(row.hash)  # the oldest that a pruned card still has
        return known.before if known is not None else GENESIS
