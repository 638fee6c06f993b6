"""What the line knows of one lock board."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from firmware_bridge.assembler import Assembler
from firmware_bridge.lock_board.codec import is_shut
from firmware_bridge.lock_board.dialects import Dialect
from firmware_bridge.lock_board.exchange import FAILED_CYCLES
from hardware.drivers.door_watch import DoorWatch
from hardware.ports import DoorChange, DoorReading


@dataclass(slots=True, kw_only=True, eq=False)
class BusBoard:
    """One board on the line. Written by the line's thread alone."""

    name: str
    dialect: Dialect
    address: int
    channels: int
    pulse_s: float
    closed_bit: int
    on_change: Callable[[DoorChange], None] = field(init=False)
    doors: DoorWatch = field(init=False)
    assembler: Assembler = field(init=False)
    answering: bool = False
    failed: int = 0
    bad_frames: int = 0
    poll_s: float = 0.0
    fast_until_s: float = 0.0

    def __post_init__(self) -> None:
        self.doors = DoorWatch(self.channels)
        self.assembler = Assembler(self.dialect.look(self.channels))

    def tell(self, changes: Iterable[DoorChange]) -> None:
        """Hand changes on."""
        for change in changes:
            self.on_change(change)

    def reading(self, *, bit: bool) -> DoorReading:
        """What a feedback bit says with this board's polarity."""
        shut = is_shut(bit=bit, closed_bit=self.closed_bit)
        return DoorReading.SHUT if shut else DoorReading.OPEN

    @property
    def dead(self) -> bool:
        """Whether it has not answered for so many polls that its doors are unknown."""
        return self.failed >= FAILED_CYCLES

    def missed(self) -> None:
        """A poll had no answer."""
        self.failed += 1
        if self.dead:  # again each time: a late answer may have made doors known
            self.answering = False
            self.tell(self.doors.lose_sight())
