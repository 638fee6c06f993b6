"""The station's end of the state stream, down to its real store and journal."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.messages import Message, Position, StateAck, StateItem, StateItems, Welcome
from edge.daemon.county.county_word import CountyBoard
from edge.domain.inputs import KeeperEntered
from edge.kernel.ids import KeeperId, Seq
from edge.store.verify import verify
from tests.daemon.parts import Rig, station_in
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio
WELCOME = Welcome(
    nonce="n",
    session="s1",
    county_gen="1",
    verdict="ok",
    applied=Position(epoch=1, seq=0, hash="0" * 64),
    durable_seq=0,
    county_time_ms=0,
)
NOTICE = {"title": "停电", "text": "明天上午停电", "until_ms": 0}


def bodies(rig: Rig) -> list[tuple[str, dict[str, Any]]]:
    """Kind and body of every fact."""
    facts = [decode(row.fact) for row in rig.store.rows_after(rig.store.epoch, Seq(0), 1_000)]
    return [(fact.kind, fact.body) for fact in facts]


@dataclass
class Counter:
    """A station with its talk open, and what it said."""

    rig: Rig
    board: CountyBoard
    talk: StateTalk
    said: list[Message] = field(default_factory=list)

    async def tell(self, previous: int, *items: StateItem, sweep: int = 0) -> int:
        """The county says items; how far the station then says it is."""
        await self.talk.hear(
            StateItems(session="s1", previous_seq=previous, items=list(items), sweep=sweep)
        )
        ack = self.said[-1]
        assert isinstance(ack, StateAck)
        return ack.seq

    def facts(self) -> list[tuple[int, int, list[str]]]:
        """What the journal says of the stream."""
        return [
            (body["first"], body["last"], body["kinds"])
            for kind, body in bodies(self.rig)
            if kind == "county_state.applied"
        ]


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    async with station_in(new_journal(tmp_path)) as rig:
        board = CountyBoard(rig.station, rig.store, rig.thread)
        await board.load()
        counter = Counter(rig, board, StateTalk(board))
        counter.talk.opened(WELCOME, lambda _lane, message: counter.said.append(message))
        yield counter


def item(seq: int, kind: str = "notice", key: str = "n1", body: Any = NOTICE) -> StateItem:
    return StateItem(seq=seq, kind=kind, key=key, body=body)


async def test_items_their_mark_and_the_fact_are_stored_together(counter: Counter) -> None:
    price = {"service": "寄件", "lines": [{"name": "首重", "fen": 800}]}
    assert await counter.tell(0, item(1), item(2, "price_list", "send", price)) == 2
    rows = counter.rig.store.county_state()
    assert [(row.kind, row.key, row.seq, row.seen) for row in rows] == [
        ("notice", "n1", 1, False),
        ("price_list", "send", 2, False),
    ]
    assert counter.facts() == [(1, 2, ["notice", "price_list"])]
    assert counter.rig.store.county_state_seq() == counter.board.stored_seq == 2


async def test_after_a_restart_all_of_it_is_there(counter: Counter) -> None:
    await counter.tell(0, item(1))
    again = CountyBoard(counter.rig.station, counter.rig.store, counter.rig.thread)
    await again.load()
    assert again.stored_seq == 1
    assert [notice.title for notice in again.notices(0)] == ["停电"]


async def test_a_gap_a_repeat_and_an_old_message_change_nothing_and_tell_our_number(
    counter: Counter,
) -> None:
    await counter.tell(0, item(1))
    assert await counter.tell(4, item(5, key="later")) == 1  # a gap: send again after 1
    assert await counter.tell(0, item(1, key="other")) == 1  # a repeat
    assert len(counter.facts()) == 1
    assert [row.key for row in counter.rig.store.county_state()] == ["n1"]


async def test_a_kind_that_is_not_known_here_is_stored_raw_and_holds_up_nothing(
    counter: Counter,
) -> None:
    strange = {"future": [1, 2.5, None], "deep": {"a": "b"}}
    odd = {"title": 7}
    assert (
        await counter.tell(0, item(1, "ticket", "t", strange), item(2, body=odd), item(3, key="n2"))
        == 3
    )
    assert [row.body for row in counter.rig.store.county_state("ticket")] == [
        '{"deep":{"a":"b"},"future":[1,2.5,null]}'
    ]
    assert [notice.key for notice in counter.board.notices(0)] == ["n2"]


async def test_a_later_item_replaces_and_none_takes_back(counter: Counter) -> None:
    await counter.tell(0, item(1), item(2, key="n2"))
    await counter.tell(2, item(3, body={**NOTICE, "title": "改了"}), item(4, key="n2", body=None))
    assert [notice.title for notice in counter.board.notices(0)] == ["改了"]


async def test_a_sweep_forgets_what_was_not_said_anew(counter: Counter) -> None:
    await counter.tell(0, item(1), item(2, key="n2"))
    assert await counter.tell(2, item(10, key="n2"), sweep=10) == 10
    assert [(row.key, row.seq) for row in counter.rig.store.county_state()] == [("n2", 10)]


async def test_a_notice_that_was_read_stays_read_when_the_same_is_said_anew(
    counter: Counter,
) -> None:
    keeper = KeeperId("李")
    await counter.tell(0, item(1))
    await counter.rig.station.tell(lambda at, _fresh: KeeperEntered(at=at, keeper=keeper))
    await counter.board.mark_read(keeper, "n1", 1)
    assert [notice.unread for notice in counter.board.notices(0)] == [False]
    assert ("notice.read", {"notice": "n1", "seq": 1, "keeper": "李"}) in bodies(counter.rig)
    await counter.tell(1, item(5), sweep=5)
    assert [notice.unread for notice in counter.board.notices(0)] == [False]
    await counter.tell(5, item(6, body={**NOTICE, "text": "改到后天"}))
    assert [notice.unread for notice in counter.board.notices(0)] == [True]


async def test_a_notice_ends_at_its_moment(counter: Counter) -> None:
    await counter.tell(0, item(1, body={**NOTICE, "until_ms": 5_000}))
    assert len(counter.board.notices(4_999)) == 1
    assert counter.board.notices(5_000) == ()


async def test_a_keeper_is_revoked_and_taken_back(counter: Counter) -> None:
    gone = {"what": "keeper", "id": "王"}
    await counter.tell(0, item(1, "revocation", "keeper:王", gone))
    assert counter.board.is_revoked(KeeperId("王"))
    assert not counter.board.is_revoked(KeeperId("李"))
    await counter.tell(1, item(2, "revocation", "keeper:王", None))
    assert not counter.board.is_revoked(KeeperId("王"))


async def test_a_sweep_forgets_no_revocation_and_only_its_own_item_takes_it_back(
    counter: Counter,
) -> None:
    gone = {"what": "keeper", "id": "王"}
    await counter.tell(0, item(1, "revocation", "keeper:王", gone), item(2))
    await counter.tell(2, item(10, "nothing", "nothing", None), sweep=10)
    assert counter.board.notices(0) == ()
    assert counter.board.is_revoked(KeeperId("王"))
    await counter.tell(10, item(11, "revocation", "keeper:王", None))
    assert not counter.board.is_revoked(KeeperId("王"))
    assert counter.rig.store.county_state() == []


async def test_new_keys_of_the_county_are_handed_on(tmp_path: Path) -> None:
    cards: list[str] = []
    async with station_in(new_journal(tmp_path)) as rig:
        board = CountyBoard(rig.station, rig.store, rig.thread, on_keys=cards.append)
        await board.load()
        talk = StateTalk(board)
        talk.opened(WELCOME, lambda _lane, _message: None)
        said = StateItems(
            session="s1", previous_seq=0, items=[item(1, "county_keys", "keys", {"card": "CARD"})]
        )
        await talk.hear(said)
    assert cards == ["CARD"]


@pytest.mark.parametrize(
    "odd",
    [
        StateItems(session="s0", previous_seq=0, items=[item(1)]),
        StateItems(session="s1", previous_seq=0, items=[]),
        StateItems(session="s1", previous_seq=0, items=[item(2), item(1)]),
        StateItems(session="s1", previous_seq=0, items=[item(0)]),
        StateItems(session="s1", previous_seq=-1, items=[item(1)]),
        StateItems(session="s1", previous_seq=0, items=[item(2**53)]),
        StateItems(session="s1", previous_seq=0, items=[item(1)], sweep=2),
        StateItems(session="s1", previous_seq=0, items=[item(1)], sweep=-1),
        StateItems(session="s1", previous_seq=0, items=[item(1, kind="bad kind")]),
        StateItems(session="s1", previous_seq=0, items=[item(1, key="k" * 201)]),
        StateAck(session="s1", seq=1),
    ],
)
async def test_what_cannot_be_is_ignored_in_silence(counter: Counter, odd: Message) -> None:
    await counter.talk.hear(odd)
    assert (counter.said, counter.facts(), counter.talk.ignored) == ([], [], 1)


async def test_between_sessions_nothing_is_heard(counter: Counter) -> None:
    counter.talk.closed()
    await counter.talk.hear(StateItems(session="s1", previous_seq=0, items=[item(1)]))
    assert (counter.said, counter.facts()) == ([], [])


async def test_the_journal_with_it_is_clean(tmp_path: Path) -> None:
    folder = new_journal(tmp_path)
    async with station_in(folder) as rig:
        board = CountyBoard(rig.station, rig.store, rig.thread)
        await board.load()
        talk = StateTalk(board)
        talk.opened(WELCOME, lambda _lane, _message: None)
        await talk.hear(StateItems(session="s1", previous_seq=0, items=[item(1)]))
    assert verify(folder).problems == ()
