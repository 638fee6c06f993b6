"""What a thread that owns relays knows of one board of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from edge.kernel.errors import DeviceJammed
from hardware.drivers.locks.door_watch import SILENT_S
from hardware.drivers.locks.lock_board import LockBoard
from hardware.options import LockBankOptions


@dataclass(slots=True, kw_only=True, eq=False)
class RelayBoard(LockBoard):
    """One board of relays.

    `held`: a coil was switched on by us and nobody has confirmed yet that it is off again.
    """

    held: bool = False

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
            **more,
        )

    def see(self, bits: Iterable[bool], now_s: float, waited_s: float = 0.0) -> None:
        """The feedback bits of all channels, channel 1 first; `waited_s` for them."""
        if self.failed or self.silent or waited_s >= SILENT_S:
            self.doors.distrust(now_s)
        self.answering, self.silent, self.failed = True, False, 0
        readings = {n: self._reading(bit=bit) for n, bit in enumerate(bits, start=1)}
        self.tell(self.doors.see(readings, now_s))

    def hold(self) -> None:
        """The coil may still be driven: nothing else is driven on its supply."""
        self.held = True
        self.coils.hold(self.name)

    def let_go(self, now_s: float) -> None:
        """All coils are surely off."""
        self.held = False
        self.coils.let_go(self.name, now_s)

    def holds(self, channel: int) -> DeviceJammed:
        """No pulse for this lock, because some coil could not be switched off."""
        return DeviceJammed(f"{self.name} holds a coil; lock {channel} was not pulsed")
