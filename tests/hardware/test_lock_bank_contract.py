"""What every lock bank must do: every driver, over its twin, with every fault that it can have."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from edge.kernel.errors import DeviceGone, PulseNotSent
from hardware.ports import DoorReading
from hardware.twins.faults import MENU, Fault
from tests.hardware.lock_bank_kinds import KINDS, installed

pytestmark = pytest.mark.anyio
OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN
DOOR: Final = 2
AJAR: Final = 1
"""Stands open before anything breaks: who says that it is shut says something false."""
OTHER: Final = 4
"""Neither the door under test nor its neighbour, which wrong wiring opens."""
OF_A_DOOR: Final = {kind.fault for kind in MENU if kind.needs_channel}
OFTEN: Final = {"8a80", "modbus_flash", "gpio"}
"""The quick part of the tests meets these alone."""


def _case(name: str, *more: Fault) -> object:
    marks = () if name in OFTEN else (pytest.mark.slow,)
    return pytest.param(name, *more, marks=marks, id="-".join((name, *more)))


EVERY_KIND: Final = pytest.mark.parametrize("name", [_case(name) for name in KINDS])
EVERY_FAULT: Final = pytest.mark.parametrize(
    ("name", "fault"), [_case(name, fault) for name, kind in KINDS.items() for fault in kind.faults]
)


@EVERY_KIND
async def test_a_released_door_opens_and_is_seen_open_and_shut_again(
    tmp_path: Path, name: str
) -> None:
    channel = KINDS[name].channels
    async with installed(tmp_path, KINDS[name]) as it:
        await it.bank.release(channel)
        await it.until(lambda: it.of(channel) == [SHUT, OPEN])
        it.cabinet.push_shut(channel)
        await it.until(lambda: it.of(channel) == [SHUT, OPEN, SHUT])
        assert it.pulsed == [channel]
        assert len(it.changes) == channel + 2
        health = it.bank.health()
        assert (health.present, health.simulated, health.note) == (True, True, "")
        assert health.bad_frames == 0


@EVERY_KIND
async def test_many_releases_at_once_drive_one_coil_after_the_other(
    tmp_path: Path, name: str
) -> None:
    channels = range(1, min(KINDS[name].channels, 8) + 1)
    async with installed(tmp_path, KINDS[name]) as it:
        await asyncio.gather(*(it.bank.release(channel) for channel in channels))
        await it.until(lambda: it.pulsed == list(channels))
        assert it.cabinet.violations == ()


@EVERY_KIND
async def test_neither_start_nor_end_drives_a_coil(tmp_path: Path, name: str) -> None:
    async with installed(tmp_path, KINDS[name]) as it:
        await it.until(it.tells_what_the_sensors_say)
    assert it.cabinet.pulses == ()


@EVERY_KIND
async def test_a_door_that_is_forced_is_seen_open(tmp_path: Path, name: str) -> None:
    async with installed(tmp_path, KINDS[name]) as it:
        it.cabinet.force_open(3)
        await it.until(lambda: it.of(3)[-1] is OPEN)
        assert it.pulsed == []


@EVERY_KIND
async def test_a_lock_that_the_board_does_not_have_is_our_bug(tmp_path: Path, name: str) -> None:
    async with installed(tmp_path, KINDS[name]) as it:
        for channel in (0, KINDS[name].channels + 1):
            with pytest.raises(ValueError, match="channel"):
                await it.bank.release(channel)


@EVERY_FAULT
async def test_whatever_breaks_a_lock_is_pulsed_once_at_most_and_nothing_false_is_told(
    tmp_path: Path, name: str, fault: Fault
) -> None:
    """False is what no switch has said lately (SensorRecord); that a door is unknown never is.

    A sensor that lies is believed, for it is a switch that said so. A board that lies while it
    starts anew is not: its word that all doors are shut has no switch behind it.
    """
    async with installed(tmp_path, KINDS[name]) as it:
        it.cabinet.force_open(AJAR)
        await it.until(lambda: it.of(AJAR)[-1] is OPEN)
        it.faults.switch(fault, on=True, channel=DOOR if fault in OF_A_DOOR else None)
        outcome = await it.release(DOOR)
        assert it.pulsed in ([], [DOOR])
        if outcome is PulseNotSent:
            assert it.pulsed == []
        elif outcome is None:  # taken means taken
            await it.until(lambda: it.pulsed == [DOOR])
        if fault in OF_A_DOOR:  # a lying sensor is believed, and seen to come right when mended
            await it.until(it.tells_what_the_sensors_say)
        if fault is not Fault.BOARD_ECHO:  # an adapter that echoes does so for life
            it.faults.mend_all()
        await it.until(lambda: it.bank.health().present)
        await it.until(it.tells_what_the_sensors_say)
        await it.until(lambda: not it.cabinet.held)
        before = it.pulsed
        assert before in ([], [DOOR])  # nothing came later either

        assert await it.release(OTHER) is None
        await it.until(lambda: it.of(OTHER)[-1] is OPEN)
        await it.until(lambda: it.pulsed == [*before, OTHER])
        assert it.cabinet.violations == ()
        assert it.sensors.never_said(it.told) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        _case(name, fault)
        for name, kind in KINDS.items()
        for fault in (Fault.BOARD_SILENT, Fault.BOARD_WRONG_ADDRESS, Fault.PINS_UNPLUGGED)
        if fault in kind.faults
    ],
)
async def test_a_board_that_is_not_heard_makes_its_doors_unknown_and_is_never_pulsed(
    tmp_path: Path, name: str, fault: Fault
) -> None:
    async with installed(tmp_path, KINDS[name]) as it:
        it.faults.switch(fault, on=True)
        await it.until(lambda: set(it.readings().values()) == {UNKNOWN})
        assert not it.bank.health().present
        with pytest.raises(PulseNotSent):
            await it.bank.release(DOOR)
        assert it.pulsed == []
        it.faults.mend_all()
        await it.until(lambda: set(it.readings().values()) == {SHUT})


@pytest.mark.parametrize("name", [_case(name) for name, kind in KINDS.items() if kind.make])
async def test_a_cable_pulled_and_put_back_leads_to_fresh_readings(
    tmp_path: Path, name: str
) -> None:
    async with installed(tmp_path, KINDS[name]) as it:
        it.faults.switch(Fault.BOARD_UNPLUGGED, on=True)
        await it.until(lambda: it.of(DOOR)[-1] is UNKNOWN)
        before = len(it.of(DOOR))
        it.cabinet.force_open(DOOR)
        it.faults.mend_all()
        await it.until(lambda: it.of(DOOR)[-1] is OPEN)
        assert SHUT not in it.of(DOOR)[before:]
        assert it.pulsed == []


@EVERY_KIND
async def test_a_closed_bank_refuses(tmp_path: Path, name: str) -> None:
    async with installed(tmp_path, KINDS[name]) as it:
        await it.bank.aclose()
        with pytest.raises(DeviceGone):
            await it.bank.release(DOOR)
        assert it.pulsed == []
