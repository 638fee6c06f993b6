"""A lock bank as the tests of its driver open it, with what it reported."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from hardware.catalogue import lock_board_kind
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading, LockBank
from tests.hardware.driver_peer import PATIENCE_S, wait_until
from tests.hardware.quick_boards import quick_boards

UNLOCK: Final = 0x8A
STATUS: Final = 0x80
PULSE_MS: Final = 50


class Opened:
    """A started bank and what it reported. `options` are those of LockBankOptions, by name."""

    def __init__(self, port: str, dialect: str = "8a80", **options: int | str) -> None:
        with quick_boards(PULSE_MS):
            kind = lock_board_kind(dialect)
        plain = LockBankOptions(
            name="lock-board-1",
            port=port,
            baud=kind.baud,
            address=1,
            channels=24,
            pulse_ms=PULSE_MS,
            closed_bit=kind.closed_bit,
        )
        self.bank: LockBank = kind.make(replace(plain, **options))  # type: ignore[arg-type] # by their names
        self.changes: list[DoorChange] = []
        self.bank.start(self.changes.append)

    def readings(self) -> dict[int, DoorReading]:
        return {change.channel: change.reading for change in tuple(self.changes)}

    def of(self, channel: int) -> list[DoorReading]:
        return [change.reading for change in tuple(self.changes) if change.channel == channel]

    async def until(self, what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        await asyncio.to_thread(wait_until, what, patience_s)


@asynccontextmanager
async def opened(port: str, dialect: str = "8a80", **options: int | str) -> AsyncIterator[Opened]:
    bank = Opened(port, dialect, **options)
    try:
        yield bank
    finally:
        await bank.bank.aclose()
