"""The session between a journal and a pipe; the test plays broker, county and clock."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from cloud_sync.station.heart import HEARTBEAT_MS, LOOK_MS, Heart
from cloud_sync.station.introduction import Gauges, Introduction
from cloud_sync.station.ports import Cursor
from cloud_sync.station.session import MAX_HEARD, SyncStatus
from cloud_sync.station.talks.talk import Say
from cloud_sync.wire.messages import (
    MAX_MESSAGE,
    Ack,
    Batch,
    Goodbye,
    Heartbeat,
    Hello,
    Message,
    Position,
    Welcome,
)
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import Seq
from tests.sync.house import COUNTY, EPOCH, STATION, House, MemoryJournal, until

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def running(facts: int) -> AsyncIterator[House]:
    """A house whose session runs."""
    journal = MemoryJournal()
    for _fact in range(facts):
        journal.write()
    house = House(journal)
    task = asyncio.create_task(house.session.run())
    await house.settle()
    try:
        yield house
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def welcome(house: House, seq: int) -> Welcome:
    """The county's answer to the newest HELLO."""
    return Welcome(
        nonce=house.pipe.hello().nonce,
        session="s1",
        county_gen="1-ab",
        verdict="ok",
        applied=house.journal.place(seq),
        durable_seq=0,
        county_time_ms=0,
    )


def ack(applied: Position) -> Ack:
    """The county committed up to here."""
    return Ack(session="s1", county_gen="1-ab", applied=applied, durable_seq=0, note="")


class Patient:
    """A talk that waits for one moment."""

    hears: tuple[type[Message], ...] = ()

    def __init__(self, due_ms: int) -> None:
        self.due_ms: int | None = due_ms
        self.told: list[int] = []

    def opened(self, _welcome: Welcome, _say: Say) -> None:
        """Nothing."""

    def closed(self) -> None:
        """Nothing."""

    async def hear(self, _message: Message) -> None:
        """Nothing."""

    async def time_passed(self, now_ms: int) -> None:
        """Once."""
        self.told.append(now_ms)
        self.due_ms = None


async def greeted(house: House, seq: int) -> None:
    """Bring the talk to where the county said where it is."""
    house.pipe.rise()
    await house.settle()
    house.pipe.deliver(welcome(house, seq))
    await house.settle()


async def test_the_hello_names_head_boot_software_and_cells() -> None:
    async with running(facts=3) as house:
        house.pipe.rise()
        await house.settle()
        hello = house.pipe.hello()
        assert hello == Hello(
            nonce=hello.nonce,
            head=house.journal.place(3),
            oldest_seq=1,
            boot=7,
            software="0.1.0",
            cells=24,
            boot_id=hello.boot_id,
        )


async def test_the_bytes_that_travel_are_those_of_the_journal_and_prove_the_chain() -> None:
    async with running(facts=3) as house:
        await greeted(house, 1)
        (batch,) = house.pipe.batches()
        assert [bytes(fact) for fact in batch.facts] == house.journal.facts[1:]
        digest = bytes.fromhex(batch.previous.hash)
        for seq, fact in enumerate(batch.facts, start=2):
            digest = chain_hash(digest, STATION, EPOCH, Seq(seq), bytes(fact))
        assert (digest.hex(), batch.previous.seq) == (batch.last, 1)


async def test_an_acknowledged_journal_is_kept_as_such_and_shown() -> None:
    async with running(facts=3) as house:
        await greeted(house, 0)
        house.pipe.deliver(ack(house.journal.place(3)))
        await house.settle()
        assert house.journal.kept == Cursor(county_gen="1-ab", applied_seq=3)
        assert house.seen == [
            SyncStatus(online=False, waiting=3, verdict=""),
            SyncStatus(online=True, waiting=3, verdict=""),
            SyncStatus(online=True, waiting=0, verdict=""),
        ]


async def test_an_ack_for_another_history_is_not_believed() -> None:
    async with running(facts=3) as house:
        await greeted(house, 0)
        house.pipe.deliver(ack(Position(epoch=1, seq=3, hash="0" * 64)))
        await house.settle()
        assert house.journal.kept.applied_seq == 0


async def test_a_batch_above_the_brokers_limit_is_halved_until_it_fits() -> None:
    async with running(facts=0) as house:
        for number in range(200):
            house.journal.write(digest=hashlib.sha256(bytes([number])).hexdigest())
        house.session.journal_grew()
        house.pipe.rise(most_bytes=3_000)
        await house.settle()
        house.pipe.deliver(welcome(house, 0))
        await house.settle()
        (batch,) = house.pipe.batches()
        assert 1 < len(batch.facts) < 200
        assert house.pipe.sizes[-1] <= 3_000
        house.pipe.fall()
        house.pipe.rise()  # another broker, without a limit
        await house.settle()
        house.pipe.deliver(welcome(house, 0))
        await house.settle()
        assert len(house.pipe.batches()[-1].facts) == 200


async def test_a_fact_above_the_brokers_limit_is_sent_for_the_pipe_to_tell() -> None:
    async with running(facts=3) as house:
        house.pipe.rise(most_bytes=10)
        await house.settle()
        house.pipe.deliver(welcome(house, 0))
        await house.settle()
        assert [len(batch.facts) for batch in house.pipe.batches()] == [1]


async def test_a_new_fact_is_sent_without_waiting() -> None:
    async with running(facts=0) as house:
        await greeted(house, 0)
        house.journal.write()
        house.session.journal_grew()
        await house.settle()
        assert [len(batch.facts) for batch in house.pipe.batches()] == [1]


async def test_a_long_journal_goes_in_batches_that_fit_and_arrives_whole() -> None:
    journal_length = 1_300
    async with running(facts=journal_length) as house:
        await greeted(house, 0)
        arrived: list[bytes] = []
        while len(arrived) < journal_length:
            batch = house.pipe.batches()[-1]
            assert batch.previous.seq == len(arrived)
            arrived += [bytes(fact) for fact in batch.facts]
            house.pipe.deliver(ack(house.journal.place(len(arrived))))
            await house.settle()
        assert arrived == house.journal.facts
        assert max(house.pipe.sizes) <= MAX_MESSAGE


async def test_facts_that_hardly_compress_are_cut_into_batches_that_fit() -> None:
    async with running(facts=0) as house:
        for number in range(500):
            noise = "".join(
                chain_hash(bytes([n]), STATION, EPOCH, Seq(number), b"").hex() for n in range(5)
            )
            house.journal.write(noise=noise)
        house.session.journal_grew()
        await greeted(house, 0)
        (batch,) = house.pipe.batches()
        assert 50 < len(batch.facts) < 500
        assert batch.last == house.journal.place(len(batch.facts)).hash
        assert MAX_MESSAGE // 4 < max(house.pipe.sizes) <= MAX_MESSAGE


async def test_a_heartbeat_comes_with_the_link_and_then_every_half_minute() -> None:
    async with running(facts=2) as house:
        assert house.pipe.on("tel") == []
        house.pipe.rise()
        await house.settle()
        await house.pass_ms(HEARTBEAT_MS - 1)
        first = Heartbeat(
            boot=7, up_ms=5_000, head_seq=2, waiting=2, devices={"scanner": "ok"}, simulated=True
        )
        assert house.pipe.on("tel") == [first]
        await house.pass_ms(1)
        assert len(house.pipe.on("tel")) == 2
        house.pipe.fall()
        await house.pass_ms(HEARTBEAT_MS * 3)
        assert len(house.pipe.on("tel")) == 2


async def test_a_device_that_fails_is_told_within_a_second_and_a_flapping_one_no_faster() -> None:
    async with running(facts=0) as house:
        house.pipe.rise()
        await house.settle()
        told: list[dict[str, str]] = []
        for turn in range(8):  # half a second each: the county must not drown
            house.devices = {"scanner": "device.missing" if turn % 3 else "ok"}
            await house.pass_ms(LOOK_MS // 2)
            beats = [beat for beat in house.pipe.on("tel") if isinstance(beat, Heartbeat)]
            told.append(beats[-1].devices)
        assert {"scanner": "device.missing"} in told[:2]
        assert len(beats) <= 1 + 8 // 2


def test_a_heart_looks_each_second_and_only_where_there_are_devices() -> None:
    who = Introduction(
        county=COUNTY, station=STATION, software="0.1.0", boot=7, cells=24, simulated=True
    )
    watched, alone = Heart(who, Gauges(device_states=dict)), Heart(who, Gauges())
    for heart in (watched, alone):
        heart.begin(1_000)
        assert heart.look(999, 0, 0) is None
        assert heart.look(1_000, 0, 0) is not None
    assert (watched.look_at, alone.look_at) == (1_000 + LOOK_MS, 1_000 + HEARTBEAT_MS)


async def test_a_talk_is_told_the_time_when_it_is_due_and_no_sooner() -> None:
    journal, talk = MemoryJournal(), Patient(7_000)
    house = House(journal, talks=(talk,))
    task = asyncio.create_task(house.session.run())
    await house.settle()
    for _wake in range(3):
        await house.pass_ms(500)
    assert talk.told == []
    await house.pass_ms(500)
    assert talk.told == [7_000]
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_without_a_link_no_heart_beats_however_the_devices_change() -> None:
    async with running(facts=0) as house:
        house.devices = {"scanner": "device.gone"}
        await house.pass_ms(LOOK_MS)
        assert house.pipe.on("tel") == []


async def test_a_stopped_session_says_goodbye_and_closes_its_link() -> None:
    async with running(facts=0) as house:
        house.pipe.rise()
        await house.settle()
    assert house.pipe.on("tel")[-1] == Goodbye(clean=True)
    assert house.pipe.closed


@pytest.mark.parametrize(
    "noise",
    [
        b"",
        b"\x01",
        b"\x02hello",
        b"\xff" * 70_000,
        Goodbye(clean=True),
        Heartbeat(boot=1, up_ms=1, head_seq=1, waiting=0, devices={}, simulated=False),
        Ack(
            session="s1",
            county_gen="1-ab",
            applied=Position(epoch=1, seq=2**63, hash=""),
            durable_seq=0,
            note="",
        ),
        Ack(
            session="s1",
            county_gen="1-ab",
            applied=Position(epoch=1, seq=-1, hash=""),
            durable_seq=0,
            note="",
        ),
    ],
    ids=lambda noise: type(noise).__name__,
)
async def test_what_no_county_says_is_counted_and_changes_nothing(
    noise: bytes | Goodbye | Heartbeat | Ack,
) -> None:
    async with running(facts=2) as house:
        await greeted(house, 1)
        before = (list(house.pipe.sent), list(house.seen))
        house.pipe.deliver(noise)
        await house.settle()
        assert (house.session.dropped, house.pipe.sent, house.seen) == (1, *before)


async def test_a_flood_is_bounded_and_does_not_hide_that_the_link_fell() -> None:
    async with running(facts=2) as house:
        await greeted(house, 1)
        for _message in range(MAX_HEARD + 50):
            house.pipe.deliver(ack(house.journal.place(1)))
        house.pipe.fall()
        await house.settle()
        assert house.session.dropped == 50
        assert house.seen[-1] == SyncStatus(online=False, waiting=1, verdict="")


async def test_a_silent_county_is_shown_as_away_and_its_batch_is_asked_after() -> None:
    async with running(facts=2) as house:
        await greeted(house, 1)
        for _wait in range(2):
            await house.pass_ms(10_000)
        assert house.seen[-1] == SyncStatus(online=False, waiting=1, verdict="")
        asked = [m for m in house.pipe.on("up") if isinstance(m, Batch) and not m.facts]
        assert [(a.previous.seq, a.last) for a in asked] == [(1, ""), (1, "")]


async def test_after_the_broker_was_away_only_a_greeting_and_a_heartbeat_are_sent() -> None:
    async with running(facts=2) as house:
        await greeted(house, 1)
        house.pipe.fall()
        await house.settle()
        house.journal.write()
        await house.pass_ms(600_000)
        already = len(house.pipe.sent)
        house.pipe.rise()
        await house.settle()
        assert [type(m) for _lane, m in house.pipe.sent[already:]] == [Hello, Heartbeat]


async def test_the_timer_wakes_the_session_by_itself() -> None:
    async with running(facts=0) as house:
        house.pipe.rise()
        await house.settle()
        house.now_ms += HEARTBEAT_MS - 20  # the session rests for the 20 ms that are left
        house.pipe.deliver(b"noise")
        await house.settle()
        house.now_ms += 20
        await until(lambda: len(house.pipe.on("tel")) == 2)
        assert len(house.pipe.on("tel")) == 2
