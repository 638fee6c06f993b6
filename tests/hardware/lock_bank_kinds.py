"""Every kind of lock bank that the settings can name, installed on its twin with the steel."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading, LockBank
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.cabinet import Cabinet, Steel
from hardware.twins.faults import MENU, Device, Fault, Faults
from hardware.twins.lock_board import MAKES, faults_of
from tests.hardware.driver_peer import wait_until
from tests.hardware.pin_bench import DOORS, LOCKS, pin_bench
from tests.hardware.quick_boards import quick_boards
from tests.hardware.sensor_record import SensorRecord, Told

PULSE_MS: Final = 100
STEEL: Final = Steel(swing_out_ms=50)
_SUPPLIES: Final = count(1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A driver name of the settings and the make of twin that it meets; "" for pins."""

    driver: str
    make: str

    @property
    def channels(self) -> int:
        """How many locks it has."""
        return MAKES[self.make].channels or 0 if self.make else len(LOCKS)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What can be broken of it."""
        if self.make:
            return faults_of(MAKES[self.make])
        of_pins = {kind.fault for kind in MENU if kind.device is Device.PINS}
        of_steel = {kind.fault for kind in MENU if kind.needs_channel}
        return tuple(kind.fault for kind in MENU if kind.fault in of_pins | of_steel)


KINDS: Final = {
    "8a80": Kind("8a80", "8a80"),
    "8a80-reversed": Kind("8a80", "8a80-reversed"),
    "8a80-telling": Kind("8a80", "8a80-telling"),
    "8a80-small": Kind("8a80", "8a80-small"),
    "8a80-large": Kind("8a80", "8a80-large"),
    "cu16": Kind("cu16", "cu16"),
    "cu16-mute": Kind("cu16", "cu16-mute"),
    "wkly": Kind("wkly", "wkly"),
    "wkly-telling": Kind("wkly", "wkly-telling"),
    "dongcheng": Kind("dongcheng", "dongcheng"),
    "winnsen": Kind("winnsen", "winnsen"),
    "modbus_coils": Kind("modbus_coils", "modbus"),
    "modbus_flash": Kind("modbus_flash", "modbus-waveshare"),
    "gpio": Kind("gpio", ""),
}


class Installed:
    """A started bank, what it reported, and the steel behind it."""

    def __init__(self, bank: LockBank, cabinet: Cabinet, faults: Faults) -> None:
        self.bank = bank
        self.cabinet = cabinet
        self.faults = faults
        self.told: list[Told] = []
        self.sensors = SensorRecord(cabinet)
        bank.start(lambda change: self.told.append(Told(time.monotonic(), change)))

    @property
    def changes(self) -> list[DoorChange]:
        """All that was reported, oldest first."""
        return [one.change for one in tuple(self.told)]

    def readings(self) -> dict[int, DoorReading]:
        """What is believed of each door now."""
        return {change.channel: change.reading for change in self.changes}

    def of(self, channel: int) -> list[DoorReading]:
        """What was believed of one door, oldest first."""
        return [change.reading for change in self.changes if change.channel == channel]

    def tells_what_the_sensors_say(self) -> bool:
        """Whether every door is believed to be as its switch says."""
        said = {True: DoorReading.SHUT, False: DoorReading.OPEN}
        seen = {n: said[self.cabinet.sensor_shut(n)] for n in range(1, self.cabinet.channels + 1)}
        return self.readings() == seen

    @property
    def pulsed(self) -> list[int]:
        """The coils that were driven, oldest first."""
        return [pulse.channel for pulse in self.cabinet.pulses]

    async def release(self, channel: int) -> type[Exception] | None:
        """Ask for one pulse; what became of it, None where the board took it."""
        try:
            await self.bank.release(channel)
        except (PulseNotSent, DeviceJammed, DeviceGone) as outcome:
            return type(outcome)
        return None

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        await asyncio.to_thread(wait_until, what, 20.0)


@asynccontextmanager
async def installed(folder: Path, kind: Kind) -> AsyncIterator[Installed]:
    """The bank with every door seen; the law of the coils is judged at the end."""
    with _steel(folder, kind) as (port, cabinet, faults):
        with quick_boards(PULSE_MS):
            bank = lock_board_kind(kind.driver).make(_options(port, kind))
        it = Installed(bank, cabinet, faults)
        try:
            with it.sensors:
                await it.until(lambda: len(it.readings()) == kind.channels)
                yield it
        finally:
            await it.bank.aclose()


@contextmanager
def _steel(folder: Path, kind: Kind) -> Iterator[tuple[str, Cabinet, Faults]]:
    if not kind.make:
        with pin_bench(folder) as pins:
            yield pins.port, pins.cabinet, pins.faults
        return
    make = replace(MAKES[kind.make], pulse_ms=PULSE_MS)
    with Bench(folder, kind.channels, BenchMake(board=make, steel=STEEL)) as bench:
        yield bench.port(Device.LOCK_BOARD), bench.cabinet, bench.faults


def _options(port: str, kind: Kind) -> LockBankOptions:
    of_driver = lock_board_kind(kind.driver)
    plain = LockBankOptions(
        name="lock-board-1",
        port=port,
        baud=of_driver.baud,
        address=1,
        channels=kind.channels,
        pulse_ms=PULSE_MS,
        closed_bit=0,
        supply=f"supply-{next(_SUPPLIES)}",
    )
    if not kind.make:
        return replace(plain, lock_pins=LOCKS, door_pins=DOORS)
    make = MAKES[kind.make]
    return replace(plain, address=make.address, closed_bit=make.closed_bit)
