"""A real journal and the county's real ingest: an old image, a new card, a county put far back."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Row, Table

from cloud_sync.county.database import Database
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.histories.grants import GrantDesk, Granting
from cloud_sync.county.histories.snapshots import SnapshotDesk
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.tables import FACTS, GAPS, PARCELS, SNAPSHOTS
from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.session import SyncSession, SyncStatus
from cloud_sync.station.talks.grant_talk import GrantTalk
from cloud_sync.station.talks.snapshot_talk import SnapshotTalk
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.messages import Batch, GrantAsk, Hello, Message, SnapshotPiece
from edge.daemon.county.grants import receive_grant, take_grant
from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.county.snapshots import SnapshotKeeper
from edge.domain.inputs import CountSigned, EndedInOrder
from edge.domain.parcel import IN_CELL
from edge.kernel.ids import KeeperId, WaybillNo
from edge.kernel.time import Instant
from edge.store.connection import FolderLock
from edge.store.verify import verify
from tests.daemon.parts import KEEPER, POLICY, Rig, station_in
from tests.store.journals import COUNTY, STATION, new_journal
from tests.support.plain import PlainCodec
from tests.sync.house import Pipe, until
from tests.sync.test_with_the_county import Center

pytestmark = pytest.mark.anyio
NOON_MS: Final = 1_790_000_000_000
DAY_MS: Final = 86_400_000
_DRAWS: Final = itertools.count(1)
FIRST, SECOND, THIRD = (WaybillNo(f"YT770012345678{n}") for n in (1, 2, 3))


class Town(Center):
    """A county with the desks of snapshots and GRANTs."""

    def _open(self) -> None:
        self.database = Database.open(self.folder)
        self.granting = Granting(
            Epochs(self.folder), (bytes(32),), clock_ms=lambda: NOON_MS, draw=self._draw
        )
        self._ingest = Ingest(
            self.database,
            granting=self.granting,
            durable=Durable(rule="commit", copies=2),
            clock_ms=lambda: NOON_MS,
            draw=self._draw,
            metrics=CountyMetrics(),
            admits=lambda _connection, _station: True,
        )
        self._snapshots = SnapshotDesk(self.database, lambda: NOON_MS)
        self._grants = GrantDesk(self.database, lambda: NOON_MS)

    def answers(self, message: Message) -> list[Message]:
        """What it says to a message, as its worker would."""
        if isinstance(message, SnapshotPiece):
            return [letter.message for letter in self._snapshots.hear(STATION, message)]
        if isinstance(message, GrantAsk):
            return [letter.message for letter in self._grants.hear(STATION, message)]
        assert isinstance(message, Hello | Batch)
        answer = self._ingest.handle(STATION, message)
        return [] if answer is None else [answer]

    def grant(self) -> None:
        """The operator orders a new epoch."""
        with self.database.write() as connection:
            self.granting.order(connection, STATION, "换卡")

    def rows(self, table: Table) -> list[Row[Any]]:
        with self.database.read() as connection:
            return list(connection.execute(table.select()))

    def kinds(self, epoch: int) -> list[str]:
        """The kinds of what it holds of one epoch, in order."""
        rows = sorted(self.rows(FACTS), key=lambda row: row.seq)
        facts = [decode(row.fact) for row in rows]
        return [fact.kind for fact in facts if fact.epoch == epoch]

    def stages(self) -> dict[str, str]:
        return {row.waybill_no: row.stage for row in self.rows(PARCELS)}


@dataclass
class Life:
    """A station that runs and talks to the county; `anew` once a GRANT lies on its disk."""

    rig: Rig
    keeper: SnapshotKeeper
    anew: asyncio.Event
    seen: list[SyncStatus] = field(default_factory=list)

    async def delivered(self) -> None:
        """Everything has been taken by the county, also what the session has not looked at yet."""
        head = self.rig.station.place[0]
        for _look in range(2_000):
            cursor = await self.rig.thread.run(self.rig.store.cursor)
            if self.seen and self.seen[-1].online and cursor.applied_seq >= head:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it was not delivered in time")

    async def verdict(self, word: str) -> None:
        await until(lambda: bool(self.seen) and self.seen[-1].verdict == word)


async def _carry(town: Town, pipe: Pipe, hurry: "asyncio.Event") -> None:
    carried = 0
    while True:
        sent = pipe.on("up")
        for message in sent[carried:]:
            for answer in town.answers(message):
                pipe.deliver(answer)
        carried = len(sent)
        hurry.set()
        await asyncio.sleep(0.005)


def _session(
    rig: Rig, pipe: Pipe, source: StoreJournalSource, grants: GrantTalk, here: "Life"
) -> SyncSession:
    loop = asyncio.get_running_loop()
    return SyncSession(
        Introduction(
            county=COUNTY,
            station=STATION,
            software="0.1.0",
            boot=rig.store.boot,
            cells=24,
            simulated=True,
            grant=rig.store.grant,
        ),
        Gauges(device_states=dict),
        link=pipe,
        codec=PlainCodec(),
        journal=source,
        talks=[SnapshotTalk(source)],
        grants=grants,
        # Fifty times as fast, so that no test waits for a pause to end.
        clock_ms=lambda: int(loop.time() * 50_000),
        draw=lambda count: next(_DRAWS).to_bytes(count, "big"),
        on_status=here.seen.append,
    )


@asynccontextmanager
async def life(folder: Path, town: Town) -> AsyncIterator[Life]:
    """One start of the station, after whatever GRANT waits."""
    lock = FolderLock.take(folder)
    take_grant(folder, POLICY, STATION, COUNTY)
    lock.release()
    async with station_in(folder) as rig:
        anew, pipe = asyncio.Event(), Pipe()
        source = StoreJournalSource(rig.store, rig.thread)

        async def receive(data: bytes) -> None:
            await rig.thread.run(receive_grant, folder, POLICY, rig.store, data)
            anew.set()

        here = Life(rig, SnapshotKeeper(rig.station, rig.store, rig.thread, 30 * DAY_MS), anew)
        session = _session(rig, pipe, source, GrantTalk(receive), here)
        rig.station.when_journal_grows(session.journal_grew)
        tasks = [
            asyncio.create_task(session.run()),
            asyncio.create_task(_carry(town, pipe, asyncio.Event())),
        ]
        await until(lambda: bool(here.seen))  # from here on it hears
        pipe.rise()
        try:
            yield here
            await rig.station.tell(lambda at, _fresh: EndedInOrder(at=at))
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def lived(folder: Path, town: Town) -> None:
    """Two parcels are checked in, a snapshot is sent, and all of it is at the county."""
    async with life(folder, town) as here:
        await here.rig.begin_check_in()
        await here.rig.check_in(FIRST)
        await here.keeper.take()
        await here.rig.check_in(SECOND)
    async with life(folder, town) as here:
        await here.delivered()
        await until(lambda: bool(town.rows(SNAPSHOTS)))


async def granted(folder: Path, town: Town, orders: int = 1) -> None:
    """The county does not take this card's facts; the operator lets it begin a new epoch."""
    async with life(folder, town) as here:
        await until(lambda: bool(here.seen) and here.seen[-1].verdict in {"rollback", "fork"})
        for _order in range(orders):
            town.grant()
        await asyncio.wait_for(here.anew.wait(), 20)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "county")


async def test_an_old_image_goes_on_in_a_new_epoch_and_knows_what_it_had_forgotten(
    tmp_path: Path, town: Town
) -> None:
    folder = new_journal(tmp_path / "card")
    await lived(folder, town)
    shutil.copytree(folder, tmp_path / "image")
    async with life(folder, town) as here:
        await here.rig.begin_check_in()
        await here.rig.check_in(THIRD)
        await here.delivered()
    old = len(town.kinds(1))
    await granted(tmp_path / "image", town)
    async with life(tmp_path / "image", town) as here:
        state = here.rig.station.state
        assert {no for no, parcel in state.parcels.items() if parcel.stage in IN_CELL} == {
            FIRST,
            SECOND,
            THIRD,
        }
        assert state.counting
        await here.rig.begin_check_in()
        told = await here.rig.station.tell(
            lambda at, _fresh: CountSigned(at=at, keeper=KeeperId(KEEPER))
        )
        assert told is not None
        await here.delivered()
        assert here.rig.store.epoch == 2
    assert len(town.kinds(1)) == old
    assert town.kinds(2)[:2] == ["epoch.started", "station.started"]
    assert "epoch.count_signed" in town.kinds(2)
    assert verify(tmp_path / "image").problems == ()
    assert (tmp_path / "image" / "journal-epoch1.db").exists()


async def test_a_new_card_takes_over_parcels_and_the_key_of_their_codes(
    tmp_path: Path, town: Town
) -> None:
    first = new_journal(tmp_path / "card")
    await lived(first, town)
    second = new_journal(tmp_path / "new")
    assert (first / "station.key").read_bytes() != (second / "station.key").read_bytes()
    await granted(second, town)
    async with life(second, town) as here:
        await here.delivered()
        parcels = here.rig.station.state.parcels
        assert {FIRST, SECOND} <= set(parcels)
        assert parcels[SECOND].credential is not None
    assert (first / "station.key").read_bytes() == (second / "station.key").read_bytes()
    assert verify(second).problems == ()
    # The old card comes back: its epoch is sealed.
    async with life(first, town) as here:
        await until(lambda: bool(here.seen) and here.seen[-1].verdict != "")
        assert not here.seen[-1].online


async def test_a_county_put_back_to_before_what_the_card_keeps_gets_the_gap_and_goes_on(
    tmp_path: Path, town: Town
) -> None:
    folder = new_journal(tmp_path / "card")
    async with life(folder, town) as here:
        await here.delivered()
    town.back_up()
    async with life(folder, town) as here:
        await here.rig.begin_check_in()
        await here.rig.check_in(FIRST)
        await here.keeper.take()
        await here.rig.check_in(SECOND)
        await here.keeper.take()
        await here.delivered()
        late = Instant(boot=9, mono_ms=0, wall_lo_ms=NOON_MS + 900 * DAY_MS, wall_hi_ms=None)
        while await here.rig.thread.run(here.rig.store.prune, late, 900 * DAY_MS, 30 * DAY_MS):
            pass
        base = here.rig.store.base()[0]
    assert base > 5
    town.restore()
    async with life(folder, town) as here:
        await here.delivered()
        await here.rig.begin_check_in()
        await here.rig.check_in(THIRD)
        await here.delivered()
    (gap,) = town.rows(GAPS)
    assert (gap.first, gap.last) == (2, base)
    assert set(town.stages().items()) >= {(no, "stored") for no in (FIRST, SECOND, THIRD)}


async def test_two_cards_in_one_day_keep_every_parcel_though_the_second_left_no_snapshot(
    tmp_path: Path, town: Town
) -> None:
    first = new_journal(tmp_path / "card")
    await lived(first, town)
    second, third = new_journal(tmp_path / "second"), new_journal(tmp_path / "third")
    await granted(second, town)
    async with life(second, town) as here:
        await here.rig.begin_check_in()
        await here.rig.check_in(THIRD)
        await here.delivered()
    assert {row.epoch for row in town.rows(SNAPSHOTS)} == {1}
    await granted(third, town, orders=2)  # the operator pressed twice: the last one counts
    async with life(third, town) as here:
        await here.delivered()
        parcels = here.rig.station.state.parcels
        assert {FIRST, SECOND, THIRD} <= set(parcels)
        assert parcels[THIRD].credential is not None
        assert here.rig.store.epoch == 4
    assert town.kinds(4)[:2] == ["epoch.started", "station.started"]
    assert town.kinds(3) == []
    assert (first / "station.key").read_bytes() == (third / "station.key").read_bytes()
    assert set(town.stages().items()) >= {(no, "stored") for no in (FIRST, SECOND, THIRD)}
    assert verify(third).problems == ()
