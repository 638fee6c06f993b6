"""A pin twin with its steel, and the drivers that hang on its pins."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from hardware.catalogue import lock_board_kind
from hardware.drivers.locks.relay_lock_bank import RelayLockBank
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading
from hardware.twins.cabinet import Cabinet, Steel
from hardware.twins.faults import Faults
from hardware.twins.pins import PinTwin, PinWiring
from tests.hardware.driver_peer import PATIENCE_S, wait_until

LOCKS: Final = (9, 10, 11, 12)
DOORS: Final = (16, 17, 18, 19)
BUZZER, CABINET_LAMP, ALARM_LAMP, MAINS, LOW = 20, 21, 22, 23, 24
DOOR_COUNT: Final = len(LOCKS)
_SUPPLY: Final = count(1)


class PinBench:
    """Steel, faults and pins behind the link `pins`."""

    def __init__(self, folder: Path, shut_level: int = 0) -> None:
        self.link = folder / "pins"
        self.port = f"twin:{self.link}"
        self.faults = Faults(DOOR_COUNT)
        self.cabinet = Cabinet(DOOR_COUNT, self.faults, Steel(swing_out_ms=20))
        self.pins = PinTwin(
            self.link,
            self.cabinet,
            self.faults,
            PinWiring(
                locks=LOCKS,
                doors=DOORS,
                shut_level=shut_level,
                buzzer=BUZZER,
                cabinet_lamp=CABINET_LAMP,
                alarm_lamp=ALARM_LAMP,
                mains=MAINS,
                low=LOW,
            ),
        )

    async def until(self, what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        await asyncio.to_thread(wait_until, what, patience_s)


@contextmanager
def pin_bench(folder: Path, shut_level: int = 0) -> Iterator[PinBench]:
    """Plugged in while it lasts; the law of the coils is judged at the end."""
    bench = PinBench(folder, shut_level)
    bench.pins.cable.start()
    try:
        yield bench
    finally:
        bench.pins.cable.close()
    bench.cabinet.judge()


def bank_options(port: str, **options: object) -> LockBankOptions:
    plain = {
        "name": "lock-board-1",
        "port": port,
        "baud": 9_600,
        "address": 1,
        "channels": DOOR_COUNT,
        "pulse_ms": 100,
        "closed_bit": 0,
        "supply": f"pins-{next(_SUPPLY)}",
        "lock_pins": LOCKS,
        "door_pins": DOORS,
    }
    return LockBankOptions(**(plain | options))  # type: ignore[arg-type] # by their names


class OpenedPins:
    """A started bank on pins and what it reported."""

    def __init__(self, bench: PinBench, **options: object) -> None:
        self.bench = bench
        self.bank = lock_board_kind("gpio").make(bank_options(bench.port, **options))
        assert isinstance(self.bank, RelayLockBank)
        self.changes: list[DoorChange] = []
        self.bank.start(self.changes.append)

    def readings(self) -> dict[int, DoorReading]:
        return {change.channel: change.reading for change in tuple(self.changes)}

    def of(self, channel: int) -> list[DoorReading]:
        return [change.reading for change in tuple(self.changes) if change.channel == channel]

    async def until(self, what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        await self.bench.until(what, patience_s)

    async def ready(self) -> None:
        await self.until(lambda: len(self.changes) >= DOOR_COUNT)


@asynccontextmanager
async def on_pins(bench: PinBench, **options: object) -> AsyncIterator[OpenedPins]:
    opened = OpenedPins(bench, **options)
    try:
        yield opened
    finally:
        await opened.bank.aclose()
