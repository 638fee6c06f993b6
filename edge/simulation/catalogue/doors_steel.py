"""Steel that fails: dead sensors, crossed wires, relays that stay on, and a board that is gone.

Each fault is switched on and off by a scenario; `mend` puts all of them right.
"""

from collections.abc import Callable
from typing import Final

from edge.domain.door import Door
from edge.kernel.errors import DeviceGone
from edge.kernel.ids import CellId
from edge.simulation.catalogue.bench import Bench
from edge.simulation.ground.chance import Dice
from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.parts.cabinet import SPRING_S, Cabinet
from hardware.ports import DoorChange, DoorReading

_SEEN_S: Final = 5.0
_SWING_S: Final = 0.3
_OPPOSITE: Final = {DoorReading.OPEN: DoorReading.SHUT, DoorReading.SHUT: DoorReading.OPEN}


class TrickyCabinet(Cabinet):
    """A cabinet whose parts break.

    `says` are sensors that tell the same whatever their door does, `wires` are locks whose pulse
    opens other doors, `welded` are relays that hold the bolt back once they were switched on.
    """

    def __init__(self, loop: VirtualLoop, dice: Dice, cells: tuple[CellId, ...]) -> None:
        self.says: dict[CellId, DoorReading] = {}
        self.wires: dict[CellId, tuple[CellId, ...]] = {}
        self.welded: set[CellId] = set()
        self.repeats = 0
        """How often each reading comes once more, and the one before it with it."""
        self.pulled_at_pulse = False
        self.unplugged = False
        self._held: set[CellId] = set()
        self._hears: Callable[[DoorChange], None] | None = None
        self._ground, self._chance = loop, dice
        super().__init__(loop, dice, cells)

    def plug(self, on_change: Callable[[DoorChange], None] | None) -> None:
        """As ever, but through these sensors."""
        self._hears = on_change
        super().plug(None if on_change is None else self._sense)

    def fire(self, cell: CellId) -> None:
        """The coil is driven. Raises DeviceGone where the board is pulled off its line by that."""
        super().fire(cell)
        for other in self.wires.get(cell, ()):
            late_s = SPRING_S + self._chance.between(0.0, _SWING_S)
            self._ground.call_later(late_s, self.force if other != cell else self._spring, other)
        if cell in self.welded:
            self._held.add(cell)
        if self.pulled_at_pulse:
            self.unplug()
            raise DeviceGone("the adapter is gone")

    def shut(self, cell: CellId) -> None:
        """Somebody pushes a door shut; it does not catch while its bolt is held back."""
        if cell not in self._held:
            super().shut(cell)

    def by_key(self, cell: CellId) -> None:
        """The keeper's mechanical key: nobody is asked, and no lock is hurt."""
        self._spring(cell)

    # -- faults

    def stick(self, cell: CellId, reading: DoorReading) -> None:
        """From now on this sensor says so."""
        self.says[cell] = reading
        self.tell_again(cell)

    def cross(self, cell: CellId, opens: tuple[CellId, ...]) -> None:
        """A pulse for this cell opens these doors."""
        self.stuck.add(cell)
        self.wires[cell] = opens

    def unplug(self) -> None:
        """The board is off its line: nobody can tell anything of its doors."""
        self.pulled_at_pulse, self.unplugged = False, True
        self.tell_all()

    def plug_in(self) -> None:
        """It is back, and its doors are read anew."""
        self.unplugged = False
        self.tell_all()

    def mend(self) -> None:
        """All is as it should be."""
        self.says.clear()
        self.stuck.clear()
        self.wires.clear()
        self.welded.clear()
        self._held.clear()
        self.repeats, self.pulled_at_pulse = 0, False
        self.plug_in()

    def tell_all(self) -> None:
        """Every sensor tells what it sees."""
        for cell in self.cells:
            self.tell_again(cell)

    def tell_again(self, cell: CellId) -> None:
        """One sensor tells what it sees."""
        reading = DoorReading.OPEN if cell in self.open else DoorReading.SHUT
        self._sense(DoorChange(channel=cell, reading=reading))

    def _sense(self, change: DoorChange) -> None:
        reading = self.says.get(CellId(change.channel), change.reading)
        if self.unplugged:
            reading = DoorReading.UNKNOWN
        for _again in range(self.repeats):
            self._hear(change.channel, _OPPOSITE.get(reading, reading))
        for _again in range(1 + self.repeats):
            self._hear(change.channel, reading)

    def _hear(self, channel: int, reading: DoorReading) -> None:
        if self._hears is not None:
            self._hears(DoorChange(channel=channel, reading=reading))


async def fit(bench: Bench) -> TrickyCabinet:
    """Such a cabinet in the place of the present one, empty and shut; the station starts anew."""
    node = bench.node
    node.kill()
    steel = TrickyCabinet(bench.loop, bench.dice, node.cabinet.cells)
    node.cabinet = steel
    await up_again(bench)
    return steel


async def up_again(bench: Bench) -> None:
    """Switch on, and wait until every door is seen."""
    node = bench.node
    node.start()
    await node.came_up.wait()
    await bench.until(
        lambda: all(
            door.door is not Door.UNKNOWN for door in bench.daemon.station.state.doors.values()
        ),
        _SEEN_S,
        "every door is seen",
    )
