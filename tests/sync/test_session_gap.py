"""The session where the county is older than what the station keeps, or does not know it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from cloud_sync.station.enrolment.belonging import Belonging
from cloud_sync.station.ports import SnapshotToSend
from cloud_sync.station.talks.talk import Say, Talk
from cloud_sync.wire.framing.payload import pack
from cloud_sync.wire.messages import (
    Batch,
    LiveRequest,
    Message,
    NotEnrolled,
    Position,
    SnapshotPiece,
    SnapshotTaken,
    Welcome,
)
from cloud_sync.wire.snapshot import PIECE_BYTES
from edge.kernel.errors import StoreError
from tests.sync.house import House, MemoryJournal

pytestmark = pytest.mark.anyio
DATA = bytes(PIECE_BYTES) + b"the rest"


@asynccontextmanager
async def running(journal: MemoryJournal, talks: Sequence[Talk] = ()) -> AsyncIterator[House]:
    house = House(journal, talks)
    task = asyncio.create_task(house.session.run())
    await house.settle()
    house.pipe.rise()
    await house.settle()
    try:
        yield house
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def pruned_journal() -> MemoryJournal:
    journal = MemoryJournal()
    for _fact in range(20):
        journal.write()
    journal.pruned = 10
    digest = hashlib.sha256(DATA).hexdigest()
    journal.snapshot = SnapshotToSend(at=journal.place(10), digest=digest, data=DATA)
    return journal


def welcome(house: House, applied: Position) -> Welcome:
    return Welcome(
        nonce=house.pipe.hello().nonce,
        session="s1",
        county_gen="g2",
        verdict="ok",
        applied=applied,
        durable_seq=0,
        county_time_ms=0,
    )


async def test_the_snapshot_goes_up_and_the_facts_after_it_follow() -> None:
    async with running(pruned_journal()) as house:
        assert house.pipe.hello().oldest_seq == 11
        house.pipe.deliver(welcome(house, Position(epoch=1, seq=4, hash="ab" * 32)))
        await house.settle()
        assert house.journal.snapshot is not None
        for index in (1, 2):
            told = SnapshotTaken(
                session="s1", at_seq=10, digest=house.journal.snapshot.digest, next=index
            )
            house.pipe.deliver(told)
            await house.settle()
        await house.pass_ms(2_000)
        house.pipe.deliver(welcome(house, house.journal.place(10)))
        await house.settle()
        sent = [m for m in house.pipe.on("up") if isinstance(m, SnapshotPiece)]
        assert [(m.gap_from, m.at.seq, m.index, m.count) for m in sent] == [
            (5, 10, 0, 2),
            (5, 10, 1, 2),
        ]
        assert b"".join(m.data for m in sent) == DATA
        (batch,) = [m for m in house.pipe.on("up") if isinstance(m, Batch)]
        assert (batch.previous.seq, len(batch.facts)) == (10, 10)


async def test_a_word_on_a_snapshot_that_was_not_sent_is_ignored() -> None:
    async with running(pruned_journal()) as house:
        house.pipe.deliver(welcome(house, Position(epoch=1, seq=4, hash="ab" * 32)))
        house.pipe.deliver(SnapshotTaken(session="s1", at_seq=9, digest="x", next=1))
        await house.settle()
        assert len([m for m in house.pipe.on("up") if isinstance(m, SnapshotPiece)]) == 1


async def test_without_a_snapshot_the_gap_waits() -> None:
    journal = pruned_journal()
    journal.snapshot = None
    async with running(journal) as house:
        house.pipe.deliver(welcome(house, Position(epoch=1, seq=4, hash="ab" * 32)))
        await house.settle()
        assert [type(m).__name__ for m in house.pipe.on("up")] == ["Hello"]


async def test_who_is_not_enrolled_is_shown_as_unknown_and_an_old_word_of_it_is_not() -> None:
    async with running(MemoryJournal()) as house:
        house.pipe.deliver(NotEnrolled(frame="00" * 32))
        await house.settle()
        assert house.seen[-1].verdict == ""
        frame = hashlib.sha256(pack(house.pipe.hello())).hexdigest()
        house.pipe.deliver(NotEnrolled(frame=frame))
        await house.settle()
        assert house.seen[-1].verdict == "unknown_station"


async def test_a_replayed_word_that_nobody_knows_us_changes_no_screen() -> None:
    """A broker keeps the county's answer to a stranger's frame, or to ours of before."""
    belonging = Belonging(lambda: True, lambda: None)
    async with running(MemoryJournal(), (belonging,)) as house:
        hello = hashlib.sha256(pack(house.pipe.hello())).hexdigest()
        house.pipe.deliver(NotEnrolled(frame="00" * 32))
        await house.settle()
        assert (belonging.trouble, house.session.dropped) == ("", 1)
        house.pipe.deliver(welcome(house, house.journal.place(0)))
        house.pipe.deliver(NotEnrolled(frame=hello))
        await house.settle()
        assert (belonging.trouble, house.session.dropped) == ("", 2)
        house.journal.write()
        await house.pass_ms(1)
        (batch,) = house.pipe.on("up")[1:]
        house.pipe.deliver(NotEnrolled(frame=hashlib.sha256(pack(batch)).hexdigest()))
        await house.settle()
        assert belonging.trouble == "unknown_station"


class BrokenTalk:
    """A subject with a fault of ours in it."""

    hears: tuple[type[Message], ...] = (LiveRequest,)
    due_ms: int | None = None

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def opened(self, _welcome: Welcome, _say: Say) -> None:
        """Nothing yet."""

    def closed(self) -> None:
        """Nothing any more."""

    async def hear(self, _message: Message) -> None:
        raise self.fault

    async def time_passed(self, _now_ms: int) -> None:
        """Nothing is due."""


async def test_a_fault_in_one_subject_does_not_keep_facts_from_flowing() -> None:
    journal = MemoryJournal()
    house = House(journal, talks=(BrokenTalk(RuntimeError("a bug")),))
    task = asyncio.create_task(house.session.run())
    await house.settle()
    house.pipe.rise()
    await house.settle()
    house.pipe.deliver(LiveRequest(command="c", action="open", cell=1))
    house.pipe.deliver(welcome(house, journal.place(0)))
    journal.write()
    await house.pass_ms(0)
    assert len(house.pipe.batches()) == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_card_that_fails_under_a_subject_ends_the_session() -> None:
    house = House(MemoryJournal(), talks=(BrokenTalk(StoreError("disk full")),))
    task = asyncio.create_task(house.session.run())
    await house.settle()
    house.pipe.rise()
    house.pipe.deliver(LiveRequest(command="c", action="open", cell=1))
    with pytest.raises(StoreError, match="disk full"):
        await task
