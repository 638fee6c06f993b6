"""A board that answers no unlock, and an unlock that is lost on the wire, up to the station."""

from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from edge.daemon.devices.actuate import Actuator, Lock
from edge.daemon.devices.pumps import pump_doors
from edge.daemon.devices.speech import Speech
from edge.domain.door import Door
from edge.domain.effects import Effect, OpenDoor
from edge.domain.inputs import DoorStuckReported, TimePassed
from edge.kernel.ids import CellId, Seq
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorReading, LockBank
from tests.daemon.parts import POLICY, Rig, station_in, until
from tests.hardware.dialect_peers import SCRIPTED, Scripted, is_unlock
from tests.hardware.driver_peer import Peer
from tests.hardware.lock_banks import PULSE_MS, opened
from tests.hardware.quick_boards import quick_boards
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio
LOCK = 7
CHANNELS = 16


def losing_unlocks(board: Scripted) -> Callable[[bytes], bytes]:
    """The wire: questions pass in both directions, an unlock never reaches the board."""
    return lambda frame: b"" if is_unlock("cu16", frame) else board(frame)


def unlocks(peer: Peer) -> int:
    return sum(is_unlock("cu16", frame) for _, frame in tuple(peer.heard))


async def test_unlock_lost_status_answered_counts_as_taken_and_no_opening_is_told(
    tmp_path: Path,
) -> None:
    board = SCRIPTED["cu16"](channels=CHANNELS)
    with Peer(tmp_path / "board", losing_unlocks(board)) as peer:
        async with opened(peer.port, "cu16", channels=CHANNELS) as it:
            await it.until(lambda: len(it.readings()) == CHANNELS)
            await it.bank.release(LOCK)  # no DeviceGone: the board was alive right behind it
            polled = len(peer.heard)
            await it.until(lambda: len(peer.heard) > polled + 5)
            assert it.of(LOCK) == [DoorReading.SHUT]
        assert (board.pulsed, unlocks(peer)) == ([], 1)


async def test_of_a_lost_unlock_the_station_sees_no_sign_asks_the_person_and_tries_once_more(
    tmp_path: Path,
) -> None:
    board = SCRIPTED["cu16"](channels=CHANNELS)
    with Peer(tmp_path / "board", losing_unlocks(board)) as peer:
        async with (
            aclosing(_bank(peer.port)) as bank,
            station_in(new_journal(tmp_path)) as rig,
        ):
            wish = await _wished(rig, bank)
            facts = [await _silence(rig, peer, wish.cell, after=1)]
            await rig.station.tell(
                lambda at, fresh: DoorStuckReported(
                    at=at, cell=wish.cell, auth=wish.auth, fresh=fresh
                )
            )
            facts.append(await _silence(rig, peer, wish.cell, after=2))
            kinds = [row.kind for row in rig.store.rows_after(rig.store.epoch, Seq(0), 1_000)]
    assert facts == ["no_sign", "no_sign"]  # never "it may have moved": the board was heard
    assert kinds.count("door.asked") == 2
    assert "cell.faulted" in kinds
    assert (board.pulsed, unlocks(peer)) == ([], 2)


def _bank(port: str) -> LockBank:
    with quick_boards(PULSE_MS):
        kind = lock_board_kind("cu16")
    options = LockBankOptions(
        name="lock-board-1",
        port=port,
        baud=kind.baud,
        address=1,
        channels=CHANNELS,
        pulse_ms=PULSE_MS,
        closed_bit=kind.closed_bit,
    )
    return kind.make(options)


async def _wished(rig: Rig, bank: LockBank) -> OpenDoor:
    """The keeper checks a parcel in; the wish to open its cell goes to the real driver."""
    wishes: list[OpenDoor] = []
    locks = {cell.cell: Lock(bank, channel=cell.cell) for cell in POLICY.cells}
    actuator = Actuator(rig.station, locks, Speech(None, None))

    def act(effect: Effect) -> None:
        wishes.extend([effect] if isinstance(effect, OpenDoor) else [])
        actuator.act(effect)

    pump_doors(rig.station, bank, {int(cell): cell for cell in locks})
    await until(lambda: all(_is_shut(rig, cell) for cell in locks))
    await rig.begin_check_in()
    rig.station.carry_out_with(act)
    await rig.scan()
    await until(lambda: bool(wishes))
    return wishes[0]


def _is_shut(rig: Rig, cell: CellId) -> bool:
    door = rig.station.state.doors.get(cell)
    return door is not None and door.door is Door.SHUT


async def _silence(rig: Rig, peer: Peer, cell: CellId, after: int) -> str:
    """The pulse went out, and then nothing moved for as long as a door may take; the reason."""
    await until(lambda: unlocks(peer) == after)
    polled = len(peer.heard)
    await until(lambda: len(peer.heard) > polled + 5)  # the driver has long settled the release
    assert rig.station.state.doors[cell].door is Door.ASKED
    rig.clock.mono_ms += POLICY.no_sign_ms + 1
    await rig.station.tell(lambda at, _fresh: TimePassed(at=at))
    silent = [envelope for envelope, _ in rig.store.replay() if envelope.kind == "door.silent"]
    return str(silent[-1].body["reason"])
