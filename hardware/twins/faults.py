"""The fault menu of the twins, as data: what may break, on which device, and what is broken now."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.kernel.errors import Refused


class Device(StrEnum):
    """The twins of one station; the value is also the name of its link."""

    LOCK_BOARD = "lock-board"
    SCANNER = "scanner"
    PRINTER = "printer"


class Fault(StrEnum):
    """Everything that can be broken on purpose."""

    BOARD_SILENT = "board_silent"
    BOARD_GARBLED = "board_garbled"
    BOARD_HALF_FRAME = "board_half_frame"
    BOARD_WRONG_ADDRESS = "board_wrong_address"
    BOARD_LATE = "board_late"
    BOARD_DOUBLE = "board_double"
    BOARD_UNPLUGGED = "board_unplugged"
    SENSOR_BOUNCE = "sensor_bounce"
    STUCK_LOCK = "stuck_lock"
    WEAK_SPRING = "weak_spring"
    WRONG_DOOR = "wrong_door"
    SENSOR_STUCK_OPEN = "sensor_stuck_open"
    SENSOR_STUCK_SHUT = "sensor_stuck_shut"
    SCANNER_HALF = "scanner_half"
    SCANNER_DOUBLE = "scanner_double"
    SCANNER_UNPLUGGED = "scanner_unplugged"
    PAPER_LOW = "paper_low"
    PAPER_ENDS_SOON = "paper_ends_soon"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    PRINTER_SILENT = "printer_silent"
    PRINTER_UNPLUGGED = "printer_unplugged"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One line of the menu. `word` is the key of its sentence."""

    fault: Fault
    device: Device
    needs_channel: bool = False
    unplugs: bool = False

    @property
    def word(self) -> str:
        """The key of the sentence that says what is broken."""
        return f"bench.fault.{self.fault}"


MENU: Final = (
    FaultKind(Fault.BOARD_SILENT, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_GARBLED, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_HALF_FRAME, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_WRONG_ADDRESS, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_LATE, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_DOUBLE, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_UNPLUGGED, Device.LOCK_BOARD, unplugs=True),
    FaultKind(Fault.SENSOR_BOUNCE, Device.LOCK_BOARD),
    FaultKind(Fault.STUCK_LOCK, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.WEAK_SPRING, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.WRONG_DOOR, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SENSOR_STUCK_OPEN, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SENSOR_STUCK_SHUT, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SCANNER_HALF, Device.SCANNER),
    FaultKind(Fault.SCANNER_DOUBLE, Device.SCANNER),
    FaultKind(Fault.SCANNER_UNPLUGGED, Device.SCANNER, unplugs=True),
    FaultKind(Fault.PAPER_LOW, Device.PRINTER),
    FaultKind(Fault.PAPER_ENDS_SOON, Device.PRINTER),
    FaultKind(Fault.PAPER_OUT, Device.PRINTER),
    FaultKind(Fault.COVER_OPEN, Device.PRINTER),
    FaultKind(Fault.PRINTER_SILENT, Device.PRINTER),
    FaultKind(Fault.PRINTER_UNPLUGGED, Device.PRINTER, unplugs=True),
)
"""Every fault once, board first, in the order in which a page shows them."""
_KINDS: Final = {kind.fault: kind for kind in MENU}
UNPLUGGED: Final = {kind.device: kind.fault for kind in MENU if kind.unplugs}
"""The fault that takes a device off its cable."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault that is on now; `channel` is the door, None where the whole device is broken."""

    fault: Fault
    channel: int | None = None


class Faults:
    """What is broken now. Thread-safe; listeners are called after each change, in its thread."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._lock = threading.Lock()
        self._on: frozenset[Broken] = frozenset()
        self._listeners: list[Callable[[Broken, bool], None]] = []

    def listen(self, listener: Callable[[Broken, bool], None]) -> None:
        """Tell `listener` of each change: what, and whether it is broken now."""
        self._listeners.append(listener)

    def switch(self, name: str, *, on: bool, channel: int | None = None) -> None:
        """Break or mend. Raises Refused for an unknown name or a channel that does not fit."""
        broken = self._read(name, channel)
        with self._lock:
            if (broken in self._on) is on:
                return
            self._on = self._on | {broken} if on else self._on - {broken}
        for listener in self._listeners:
            listener(broken, on)

    def is_on(self, fault: Fault, channel: int | None = None) -> bool:
        """Whether this is broken now."""
        return Broken(fault, channel) in self._on

    def active(self) -> frozenset[Broken]:
        """All that is broken now."""
        return self._on

    def mend_all(self) -> None:
        """Mend everything."""
        for broken in sorted(self._on, key=lambda one: (one.fault, one.channel or 0)):
            self.switch(broken.fault, on=False, channel=broken.channel)

    def _read(self, name: str, channel: int | None) -> Broken:
        kind = _KINDS.get(Fault(name)) if name in {fault.value for fault in Fault} else None
        if kind is None:
            raise Refused("bench.no_such_fault")
        if kind.needs_channel is (channel is None):
            key = "bench.fault_needs_door" if kind.needs_channel else "bench.fault_has_no_door"
            raise Refused(key)
        if channel is not None and not 1 <= channel <= self._channels:
            raise Refused("bench.no_such_door", door=channel)
        return Broken(kind.fault, channel)
