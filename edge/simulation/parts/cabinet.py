"""The steel: doors that spring open, sensors, parcels inside, and a record of every pulse.

It outlives every process of the station and every card; it knows nothing of either.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """A shut door that was forced while a daemon listened: the cabinet's `lives` tells which."""

    at_s: float
    cell: CellId
    life: int


@dataclass(kw_only=True)
class Board:
    """What ails the lock board."""

    gone: bool = False
    """No line to it: no pulse leaves, and no door is seen."""
    unsure: bool = False
    """It does not answer to a pulse that it may have carried out."""
    jammed: bool = False
    late_s: float = 0.0
    """It answers late."""
    deaf: bool = False
    """It misses what doors do, until it is asked anew."""
    bounces: bool = False
    """It tells each change several times."""

    @property
    def sees(self) -> bool:
        """Whether it tells what doors do."""
        return not (self.gone or self.deaf)


class Cabinet:
    """Doors and what lies behind them. `stuck` doors do not open when they are pulsed."""

    def __init__(self, loop: VirtualLoop, dice: Dice, cells: tuple[CellId, ...]) -> None:
        self._loop, self.dice = loop, dice
        self.cells = cells
        self.open: set[CellId] = set()
        self.inside: dict[CellId, WaybillNo] = {}
        self.stuck: set[CellId] = set()
        self.pulses: list[Pulse] = []
        self._sprung: dict[CellId, asyncio.Event] = {}
        self._listener: Callable[[DoorChange], None] | None = None
        self._told: dict[CellId, DoorReading] = {}
        """What whoever listens was last told of each door."""
        self.broken_laws: list[str] = []
        self.driven_until_s = 0.0
        """Until when a coil is driven, as far as it is known now."""
        self.forced: list[Forced] = []
        self.board = Board()
        self.lives = 0
        """How often somebody began or ceased to listen, or was held up and late."""
        self._held_until_s = 0.0

    def plug(self, on_change: Callable[[DoorChange], None] | None) -> None:
        """A process begins to listen and is told of every door, or nobody does any more."""
        self._listener = on_change
        self._told.clear()
        self.lives += 1
        for cell in self.cells:
            self._tell(cell)

    def fire(self, cell: CellId) -> None:
        """The coil is driven."""
        now_s = self._loop.time()
        if now_s < self.driven_until_s - 1e-9:
            self.broken_laws.append("D4: two coils at once")
        self.driven_until_s = now_s + PULSE_S
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
        """Somebody forces a door. One that no sensor has seen shut yet was open all along to it."""
        held = self._loop.time() < self._held_until_s
        shut = cell not in self.open and self._told.get(cell) is DoorReading.SHUT
        if self._listener is not None and shut and self.board.sees and not held:
            forced = Forced(at_s=self._loop.time(), cell=cell, life=self.lives)
            self._loop.call_later(POLL_S, self._note, forced)
        self._spring(cell)

    def was_seen_forced(self, cell: CellId, at_s: float) -> bool:
        """Whether a sensor has seen what somebody did to a door, by a second later."""
        return any(one.cell == cell and one.at_s == at_s for one in self.forced)

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

    def _note(self, forced: Forced) -> None:
        if (
            forced.cell in self.open and self.board.sees
        ):  # or else it was shut before any sensor could see it
            self.forced.append(forced)

    def hold_up(self, seconds: float) -> None:
        """Whoever listens hears, and can tell nobody for so long: his card hangs."""
        self.lives += 1
        self._held_until_s = self._loop.time() + seconds

    def lose_board(self) -> None:
        """The line to the lock board is cut; after some polls no door is seen."""
        self.board.gone = True
        for cell in self.cells:
            self._loop.call_later(3 * POLL_S, self._tell, cell)

    def mend_board(self) -> None:
        """The lock board is well, and tells of every door."""
        self.board = Board()
        for cell in self.cells:
            self._tell(cell)

    def _tell(self, cell: CellId) -> None:
        if self._listener is None or self.board.deaf:
            return
        reading = DoorReading.OPEN if cell in self.open else DoorReading.SHUT
        if self.board.gone:
            reading = DoorReading.UNKNOWN
        self._told[cell] = reading
        for _again in range(3 if self.board.bounces else 1):
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
        """Pulse one lock once, unless the power goes before. Raises as the port says."""
        async with self._bus:
            board = self._cabinet.board
            if board.gone:
                raise PulseNotSent("the lock board is gone")
            if board.jammed:
                raise DeviceJammed("the lock board refuses")
            arrives = not board.unsure or self._cabinet.dice.chance(0.5)
            if arrives and self._passes("pulse"):
                self._cabinet.fire(CellId(channel))
                self._fired(CellId(channel))
                self._passes("pulsed")
            await asyncio.sleep(PULSE_S + 0.01 + board.late_s)
            if board.unsure:
                raise DeviceGone("the lock board does not answer")

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
