"""Relays and switches on pins, against the pin twin and its steel."""

import asyncio
import errno
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from hardware.catalogue import lock_board_kind
from hardware.drivers.locks.relay_lock_bank import RelayLockBank
from hardware.drivers.pins import PinsGone, pins_may_go
from hardware.ports import DoorChange, DoorReading
from hardware.twins.faults import Fault
from hardware.twins.pin_factory import TwinPins, open_pins
from tests.hardware.driver_peer import BACK_WITHIN_S, wait_until
from tests.hardware.pin_bench import (
    DOOR_COUNT,
    DOORS,
    LOCKS,
    OpenedPins,
    PinBench,
    bank_options,
    on_pins,
    pin_bench,
)

pytestmark = pytest.mark.anyio
OPEN, SHUT, UNKNOWN = DoorReading.OPEN, DoorReading.SHUT, DoorReading.UNKNOWN


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PinBench]:
    with pin_bench(tmp_path) as bench:
        yield bench


async def test_a_release_drives_one_coil_for_the_pulse_and_the_door_is_seen_to_open_and_shut(
    bench: PinBench,
) -> None:
    async with on_pins(bench) as it:
        await it.ready()
        assert it.bank.health().present
        assert it.bank.health().simulated
        await it.bank.release(2)
        await it.until(lambda: it.of(2) == [SHUT, OPEN])
        bench.cabinet.push_shut(2)
        await it.until(lambda: it.of(2) == [SHUT, OPEN, SHUT])
        assert it.bank.articles() == {}
    (pulse,) = bench.cabinet.pulses
    assert (pulse.channel, pulse.released) == (2, True)
    assert pulse.length_ms >= 100
    assert [change.pin for change in bench.pins.changes] == [LOCKS[1], LOCKS[1]]


async def test_a_switch_of_the_other_polarity_reads_the_same_doors(tmp_path: Path) -> None:
    with pin_bench(tmp_path, shut_level=1) as bench:
        bench.cabinet.force_open(3)
        async with on_pins(bench, closed_bit=1) as it:
            await it.ready()
            assert [n for n, reading in it.readings().items() if reading is OPEN] == [3]


async def test_a_bouncing_switch_is_one_change(bench: PinBench) -> None:
    bench.faults.switch(Fault.SENSOR_BOUNCE, on=True)
    async with on_pins(bench) as it:
        await it.ready()
        await it.bank.release(1)
        await it.until(lambda: len(it.of(1)) >= 2)
        bench.cabinet.push_shut(1)
        await it.until(lambda: it.of(1)[-1] is SHUT)
        assert it.of(1) == [SHUT, OPEN, SHUT]


async def test_releases_at_once_drive_one_coil_after_the_other(bench: PinBench) -> None:
    async with on_pins(bench) as it:
        await asyncio.gather(*(it.bank.release(n) for n in range(1, DOOR_COUNT + 1)))
        await it.until(lambda: set(it.readings().values()) == {OPEN})
    pulses = bench.cabinet.pulses
    assert [pulse.channel for pulse in pulses] == list(range(1, DOOR_COUNT + 1))
    assert all(a.at_ms + a.length_ms < b.at_ms for a, b in pairwise(pulses))


async def test_two_banks_on_one_supply_take_turns_and_a_coil_cools(bench: PinBench) -> None:
    one = {"name": "a", "channels": 2, "supply": "shared"}
    two = {"name": "b", "channels": 2, "supply": "shared", "address": 2}
    async with (
        on_pins(bench, **one, lock_pins=LOCKS[:2], door_pins=DOORS[:2]) as first,
        on_pins(bench, **two, lock_pins=LOCKS[2:], door_pins=DOORS[2:]) as second,
    ):
        await asyncio.gather(first.bank.release(1), second.bank.release(1))
        await asyncio.gather(first.bank.release(1), first.bank.release(1))
    pulses = [pulse for pulse in bench.cabinet.pulses if pulse.channel == 1]
    assert len(pulses) == 2
    assert pulses[1].at_ms - pulses[0].at_ms >= 1_000 - 10  # ten times the pulse
    assert bench.cabinet.violations == ()


async def test_pins_that_are_unplugged_are_missed_and_come_back_with_every_relay_off(
    bench: PinBench,
) -> None:
    async with on_pins(bench) as it:
        await it.ready()
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=True)
        await it.until(lambda: set(it.readings().values()) == {UNKNOWN})
        assert (it.bank.health().present, it.bank.health().note) == (False, "device.missing")
        with pytest.raises(PulseNotSent, match="nothing was sent"):
            await it.bank.release(1)
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=False)
        await it.until(lambda: set(it.readings().values()) == {SHUT}, BACK_WITHIN_S)
        assert it.bank.health().reconnects == 1
        await it.bank.release(1)
    assert len(bench.cabinet.pulses) == 1


async def test_pins_that_go_away_in_a_pulse_hold_the_supply_until_they_are_back(
    bench: PinBench,
) -> None:
    async with on_pins(bench, pulse_ms=900) as it:
        await it.ready()
        await it.bank.release(1)
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=True)
        await it.until(lambda: it.bank.health().note == "device.coil_held")
        with pytest.raises(DeviceJammed, match="holds a coil"):
            await it.bank.release(2)
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=False)
        await it.until(lambda: it.bank.health().note == "")
        await it.bank.release(2)
    first, second = bench.cabinet.pulses
    assert first.length_ms < 900  # the pin floated, and a floating pin drives nothing
    assert second.channel == 2


async def test_a_program_that_is_killed_in_a_pulse_lets_its_coil_go(bench: PinBench) -> None:
    program = f"""
import asyncio
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
bank = lock_board_kind("gpio").make({bank_options(bench.port, pulse_ms=1_000)!r})
async def main():
    bank.start(lambda change: None)
    await bank.release(3)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    await bench.until(lambda: bench.pins.is_high(LOCKS[2]))
    killed.kill()
    await killed.wait()
    await bench.until(lambda: not bench.pins.is_high(LOCKS[2]))
    assert bench.cabinet.pulses[0].length_ms < 1_000


async def test_a_bank_that_is_closed_in_a_pulse_switches_its_coil_off_first(
    bench: PinBench,
) -> None:
    async with on_pins(bench, pulse_ms=1_000) as it:
        await it.bank.release(1)
        await it.until(lambda: bench.pins.is_high(LOCKS[0]))
    await bench.until(lambda: not bench.pins.is_high(LOCKS[0]))
    assert bench.cabinet.pulses[0].length_ms < 1_000
    with pytest.raises(PulseNotSent, match="not started"):
        await it.bank.release(1)


async def test_a_pin_that_another_program_has_is_said_to_be_busy(bench: PinBench) -> None:
    other = TwinPins(bench.link)
    other.claim(LOCKS[0], "out", 0)
    async with on_pins(bench) as it:
        await it.until(lambda: it.bank.health().note == "device.busy")
        other.say("free", LOCKS[0])
        await it.until(lambda: it.bank.health().present)


async def test_a_pin_that_is_named_twice_in_one_program_is_said_to_be_busy(
    bench: PinBench,
) -> None:
    async with on_pins(bench) as first:
        await first.ready()
        async with on_pins(bench, name="b") as second:
            await second.until(lambda: second.bank.health().note == "device.busy")
        assert first.bank.health().present


async def test_a_channel_that_is_not_wired_is_our_own_mistake(bench: PinBench) -> None:
    async with on_pins(bench) as it:
        with pytest.raises(ValueError, match="no channel 5"):
            await it.bank.release(5)


async def test_a_bug_ends_the_thread_with_relays_off_and_unknown_doors(bench: PinBench) -> None:
    changes: list[DoorChange] = []

    def broken(change: DoorChange) -> None:
        changes.append(change)
        if change.reading is OPEN:
            raise RuntimeError("a bug")

    bank = OpenedPins(bench).bank
    await bank.aclose()
    again = RelayLockBank(bank_options(bench.port), lambda: open_pins(bench.link))
    again.start(broken)
    await bench.until(lambda: len(changes) == DOOR_COUNT)
    await again.release(1)
    await bench.until(lambda: again.health().failure is not None)
    await bench.until(lambda: not bench.pins.is_high(LOCKS[0]))
    assert again.health().note == "device.failed"
    assert changes[-1].reading is UNKNOWN
    with pytest.raises(PulseNotSent):
        await again.release(2)
    await again.aclose()


async def test_a_stuck_relay_is_physics_and_a_dead_one_moves_nothing(bench: PinBench) -> None:
    async with on_pins(bench) as it:
        await it.ready()
        bench.faults.switch(Fault.DEAD_RELAY, on=True, channel=4)
        await it.bank.release(4)
        bench.faults.switch(Fault.STUCK_RELAY, on=True, channel=1)
        await it.bank.release(1)
        await it.until(lambda: it.of(1)[-1] is OPEN)
        await it.until(lambda: not bench.pins.is_high(LOCKS[0]))
        assert bench.cabinet.held == (1,)
        assert it.of(4) == [SHUT]
        bench.faults.mend_all()
    assert bench.cabinet.violations == ()


def test_what_libraries_raise_is_said_in_the_words_of_the_house() -> None:
    class error(Exception):  # noqa: N801 - the name in lgpio
        __module__ = "lgpio"

    for cause, note in (
        (error("'GPIO busy'"), "device.busy"),
        (error("can not open gpiochip"), "device.no_pins"),
        (ImportError("No module named 'lgpio'"), "device.no_pins"),
        (PermissionError(errno.EACCES, "no"), "device.no_permission"),
        (FileNotFoundError(errno.ENOENT, "no"), "device.missing"),
        (OSError(errno.EIO, "no"), "device.no_pins"),
    ):
        with pytest.raises(PinsGone) as told, pins_may_go():
            raise cause
        assert told.value.note == note
        assert isinstance(told.value, DeviceGone)
    with pytest.raises(KeyError), pins_may_go():
        raise KeyError("a bug stays a bug")


@pytest.mark.skipif(find_spec("lgpio") is not None, reason="these pins may be real")
async def test_a_machine_without_pins_says_so_and_never_falls_back_to_a_mock() -> None:
    bank = lock_board_kind("gpio").make(bank_options("gpio"))
    bank.start(lambda _change: None)
    await asyncio.to_thread(wait_until, lambda: bank.health().note == "device.no_pins")
    with pytest.raises(DeviceGone):
        await bank.release(1)
    await bank.aclose()
    assert not bank.health().simulated
