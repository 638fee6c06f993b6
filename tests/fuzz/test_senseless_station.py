"""Well-signed nonsense at a station: it is heeded or dropped, no door opens, and facts flow on."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from cloud_sync.station.talks.grant_talk import GrantTalk
from cloud_sync.station.talks.live import LiveTalk
from cloud_sync.station.talks.questions import Questions
from cloud_sync.station.talks.snapshot_talk import SnapshotTalk
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.station.talks.talk import Talk
from cloud_sync.wire.framing.payload import pack
from cloud_sync.wire.messages import Ack, Welcome
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.remote_desk import RemoteDesk
from edge.kernel.errors import LinkError
from edge.kernel.ids import CountyId, StationId
from edge.store.database import Store
from tests.county.village import Village
from tests.daemon.parts import Rig, station_in
from tests.fuzz.budget import spent
from tests.fuzz.conftest import Complaints
from tests.fuzz.good_messages import downward, senseless, spoilt_bytes, upward
from tests.fuzz.hunt import hunt
from tests.sync.house import House, MemoryJournal
from tests.sync.test_snapshot_talk import Shelf

MESSAGES: Final = 20
"""In one talk."""


class Columns(MemoryJournal):
    """As the real one: a number that no column holds is an error of the driver's own."""

    async def hash_at(self, seq: int) -> bytes | None:
        if not -(2**63) <= seq < 2**63:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return await super().hash_at(seq)


async def _refuse(data: bytes) -> None:
    raise LinkError(f"{len(data)} bytes that are no grant")


def talks_of(rig: Rig, board: CountyBoard, desk: RemoteDesk) -> tuple[Talk, ...]:
    """Everything that a station talks about, on the real things; a life has one desk."""
    live = LiveTalk(desk, clock_ms=lambda: rig.clock.mono_ms, draw=secrets.token_bytes)
    desk.tell_with(live.tell)
    return (
        StateTalk(board),
        SnapshotTalk(Shelf()),
        Questions(secrets.token_bytes),
        live,
        GrantTalk(_refuse),
    )


@asynccontextmanager
async def a_talk(rig: Rig, board: CountyBoard, desk: RemoteDesk) -> AsyncIterator[House]:
    """A session that has said hello, and that nothing may end."""
    journal = Columns()
    for _ in range(5):
        journal.write()
    before = list(journal.facts)
    house = House(journal, talks_of(rig, board, desk))
    running = asyncio.create_task(house.session.run())
    try:
        await house.settle()
        house.pipe.rise()
        await house.settle()
        yield house
        assert not running.done(), "the session has ended"
        assert journal.facts == before
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def said(house: House, seed: int) -> bytes:
    """What a county says next: now and then good, mostly not quite."""
    chance = random.Random(seed)
    hello = house.pipe.hello()
    batches = [one for one in house.pipe.on("up") if hasattr(one, "session")]
    session = str(getattr(batches[-1], "session", "")) if batches else "5e" * 16
    village = Village()
    messages = downward(hello, session)
    if chance.random() < 0.3:
        good = chance.choice([one for one in messages if isinstance(one, Welcome | Ack)])
        return pack(good)
    if chance.random() < 0.05:
        messages = upward(village.hello(), village.batch(session, 0))
    spoiler = senseless if chance.random() < 0.9 else spoilt_bytes
    return spoiler(chance, chance.choice(messages))


def test_no_message_of_a_county_makes_a_station_stumble_or_open_a_door(
    tmp_path: Path, complaints: Complaints
) -> None:
    Store.create(tmp_path, CountyId("shangyou"), StationId("pingshang"))
    opened_sessions = 0

    def make(chance: random.Random) -> list[int]:
        return [chance.randrange(2**32) for _ in range(MESSAGES)]

    with asyncio.Runner() as runner:
        station = station_in(tmp_path)
        rig = runner.run(station.__aenter__())
        board = CountyBoard(rig.station, rig.store, rig.thread)
        desk = RemoteDesk(rig.station, station_id=rig.store.station, epoch=lambda: rig.store.epoch)
        runner.run(board.load())
        runner.run(rig.shut_all())

        async def talk(seeds: list[int]) -> None:
            nonlocal opened_sessions
            async with a_talk(rig, board, desk) as house:
                for seed in seeds:
                    house.pipe.deliver(said(house, seed))
                    await house.settle()
                await house.pass_ms(60_000)
                opened_sessions += any(one.online for one in house.seen)

        def try_one(seeds: list[int]) -> None:
            complaints.clear()
            runner.run(talk(seeds))
            assert not complaints, complaints[-1]
            assert rig.opened_doors == []

        try:
            hunt("senseless-down", make, try_one)
        finally:
            runner.run(station.__aexit__(None, None, None))
    assert opened_sessions > spent["senseless-down"] // 4, "these talks do not come far"
