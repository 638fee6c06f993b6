"""A snapshot goes up piece by piece, and a GRANT comes down the same way."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

import pytest

from cloud_sync.station.ports import SnapshotToSend
from cloud_sync.station.talks.grant_talk import AGAIN_MS as ASKED_AGAIN_MS
from cloud_sync.station.talks.grant_talk import GrantTalk
from cloud_sync.station.talks.snapshot_talk import AGAIN_MS, LOOK_MS, SnapshotTalk
from cloud_sync.wire.messages import GrantAsk, GrantPiece, Message, SnapshotPiece, SnapshotTaken
from cloud_sync.wire.snapshot import PIECE_BYTES
from edge.kernel.errors import CunyiError, StoreError
from tests.sync.test_uplink import place, welcome

pytestmark = pytest.mark.anyio
DATA: Final = bytes(PIECE_BYTES) + b"the rest"
SNAPSHOT: Final = SnapshotToSend(at=place(9), digest=hashlib.sha256(DATA).hexdigest(), data=DATA)


@dataclass
class Shelf:
    """A SnapshotSource; remembers what the county was said to hold."""

    newest: SnapshotToSend | None = SNAPSHOT
    asked: list[int] = field(default_factory=list)

    async def newest_snapshot(self, held_seq: int) -> SnapshotToSend | None:
        self.asked.append(held_seq)
        return None if self.newest and held_seq == self.newest.at.seq else self.newest


class Line:
    """What a talk says."""

    def __init__(self) -> None:
        self.said: list[Message] = []

    def say(self, lane: str, message: Message) -> None:
        assert lane == "up"
        self.said.append(message)

    def pieces(self) -> list[tuple[int, int]]:
        return [(m.index, len(m.data)) for m in self.said if isinstance(m, SnapshotPiece)]

    def asks(self) -> list[int]:
        return [m.index for m in self.said if isinstance(m, GrantAsk)]


def taken(next_piece: int, digest: str = SNAPSHOT.digest, session: str = "s1") -> SnapshotTaken:
    return SnapshotTaken(session=session, at_seq=9, digest=digest, next=next_piece)


async def test_a_snapshot_goes_piece_by_piece_and_then_it_is_held() -> None:
    shelf, line = Shelf(), Line()
    talk = SnapshotTalk(shelf)
    talk.opened(welcome(0), line.say)
    await talk.time_passed(0)
    await talk.hear(taken(1))
    await talk.time_passed(1)
    await talk.hear(taken(2))
    await talk.time_passed(2)
    assert line.pieces() == [(0, PIECE_BYTES), (1, 8)]
    assert shelf.asked == [0, 9]
    assert talk.due_ms == 2 + LOOK_MS


async def test_a_piece_that_is_not_answered_goes_again() -> None:
    line = Line()
    talk = SnapshotTalk(Shelf())
    talk.opened(welcome(0), line.say)
    await talk.time_passed(0)
    await talk.time_passed(AGAIN_MS - 1)
    assert len(line.said) == 1
    await talk.time_passed(AGAIN_MS)
    assert line.pieces() == [(0, PIECE_BYTES)] * 2


async def test_repeated_and_late_answers_have_no_piece_sent_before_the_wait_is_over() -> None:
    line = Line()
    talk = SnapshotTalk(Shelf())
    talk.opened(welcome(0), line.say)
    await talk.time_passed(0)
    for wanted in (1, 1, 0, 1, 0):
        await talk.hear(taken(wanted))
        await talk.time_passed(1)
    assert [index for index, _size in line.pieces()] == [0, 1]
    await talk.time_passed(1 + AGAIN_MS)
    assert [index for index, _size in line.pieces()] == [0, 1, 0]  # what was asked for last
    await talk.hear(taken(1))
    await talk.time_passed(2 + AGAIN_MS)
    assert [index for index, _size in line.pieces()] == [0, 1, 0, 1]


@pytest.mark.parametrize("word", [taken(1, digest="other"), taken(1, session="other")])
async def test_a_word_on_something_else_is_ignored(word: SnapshotTaken) -> None:
    line = Line()
    talk = SnapshotTalk(Shelf())
    talk.opened(welcome(0), line.say)
    await talk.time_passed(0)
    await talk.hear(word)
    await talk.time_passed(1)
    assert line.pieces() == [(0, PIECE_BYTES)]


async def test_without_a_session_nothing_is_said() -> None:
    line = Line()
    talk = SnapshotTalk(Shelf())
    talk.opened(welcome(0), line.say)
    talk.closed()
    await talk.time_passed(10)
    await talk.hear(taken(0))
    assert (line.said, talk.due_ms) == ([], None)


class GrantRefusedError(CunyiError):
    """Nothing for us."""


class Hands:
    """Takes a GRANT, or does not."""

    def __init__(self, error: CunyiError | None = None) -> None:
        self.got: list[bytes] = []
        self._error = error

    async def receive(self, data: bytes) -> None:
        self.got.append(data)
        if self._error is not None:
            raise self._error


def piece(index: int, data: bytes, digest: str = "", count: int = 2) -> GrantPiece:
    whole = digest or hashlib.sha256(b"onetwo").hexdigest()
    return GrantPiece(grant="g", digest=whole, index=index, count=count, data=data)


async def test_a_grant_is_fetched_piece_by_piece() -> None:
    hands, line = Hands(), Line()
    talk = GrantTalk(hands.receive)
    talk.fetch("g", line.say)
    await talk.time_passed(0)
    await talk.hear(piece(1, b"two"))  # out of turn
    await talk.hear(piece(0, b"one"))
    await talk.hear(piece(0, b"one"))  # once more
    await talk.time_passed(1)
    await talk.time_passed(2)
    await talk.time_passed(1 + ASKED_AGAIN_MS)
    talk.fetch("g", line.say)  # the next WELCOME says the same
    await talk.hear(piece(1, b"two"))
    assert line.asks() == [0, 1, 1]
    assert hands.got == [b"onetwo"]
    talk.fetch("g", line.say)
    assert talk.due_ms is None


async def test_a_grant_that_changed_on_its_way_is_fetched_anew() -> None:
    hands, line = Hands(), Line()
    talk = GrantTalk(hands.receive)
    talk.fetch("g", line.say)
    await talk.hear(piece(0, b"one"))
    await talk.hear(piece(1, b"twx"))
    await talk.time_passed(0)
    assert (hands.got, line.asks()) == ([], [0])
    await talk.hear(piece(0, b"one", digest="ab" * 32))
    await talk.hear(piece(0, b"one"))  # another whole than the one that was begun
    await talk.time_passed(0)
    assert (hands.got, line.asks()) == ([], [0, 0])


async def test_a_grant_that_cannot_be_taken_is_not_fetched_again() -> None:
    hands, line = Hands(GrantRefusedError("for another station")), Line()
    talk = GrantTalk(hands.receive)
    talk.fetch("g", line.say)
    await talk.hear(piece(0, b"onetwo", count=1))
    talk.fetch("g", line.say)
    await talk.time_passed(0)
    assert (len(hands.got), line.said) == (1, [])


async def test_a_grant_that_the_card_does_not_keep_ends_the_station() -> None:
    talk = GrantTalk(Hands(StoreError("disk full")).receive)
    talk.fetch("g", Line().say)
    with pytest.raises(StoreError, match="disk full"):
        await talk.hear(piece(0, b"onetwo", count=1))


async def test_once_the_county_takes_facts_nothing_is_fetched() -> None:
    line = Line()
    talk = GrantTalk(Hands().receive)
    talk.fetch("g", line.say)
    talk.opened(welcome(0), line.say)
    await talk.time_passed(10)
    talk.closed()
    await talk.hear(piece(0, b"onetwo", count=1))
    assert line.said == []
