"""The session's rarer turns: what it shows, what it cannot send, and talk that comes too late."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from cloud_sync.station.posting import Posting
from cloud_sync.station.sync_events import MOST_KEPT, SyncEvents, SyncView
from cloud_sync.station.talks.clock_talk import ASK_AGAIN_MS, ClockTalk
from cloud_sync.station.talks.questions import Answered, Questions, Unknown
from cloud_sync.station.uplink import SendBatch
from cloud_sync.wire.messages import (
    MAX_MESSAGE,
    Answer,
    Ask,
    Goodbye,
    Message,
    MessageError,
    Position,
    Welcome,
)
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import Seq
from tests.support.plain import PlainCodec
from tests.sync.house import EPOCH, STATION, House, MemoryJournal, Pipe

pytestmark = pytest.mark.anyio
WELCOME = Welcome(
    nonce="n",
    session="s1",
    county_gen="1-ab",
    verdict="ok",
    applied=Position(epoch=1, seq=0, hash="0" * 64),
    durable_seq=0,
    county_time_ms=77,
    snapshot_seq=2,
)


@asynccontextmanager
async def running(facts: int) -> AsyncIterator[House]:
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


def answer(house: House, verdict: str, grant: str = "") -> Welcome:
    return Welcome(
        nonce=house.pipe.hello().nonce,
        session="s1",
        county_gen="1-ab",
        verdict=verdict,
        applied=house.journal.place(1),
        durable_seq=1,
        county_time_ms=0,
        grant=grant,
        snapshot_seq=1,
    )


# -- what it shows


async def test_the_view_tells_how_far_everything_is_before_and_after_the_welcome() -> None:
    async with running(facts=3) as house:
        nothing_yet = await house.session.view()
        assert nothing_yet == SyncView(
            link_up=False,
            online=False,
            verdict="",
            epoch=1,
            head_seq=3,
            applied_seq=0,
            durable_seq=0,
            waiting=3,
            county_gen="",
            snapshot_seq=0,
        )
        house.pipe.rise()
        await house.settle()
        house.pipe.deliver(answer(house, "ok"))
        await house.settle()
        assert await house.session.view() == SyncView(
            link_up=True,
            online=True,
            verdict="",
            epoch=1,
            head_seq=3,
            applied_seq=1,
            durable_seq=1,
            waiting=2,
            county_gen="1-ab",
            snapshot_seq=1,
        )


async def test_a_grant_that_nobody_here_can_fetch_holds_the_station_and_nothing_else() -> None:
    async with running(facts=3) as house:
        house.pipe.rise()
        await house.settle()
        said = len(house.pipe.on("up"))
        house.pipe.deliver(answer(house, "new_epoch", grant="ab" * 32))
        await house.settle()
        assert house.seen[-1].verdict == "new_epoch"
        assert len(house.pipe.on("up")) == said


async def test_who_waits_for_events_gets_the_next_ones_and_old_ones_are_forgotten() -> None:
    events = SyncEvents(lambda: 5)
    waiting = asyncio.create_task(events.more(0))
    await asyncio.sleep(0)
    assert not waiting.done()
    events.note("link_up")
    (first,) = await waiting
    assert (first.serial, first.mono_ms, first.what) == (1, 5, "link_up")
    for number in range(MOST_KEPT):
        events.note("batch", facts=number)
    assert events.serial == MOST_KEPT + 1
    assert [event.serial for event in events.after(0)] == list(range(2, MOST_KEPT + 2))
    assert [event.detail for event in await events.more(MOST_KEPT)] == [{"facts": MOST_KEPT - 1}]


# -- what it cannot send


async def test_a_place_that_the_journal_no_longer_has_sends_nothing() -> None:
    journal, pipe = MemoryJournal(), Pipe()
    for _fact in range(4):
        journal.write()
    journal.pruned = 3
    posting = Posting(pipe, PlainCodec(), journal, SyncEvents(lambda: 0))
    await posting.send_batch(SendBatch("s1", 1, empty=False))
    assert pipe.sent == []
    await posting.send_batch(SendBatch("s1", 3, empty=False))
    assert [len(batch.facts) for batch in pipe.batches()] == [1]


async def test_one_fact_that_no_message_holds_is_an_error_and_not_an_endless_halving() -> None:
    journal, pipe = MemoryJournal(), Pipe()
    links = range(MAX_MESSAGE // 8)
    noise = "".join(chain_hash(b"", STATION, EPOCH, Seq(n), b"").hex() for n in links)
    journal.write(noise=noise)
    posting = Posting(pipe, PlainCodec(), journal, SyncEvents(lambda: 0))
    with pytest.raises(MessageError):
        await posting.send_batch(SendBatch("s1", 0, empty=False))
    assert pipe.sent == []


# -- talk that comes too late, or is for nobody


class Desk:
    """Asks, and keeps what was said."""

    def __init__(self) -> None:
        draws = itertools.count(1)
        self.questions = Questions(lambda size: next(draws).to_bytes(size, "big"))
        self.asked: list[Ask] = []
        self.too_long = False

    def say(self, _lane: str, message: Message) -> None:
        if self.too_long:
            raise MessageError("too long")
        assert isinstance(message, Ask)
        self.asked.append(message)


async def test_a_question_too_long_for_the_wire_is_not_known_and_leaves_nothing_open() -> None:
    desk = Desk()
    desk.questions.opened(WELCOME, desk.say)
    desk.too_long = True
    assert await desk.questions.ask("parcel.where", {}) == Unknown("not_known")
    desk.too_long = False
    asked = asyncio.create_task(desk.questions.ask("parcel.where", {}))
    await asyncio.sleep(0)
    await desk.questions.hear(Goodbye(clean=True))  # for nobody here
    await desk.questions.hear(Answer(question=desk.asked[0].question, known=True, body={"a": 1}))
    assert await asked == Answered({"a": 1})
    assert desk.questions.dropped == 0


async def test_an_answer_that_came_before_the_end_of_the_session_counts() -> None:
    desk = Desk()
    desk.questions.opened(WELCOME, desk.say)
    asked = [asyncio.create_task(desk.questions.ask("parcel.where", {})) for _ in range(2)]
    await asyncio.sleep(0)
    await desk.questions.hear(Answer(question=desk.asked[0].question, known=True, body={}))
    desk.questions.closed()  # before the asker had its turn
    assert [await one for one in asked] == [Answered({}), Unknown("cut_off")]


async def test_a_time_that_was_not_believed_is_asked_for_again_once_and_not_before() -> None:
    asked_again: list[int] = []
    talk = ClockTalk(
        lambda *_told: False,
        clock_ms=lambda: 1_000,
        asked_at=lambda _nonce: 900,
        ask_again=lambda: asked_again.append(1),
    )
    await talk.time_passed(10**9)
    assert asked_again == []
    talk.opened(WELCOME, lambda _lane, _message: None)
    due_ms = 1_000 + ASK_AGAIN_MS
    for now_ms in (due_ms - 1, due_ms, due_ms + 1):
        assert talk.due_ms == (due_ms if now_ms <= due_ms else None)
        await talk.time_passed(now_ms)
    assert asked_again == [1]
