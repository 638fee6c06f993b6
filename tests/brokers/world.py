"""Real stations and a real county around a real broker, with sealed frames, for tests."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import select

from cloud_sync.county.ingest.mqtt import CountyLink, LinkPlan
from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.presence import Presence
from cloud_sync.county.tables import FACTS
from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.mqtt import MqttLink
from cloud_sync.station.session import SyncSession, SyncStatus
from cloud_sync.wire.broker.pipe import Version
from cloud_sync.wire.envelope import Envelope, encode
from cloud_sync.wire.framing.frame import Codec, SealedCodec
from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity, KeyId, PublicIdentity
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import CountyId, Seq, StationId
from tests.county.village import County, open_county
from tests.sync.house import EPOCH, MemoryJournal, until

PATIENCE_S = 60.0
Tls = Callable[[], ssl.SSLContext]


@dataclass
class Journal(MemoryJournal):
    """A journal of any station."""

    station: StationId = field(kw_only=True)

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
        self.hashes.append(chain_hash(self.hashes[-1], self.station, EPOCH, seq, self.facts[-1]))


class Home:
    """One station: its journal, its keys, and a session while it is `open`."""

    def __init__(self, county: CountyId, name: str) -> None:
        self.county, self.name = county, StationId(name)
        self.journal = Journal(station=self.name)
        self.identity = Identity.from_secret(token_bytes(SECRET_BYTES))
        self.seen: list[SyncStatus] = []
        self.link: MqttLink
        self.session: SyncSession

    def introduction(self) -> Introduction:
        """Who speaks in its session."""
        return Introduction(
            county=self.county,
            station=self.name,
            software="0.1.0",
            boot=7,
            cells=24,
            simulated=True,
        )

    def write(self, count: int) -> None:
        """So many new facts, which an open session hears of."""
        for _fact in range(count):
            self.journal.write()
        self.session.journal_grew()

    @property
    def delivered(self) -> int:
        """How far the county has acknowledged."""
        return self.journal.kept.applied_seq

    def has_delivered_all(self) -> bool:
        """Whether everything is at the county, and the station knows."""
        return self.delivered == len(self.journal.facts)


class Center:
    """The county's database, ingest thread and link, without pages."""

    def __init__(
        self,
        paper: County,
        county: CountyId,
        address: str,
        plan: LinkPlan,
        identity: Identity | None,
    ) -> None:
        self.county, self.turns, self.dropped = county, list[bool](), list[str]()
        self.identity = identity or Identity.from_secret(token_bytes(SECRET_BYTES))
        self.failures: list[Exception] = []
        self._homes: dict[StationId, PublicIdentity] = {}
        self.database = paper.database
        self.link = CountyLink(
            address, county, on_dropped=self.dropped.append, on_link=self.turns.append, plan=plan
        )
        self.presence = Presence(_mono_ms, _wall_ms)
        self._worker = IngestWorker(
            database=self.database,
            ingest=paper.ingest,
            presence=self.presence,
            metrics=paper.metrics,
            codec=self._codec,
            send=self.link.send,
            on_change=lambda: None,
            on_failure=self.failures.append,
        )

    def enrol(self, home: Home) -> None:
        """From now on this station's frames are read."""
        self._homes[home.name] = home.identity.public

    def open(self) -> None:
        """Listen."""
        self._worker.start()
        self.link.start(self._worker.offer)

    def close(self) -> None:
        """Disconnect."""
        self.link.stop()
        self._worker.stop()

    def is_up(self) -> bool:
        """Whether the broker has taken it in."""
        return self.turns[-1:] == [True]

    def facts(self, home: Home) -> list[bytes]:
        """What it holds of a station, in order."""
        wanted = select(FACTS.c.fact).where(FACTS.c.station == home.name).order_by(FACTS.c.seq)
        with self.database.read() as connection:
            return [bytes(row.fact) for row in connection.execute(wanted)]

    def _codec(self, station: StationId) -> Codec:
        other = self._homes[station]
        return sealed(self.identity, other, self.county, station)


def sealed(mine: Identity, other: PublicIdentity, county: CountyId, name: StationId) -> Codec:
    """One end of a station's talk with the county."""

    def lookup(key: KeyId) -> PublicIdentity | None:
        return other if key == other.key_id else None

    return SealedCodec(mine, lambda: other, lookup, county=county, station=name)


def new_county() -> CountyId:
    """A county that no test before had, for brokers that live longer than one test."""
    return CountyId(f"county-{token_bytes(3).hex()}")


@contextmanager
def open_center(
    folder: Path,
    address: str,
    plan: LinkPlan,
    *,
    county: CountyId | None = None,
    identity: Identity | None = None,
) -> Iterator[Center]:
    """A county that listens at a broker; with an `identity` it is the same one again."""
    with open_county(folder / "county") as paper:
        center = Center(paper, county or new_county(), address, plan, identity)
        center.open()
        try:
            yield center
        finally:
            center.close()
    assert center.failures == []


@asynccontextmanager
async def open_home(  # noqa: PLR0913 - each by name, and most left out
    center: Center,
    address: str,
    name: str = "pingshang",
    *,
    version: Version = "3.1.1",
    tls: Tls | None = None,
    keepalive_s: int = 30,
) -> AsyncIterator[Home]:
    """A station of that county with its session running."""
    home = Home(center.county, name)
    center.enrol(home)
    codec = sealed(home.identity, center.identity.public, home.county, home.name)
    home.link = MqttLink(
        address,
        county=home.county,
        station=home.name,
        codec=codec,
        version=version,
        tls=tls,
        keepalive_s=keepalive_s,
    )
    home.session = SyncSession(
        home.introduction(),
        Gauges(device_states=dict),
        link=home.link,
        codec=codec,
        journal=home.journal,
        clock_ms=_mono_ms,
        draw=token_bytes,
        on_status=home.seen.append,
    )
    async with _running(home.session):
        yield home


@asynccontextmanager
async def _running(session: SyncSession) -> AsyncIterator[None]:
    task = asyncio.create_task(session.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def arrives(condition: Callable[[], bool]) -> None:
    """Wait for something at the other end of a broker."""
    await until(condition, PATIENCE_S)


def _mono_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
