"""The steel: doors that spring open, sensors, parcels inside, and a record of every pulse.

It outlives every process of the station and every card; it knows nothing of either.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from edge.kernel.ids import CellId, WaybillNo
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.virtual_loop import VirtualLoop
from hardware.ports import DeviceHealth, DoorChange, DoorReading, LockBank

PULSE_S: Final = 0.3
SPRING_S: Final = 0.2
POLL_S: Final = 0.1
HARDEST_DUTY: Final = 0.1
"""A coil may be driven for this share of a minute (D4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """One firing of a lock."""

    at_s: float
    cell: CellId


class Cabinet:
    """Doors and what lies behind them. `stuck` doors do not open when they are pulsed."""

    def __init__(self, loop: VirtualLoop, dice: Dice, cells: tuple[CellId, ...]) -> None:
        self._loop, self._dice = loop, dice
        self.cells = cells
        self.open: set[CellId] = set()
        self.inside: dict[CellId, WaybillNo] = {}
        self.stuck: set[CellId] = set()
        self.pulses: list[Pulse] = []
        self._sprung: dict[CellId, asyncio.Event] = {}
        self._listener: Callable[[DoorChange], None] | None = None
        self.broken_laws: list[str] = []
        self._driven_until_s = 0.0

    def plug(self, on_change: Callable[[DoorChange], None] | None) -> None:
        """A process begins to listen and is told of every door, or nobody does any more."""
        self._listener = on_change
        for cell in self.cells:
            self._tell(cell)

    def fire(self, cell: CellId) -> None:
        """The coil is driven."""
        now_s = self._loop.time()
        if now_s < self._driven_until_s - 1e-9:
            self.broken_laws.append("D4: two coils at once")
        self._driven_until_s = now_s + PULSE_S
        self.pulses.append(Pulse(at_s=now_s, cell=cell))
        lately = [p for p in self.pulses[-30:] if p.cell == cell and p.at_s > now_s - 60]
        if len(lately) * PULSE_S > 60 * HARDEST_DUTY:
            self.broken_laws.append(f"D4: coil {cell} driven {len(lately)} times in a minute")
        if cell not in self.stuck:
            self._loop.call_later(SPRING_S, self._spring, cell)

    def shut(self, cell: CellId) -> None:
        """Somebody pushes a door shut."""
        if cell in self.open:
            self.open.discard(cell)
            self._loop.call_later(POLL_S, self._tell, cell)

    def force(self, cell: CellId) -> None:
        """Somebody forces a door."""
        self._spring(cell)

    async def opened(self, cell: CellId, patience_s: float) -> bool:
        """Wait before a door until it is open; False when it does not open."""
        if cell in self.open:
            return True
        event = self._sprung.setdefault(cell, asyncio.Event())
        try:
            async with asyncio.timeout(patience_s):
                await event.wait()
        except TimeoutError:
            return cell in self.open
        return True

    def _spring(self, cell: CellId) -> None:
        if cell not in self.open:
            self.open.add(cell)
            self._loop.call_later(POLL_S, self._tell, cell)
        if (waiting := self._sprung.pop(cell, None)) is not None:
            waiting.set()

    def _tell(self, cell: CellId) -> None:
        if self._listener is not None:
            reading = DoorReading.OPEN if cell in self.open else DoorReading.SHUT
            self._listener(DoorChange(channel=cell, reading=reading))


class Bank:
    """One process's end of the lock board: fits LockBank."""

    def __init__(
        self, cabinet: Cabinet, passes: Callable[[str], bool], fired: Callable[[CellId], None]
    ) -> None:
        self._cabinet, self._passes, self._fired = cabinet, passes, fired
        self._bus = asyncio.Lock()

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin to look at the doors."""
        self._cabinet.plug(on_change)

    async def release(self, channel: int) -> None:
        """Pulse one lock once, unless the power goes before."""
        async with self._bus:
            if self._passes("pulse"):
                self._cabinet.fire(CellId(channel))
                self._fired(CellId(channel))
                self._passes("pulsed")
            await asyncio.sleep(PULSE_S + 0.01)

    def health(self) -> DeviceHealth:
        """Always well."""
        return DeviceHealth(name="locks", present=True, simulated=True)

    def articles(self) -> Mapping[int, bool]:
        """No article sensors."""
        return {}

    async def aclose(self) -> None:
        """Nothing is held."""


def _fits(bank: Bank) -> LockBank:
    return bank
