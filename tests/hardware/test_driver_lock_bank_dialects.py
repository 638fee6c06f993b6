"""The lock bank with each dialect against a scripted board on a raw pty."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from hardware.ports import DoorReading
from tests.bridge.lock_board_frames import dongcheng, winnsen
from tests.golden import read_golden
from tests.hardware.dialect_peers import CHANNELS, SCRIPTED, Scripted, is_unlock
from tests.hardware.driver_peer import Peer
from tests.hardware.lock_banks import Opened, opened

pytestmark = pytest.mark.anyio
OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN
LOCK = 7
every_dialect = pytest.mark.parametrize("dialect", sorted(SCRIPTED))


@pytest.fixture
def board(dialect: str) -> Scripted:
    return SCRIPTED[dialect](channels=CHANNELS[dialect])


@pytest.fixture
def peer(tmp_path: Path, board: Scripted) -> Iterator[Peer]:
    with Peer(tmp_path / "board", board) as peer:
        yield peer


def unlocks(peer: Peer, dialect: str) -> list[bytes]:
    return [frame for _, frame in tuple(peer.heard) if is_unlock(dialect, frame)]


async def known(it: Opened, dialect: str) -> None:
    await it.until(lambda: len(it.readings()) == CHANNELS[dialect])


@every_dialect
async def test_the_one_open_door_is_seen_on_its_channel(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    board.shut[-2] = False
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        opens = [n for n, reading in it.readings().items() if reading is OPEN]
        assert opens == [CHANNELS[dialect] - 1]
        await it.until(lambda: it.bank.health().present)
        assert it.bank.health().bad_frames == 0


@every_dialect
async def test_a_release_pulses_its_lock_once_and_the_door_is_seen_open_and_shut(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        await it.bank.release(LOCK)
        await it.until(lambda: it.of(LOCK) == [SHUT, OPEN])
        board.shut[LOCK - 1] = True
        await it.until(lambda: it.of(LOCK) == [SHUT, OPEN, SHUT])
        assert len(it.changes) == CHANNELS[dialect] + 2
    assert board.pulsed == [LOCK]
    assert len(unlocks(peer, dialect)) == 1


@pytest.mark.parametrize(
    ("dialect", "unlock"),
    [("cu16", (0, 16, "16")), ("wkly", (0, 1, "1")), ("winnsen", (2, 7, "2.7"))],
)
async def test_what_goes_out_for_an_unlock_are_the_bytes_of_the_sheet(
    peer: Peer, board: Scripted, dialect: str, unlock: tuple[int, int, str]
) -> None:
    board.address, channel, name = unlock
    options = {"channels": CHANNELS[dialect], "address": board.address}
    async with opened(peer.port, dialect, **options) as it:
        await it.bank.release(channel)
    assert unlocks(peer, dialect) == [
        read_golden(f"lock_board_{dialect}")[f"request.unlock.{name}"]
    ]


@every_dialect
async def test_an_unlock_that_the_board_leaves_without_a_word_is_never_sent_again(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        peer.answer = lambda _frame: b""
        with pytest.raises(DeviceGone, match="it may have moved") as told:
            await it.bank.release(LOCK)
        assert not isinstance(told.value, PulseNotSent)
        peer.answer = board
        heard = len(peer.heard)
        await it.until(lambda: len(peer.heard) > heard + 20 or it.bank.health().present)
    assert len(unlocks(peer, dialect)) == 1


@every_dialect
async def test_the_echo_of_an_unlock_is_not_the_boards_word(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    board.echoes = True
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        await it.bank.release(LOCK)
        board.silent = True
        with pytest.raises(DeviceGone, match="it may have moved"):
            await it.bank.release(LOCK + 1)
    assert len(unlocks(peer, dialect)) == 2


@every_dialect
async def test_two_boards_on_one_line_are_told_apart(tmp_path: Path, dialect: str) -> None:
    one = SCRIPTED[dialect](channels=CHANNELS[dialect], address=1)
    two = SCRIPTED[dialect](channels=CHANNELS[dialect], address=2)
    two.shut = [False] * CHANNELS[dialect]
    options = {"channels": CHANNELS[dialect]}
    with Peer(tmp_path / "board", lambda frame: one(frame) + two(frame)) as peer:
        async with (
            opened(peer.port, dialect, **options) as first,
            opened(peer.port, dialect, address=2, name="lock-board-2", **options) as second,
        ):
            await known(first, dialect)
            await known(second, dialect)
            await asyncio.gather(first.bank.release(1), second.bank.release(2))
            assert set(second.readings().values()) == {OPEN}
    assert (one.pulsed, two.pulsed) == ([1], [2])


@pytest.mark.parametrize(
    ("dialect", "result", "why"),
    [
        ("wkly", 0xFF, "failed"),
        ("dongcheng", 3, "failed"),
        ("winnsen", 0, "failed"),
        ("winnsen", 2, "must cool"),
    ],
)
async def test_a_board_that_says_no_is_jammed_and_asked_no_second_time(
    peer: Peer, board: Scripted, dialect: str, result: int, why: str
) -> None:
    board.result = result
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        with pytest.raises(DeviceJammed, match=f"lock 7 {why}"):
            await it.bank.release(LOCK)
        heard = len(peer.heard)
        await it.until(lambda: len(peer.heard) > heard + 20)
        assert it.bank.health().present
    assert len(unlocks(peer, dialect)) == 1


@pytest.mark.parametrize("dialect", ["cu16", "dongcheng"])
async def test_what_lies_inside_is_told_by_channel_and_forgotten_when_the_board_is_silent(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    board.articles[2] = True
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await it.until(lambda: len(it.bank.articles()) == CHANNELS[dialect])
        assert [n for n, inside in it.bank.articles().items() if inside] == [3]
        board.silent = True
        await it.until(lambda: it.of(1) == [SHUT, UNKNOWN])
        assert it.bank.articles() == {}


@pytest.mark.parametrize("dialect", ["wkly", "winnsen"])
async def test_a_board_without_article_sensors_tells_of_none(peer: Peer, dialect: str) -> None:
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        assert it.bank.articles() == {}


@pytest.mark.parametrize("dialect", ["dongcheng"])
async def test_an_answer_under_another_number_is_not_taken(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        # The sound answer to an older question, behind each question.
        peer.answer = lambda frame: dongcheng(1, (frame[3] - 1) % 256, 0, 0)
        with pytest.raises(DeviceGone, match="it may have moved"):
            await it.bank.release(LOCK)
        await it.until(lambda: it.of(1)[-1] is UNKNOWN)
        peer.answer = board
        await it.until(lambda: it.of(1)[-1] is SHUT)
    assert board.pulsed == []
    assert len(unlocks(peer, dialect)) == 1


@pytest.mark.parametrize("dialect", ["winnsen"])
async def test_an_answer_about_another_lock_is_not_taken(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        peer.answer = lambda _frame: winnsen(0x85, 1, LOCK + 1, 1)
        with pytest.raises(DeviceGone, match="it may have moved"):
            await it.bank.release(LOCK)
        peer.answer = board
    assert len(unlocks(peer, dialect)) == 1


@pytest.mark.parametrize("dialect", ["winnsen"])
async def test_an_unlock_goes_out_between_two_questions_of_one_round(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await it.until(lambda: it.bank.health().present)
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()

        def in_the_middle(frame: bytes) -> bytes:
            if frame == winnsen(0x12, 1, 5):
                loop.call_soon_threadsafe(asked.set)
            return board(frame)

        peer.answer = in_the_middle
        await asked.wait()
        await it.bank.release(LOCK)
    heard = [frame for _, frame in peer.heard]
    before = heard[heard.index(winnsen(0x05, 1, LOCK)) - 1]
    assert before[2] == 0x12
    assert 5 <= before[4] < 16  # in the middle of the round, not behind it


@pytest.mark.parametrize("dialect", ["winnsen"])
async def test_no_lock_is_pulsed_before_every_door_was_read(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    peer.answer = lambda frame: b"" if frame == winnsen(0x12, 1, 16) else board(frame)
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        with pytest.raises(PulseNotSent, match="does not answer"):
            await it.bank.release(LOCK)
        assert not it.bank.health().present
    assert board.pulsed == []


async def test_boards_that_are_asked_lock_by_lock_take_turns(tmp_path: Path) -> None:
    one, two = (SCRIPTED["winnsen"](channels=16, address=address) for address in (1, 2))
    with Peer(tmp_path / "board", lambda frame: one(frame) + two(frame)) as peer:
        async with (
            opened(peer.port, "winnsen", channels=16) as first,
            opened(peer.port, "winnsen", channels=16, address=2, name="two") as second,
        ):
            await known(first, "winnsen")
            await known(second, "winnsen")
        heard = [frame for _, frame in peer.heard]
    start, end = (heard.index(winnsen(0x12, 2, lock)) for lock in (1, 16))
    assert any(frame[3] == 1 for frame in heard[start:end])


@pytest.mark.parametrize("dialect", ["cu16"])
async def test_firmware_that_answers_unlocks_with_its_status_is_no_second_board(
    peer: Peer, board: Scripted, dialect: str
) -> None:
    def talkative(frame: bytes) -> bytes:
        if not is_unlock(dialect, frame):
            return board(frame)
        board(frame)
        return board(bytes.fromhex("0210300345"))  # the status, already with the open door

    peer.answer = talkative
    async with opened(peer.port, dialect, channels=CHANNELS[dialect]) as it:
        await known(it, dialect)
        for channel in range(1, 7):
            await it.bank.release(channel)
        assert it.bank.health().note == ""
    assert board.pulsed == [1, 2, 3, 4, 5, 6]
