"""The lock bank against a scripted board on a raw pty."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError, DeviceGone, PulseNotSent
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorReading
from tests.golden import read_golden
from tests.hardware.driver_peer import BACK_WITHIN_S, Peer, ScriptedBoard, framed
from tests.hardware.lock_banks import PULSE_MS, STATUS, UNLOCK, Opened, opened

pytestmark = pytest.mark.anyio
GOLDEN = read_golden("lock_board_8a80")


@pytest.fixture
def board() -> ScriptedBoard:
    return ScriptedBoard()


@pytest.fixture
def peer(tmp_path: Path, board: ScriptedBoard) -> Iterator[Peer]:
    with Peer(tmp_path / "board", board) as peer:
        yield peer


async def test_each_channel_is_reported_once_at_the_start(peer: Peer, board: ScriptedBoard) -> None:
    board.bits = 0xFFFFFF & ~(1 << 6)
    async with opened(peer.port) as it:
        await it.until(lambda: len(peer.frames(STATUS)) >= 3)
        assert len(it.changes) == 24
        opens = [change.channel for change in it.changes if change.reading is DoorReading.OPEN]
        assert opens == [7]
        assert it.bank.health().present
    assert peer.frames(STATUS)[0] == GOLDEN["request.ask_all"]


async def test_a_board_with_the_other_polarity_reads_the_same_doors(
    peer: Peer, board: ScriptedBoard
) -> None:
    board.bits = 1 << 6
    async with opened(peer.port, closed_bit=0) as it:
        await it.until(lambda: len(it.changes) == 24)
        assert [n for n, reading in it.readings().items() if reading is DoorReading.OPEN] == [7]


@pytest.mark.parametrize("mark", [0x00, 0x11])
async def test_a_release_sends_one_unlock_frame_and_takes_either_answer(
    peer: Peer, board: ScriptedBoard, mark: int
) -> None:
    board.unlock_mark = mark
    async with opened(peer.port) as it:
        await it.bank.release(1)
    assert peer.frames(UNLOCK) == [GOLDEN["request.unlock.1"]]


async def test_an_unlock_without_an_answer_is_never_sent_again(
    peer: Peer, board: ScriptedBoard
) -> None:
    board.unlock_mark = None
    async with opened(peer.port) as it:
        with pytest.raises(DeviceGone, match="it may have moved") as told:
            await it.bank.release(7)
        assert not isinstance(told.value, PulseNotSent)
        polls = len(peer.frames(STATUS))
        await it.until(lambda: len(peer.frames(STATUS)) > polls + 3)
    assert peer.frames(UNLOCK) == [framed(UNLOCK, 1, 7, 0x11)]


async def test_a_damaged_answer_to_an_unlock_does_not_send_it_again(
    peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        peer.answer = lambda frame: bytes.fromhex("8a 01 07 00 ff") + board(frame)[:0]
        with pytest.raises(DeviceGone):
            await it.bank.release(7)
        assert it.bank.health().bad_frames >= 1
    assert len(peer.frames(UNLOCK)) == 1


async def test_no_lock_is_pulsed_on_a_board_that_has_not_told_its_doors(
    peer: Peer, board: ScriptedBoard
) -> None:
    board.silent = True
    async with opened(peer.port) as it:
        with pytest.raises(PulseNotSent, match="nothing was sent"):
            await it.bank.release(7)
        assert it.bank.health().note == "device.silent"
    assert peer.frames(UNLOCK) == []


async def test_the_echo_of_an_unlock_is_not_taken_for_the_boards_answer(
    peer: Peer, board: ScriptedBoard
) -> None:
    board.echoes, board.unlock_mark = True, None
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        with pytest.raises(DeviceGone, match="it may have moved"):
            await it.bank.release(7)
        board.unlock_mark = 0x11
        await it.bank.release(8)
    assert len(peer.frames(UNLOCK)) == 2


async def test_garbage_before_an_answer_does_no_harm(peer: Peer, board: ScriptedBoard) -> None:
    board.before_reply = b"\x80\xff\x00"
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        await it.bank.release(7)
        assert it.bank.health().bad_frames >= 1


async def test_an_answer_from_another_address_is_counted_and_ignored(
    peer: Peer, board: ScriptedBoard
) -> None:
    peer.answer = lambda _frame: framed(0x80, 2, 0, 0, 0, 0x33)
    async with opened(peer.port) as it:
        await it.until(lambda: it.bank.health().bad_frames >= 2)
        assert it.changes == []
        peer.answer = board
        await it.until(lambda: set(it.readings().values()) == {DoorReading.SHUT})


async def test_doors_are_unknown_only_after_three_polls_without_an_answer(
    peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        board.silent = True
        asked = len(peer.frames(STATUS))
        await it.until(lambda: len(it.changes) == 48)
        assert len(peer.frames(STATUS)) - asked >= 5  # three polls of two questions, one running
        assert set(it.readings().values()) == {DoorReading.UNKNOWN}
        assert not it.bank.health().present
        board.silent = False
        await it.until(lambda: set(it.readings().values()) == {DoorReading.SHUT})


async def test_a_bounce_between_two_polls_is_no_change_and_a_real_move_is_one(
    peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        board.bits &= ~1
        asked = len(peer.frames(STATUS))
        await it.until(lambda: len(peer.frames(STATUS)) == asked + 1)
        board.bits |= 1
        await it.until(lambda: len(peer.frames(STATUS)) >= asked + 3)
        assert len(it.changes) == 24
        board.bits &= ~1
        await it.until(lambda: it.of(1) == [DoorReading.SHUT, DoorReading.OPEN])


async def test_a_change_that_the_board_reports_by_itself_is_looked_at_soon(
    peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        asked = len(peer.frames(STATUS))
        await it.until(lambda: len(peer.frames(STATUS)) > asked)
        board.bits &= ~(1 << 4)
        peer.say(framed(0x82, 1, 5, 0x00))
        await it.until(lambda: it.of(5) == [DoorReading.SHUT, DoorReading.OPEN])
    times = [at for at, _ in peer.heard]
    assert times[asked + 1] - times[asked] < 0.4  # the debounce of 50 ms, not the poll of 500 ms


async def test_a_report_right_behind_an_older_status_is_not_forgotten(
    peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        asked = len(peer.frames(STATUS))

        def with_report(frame: bytes) -> bytes:
            peer.answer = board
            status = board(frame)
            board.bits &= ~(1 << 4)
            return status + framed(0x82, 1, 5, 0x00)

        peer.answer = with_report
        await it.until(lambda: it.of(5) == [DoorReading.SHUT, DoorReading.OPEN])
    times = [at for at, _ in peer.heard]
    assert times[asked + 1] - times[asked] < 0.4


async def test_an_answer_behind_a_false_head_is_found_before_the_time_out(
    peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        board.before_reply = b"\x80"  # announces two bytes more than the answer has
        await it.bank.release(7)
        assert it.bank.health().bad_frames >= 1


async def test_twenty_releases_at_once_drive_one_coil_after_the_other(peer: Peer) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        await asyncio.gather(*(it.bank.release(channel) for channel in range(1, 21)))
    times = [at for at, frame in peer.heard if frame[0] == UNLOCK]
    gaps = [b - a for a, b in pairwise(times)]
    assert [frame[2] for frame in peer.frames(UNLOCK)] == list(range(1, 21))
    assert min(gaps) >= PULSE_MS / 1_000


async def test_a_coil_that_was_driven_a_moment_ago_cools_before_its_second_pulse(
    tmp_path: Path,
) -> None:
    with Peer(tmp_path / "board", ScriptedBoard()) as peer:
        options = LockBankOptions(
            name="b", port=peer.port, baud=9_600, address=1, channels=24, pulse_ms=50, closed_bit=1
        )
        bank = lock_board_kind("8a80").make(options)
        bank.start(lambda _change: None)
        await bank.release(7)
        await bank.release(7)
        await bank.aclose()
        first, second = (at for at, data in peer.heard if data[0] == UNLOCK)
        assert second - first >= 0.5 - 0.01  # ten times the pulse, less what the peer hears late


async def test_an_unlock_goes_out_at_once_while_the_line_is_idle(peer: Peer) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        loop = asyncio.get_running_loop()
        delays = []
        for channel in range(1, 8):
            polls = len(peer.frames(STATUS))  # after two more the coil before is free again
            await it.until(lambda: len(peer.frames(STATUS)) >= polls + 2)  # noqa: B023 - at once
            asked = loop.time()
            await it.bank.release(channel)
            delays.append(loop.time() - asked)
        # Sending, the peer's 5 ms to find the end of the frame, and the way back.
        assert sorted(delays)[3] < 0.05


async def test_a_board_that_is_unplugged_comes_back_by_the_same_path(
    tmp_path: Path, peer: Peer, board: ScriptedBoard
) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        peer.unplug()
        await it.until(lambda: set(it.readings().values()) == {DoorReading.UNKNOWN})
        assert (it.bank.health().present, it.bank.health().note) == (False, "device.missing")
        with pytest.raises(PulseNotSent, match="nothing was sent"):
            await it.bank.release(7)
        with Peer(tmp_path / "board", board):
            await it.until(lambda: set(it.readings().values()) == {DoorReading.SHUT}, BACK_WITHIN_S)
            assert it.bank.health().reconnects == 1


async def test_a_board_that_vanishes_in_mid_unlock_says_so_and_repeats_nothing(
    tmp_path: Path, peer: Peer, board: ScriptedBoard
) -> None:
    board.unlock_mark = None
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        release = asyncio.ensure_future(it.bank.release(7))
        await it.until(lambda: len(peer.frames(UNLOCK)) == 1)
        peer.unplug()
        with pytest.raises(DeviceGone) as told:
            await release
        assert not isinstance(told.value, PulseNotSent)  # it may have moved
        with Peer(tmp_path / "board", ScriptedBoard()) as second:
            await it.until(lambda: len(second.frames(STATUS)) >= 2)
            assert second.frames(UNLOCK) == []


async def test_two_boards_share_one_line(tmp_path: Path) -> None:
    first, second = ScriptedBoard(1), ScriptedBoard(2)
    second.bits = 0
    with Peer(tmp_path / "board", lambda frame: first(frame) + second(frame)) as peer:
        async with opened(peer.port) as one, opened(peer.port, address=2) as two:
            await two.until(lambda: len(one.changes) == len(two.changes) == 24)
            await asyncio.gather(one.bank.release(3), two.bank.release(3))
            assert set(one.readings().values()) == {DoorReading.SHUT}
            assert set(two.readings().values()) == {DoorReading.OPEN}
        assert sorted(frame[1] for frame in peer.frames(UNLOCK)) == [1, 2]


async def test_a_dead_board_does_not_take_its_neighbours_doors_along(tmp_path: Path) -> None:
    with Peer(tmp_path / "board", ScriptedBoard(1)) as peer:
        async with opened(peer.port) as alive, opened(peer.port, address=2) as dead:
            await dead.until(lambda: set(dead.readings().values()) == {DoorReading.UNKNOWN})
            assert set(alive.readings().values()) == {DoorReading.SHUT}
            assert alive.bank.health().present


async def test_two_boards_on_one_port_with_different_speeds_are_a_clear_error(peer: Peer) -> None:
    async with opened(peer.port):
        with pytest.raises(ConfigError, match="same baud"):
            Opened(peer.port, baud=19_200)


async def test_a_channel_that_the_board_does_not_have_is_our_own_mistake(peer: Peer) -> None:
    async with opened(peer.port) as it:
        with pytest.raises(ValueError, match="no channel 25"):
            await it.bank.release(25)
