"""What lock banks share: a supply, a line under two names, and by mistake an address."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError, DeviceJammed, PulseNotSent
from hardware.ports import DoorReading
from tests.hardware.dialect_peers import ScriptedWinnsen
from tests.hardware.driver_peer import Peer, ScriptedBoard, framed
from tests.hardware.lock_banks import STATUS, UNLOCK, Opened, opened
from tests.hardware.modbus_peer import OpenedRelays, relays

pytestmark = pytest.mark.anyio
OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN
DOUBLE = "device.double_address"


@pytest.fixture
def board() -> ScriptedBoard:
    return ScriptedBoard()


@pytest.fixture
def peer(tmp_path: Path, board: ScriptedBoard) -> Iterator[Peer]:
    with Peer(tmp_path / "board", board) as peer:
        yield peer


async def known(*banks: Opened) -> None:
    await banks[0].until(lambda: all(len(bank.readings()) == 24 for bank in banks))


async def test_two_boards_on_two_ports_with_one_supply_never_drive_two_coils(
    tmp_path: Path, peer: Peer
) -> None:
    with Peer(tmp_path / "other", ScriptedBoard()) as second:
        async with (
            opened(peer.port, pulse_ms=100) as one,
            opened(second.port, pulse_ms=100, name="lock-board-2") as two,
        ):
            await known(one, two)
            channels = range(1, 9)
            wishes = [bank.bank.release(n) for n in channels for bank in (one, two)]
            await asyncio.gather(*wishes)
        sent = [at for wire in (peer, second) for at, frame in wire.heard if frame[0] == UNLOCK]
    assert len(sent) == 16
    assert min(b - a for a, b in pairwise(sorted(sent))) >= 0.1


async def test_a_board_with_a_supply_of_its_own_waits_for_no_other_on_its_line(
    tmp_path: Path,
) -> None:
    first, second = ScriptedBoard(1), ScriptedBoard(2)
    with Peer(tmp_path / "board", lambda frame: first(frame) + second(frame)) as peer:
        async with (
            opened(peer.port, pulse_ms=400, supply="left") as one,
            opened(peer.port, pulse_ms=400, supply="right", address=2, name="two") as two,
        ):
            await known(one, two)
            await asyncio.gather(one.bank.release(1), one.bank.release(2), two.bank.release(1))
        order = [(frame[1], frame[2]) for frame in peer.frames(UNLOCK)]
    assert order == [(1, 1), (2, 1), (1, 2)]


async def test_one_adapter_under_two_names_is_one_line(tmp_path: Path) -> None:
    first, second = ScriptedBoard(1), ScriptedBoard(2)
    second.bits = 0
    with Peer(tmp_path / "by-id", lambda frame: first(frame) + second(frame)) as peer:
        alias = tmp_path / "ttyUSB0"
        alias.symlink_to(peer.link.readlink())
        async with (
            opened(peer.port) as one,
            opened(f"twin:{alias}", address=2, name="lock-board-2") as two,
        ):
            await known(one, two)
            await asyncio.gather(one.bank.release(3), two.bank.release(4))
            assert set(two.readings().values()) == {OPEN}
            assert two.bank.health().note == ""
        assert sorted(frame[1:3] for frame in peer.frames(UNLOCK)) == [b"\x01\x03", b"\x02\x04"]


async def test_a_board_that_leaves_takes_its_waiting_pulses_along(tmp_path: Path) -> None:
    first, second = ScriptedBoard(1), ScriptedBoard(2)
    with Peer(tmp_path / "board", lambda frame: first(frame) + second(frame)) as peer:
        async with opened(peer.port, address=2, name="two") as stays:
            leaves = Opened(peer.port)
            await known(leaves, stays)
            wishes = [asyncio.ensure_future(leaves.bank.release(n)) for n in (1, 2, 3)]
            await wishes[0]
            await leaves.bank.aclose()
            await stays.bank.release(4)
            told = await asyncio.gather(*wishes[1:], return_exceptions=True)
        assert [type(one) for one in told] == [PulseNotSent, PulseNotSent]
        assert [frame[1:3] for frame in peer.frames(UNLOCK)] == [b"\x01\x01", b"\x02\x04"]


async def test_a_lock_board_and_a_relay_board_on_one_adapter_are_a_clear_error(
    tmp_path: Path, peer: Peer
) -> None:
    alias = f"twin:{tmp_path / 'ttyUSB0'}"
    (tmp_path / "ttyUSB0").symlink_to(peer.link.readlink())
    async with opened(peer.port) as one:
        with pytest.raises(ConfigError, match="adapter of its own"):
            OpenedRelays(alias, "modbus_flash", name="relays", address=7)
        await known(one)
        await one.bank.release(1)
    async with relays(alias, "modbus_flash", name="relays", address=7):
        with pytest.raises(ConfigError, match="adapter of its own"):
            Opened(peer.port)
    async with opened(peer.port) as one:
        await known(one)


async def test_two_boards_of_one_address_on_one_line_are_a_clear_error(
    tmp_path: Path, peer: Peer
) -> None:
    alias = tmp_path / "ttyUSB0"
    alias.symlink_to(peer.link.readlink())
    async with opened(peer.port) as one:
        with pytest.raises(ConfigError, match="another board with address 1"):
            Opened(f"twin:{alias}", name="lock-board-2")
        await known(one)
        await one.bank.release(1)


async def test_two_boards_that_answer_to_one_address_are_found_out_and_never_pulsed(
    peer: Peer, board: ScriptedBoard
) -> None:
    twin = ScriptedBoard()
    twin.bits = 0xFFFFF0
    peer.answer = lambda frame: board(frame) + twin(frame)
    async with opened(peer.port) as it:
        await it.until(lambda: it.bank.health().note == DOUBLE)
        with pytest.raises(DeviceJammed, match="two boards answer as lock-board-1"):
            await it.bank.release(7)
        assert not it.bank.health().present
        assert set(it.readings().values()) == {UNKNOWN}
        peer.answer = board
        await it.until(lambda: set(it.readings().values()) == {SHUT})
        await it.until(lambda: it.bank.health().note == "")
        await it.bank.release(7)
    assert [frame[2] for frame in peer.frames(UNLOCK)] == [7]


async def test_a_pulse_right_at_the_start_waits_until_one_board_alone_has_answered(
    peer: Peer, board: ScriptedBoard
) -> None:
    twin = ScriptedBoard()
    twin.bits = 0
    peer.unplug()
    async with opened(peer.port) as it:
        with Peer(peer.link, lambda frame: board(frame) + twin(frame)) as both:
            await it.until(lambda: len(both.heard) == 1)  # the first poll, and one sign
            with pytest.raises(DeviceJammed):
                await it.bank.release(7)
            assert both.frames(UNLOCK) == []


async def test_closing_ends_the_wait_for_a_proof(peer: Peer, board: ScriptedBoard) -> None:
    twin = ScriptedBoard()
    twin.bits = 0
    peer.answer = lambda frame: board(frame) + twin(frame)
    it = Opened(peer.port)
    await it.until(lambda: len(peer.heard) == 1)
    peer.answer = board
    release = asyncio.ensure_future(it.bank.release(7))
    await it.until(lambda: len(peer.heard) == 2)  # it looks again, for want of trust
    await it.bank.aclose()
    with pytest.raises(PulseNotSent, match="was closed; nothing was sent"):
        await release
    assert peer.frames(UNLOCK) == []


async def test_two_voices_that_spoil_each_other_behind_a_sound_answer_are_found_out(
    peer: Peer, board: ScriptedBoard
) -> None:
    peer.answer = lambda frame: board(frame) + b"\x13\x57\x9b\xdf"
    async with opened(peer.port) as it:
        await it.until(lambda: it.bank.health().note == DOUBLE)
        with pytest.raises(DeviceJammed):
            await it.bank.release(7)
    assert peer.frames(UNLOCK) == []


async def test_boards_that_differ_in_one_door_alone_are_found_out_lock_by_lock(
    tmp_path: Path,
) -> None:
    one, two = ScriptedWinnsen(channels=16), ScriptedWinnsen(channels=16)
    two.shut[4] = False
    with Peer(tmp_path / "board", lambda frame: one(frame) + two(frame)) as peer:
        async with opened(peer.port, "winnsen", channels=16) as it:
            await it.until(lambda: it.bank.health().note == DOUBLE)
            with pytest.raises(DeviceJammed):
                await it.bank.release(7)
    assert one.pulsed == two.pulsed == []


async def test_a_board_that_says_everything_twice_or_a_byte_too_much_is_one_board(
    peer: Peer, board: ScriptedBoard
) -> None:
    peer.answer = lambda frame: 2 * board(frame) + b"\xff"
    async with opened(peer.port) as it:
        await it.until(lambda: len(peer.frames(STATUS)) >= 8)
        await it.bank.release(7)
        assert it.bank.health().note == ""
    assert peer.frames(UNLOCK) == [framed(UNLOCK, 1, 7, 0x11)]
