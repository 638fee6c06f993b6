"""What the thread that drives a lock board knows of it, whatever the board is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from edge.kernel.errors import DeviceGone, PulseNotSent
from firmware_bridge.lock_board.exchange import FAILED_CYCLES
from firmware_bridge.lock_board.messages import is_shut
from hardware.drivers.locks.coil_guard import CoilGuard, join_supply, leave_supply
from hardware.drivers.locks.door_watch import DoorWatch
from hardware.ports import DoorChange, DoorReading

POLL_S: Final = 0.5
"""docs/devices/lock-boards.md: a poll of 5 s misses a door that opens and shuts."""
FAST_POLL_S: Final = 0.1
FAST_FOR_S: Final = 5.0
"""After a pulse a door is expected to move; the station asks the person after 3 s."""
DEAD_POLL_S: Final = 2.0
"""A dead board is asked once, then left alone so long: its neighbours need the line."""


@dataclass(slots=True, kw_only=True, eq=False)
class LockBoard:
    """One board, written by its thread alone. `join` before that thread has it.

    `pulse_s`: how long a coil is really driven. `poll_s`: when its doors are to be read next.
    `silent`: it left a pulse unanswered and was not heard since.
    """

    name: str
    address: int
    channels: int
    pulse_s: float
    closed_bit: int
    supply: str
    doors: DoorWatch = field(init=False)
    coils: CoilGuard = field(init=False)
    on_change: Callable[[DoorChange], None] = field(init=False)
    answering: bool = False
    silent: bool = False
    failed: int = 0
    bad_frames: int = 0
    poll_s: float = 0.0
    fast_until_s: float = 0.0

    def __post_init__(self) -> None:
        self.doors = DoorWatch(self.channels)

    @property
    def dead(self) -> bool:
        """Whether it has not answered for so many polls that its doors are unknown."""
        return self.failed >= FAILED_CYCLES

    @property
    def trusted(self) -> bool:
        """Whether its doors are known well enough to pulse one."""
        return self.answering

    def join(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin: who hears of the doors, and the coils that share the supply."""
        self.on_change = on_change
        self.coils = join_supply(self.supply)

    def leave(self) -> None:
        """The end of what `join` began."""
        leave_supply(self.supply)

    def tell(self, changes: Iterable[DoorChange]) -> None:
        """Hand changes on."""
        for change in changes:
            self.on_change(change)

    def missed(self) -> None:
        """A poll had no answer."""
        self.failed += 1
        if self.dead:  # again each time: a late answer may have made doors known
            self.lose_sight()

    def lose_sight(self) -> None:
        """Nothing is known of its doors any more, and no lock may be pulsed."""
        self.answering = False
        self.tell(self.doors.lose_sight())

    def hush(self) -> None:
        """It does not answer for now; its doors stay what they were for some polls."""
        self.answering = False

    def left_without_a_word(self) -> None:
        """It did not answer to a pulse: no coil is driven until it is heard again, and then it may
        be a board that has just started and not read its inputs yet.
        """
        self.answering, self.silent = False, True

    def claim(self, channel: int, now_s: float) -> bool:
        """Take the supply for one pulse from now on; False when somebody else was faster."""
        return self.coils.claim(self.name, channel, self.pulse_s, now_s)

    def was_pulsed(self, now_s: float) -> None:
        """A door is expected to move: read them at once, and often for a while."""
        self.fast_until_s, self.poll_s = now_s + FAST_FOR_S, now_s

    def was_polled(self, began_s: float, now_s: float) -> None:
        """The poll that began then has ended now; says when the next one is due."""
        pace_s = FAST_POLL_S if now_s < self.fast_until_s else POLL_S
        self.poll_s = now_s + DEAD_POLL_S if self.dead else max(now_s, began_s + pace_s)
        self.look_again_soon()

    def look_again_soon(self) -> None:
        """The next poll comes as soon as a doubted reading may be believed."""
        if (again_s := self.doors.look_again_s()) is not None:
            self.poll_s = min(self.poll_s, again_s)

    def not_sent(self, why: str) -> PulseNotSent:
        """No pulse has left us."""
        return PulseNotSent(f"{self.name} {why}; nothing was sent")

    def maybe_moved(self, channel: int, why: str) -> DeviceGone:
        """A pulse has left us, and nobody said what became of it."""
        return DeviceGone(f"{self.name} {why} at lock {channel}; it may have moved")

    def _reading(self, *, bit: bool) -> DoorReading:
        shut = is_shut(bit=bit, closed_bit=self.closed_bit)
        return DoorReading.SHUT if shut else DoorReading.OPEN
