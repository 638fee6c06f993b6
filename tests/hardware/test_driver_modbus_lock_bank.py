"""Modbus relay boards against a scripted board on a raw pty."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError, DeviceGone, DeviceJammed, PulseNotSent
from hardware.drivers.locks.modbus_line import OFF_TRIES, flash_steps
from hardware.ports import DoorChange, DoorReading
from tests.golden import read_golden
from tests.hardware.driver_peer import BACK_WITHIN_S, Peer
from tests.hardware.modbus_peer import (
    READ_INPUTS,
    WRITE_COIL,
    OpenedRelays,
    ScriptedRelays,
    framed,
    polls,
    relays,
)

pytestmark = pytest.mark.anyio
GOLDEN = read_golden("modbus_relays")
BOTH = pytest.mark.parametrize("driver", ["modbus_coils", "modbus_flash"])
OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN


@pytest.fixture
def board() -> ScriptedRelays:
    return ScriptedRelays()


@pytest.fixture
def peer(tmp_path: Path, board: ScriptedRelays) -> Iterator[Peer]:
    with Peer(tmp_path / "board", board) as peer:
        yield peer


async def test_a_timed_pulse_is_one_frame_and_the_one_of_the_sheet(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash", pulse_ms=200) as it:
        await it.bank.release(1)
    assert board.on_writes() == [GOLDEN["request.flash.1.200ms"]]


@pytest.mark.parametrize(
    ("pulse_s", "steps"), [(0.05, 1), (0.1, 1), (0.101, 2), (0.3, 3), (1.0, 10), (9_999, 0x7FFF)]
)
async def test_a_timed_pulse_is_rounded_up_to_steps_of_100_ms(pulse_s: float, steps: int) -> None:
    assert flash_steps(pulse_s) == steps


async def test_a_timed_pulse_may_be_answered_with_another_value(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        peer.answer = lambda frame: (
            framed(*frame[:4], 0xFF, 0x00) if frame[1] == WRITE_COIL else board(frame)
        )
        await it.bank.release(7)
        assert it.bank.health().bad_frames == 0


async def test_an_off_that_is_answered_as_on_is_not_believed(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_coils") as it:
        await it.ready()
        peer.answer = lambda frame: (
            framed(*frame[:4], 0xFF, 0x00) if frame[1] == WRITE_COIL else board(frame)
        )
        await it.bank.release(7)
        await it.until(lambda: it.bank.health().note == "device.coil_held")
        peer.answer = board
        await it.until(lambda: it.bank.health().note == "")


async def test_a_plain_coil_is_switched_on_once_and_off_after_the_pulse(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_coils", pulse_ms=100) as it:
        await it.ready()
        board.writes.clear()
        await it.bank.release(1)
        await it.until(lambda: len(board.writes) == 2)
        assert board.writes == [GOLDEN["request.on.1"], GOLDEN["request.off.1"]]
    on, off = [at for at, frame in peer.heard if frame[1] == WRITE_COIL][8:10]
    assert off - on >= 0.1 - 0.01  # the peer hears each a little late


@BOTH
async def test_every_coil_is_switched_off_before_the_doors_are_read(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    async with relays(peer.port, driver) as it:
        await it.ready()
    first = [frame for _, frame in peer.heard][:9]
    assert first[0] == GOLDEN["request.off.1"]
    assert [frame[3] for frame in first[:8]] == list(range(8))
    assert first[8] == GOLDEN["request.inputs.8"]
    closing = board.off_writes()[8:]
    assert len(closing) == (8 if driver == "modbus_coils" else 0)


@BOTH
async def test_each_door_is_reported_once_with_either_polarity(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    board.bits = 1 << 6
    async with relays(peer.port, driver, closed_bit=0) as it:
        await it.until(lambda: polls(peer) >= 3)
        assert len(it.changes) == 8
        assert [n for n, reading in it.readings().items() if reading is OPEN] == [7]
        assert it.bank.health().present
        assert it.bank.articles() == {}


@BOTH
async def test_a_pulse_without_an_answer_is_never_sent_again(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    async with relays(peer.port, driver) as it:
        await it.ready()
        board.silent = True
        with pytest.raises(DeviceGone, match="it may have moved") as told:
            await it.bank.release(7)
        assert not isinstance(told.value, PulseNotSent)
        board.silent = False
        seen = polls(peer)
        await it.until(lambda: polls(peer) > seen + 3)
        assert len(board.on_writes()) == 1
        await it.until(lambda: it.bank.health().present)
        assert it.bank.health().note == ""


@BOTH
async def test_no_lock_is_pulsed_on_a_board_that_has_not_told_its_doors(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    board.silent = True
    async with relays(peer.port, driver) as it:
        with pytest.raises(PulseNotSent, match="nothing was sent"):
            await it.bank.release(7)
        assert it.bank.health().note == "device.silent"
    assert board.on_writes() == []


@BOTH
async def test_a_board_that_refuses_the_pulse_needs_a_repairer(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    board.refuses = True
    async with relays(peer.port, driver) as it:
        with pytest.raises(DeviceJammed, match="refused"):
            await it.bank.release(7)
    assert len(board.on_writes()) == 1


async def test_a_coil_that_stays_on_stops_its_whole_supply_until_the_off_is_confirmed(
    tmp_path: Path, peer: Peer, board: ScriptedRelays
) -> None:
    other_board = ScriptedRelays()
    with Peer(tmp_path / "other", other_board) as other_peer:
        async with (
            relays(peer.port, "modbus_coils", supply="held") as it,
            relays(other_peer.port, "modbus_flash", name="b", supply="held") as other,
        ):
            await it.ready()
            await other.ready()
            board.deaf.add(0x00)
            await it.bank.release(1)
            await it.until(lambda: it.bank.health().note == "device.coil_held")
            assert len(board.off_writes()) == 8 + OFF_TRIES
            with pytest.raises(DeviceJammed, match="holds a coil"):
                await it.bank.release(2)
            waiting = asyncio.ensure_future(other.bank.release(3))
            seen = polls(other_peer)
            await it.until(lambda: polls(other_peer) > seen + 3)
            assert other_board.on_writes() == []
            assert not waiting.done()
            board.deaf.clear()
            await waiting
            assert it.bank.health().note == ""
            await it.bank.release(2)
    assert len(board.on_writes()) == 2
    assert len(other_board.on_writes()) == 1


async def test_a_board_that_vanishes_with_a_coil_on_is_switched_off_first_when_it_is_back(
    tmp_path: Path, peer: Peer
) -> None:
    async with relays(peer.port, "modbus_coils", pulse_ms=1_000) as it:
        await it.ready()
        await it.bank.release(1)
        peer.unplug()
        await it.until(lambda: it.bank.health().note == "device.coil_held")
        again = ScriptedRelays()
        with Peer(tmp_path / "board", again) as second:
            await it.until(lambda: it.bank.health().present and not it.bank.health().note)
            assert it.bank.health().reconnects >= 1
            assert again.on_writes() == []
            assert second.heard[0][1] == GOLDEN["request.off.1"]


async def test_the_echo_of_a_write_is_not_taken_for_the_boards_answer(
    peer: Peer, board: ScriptedRelays
) -> None:
    board.echoes = True
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        await it.bank.release(8)
        board.deaf.add(0x00)  # the high byte of every flash and off
        with pytest.raises(DeviceGone, match="it may have moved"):
            await it.bank.release(7)
    assert len(board.on_writes()) == 2


@BOTH
async def test_garbage_before_an_answer_does_no_harm(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    board.before_reply = b"\x80\xff\x01\x02\x00"
    async with relays(peer.port, driver) as it:
        await it.ready()
        await it.bank.release(7)
        assert it.bank.health().present


async def test_an_answer_from_another_unit_is_counted_and_ignored(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        peer.answer = lambda _frame: framed(2, READ_INPUTS, 1, 0)
        await it.until(lambda: it.bank.health().bad_frames >= 2)
        peer.answer = board
        seen = polls(peer)
        await it.until(lambda: polls(peer) > seen + 2)
        assert set(it.readings().values()) == {SHUT}


async def test_an_answer_of_another_length_or_to_another_question_tells_no_door(
    peer: Peer,
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        peer.answer = lambda _frame: framed(1, READ_INPUTS, 2, 0, 0)
        await it.until(lambda: it.bank.health().bad_frames >= 2)
        peer.answer = lambda _frame: framed(1, 5, 0, 0, 0xFF, 0)
        await it.until(lambda: it.bank.health().bad_frames >= 4)
        assert OPEN not in it.readings().values()


async def test_a_late_answer_to_a_pulse_is_not_the_answer_to_the_next(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        board.deaf.add(0x00)
        with pytest.raises(DeviceGone):
            await it.bank.release(1)
        late = board.on_writes()[0]
        peer.answer = lambda frame: late if frame[1] == 5 else board(frame)
        with pytest.raises(DeviceGone):
            await it.bank.release(2)
        assert it.bank.health().bad_frames >= 1


async def test_doors_are_unknown_only_after_three_polls_without_an_answer(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_coils") as it:
        await it.ready()
        board.silent = True
        seen = polls(peer)
        await it.until(lambda: len(it.changes) == 16)
        assert polls(peer) - seen >= 5  # three polls of two questions, one running
        assert set(it.readings().values()) == {UNKNOWN}
        assert not it.bank.health().present
        board.silent = False
        await it.until(lambda: set(it.readings().values()) == {SHUT})


@BOTH
async def test_releases_at_once_drive_one_coil_after_the_other(
    peer: Peer, board: ScriptedRelays, driver: str
) -> None:
    async with relays(peer.port, driver) as it:
        await it.ready()
        await asyncio.gather(*(it.bank.release(channel) for channel in range(1, 9)))
    times = [at for at, frame in peer.heard if frame in board.on_writes()]
    assert [frame[3] for frame in board.on_writes()] == list(range(8))
    assert min(b - a for a, b in pairwise(times)) >= 0.15 - 0.01  # pulse and pause, heard late


async def test_a_coil_cools_before_its_second_pulse_and_those_who_wait_share_it(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.bank.release(7)
        await asyncio.gather(it.bank.release(7), it.bank.release(7))
    first, second = (at for at, frame in peer.heard if frame in board.on_writes())
    assert second - first >= 0.5 - 0.02


async def test_two_units_share_one_line_and_a_dead_one_takes_no_doors_along(
    tmp_path: Path,
) -> None:
    first, second = ScriptedRelays(1), ScriptedRelays(2)
    second.bits = 0
    with Peer(tmp_path / "board", lambda frame: first(frame) + second(frame)) as peer:
        async with (
            relays(peer.port, "modbus_coils") as one,
            relays(peer.port, "modbus_flash", address=2) as two,
        ):
            await one.ready()
            await two.ready()
            await asyncio.gather(one.bank.release(3), two.bank.release(3))
            assert set(one.readings().values()) == {SHUT}
            assert set(two.readings().values()) == {OPEN}
            second.silent = True
            await two.until(lambda: set(two.readings().values()) == {UNKNOWN})
            assert one.bank.health().present
        assert (len(first.on_writes()), len(second.on_writes())) == (1, 1)


async def test_a_board_that_is_unplugged_comes_back_by_the_same_path(
    tmp_path: Path, peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        peer.unplug()
        await it.until(lambda: set(it.readings().values()) == {UNKNOWN})
        assert (it.bank.health().present, it.bank.health().note) == (False, "device.missing")
        with pytest.raises(PulseNotSent, match="nothing was sent"):
            await it.bank.release(7)
        with Peer(tmp_path / "board", board):
            await it.until(lambda: set(it.readings().values()) == {SHUT}, BACK_WITHIN_S)
            assert it.bank.health().reconnects == 1


async def test_two_boards_on_one_port_need_one_speed_and_two_addresses(
    peer: Peer,
) -> None:
    async with relays(peer.port, "modbus_flash"):
        with pytest.raises(ConfigError, match="same baud"):
            OpenedRelays(peer.port, "modbus_flash", baud=19_200)
        with pytest.raises(ConfigError, match="another board with address 1"):
            OpenedRelays(peer.port, "modbus_coils")


async def test_a_bank_that_is_not_open_or_a_channel_that_is_not_there_sends_nothing(
    peer: Peer, board: ScriptedRelays
) -> None:
    async with relays(peer.port, "modbus_flash") as it:
        await it.ready()
        with pytest.raises(ValueError, match="no channel 9"):
            await it.bank.release(9)
    with pytest.raises(PulseNotSent, match="not started"):
        await it.bank.release(1)
    assert board.on_writes() == []


async def test_a_bug_ends_the_line_with_unknown_doors_and_a_failure(
    peer: Peer, board: ScriptedRelays
) -> None:
    def broken(change: DoorChange) -> None:
        it.changes.append(change)
        if change.reading is OPEN:
            raise RuntimeError("a bug")

    it = OpenedRelays(peer.port, "modbus_flash")
    await it.ready()
    await it.bank.aclose()
    it.bank.start(broken)
    board.bits = 0
    await it.until(lambda: it.bank.health().failure is not None)
    assert it.bank.health().note == "device.failed"
    with pytest.raises(PulseNotSent):
        await it.bank.release(1)
    await it.bank.aclose()
