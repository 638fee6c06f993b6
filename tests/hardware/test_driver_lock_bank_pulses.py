"""How long a coil is really driven: what the board does counts, whatever the settings say."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import Settings, parse_settings
from firmware_bridge.lock_board.dialects import DIALECTS
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.boards.makes import MAKES
from hardware.twins.faults import Device
from tests.hardware.driver_peer import Peer, wait_until
from tests.hardware.modbus_peer import ScriptedRelays, relays

STATION = """
[station]
id = "ping-shang"
county = "shang-you"
name = "x"
[link]
broker = "mqtt://127.0.0.1:1883"
[[scanners]]
port = "/dev/ttyACM0"
[printer]
port = "/dev/usb/lp0"
{rules}
[[cabinet.boards]]
driver = "{driver}"
port = "/dev/ttyUSB0"
channels = {channels}
{more}
"""
THREE_DOORS = (1, 2, 3)


def settings(driver: str, more: str = "", no_sign_ms: int = 10_000) -> Settings:
    text = STATION.format(
        driver=driver,
        channels=max(lock_board_kind(driver).channels),
        more=more,
        rules=f"[rules]\nno_sign_ms = {no_sign_ms}\n",
    )
    return parse_settings(text, "station.toml")


def refusal(driver: str, more: str = "", no_sign_ms: int = 10_000) -> str:
    with pytest.raises(ConfigError) as told:
        settings(driver, more, no_sign_ms)
    return told.value.problem


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("driver", "make"), [*((name, name) for name in DIALECTS), ("modbus_flash", "modbus-waveshare")]
)
async def test_a_board_that_drives_longer_than_we_were_told_never_drives_two_coils(
    tmp_path: Path, driver: str, make: str
) -> None:
    board, kind, doors = MAKES[make], lock_board_kind(driver), set[int]()
    with Bench(tmp_path, 8, BenchMake(board=board)) as bench:
        options = LockBankOptions(
            name="lock-board-1",
            port=bench.port(Device.LOCK_BOARD),
            baud=kind.baud,
            address=board.address,
            channels=board.channels or 24,
            pulse_ms=110,
            closed_bit=board.closed_bit,
            supply=f"supply of {driver}",
        )
        bank = kind.make(options)
        bank.start(lambda change: doors.add(change.channel))
        await asyncio.to_thread(wait_until, lambda: len(doors) == options.channels)
        await asyncio.gather(*(bank.release(door) for door in THREE_DOORS))
        await asyncio.to_thread(wait_until, lambda: len(bench.cabinet.pulses) == len(THREE_DOORS))
        await bank.aclose()
        assert bench.cabinet.violations == ()


@pytest.mark.anyio
async def test_a_flash_rests_as_its_rounded_length_wants(tmp_path: Path) -> None:
    board = ScriptedRelays()
    with Peer(tmp_path / "board", board) as peer:
        async with relays(peer.port, "modbus_flash", pulse_ms=110) as it:
            await it.bank.release(1)
            await it.bank.release(2)
            await it.bank.release(1)
        assert [frame[4:6] for frame in board.on_writes()] == [b"\x00\x02"] * 3
        times = [at for at, frame in peer.heard if frame in board.on_writes()]
    assert min(b - a for a, b in pairwise(times)) >= 0.3 - 0.01  # 200 ms and the pause, heard late
    assert times[2] - times[0] >= 2.0 - 0.01


@pytest.mark.parametrize("driver", DIALECTS)
def test_a_pulse_that_is_shorter_than_the_boards_own_is_refused(driver: str) -> None:
    own_ms = DIALECTS[driver].pulse_ms
    problem = refusal(driver, f"pulse_ms = {own_ms - 1}")
    assert f"pulse_ms: a {driver} board drives a coil for {own_ms} by itself" in problem
    assert settings(driver, f"pulse_ms = {own_ms + 50}").cabinet.boards[0].pulse_ms == own_ms + 50


@pytest.mark.parametrize("driver", DIALECTS)
def test_a_pulse_that_is_left_out_is_the_boards_own(driver: str) -> None:
    assert settings(driver).cabinet.boards[0].pulse_ms == DIALECTS[driver].pulse_ms


def test_a_flash_that_is_rounded_up_rests_longer_before_anybody_is_asked() -> None:
    assert settings("modbus_flash", "pulse_ms = 310", 4_000).rules.no_sign_ms == 4_000
    problem = refusal("modbus_flash", "pulse_ms = 310", 3_100)
    assert "pulse_ms = 310 needs no_sign_ms = 4000" in problem
