"""Modbus relay boards over the board twins and their steel, with every fault such a board has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from edge.kernel.errors import DeviceGone, DeviceJammed
from hardware.ports import DoorReading
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.boards.makes import MAKES, faults_of
from hardware.twins.faults import MENU, Device, Fault
from tests.hardware.modbus_peer import OpenedRelays, relays

pytestmark = pytest.mark.anyio
OPEN, SHUT = DoorReading.OPEN, DoorReading.SHUT
MAKE_OF: Final = {"modbus_coils": "modbus", "modbus_flash": "modbus-waveshare"}
BOTH = pytest.mark.parametrize("driver", sorted(MAKE_OF))
OF_A_DOOR: Final = {kind.fault for kind in MENU if kind.needs_channel}
DOOR: Final = 3


@asynccontextmanager
async def standing(folder: Path, driver: str) -> AsyncIterator[tuple[Bench, OpenedRelays]]:
    with Bench(folder, 8, BenchMake(board=MAKES[MAKE_OF[driver]])) as bench:
        async with relays(bench.port(Device.LOCK_BOARD), driver, pulse_ms=300) as it:
            yield bench, it


@BOTH
async def test_a_released_door_opens_and_is_seen_open_and_shut_again(
    tmp_path: Path, driver: str
) -> None:
    async with standing(tmp_path, driver) as (bench, it):
        await it.ready()
        await it.bank.release(DOOR)
        await it.until(lambda: it.of(DOOR) == [SHUT, OPEN])
        bench.cabinet.push_shut(DOOR)
        await it.until(lambda: it.of(DOOR) == [SHUT, OPEN, SHUT])
        (pulse,) = bench.cabinet.pulses
        assert (pulse.channel, pulse.released) == (DOOR, True)
        assert 280 <= pulse.length_ms < 1_000
        assert len(it.changes) == 8 + 2


@BOTH
async def test_twenty_people_drive_one_coil_after_the_other(tmp_path: Path, driver: str) -> None:
    async with standing(tmp_path, driver) as (bench, it):
        await it.ready()
        await asyncio.gather(*(it.bank.release(n % 8 + 1) for n in range(20)))
        # Who asks for a door whose pulse still waits shares it; the first may be under way.
        assert len(bench.cabinet.pulses) in (8, 9)
        assert bench.violations == ()


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("fault", faults_of(MAKES["modbus"]))
async def test_whatever_breaks_a_release_is_at_most_one_pulse_and_mending_mends(
    tmp_path: Path, driver: str, fault: Fault
) -> None:
    channel = DOOR if fault in OF_A_DOOR else None
    async with standing(tmp_path, driver) as (bench, it):
        await it.ready()
        bench.faults.switch(fault, on=True, channel=channel)
        with suppress(DeviceGone, DeviceJammed):
            await it.bank.release(DOOR)
        bench.faults.mend_all()
        await it.until(lambda: it.bank.health().present and it.bank.health().note == "")
        await it.until(lambda: DoorReading.UNKNOWN not in it.readings().values())
        # A late answer to an earlier question may still come between.
        with suppress(*((DeviceGone,) if fault is Fault.BOARD_LATE else ())):
            await it.bank.release(DOOR + 2)
        await it.until(lambda: it.of(DOOR + 2)[-1] is OPEN)
        pulses = [pulse.channel for pulse in bench.cabinet.pulses]
        assert pulses.count(DOOR) <= 1
        assert pulses.count(DOOR + 2) == 1
        assert bench.violations == ()
