"""The two ends of a session for tests: a pipe and a journal in memory, and a clock to turn."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.ports import (
    Cursor,
    JournalSource,
    Link,
    LinkDown,
    LinkEvent,
    LinkMessage,
    LinkUp,
    SnapshotToSend,
)
from cloud_sync.station.session import SyncSession, SyncStatus
from cloud_sync.station.talks.talk import Talk
from cloud_sync.wire.envelope import Envelope, encode
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import Batch, Hello, Message, Position
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, Seq, StationId
from tests.support.plain import PlainCodec

COUNTY = CountyId("dexing")
STATION = StationId("qingshan-01")
EPOCH = Epoch(1)
_DRAWS = itertools.count(1)  # no two houses ever draw the same, as no two real stations do


@dataclass
class MemoryJournal:
    """A JournalSource whose facts are made here."""

    facts: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=lambda: [GENESIS])
    kept: Cursor = field(default_factory=Cursor)
    pruned: int = 0
    snapshot: SnapshotToSend | None = None

    def write(self, kind: str = "door.forced", **body: str | int) -> None:
        """Append a fact."""
        seq = Seq(len(self.facts) + 1)
        envelope = Envelope(
            epoch=EPOCH,
            seq=seq,
            boot=1,
            mono_ms=seq * 1_000,
            wall_lo=1_790_000_000_000 + seq,
            wall_hi=None,
            kind=kind,
            schema=1,
            actor="test",
            body=dict(body) or {"cell": 1 + seq % 24},
        )
        self.facts.append(encode(envelope))
        self.hashes.append(chain_hash(self.hashes[-1], STATION, EPOCH, seq, self.facts[-1]))

    def place(self, seq: int) -> Position:
        """The position of a fact."""
        return Position(epoch=EPOCH, seq=seq, hash=self.hashes[seq].hex())

    async def head(self) -> Position:
        """The newest fact's place."""
        return self.place(len(self.facts))

    async def hash_at(self, seq: int) -> bytes | None:
        """The chain hash at a place."""
        return self.hashes[seq] if self.pruned <= seq < len(self.hashes) else None

    async def facts_after(self, seq: int, max_facts: int, max_bytes: int) -> list[bytes]:
        """Facts that follow a place."""
        chosen: list[bytes] = []
        size = 0
        for fact in self.facts[seq : seq + max_facts]:
            size += len(fact)
            if chosen and size > max_bytes:
                break
            chosen.append(fact)
        return chosen

    async def base(self) -> Position:
        """Nothing is ever pruned here, unless a test says so."""
        return self.place(self.pruned)

    async def oldest_snapshot(self) -> SnapshotToSend | None:
        """What a test has put there."""
        return self.snapshot

    async def cursor(self) -> Cursor:
        """How far the county has acknowledged."""
        return self.kept

    async def save_cursor(self, cursor: Cursor) -> None:
        """Keep what the county acknowledged."""
        self.kept = cursor


def _conforms(journal: MemoryJournal) -> JournalSource:
    return journal


class Pipe:
    """A Link without a broker: the test is the broker."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.sizes: list[int] = []
        self.closed = False
        self._tell: Callable[[LinkEvent], None] = lambda _event: None

    def start(self, on_event: Callable[[LinkEvent], None]) -> None:
        """Remember who listens."""
        self._tell = on_event

    def send(self, lane: str, payload: bytes) -> None:
        """Keep what was sent, read as the county would."""
        self.sent.append((lane, unpack(payload)))
        self.sizes.append(len(payload))

    async def aclose(self) -> None:
        """Note it."""
        self.closed = True

    def rise(self, most_bytes: int | None = None) -> None:
        """The broker takes the station in, and messages up to this size."""
        self._tell(LinkUp(most_bytes))

    def fall(self) -> None:
        """The broker is gone."""
        self._tell(LinkDown("test"))

    def deliver(self, message: Message | bytes) -> None:
        """Something arrives at the station."""
        payload = message if isinstance(message, bytes) else pack(message)
        self._tell(LinkMessage("dn", payload))

    def on(self, lane: str) -> list[Message]:
        """What was sent on one lane."""
        return [message for where, message in self.sent if where == lane]

    def hello(self) -> Hello:
        """The newest HELLO."""
        return next(m for m in reversed(self.on("up")) if isinstance(m, Hello))

    def batches(self) -> list[Batch]:
        """Every BATCH with facts."""
        return [m for m in self.on("up") if isinstance(m, Batch) and m.facts]


def _fits(pipe: Pipe) -> Link:
    return pipe


class House:
    """A session over a pipe, with a clock that stands still until it is turned."""

    def __init__(
        self, journal: MemoryJournal, talks: Sequence[Talk] = (), *, boot: int = 7
    ) -> None:
        self.journal, self.pipe = journal, Pipe()
        self.now_ms = 5_000
        self.devices = {"scanner": "ok"}
        self.seen: list[SyncStatus] = []
        self.session = SyncSession(
            Introduction(
                county=COUNTY,
                station=STATION,
                software="0.1.0",
                boot=boot,
                cells=24,
                simulated=True,
            ),
            Gauges(device_states=lambda: self.devices),
            link=self.pipe,
            codec=PlainCodec(),
            journal=journal,
            talks=talks,
            clock_ms=lambda: self.now_ms,
            draw=self._draw,
            on_status=self.seen.append,
        )

    def _draw(self, count: int) -> bytes:
        return next(_DRAWS).to_bytes(count, "big")

    async def settle(self) -> None:
        """Let the session do everything that it can do now."""
        for _turn in range(50):
            await asyncio.sleep(0)

    async def pass_ms(self, milliseconds: int) -> None:
        """Turn the clock and wake the session, as its timer would."""
        self.now_ms += milliseconds
        self.session.journal_grew()
        await self.settle()


async def until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    """Wait for something that happens elsewhere. Raises AssertionError when it does not."""
    for _look in range(int(within_s / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen in time")
