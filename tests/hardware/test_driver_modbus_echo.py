"""Modbus relay boards behind an adapter that hands back what is sent, and one under two names."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone
from hardware.ports import DoorReading
from tests.hardware.driver_peer import Peer
from tests.hardware.modbus_peer import ScriptedRelays, polls, relays

pytestmark = pytest.mark.anyio
OPEN, SHUT = DoorReading.OPEN, DoorReading.SHUT


@pytest.fixture
def board() -> ScriptedRelays:
    board = ScriptedRelays()
    board.echoes = True
    return board


@pytest.fixture
def peer(tmp_path: Path, board: ScriptedRelays) -> Iterator[Peer]:
    with Peer(tmp_path / "board", board) as peer:
        yield peer


async def test_our_own_echo_lets_no_supply_go_that_a_coil_may_still_hold(
    tmp_path: Path, peer: Peer, board: ScriptedRelays
) -> None:
    neighbour = ScriptedRelays()
    with Peer(tmp_path / "other", neighbour) as other_peer:
        async with (
            relays(peer.port, "modbus_coils", supply="echo") as it,
            relays(other_peer.port, "modbus_flash", name="b", supply="echo") as other,
        ):
            await it.ready()
            await other.ready()
            board.deaf.add(0x00)
            await it.bank.release(1)
            await it.until(lambda: it.bank.health().note == "device.coil_held")
            peer.unplug()
            # The adapter is back, the board on it has no power: only the echo is heard.
            with Peer(tmp_path / "board", lambda frame: frame) as again:
                await it.until(lambda: len(again.heard) >= 8)  # and no word of a board
                # Not before: a pulse waits ten seconds for its turn, a busy machine takes as long.
                waiting = asyncio.ensure_future(other.bank.release(3))
                await it.until(lambda: len(again.heard) >= 11)
                assert it.bank.health().note == "device.coil_held"
                assert neighbour.on_writes() == []
                board.deaf.clear()
                again.answer = board
                await waiting
                assert it.bank.health().note == ""
            assert len(neighbour.on_writes()) == 1
    assert len(board.on_writes()) == 1


async def test_each_coil_is_switched_off_once_more_when_the_first_answers_may_be_echoes(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        assert [frame[3] for frame in board.off_writes()] == 2 * list(range(8))
        seen = polls(peer)
        await it.until(lambda: polls(peer) > seen + 2)
        assert len(board.off_writes()) == 16


async def test_a_port_that_echoes_and_nothing_more_is_no_board(tmp_path: Path) -> None:
    with Peer(tmp_path / "board", lambda frame: frame) as peer:
        async with relays(peer.port, "modbus_flash") as it:
            with pytest.raises(DeviceGone, match="nothing was sent"):
                await it.bank.release(1)
            assert not it.bank.health().present
            assert it.changes == []


async def test_one_adapter_under_two_names_is_one_line(tmp_path: Path) -> None:
    first, second = ScriptedRelays(1), ScriptedRelays(2)
    second.bits = 0
    with Peer(tmp_path / "by-id", lambda frame: first(frame) + second(frame)) as peer:
        alias = tmp_path / "ttyUSB0"
        alias.symlink_to(peer.link.readlink())
        async with (
            relays(peer.port, "modbus_flash") as one,
            relays(f"twin:{alias}", "modbus_flash", address=2, name="lock-board-2") as two,
        ):
            await one.ready()
            await two.ready()
            await asyncio.gather(one.bank.release(3), two.bank.release(4))
            assert set(one.readings().values()) == {SHUT}
            assert set(two.readings().values()) == {OPEN}
        assert [frame[:4] for frame in first.on_writes()] == [b"\x01\x05\x02\x02"]
        assert [frame[:4] for frame in second.on_writes()] == [b"\x02\x05\x02\x03"]
