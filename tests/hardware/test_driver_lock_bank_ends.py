"""How pulses of a lock bank end that do not go out as asked: shared, too late, closed, failed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone, PulseNotSent
from hardware.byte_channel import open_channel
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading
from tests.hardware.driver_peer import Peer, ScriptedBoard, framed
from tests.hardware.lock_banks import STATUS, UNLOCK, Opened, opened

pytestmark = pytest.mark.anyio


@pytest.fixture
def board() -> ScriptedBoard:
    return ScriptedBoard()


@pytest.fixture
def peer(tmp_path: Path, board: ScriptedBoard) -> Iterator[Peer]:
    with Peer(tmp_path / "board", board) as peer:
        yield peer


async def test_closing_refuses_what_was_not_sent_and_frees_the_port(peer: Peer) -> None:
    bank = Opened(peer.port)
    await bank.until(lambda: len(bank.changes) == 24)
    releases = [asyncio.ensure_future(bank.bank.release(n)) for n in range(1, 6)]
    await bank.until(lambda: len(peer.frames(UNLOCK)) == 1)
    await bank.bank.aclose()
    outcomes = await asyncio.gather(*releases, return_exceptions=True)
    assert sum(isinstance(outcome, PulseNotSent) for outcome in outcomes) >= 3
    open_channel(peer.port, 9_600).close()


async def test_a_release_that_nobody_waits_for_any_more_is_not_sent(peer: Peer) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        waiting = [asyncio.ensure_future(it.bank.release(channel)) for channel in (1, 2, 3)]
        await it.until(lambda: len(peer.frames(UNLOCK)) == 1)
        waiting[1].cancel()
        await waiting[2]
    assert [frame[2] for frame in peer.frames(UNLOCK)] == [1, 3]


async def test_a_door_that_nobody_expects_any_more_is_not_opened(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.locks.pulse_queue.STALE_S", 0.1)
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        late = [asyncio.ensure_future(it.bank.release(channel)) for channel in (1, 2)]
        await late[0]
        with pytest.raises(PulseNotSent, match="waited too long; nothing was sent"):
            await late[1]
    assert len(peer.frames(UNLOCK)) == 1


async def test_whoever_asks_again_before_the_pulse_shares_it(peer: Peer) -> None:
    async with opened(peer.port) as it:
        await it.until(lambda: len(it.changes) == 24)
        first = asyncio.ensure_future(it.bank.release(1))
        waiting = [asyncio.ensure_future(it.bank.release(2)) for _ in range(3)]
        await first
        waiting[0].cancel()  # one who steps back takes nobody's pulse along
        await asyncio.gather(*waiting[1:])
        polls = len(peer.frames(STATUS))
        await it.until(lambda: len(peer.frames(STATUS)) > polls + 3)
    assert [frame[2] for frame in peer.frames(UNLOCK)] == [1, 2]


async def test_a_line_whose_thread_failed_leaves_nobody_waiting_and_no_door_known(
    peer: Peer,
) -> None:
    def stumble(change: DoorChange) -> None:
        it.changes.append(change)
        if change.reading is DoorReading.OPEN:
            raise ZeroDivisionError

    it = Opened(peer.port)
    await it.until(lambda: len(it.changes) == 24)
    it.bank._board.on_change = stumble  # type: ignore[attr-defined]  # noqa: SLF001 - a bug of ours
    releases = [asyncio.ensure_future(it.bank.release(n)) for n in range(1, 20)]
    await it.until(lambda: len(peer.frames(UNLOCK)) == 1)
    board = peer.answer
    assert isinstance(board, ScriptedBoard)
    board.bits &= ~(1 << 6)
    outcomes = await asyncio.wait_for(asyncio.gather(*releases, return_exceptions=True), 10)
    assert outcomes[0] is None
    assert isinstance(outcomes[-1], PulseNotSent)
    await it.until(lambda: set(it.readings().values()) == {DoorReading.UNKNOWN})
    health = it.bank.health()
    assert (health.present, health.note) == (False, "device.failed")
    assert isinstance(health.failure, ZeroDivisionError)
    with pytest.raises(PulseNotSent):
        await it.bank.release(3)
    await it.bank.aclose()
    open_channel(peer.port, 9_600).close()


async def test_a_pulse_under_way_when_the_thread_fails_may_have_moved_its_lock(peer: Peer) -> None:
    def stumble(_change: DoorChange) -> None:
        raise ZeroDivisionError

    it = Opened(peer.port)
    await it.until(lambda: len(it.changes) == 24)
    it.bank._board.on_change = stumble  # type: ignore[attr-defined]  # noqa: SLF001 - a bug of ours
    peer.answer = lambda _frame: b""
    release = asyncio.ensure_future(it.bank.release(7))
    await it.until(lambda: len(peer.frames(UNLOCK)) == 1)

    def told_until_believed() -> bool:
        peer.say(framed(0x82, 1, 7, 0x00))
        return release.done()

    await it.until(told_until_believed)
    with pytest.raises(DeviceGone, match="failed at lock 7; it may have moved") as told:
        await release
    assert not isinstance(told.value, PulseNotSent)
    await it.bank.aclose()


async def test_a_bank_that_is_not_started_sends_nothing() -> None:
    bank = lock_board_kind("8a80").make(
        LockBankOptions(
            name="b", port="/dev/no", baud=9_600, address=1, channels=24, pulse_ms=50, closed_bit=1
        )
    )
    with pytest.raises(PulseNotSent, match="not started"):
        await bank.release(1)
    await bank.aclose()
    assert not bank.health().present
