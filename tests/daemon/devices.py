"""Devices of the daemon's tests: they do as a real one does, and keep what was done with them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping

from hardware.ports import (
    Block,
    DeviceHealth,
    DoorChange,
    DoorReading,
    LockBank,
    PaperState,
    Power,
    PowerReading,
    Printer,
    Scanner,
)


class StubbornBank:
    """A lock board that may refuse, be gone, or be slow; its doors move by hand."""

    def __init__(self) -> None:
        self.pulses: list[int] = []
        self.given_up: list[int] = []
        self.go = asyncio.Event()
        self.go.set()
        self.fails: Exception | None = None
        self.inside: dict[int, bool] = {}
        self._on_change: Callable[[DoorChange], None] | None = None

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        self._on_change = on_change

    async def release(self, channel: int) -> None:
        self.pulses.append(channel)
        await asyncio.sleep(0)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.given_up.append(channel)
            raise
        if self.fails is not None:
            raise self.fails

    def move(self, channel: int, reading: DoorReading) -> None:
        """A change, told from a thread of the board's own."""
        assert self._on_change is not None
        change = DoorChange(channel=channel, reading=reading)
        thread = threading.Thread(target=self._on_change, args=(change,))
        thread.start()
        thread.join()

    def health(self) -> DeviceHealth:
        return DeviceHealth(name="lock-board-1", present=self.fails is None, simulated=True)

    def articles(self) -> Mapping[int, bool]:
        return dict(self.inside)

    async def aclose(self) -> None:
        self._on_change = None


class HandScanner:
    """A scanner whose codes come from the test, told from a thread of its own."""

    def __init__(self) -> None:
        self._on_code: Callable[[str], None] | None = None

    def start(self, on_code: Callable[[str], None]) -> None:
        self._on_code = on_code

    def scan(self, text: str) -> None:
        assert self._on_code is not None
        thread = threading.Thread(target=self._on_code, args=(text,))
        thread.start()
        thread.join()

    def health(self) -> DeviceHealth:
        return DeviceHealth(name="scanner", present=True, simulated=True)

    async def aclose(self) -> None:
        self._on_code = None


class PaperPrinter:
    """A printer with paper that can run out, and a plug that can be pulled in mid-slip."""

    def __init__(self) -> None:
        self.papers: list[tuple[Block, ...]] = []
        self.state = PaperState.OK
        self.present = True
        self.fails: Exception | None = None
        self.then = PaperState.OK
        """Its state once a slip has failed."""
        self.asked = 0
        self.before_answer: Callable[[], Awaitable[object]] | None = None
        """What happens, once, before it says how it is."""
        self.go = asyncio.Event()
        self.go.set()

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        self.papers.append(blocks)  # from the first line on, part of it may be out
        await self.go.wait()
        if self.fails is not None:
            self.state = self.then
            raise self.fails

    async def paper(self) -> PaperState:
        self.asked += 1
        await asyncio.sleep(0)
        if (happens := self.before_answer) is not None:
            self.before_answer = None
            await happens()
        return self.state

    def health(self) -> DeviceHealth:
        return DeviceHealth(name="printer", present=self.present, simulated=True)

    async def aclose(self) -> None:
        self.present = False


class HandSupply:
    """A supply with a battery whose words come from the test, told from a thread of its own."""

    def __init__(self) -> None:
        self.present = True
        self._on_change: Callable[[PowerReading], None] | None = None

    def start(self, on_change: Callable[[PowerReading], None]) -> None:
        self._on_change = on_change

    def tell(self, mains: bool | None, percent: int | None = None, *, low: bool = False) -> None:  # noqa: FBT001 - three values, as in PowerReading
        assert self._on_change is not None
        reading = PowerReading(mains=mains, battery_percent=percent, low=low)
        thread = threading.Thread(target=self._on_change, args=(reading,))
        thread.start()
        thread.join()

    def health(self) -> DeviceHealth:
        return DeviceHealth(name="power", present=self.present, simulated=True)

    async def aclose(self) -> None:
        self._on_change = None


def _supply_conforms(device: HandSupply) -> Power:
    return device


def _bank_conforms(device: StubbornBank) -> LockBank:
    return device


def _scanner_conforms(device: HandScanner) -> Scanner:
    return device


def _printer_conforms(device: PaperPrinter) -> Printer:
    return device
