"""Session and county's real ingest across a pipe that loses, repeats and reorders; both restart."""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from cloud_sync.county.database import DATABASE, Database
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.histories.grants import Granting
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.tables import ALARMS, FACTS, FORK_STORE
from cloud_sync.wire.messages import Batch, Hello, Message
from edge.kernel.errors import StoreError
from tests.sync.house import COUNTY, STATION, House, MemoryJournal

pytestmark = pytest.mark.anyio
NOON_MS = 1_790_000_000_000


class Center:
    """A county on disk that can be restarted and put back to an older copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        Database.create(folder, COUNTY)
        self._drawn = 0
        self._commits_left, self.kills = 0, 0
        self._open()

    def _open(self) -> None:
        self.database = Database.open(self.folder)
        event.listen(self.database.writer, "commit", self._committing)
        self._ingest = Ingest(
            self.database,
            granting=Granting(
                Epochs(self.folder), (bytes(32),), clock_ms=lambda: NOON_MS, draw=self._draw
            ),
            durable=Durable(rule="commit", copies=2),
            clock_ms=lambda: NOON_MS,
            draw=self._draw,
            metrics=CountyMetrics(),
            admits=lambda _connection, _station: True,
        )

    def _draw(self, count: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(count, "big")

    def kill_at(self, nth: int) -> None:
        """Lose the power at the nth commit from now on: it never reaches the disk."""
        self._commits_left = nth

    def _committing(self, _connection: object) -> None:
        self._commits_left -= 1
        if self._commits_left == 0:
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    def restart(self) -> None:
        """End the process and start it again."""
        self.database.close()
        self._open()

    def back_up(self) -> None:
        """Keep a copy."""
        self.database.close()
        shutil.copy(self.folder / DATABASE, self.folder / "copy")
        self._open()

    def restore(self) -> None:
        """Put the copy back in the database's place."""
        self.database.close()
        shutil.copy(self.folder / "copy", self.folder / DATABASE)
        self._open()

    def take(self, message: Message) -> Message | None:
        """Handle one message as the county's worker does."""
        assert isinstance(message, Hello | Batch)
        try:
            return self._ingest.handle(STATION, message)
        except StoreError:
            self.kills += 1
            self.restart()
            return None

    def facts(self) -> list[bytes]:
        """What it holds of the station, in order."""
        wanted = select(FACTS.c.fact).where(FACTS.c.station == STATION).order_by(FACTS.c.seq)
        with self.database.read() as connection:
            return [bytes(row.fact) for row in connection.execute(wanted)]

    def alarms(self) -> set[str]:
        """What it has been alarmed of."""
        with self.database.read() as connection:
            return {row.kind for row in connection.execute(select(ALARMS.c.kind))}

    def kept_apart(self) -> list[bytes]:
        """Facts of a second history."""
        wanted = select(FORK_STORE.c.fact).order_by(FORK_STORE.c.seq)
        with self.database.read() as connection:
            return [bytes(row.fact) for row in connection.execute(wanted)]


@contextmanager
def center_in(folder: Path) -> Iterator[Center]:
    center = Center(folder)
    try:
        yield center
    finally:
        center.database.close()


class Road:
    """Carries what a house sends to a center and back, as badly as its chance says."""

    def __init__(self, house: House, center: Center, chance: random.Random) -> None:
        self._house, self._center, self._chance = house, center, chance
        self._taken = 0
        self._under_way: list[Message] = []
        self.badly = True

    def _lost_or_doubled(self, message: Message) -> list[Message]:
        if not self.badly:
            return [message]
        return [message] * self._chance.choice([0, 1, 1, 1, 2])

    async def carry(self) -> None:
        """One round: some of what is under way arrives, in any order."""
        sent = self._house.pipe.on("up")
        for message in sent[self._taken :]:
            self._under_way += self._lost_or_doubled(message)
        self._taken = len(sent)
        if self.badly:
            self._chance.shuffle(self._under_way)
        arriving = self._under_way
        late = self._chance.randint(0, 1) if self.badly and arriving else 0
        self._under_way = arriving[len(arriving) - late :]
        for message in arriving[: len(arriving) - late]:
            answer = self._center.take(message)
            if answer is not None:
                for copy in self._lost_or_doubled(answer):
                    self._house.pipe.deliver(copy)
        await self._house.settle()


@asynccontextmanager
async def running(journal: MemoryJournal, *, boot: int = 7) -> AsyncIterator[House]:
    house = House(journal, boot=boot)
    task = asyncio.create_task(house.session.run())
    await house.settle()
    try:
        yield house
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _story(house: House, center: Center, chance: random.Random) -> None:
    """Forty rounds of facts and faults, then forty calm ones."""
    road = Road(house, center, chance)
    center.back_up()
    house.pipe.rise()
    for number in range(80):
        road.badly = number < 40
        if road.badly:
            for _fact in range(chance.randint(0, 3)):
                house.journal.write()
            match chance.randint(0, 20):
                case 0:
                    center.restart()
                case 1:
                    center.restore()
                case 2:
                    center.back_up()
                case 3:
                    house.pipe.fall()
                    house.pipe.rise()
                case _:
                    pass
        await house.pass_ms(chance.choice([0, 500, 4_000]) if road.badly else 10_000)
        await road.carry()


@pytest.mark.parametrize("seed", range(12))
async def test_after_any_mishaps_the_county_has_every_fact_once_and_the_station_knows(
    tmp_path: Path, seed: int
) -> None:
    journal = MemoryJournal()
    with center_in(tmp_path / "county") as center:
        async with running(journal) as house:
            await _story(house, center, random.Random(seed))
        assert center.facts() == journal.facts
        assert center.alarms().isdisjoint({"fork", "corrupt", "parked", "unknown_station"})
        assert journal.kept.applied_seq == len(journal.facts) > 20
        assert (house.seen[-1].online, house.seen[-1].waiting) == (True, 0)


async def _killed(folder: Path, nth: int) -> Center:
    """A talk of a few facts, with the power lost at the nth commit and everything well after."""
    journal, chance = MemoryJournal(), random.Random(nth)
    with center_in(folder) as center:
        async with running(journal) as house:
            road = Road(house, center, chance)
            house.pipe.rise()
            center.kill_at(nth)
            for number in range(30):
                road.badly = number < 8
                if road.badly:
                    journal.write()
                    house.session.journal_grew()
                await house.pass_ms(4_000)
                await road.carry()
        assert center.facts() == journal.facts
        assert center.alarms().isdisjoint({"fork", "corrupt", "clone_suspect", "gap"})
        assert (house.seen[-1].online, house.seen[-1].waiting) == (True, 0)
    return center


async def test_at_whatever_commit_the_county_dies_the_talk_ends_well(tmp_path: Path) -> None:
    nth = 1
    while (await _killed(tmp_path / str(nth), nth)).kills:
        nth += 1
    assert nth > 8


async def test_two_cards_that_count_the_same_starts_are_no_one_station(tmp_path: Path) -> None:
    journal = MemoryJournal()
    with center_in(tmp_path / "county") as center:
        journal.write()
        for verdict in ("", "clone_suspect"):
            async with running(journal, boot=7) as house:
                house.pipe.rise()
                road = Road(house, center, random.Random(0))
                road.badly = False
                for _round in range(10):
                    await house.pass_ms(30_000)
                    await road.carry()
                assert house.seen[-1].verdict == verdict
        assert center.alarms() == {"clone_suspect"}


async def test_a_copied_station_is_kept_apart_and_both_sides_say_so(tmp_path: Path) -> None:
    first, second = MemoryJournal(), MemoryJournal()
    for journal in (first, second):
        for _fact in range(3):
            journal.write()
    for _fact in range(2):
        first.write("door.forced", cell=1)
    for _fact in range(4):
        second.write("door.forced", cell=2)
    with center_in(tmp_path / "county") as center:
        for boot, journal in enumerate((first, second), start=7):
            async with running(journal, boot=boot) as house:
                house.pipe.rise()
                road = Road(house, center, random.Random(0))
                road.badly = False
                for _round in range(10):
                    await road.carry()
                verdict = house.seen[-1].verdict
        assert verdict == "fork"
        assert center.facts() == first.facts
        assert center.kept_apart() == second.facts[5:]
        assert center.alarms() == {"fork"}
        assert second.kept.applied_seq == 0


async def test_an_old_copy_of_a_station_is_told_that_it_was_rolled_back(tmp_path: Path) -> None:
    journal = MemoryJournal()
    with center_in(tmp_path / "county") as center:
        for boot, length, verdict in ((7, 5, ""), (8, 2, "rollback")):
            journal.facts, journal.hashes = journal.facts[:length], journal.hashes[: length + 1]
            while len(journal.facts) < length:
                journal.write()
            async with running(journal, boot=boot) as house:
                house.pipe.rise()
                road = Road(house, center, random.Random(0))
                road.badly = False
                for _round in range(10):
                    await road.carry()
                assert house.seen[-1].verdict == verdict
        assert len(center.facts()) == 5
        assert center.alarms() == {"rollback"}
