"""What a thread that owns relays knows of one board of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

from edge.kernel.errors import DeviceGone, DeviceJammed, PulseNotSent
from hardware.drivers.locks.coil_guard import CoilGuard, join_supply, leave_supply
from hardware.drivers.locks.door_watch import SILENT_S, DoorWatch
from hardware.options import LockBankOptions
from hardware.ports import DoorChange, DoorReading

FAILED_CYCLES: Final = 3
"""Polls without an answer until doors are unknown (docs/devices/lock-boards.md)."""
STALE_S: Final = 10.0
"""A pulse that waited so long is not given any more: nobody expects that door to open now."""


@dataclass(slots=True, kw_only=True, eq=False)
class RelayBoard:
    """One board of relays, written by its thread alone. `join` before that thread has it.

    `held`: a coil was switched on by us and nobody has confirmed yet that it is off again.
    """

    name: str
    address: int
    channels: int
    pulse_s: float
    closed_bit: int
    supply: str
    doors: DoorWatch
    coils: CoilGuard = field(init=False)
    on_change: Callable[[DoorChange], None] = field(init=False)
    answering: bool = False
    held: bool = False
    failed: int = 0
    bad_frames: int = 0

    @classmethod
    def of(cls, options: LockBankOptions, **more: Any) -> Self:
        """The board that these options are about; `more` for what a kind of board adds."""
        return cls(
            name=options.name,
            address=options.address,
            channels=options.channels,
            pulse_s=options.pulse_ms / 1_000,
            closed_bit=options.closed_bit,
            supply=options.supply,
            doors=DoorWatch(options.channels),
            **more,
        )

    @property
    def dead(self) -> bool:
        """Whether it has not answered for so many polls that its doors are unknown."""
        return self.failed >= FAILED_CYCLES

    def tell(self, changes: Iterable[DoorChange]) -> None:
        """Hand changes on."""
        for change in changes:
            self.on_change(change)

    def see(self, bits: Iterable[bool], now_s: float, waited_s: float = 0.0) -> None:
        """The feedback bits of all channels, channel 1 first; `waited_s` for them."""
        if self.failed or waited_s >= SILENT_S:
            self.doors.distrust(now_s)
        self.answering, self.failed = True, 0
        readings = {n: self._reading(bit=bit) for n, bit in enumerate(bits, start=1)}
        self.tell(self.doors.see(readings, now_s))

    def missed(self) -> None:
        """A poll had no answer."""
        self.failed += 1
        if self.dead:
            self.answering = False
            self.tell(self.doors.lose_sight())

    def join(self, on_change: Callable[[DoorChange], None]) -> None:
        """Begin: who hears of the doors, and the coils that share the supply."""
        self.on_change = on_change
        self.coils = join_supply(self.supply)

    def leave(self) -> None:
        """The end of what `join` began."""
        leave_supply(self.supply)

    def claim(self, channel: int, now_s: float) -> bool:
        """Take the supply for one pulse from now on; False when somebody else was faster."""
        return self.coils.claim(self.name, channel, self.pulse_s, now_s)

    def hold(self) -> None:
        """The coil may still be driven: nothing else is driven on its supply."""
        self.held = True
        self.coils.hold(self.name)

    def let_go(self, now_s: float) -> None:
        """All coils are surely off."""
        self.held = False
        self.coils.let_go(self.name, now_s)

    def not_sent(self, why: str) -> PulseNotSent:
        """No pulse has left us."""
        return PulseNotSent(f"{self.name} {why}; nothing was sent")

    def maybe_moved(self, channel: int, why: str) -> DeviceGone:
        """A pulse has left us, and nobody said what became of it."""
        return DeviceGone(f"{self.name} {why} at lock {channel}; it may have moved")

    def holds(self, channel: int) -> DeviceJammed:
        """No pulse for this lock, because some coil could not be switched off."""
        return DeviceJammed(f"{self.name} holds a coil; lock {channel} was not pulsed")

    def _reading(self, *, bit: bool) -> DoorReading:
        shut = bit == bool(self.closed_bit)
        return DoorReading.SHUT if shut else DoorReading.OPEN
