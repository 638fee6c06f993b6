"""Buzzer, lamps and a supply on pins, against the pin twin."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from hardware.catalogue import POWERS, SIGNALS, choose
from hardware.drivers.house.gpio_power import PowerWatch
from hardware.options import PowerOptions, SignalsOptions
from hardware.ports import Lamp, Power, PowerReading, Signals
from hardware.twins.faults import Fault
from tests.hardware.driver_peer import BACK_WITHIN_S
from tests.hardware.pin_bench import (
    ALARM_LAMP,
    BUZZER,
    CABINET_LAMP,
    LOW,
    MAINS,
    PinBench,
    on_pins,
    pin_bench,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PinBench]:
    with pin_bench(tmp_path) as bench:
        yield bench


@asynccontextmanager
async def signals(bench: PinBench, **pins: int | None) -> AsyncIterator[Signals]:
    wired = {"buzzer_pin": BUZZER, "cabinet_pin": CABINET_LAMP, "alarm_pin": ALARM_LAMP} | pins
    opened = choose(SIGNALS, "gpio")(SignalsOptions(name="signals", port=bench.port, **wired))
    try:
        yield opened
    finally:
        await opened.aclose()


class OpenedPower:
    """A started supply and what it reported."""

    def __init__(self, power: Power) -> None:
        self.power = power
        self.readings: list[PowerReading] = []
        power.start(self.readings.append)


@asynccontextmanager
async def power(bench: PinBench, **pins: int | None) -> AsyncIterator[OpenedPower]:
    wired = {"mains_pin": MAINS, "low_pin": LOW} | pins
    options = PowerOptions(name="power", port=bench.port, baud=9_600, **wired)
    opened = OpenedPower(choose(POWERS, "gpio")(options))
    try:
        yield opened
    finally:
        await opened.power.aclose()


async def test_beeps_are_short_apart_and_as_many_as_were_asked_for(bench: PinBench) -> None:
    async with signals(bench) as it:
        it.beep(2)
        it.beep(1)
        await bench.until(lambda: len(bench.pins.changes) == 6)
        assert it.health().present
    assert bench.pins.beeps == 3
    assert [change.high for change in bench.pins.changes] == [True, False] * 3
    times = [change.at_ms for change in bench.pins.changes]
    assert all(b - a >= 100 - 5 for a, b in pairwise(times))


async def test_a_lamp_is_lit_at_once_also_in_the_middle_of_beeps(bench: PinBench) -> None:
    async with signals(bench) as it:
        it.beep(50)
        await bench.until(lambda: bench.pins.beeps == 1)
        it.light(Lamp.ALARM, on=True)
        it.light(Lamp.CABINET, on=True)
        await bench.until(lambda: bench.pins.alarm_lit and bench.pins.cabinet_lit)
        it.light(Lamp.CABINET, on=False)
        await bench.until(lambda: not bench.pins.cabinet_lit)
        assert bench.pins.alarm_lit
        assert bench.pins.beeps < 25
    await bench.until(lambda: not bench.pins.alarm_lit)
    await bench.until(lambda: not bench.pins.is_high(BUZZER))


async def test_what_is_not_wired_is_no_error(bench: PinBench) -> None:
    async with signals(bench, buzzer_pin=None, alarm_pin=None) as it:
        it.beep(3)
        it.light(Lamp.ALARM, on=True)
        it.light(Lamp.CABINET, on=True)
        await bench.until(lambda: bench.pins.cabinet_lit)
    assert {change.pin for change in bench.pins.changes} == {CABINET_LAMP}


async def test_a_lamp_burns_again_when_its_pins_are_back(bench: PinBench) -> None:
    async with signals(bench) as it:
        it.light(Lamp.ALARM, on=True)
        await bench.until(lambda: bench.pins.alarm_lit)
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=True)
        assert not bench.pins.alarm_lit
        await bench.until(lambda: it.health().note == "device.missing")
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=False)
        await bench.until(lambda: bench.pins.alarm_lit, BACK_WITHIN_S)
        assert it.health().reconnects == 1


async def test_no_beep_is_owed_for_more_than_ten_seconds(bench: PinBench) -> None:
    async with signals(bench, buzzer_pin=None) as it:
        it.beep(10_000)
        assert it.health().failure is None
    async with signals(bench) as it:
        for _ in range(20):
            it.beep(1_000)
        await bench.until(lambda: bench.pins.beeps == 2)


async def test_the_first_reading_is_told_at_once_and_each_change_once(bench: PinBench) -> None:
    async with power(bench) as it:
        await bench.until(lambda: len(it.readings) == 1)
        bench.pins.set_mains(there=False)
        await bench.until(lambda: len(it.readings) == 2)
        bench.pins.set_battery(low=True)
        await bench.until(lambda: len(it.readings) == 3)
        bench.pins.set_mains(there=True)
        await bench.until(lambda: len(it.readings) == 4)
        assert it.power.health().present
    assert it.readings == [
        PowerReading(mains=True),
        PowerReading(mains=False),
        PowerReading(mains=False, low=True),
        PowerReading(mains=True, low=True),
    ]


def test_a_reading_is_believed_after_200_ms_and_the_first_at_once() -> None:
    watch, on, off = PowerWatch(), PowerReading(mains=True), PowerReading(mains=False)
    assert watch.see(on, 1.0)
    assert not watch.see(on, 1.05)
    assert not watch.see(off, 2.0)
    assert not watch.see(off, 2.15)
    assert watch.see(off, 2.2)
    assert not watch.see(off, 2.25)
    assert watch.lose_sight()
    assert not watch.lose_sight()
    assert watch.see(off, 9.0)


def test_a_supply_that_switches_over_for_a_moment_says_nothing() -> None:
    watch, on, off = PowerWatch(), PowerReading(mains=True), PowerReading(mains=False)
    watch.see(on, 1.0)
    for second in (2.0, 2.3, 2.6):
        assert not watch.see(off, second)
        assert not watch.see(off, second + 0.15)
        assert not watch.see(on, second + 0.19)
    low = PowerReading(mains=False, low=True)
    assert not watch.see(off, 3.0)
    assert not watch.see(low, 3.25)  # another reading than the doubted one
    assert watch.see(low, 3.45)


async def test_a_supply_on_one_pin_tells_what_it_can(bench: PinBench) -> None:
    async with power(bench, mains_pin=None) as it:
        bench.pins.set_battery(low=True)
        await bench.until(lambda: bool(it.readings) and it.readings[-1].low)
        assert it.readings[-1] == PowerReading(mains=None, low=True)
    async with power(bench, low_pin=None) as it:
        await bench.until(lambda: bool(it.readings))
        assert it.readings == [PowerReading(mains=True)]


async def test_a_supply_whose_pins_are_gone_is_unknown_until_they_are_back(
    bench: PinBench,
) -> None:
    async with power(bench) as it:
        await bench.until(lambda: len(it.readings) == 1)
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=True)
        await bench.until(lambda: it.readings[-1] == PowerReading(mains=None))
        assert not it.power.health().present
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=False)
        await bench.until(lambda: len(it.readings) == 3)
        assert it.readings[-1] == PowerReading(mains=True)


async def test_a_supply_without_any_pin_is_a_clear_error(bench: PinBench) -> None:
    options = PowerOptions(name="power", port=bench.port, baud=9_600)
    with pytest.raises(ConfigError, match="Name mains_pin, low_pin or both"):
        choose(POWERS, "gpio")(options)


async def test_locks_signals_and_supply_share_the_pins_of_one_machine(bench: PinBench) -> None:
    async with on_pins(bench) as bank, signals(bench) as lamps, power(bench) as supply:
        await bank.bank.release(1)
        lamps.light(Lamp.CABINET, on=True)
        await bench.until(lambda: bench.pins.cabinet_lit)
        await bench.until(lambda: bool(supply.readings))
        assert len(bench.cabinet.pulses) == 1
    await bench.until(lambda: not bench.pins.cabinet_lit)
