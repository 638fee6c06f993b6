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
    LABEL_PRINTER = "label-printer"
    SPEAKER = "speaker"
    SCALE = "scale"
    CARD_READER = "card-reader"
    UPS = "power"
    PINS = "pins"


class LineFault(StrEnum):
    """What can be wrong with any line: with what comes through it, and with its plug."""

    SILENT = "silent"
    GARBLED = "garbled"
    HALF = "half"
    LATE = "late"
    DOUBLE = "double"
    NOISE = "noise"
    UNPLUGGED = "unplugged"
    RENUMBERED = "renumbered"


class Fault(StrEnum):
    """Everything that can be broken on purpose."""

    BOARD_SILENT = "board_silent"
    BOARD_GARBLED = "board_garbled"
    BOARD_HALF_FRAME = "board_half_frame"
    BOARD_WRONG_ADDRESS = "board_wrong_address"
    BOARD_LATE = "board_late"
    BOARD_DOUBLE = "board_double"
    BOARD_UNPLUGGED = "board_unplugged"
    BOARD_RENUMBERED = "board_renumbered"
    BOARD_ECHO = "board_echo"
    BOARD_BIT_ERRORS = "board_bit_errors"
    BOARD_REBOOTS = "board_reboots"
    SENSOR_BOUNCE = "sensor_bounce"
    STUCK_LOCK = "stuck_lock"
    WEAK_SPRING = "weak_spring"
    WRONG_DOOR = "wrong_door"
    TWO_DOORS = "two_doors"
    DEAD_RELAY = "dead_relay"
    STUCK_RELAY = "stuck_relay"
    DOOR_JAMMED = "door_jammed"
    SLOW_CLOSE = "slow_close"
    SENSOR_STUCK_OPEN = "sensor_stuck_open"
    SENSOR_STUCK_SHUT = "sensor_stuck_shut"
    SCANNER_NO_SUFFIX = "scanner_no_suffix"
    SCANNER_BINARY = "scanner_binary"
    SCANNER_DEAF = "scanner_deaf"
    SCANNER_SILENT = "scanner_silent"
    SCANNER_GARBLED = "scanner_garbled"
    SCANNER_HALF = "scanner_half"
    SCANNER_LATE = "scanner_late"
    SCANNER_DOUBLE = "scanner_double"
    SCANNER_NOISE = "scanner_noise"
    SCANNER_UNPLUGGED = "scanner_unplugged"
    SCANNER_RENUMBERED = "scanner_renumbered"
    PAPER_LOW = "paper_low"
    PAPER_ENDS_SOON = "paper_ends_soon"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    PRINTER_OFF = "printer_off"
    PRINTER_LIES = "printer_lies"
    COVER_OPENS_SOON = "cover_opens_soon"
    POWER_FAILS_SOON = "power_fails_soon"
    CABLE_SLIPS_SOON = "cable_slips_soon"
    PRINTER_SILENT = "printer_silent"
    PRINTER_GARBLED = "printer_garbled"
    PRINTER_LATE = "printer_late"
    PRINTER_DOUBLE = "printer_double"
    PRINTER_UNPLUGGED = "printer_unplugged"
    PRINTER_RENUMBERED = "printer_renumbered"
    LABEL_OUT = "label_out"
    LABEL_HEAD_OPEN = "label_head_open"
    LABEL_JAM = "label_jam"
    LABEL_PAUSED = "label_paused"
    LABEL_SILENT = "label_silent"
    LABEL_GARBLED = "label_garbled"
    LABEL_LATE = "label_late"
    LABEL_DOUBLE = "label_double"
    LABEL_UNPLUGGED = "label_unplugged"
    LABEL_RENUMBERED = "label_renumbered"
    SPEAKER_MUTE = "speaker_mute"
    SPEAKER_UNPLUGGED = "speaker_unplugged"
    SPEAKER_RENUMBERED = "speaker_renumbered"
    SCALE_UNSTEADY = "scale_unsteady"
    SCALE_SILENT = "scale_silent"
    SCALE_GARBLED = "scale_garbled"
    SCALE_HALF = "scale_half"
    SCALE_LATE = "scale_late"
    SCALE_DOUBLE = "scale_double"
    SCALE_NOISE = "scale_noise"
    SCALE_UNPLUGGED = "scale_unplugged"
    SCALE_RENUMBERED = "scale_renumbered"
    CARD_UNREADABLE = "card_unreadable"
    CARD_READER_SILENT = "card_reader_silent"
    CARD_READER_GARBLED = "card_reader_garbled"
    CARD_READER_HALF_FRAME = "card_reader_half_frame"
    CARD_READER_LATE = "card_reader_late"
    CARD_READER_DOUBLE = "card_reader_double"
    CARD_READER_NOISE = "card_reader_noise"
    CARD_READER_UNPLUGGED = "card_reader_unplugged"
    CARD_READER_RENUMBERED = "card_reader_renumbered"
    MAINS_OUT = "mains_out"
    UPS_LIES = "ups_lies"
    UPS_SILENT = "ups_silent"
    UPS_GARBLED = "ups_garbled"
    UPS_HALF = "ups_half"
    UPS_LATE = "ups_late"
    UPS_DOUBLE = "ups_double"
    UPS_NOISE = "ups_noise"
    UPS_UNPLUGGED = "ups_unplugged"
    UPS_RENUMBERED = "ups_renumbered"
    PINS_STUCK_RELAY = "pins_stuck_relay"
    PINS_WELDED_SWITCH = "pins_welded_switch"
    PINS_UNPLUGGED = "pins_unplugged"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One line of the menu. `word` is the key of its sentence.

    `line`: the cable of the device sees to it. A lock board, which may share its line, and pins,
    which have none, see to theirs themselves.
    """

    fault: Fault
    device: Device
    needs_channel: bool = False
    line: LineFault | None = None

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
    FaultKind(Fault.BOARD_UNPLUGGED, Device.LOCK_BOARD, line=LineFault.UNPLUGGED),
    FaultKind(Fault.BOARD_RENUMBERED, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_ECHO, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_BIT_ERRORS, Device.LOCK_BOARD),
    FaultKind(Fault.BOARD_REBOOTS, Device.LOCK_BOARD),
    FaultKind(Fault.SENSOR_BOUNCE, Device.LOCK_BOARD),
    FaultKind(Fault.STUCK_LOCK, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.WEAK_SPRING, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.WRONG_DOOR, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.TWO_DOORS, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.DEAD_RELAY, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.STUCK_RELAY, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.DOOR_JAMMED, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SLOW_CLOSE, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SENSOR_STUCK_OPEN, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SENSOR_STUCK_SHUT, Device.LOCK_BOARD, needs_channel=True),
    FaultKind(Fault.SCANNER_NO_SUFFIX, Device.SCANNER),
    FaultKind(Fault.SCANNER_BINARY, Device.SCANNER),
    FaultKind(Fault.SCANNER_DEAF, Device.SCANNER),
    FaultKind(Fault.SCANNER_SILENT, Device.SCANNER, line=LineFault.SILENT),
    FaultKind(Fault.SCANNER_GARBLED, Device.SCANNER, line=LineFault.GARBLED),
    FaultKind(Fault.SCANNER_HALF, Device.SCANNER, line=LineFault.HALF),
    FaultKind(Fault.SCANNER_LATE, Device.SCANNER, line=LineFault.LATE),
    FaultKind(Fault.SCANNER_DOUBLE, Device.SCANNER, line=LineFault.DOUBLE),
    FaultKind(Fault.SCANNER_NOISE, Device.SCANNER, line=LineFault.NOISE),
    FaultKind(Fault.SCANNER_UNPLUGGED, Device.SCANNER, line=LineFault.UNPLUGGED),
    FaultKind(Fault.SCANNER_RENUMBERED, Device.SCANNER, line=LineFault.RENUMBERED),
    FaultKind(Fault.PAPER_LOW, Device.PRINTER),
    FaultKind(Fault.PAPER_ENDS_SOON, Device.PRINTER),
    FaultKind(Fault.PAPER_OUT, Device.PRINTER),
    FaultKind(Fault.COVER_OPEN, Device.PRINTER),
    FaultKind(Fault.PRINTER_OFF, Device.PRINTER),
    FaultKind(Fault.PRINTER_LIES, Device.PRINTER),
    FaultKind(Fault.COVER_OPENS_SOON, Device.PRINTER),
    FaultKind(Fault.POWER_FAILS_SOON, Device.PRINTER),
    FaultKind(Fault.CABLE_SLIPS_SOON, Device.PRINTER),
    FaultKind(Fault.PRINTER_SILENT, Device.PRINTER, line=LineFault.SILENT),
    FaultKind(Fault.PRINTER_GARBLED, Device.PRINTER, line=LineFault.GARBLED),
    FaultKind(Fault.PRINTER_LATE, Device.PRINTER, line=LineFault.LATE),
    FaultKind(Fault.PRINTER_DOUBLE, Device.PRINTER, line=LineFault.DOUBLE),
    FaultKind(Fault.PRINTER_UNPLUGGED, Device.PRINTER, line=LineFault.UNPLUGGED),
    FaultKind(Fault.PRINTER_RENUMBERED, Device.PRINTER, line=LineFault.RENUMBERED),
    FaultKind(Fault.LABEL_OUT, Device.LABEL_PRINTER),
    FaultKind(Fault.LABEL_HEAD_OPEN, Device.LABEL_PRINTER),
    FaultKind(Fault.LABEL_JAM, Device.LABEL_PRINTER),
    FaultKind(Fault.LABEL_PAUSED, Device.LABEL_PRINTER),
    FaultKind(Fault.LABEL_SILENT, Device.LABEL_PRINTER, line=LineFault.SILENT),
    FaultKind(Fault.LABEL_GARBLED, Device.LABEL_PRINTER, line=LineFault.GARBLED),
    FaultKind(Fault.LABEL_LATE, Device.LABEL_PRINTER, line=LineFault.LATE),
    FaultKind(Fault.LABEL_DOUBLE, Device.LABEL_PRINTER, line=LineFault.DOUBLE),
    FaultKind(Fault.LABEL_UNPLUGGED, Device.LABEL_PRINTER, line=LineFault.UNPLUGGED),
    FaultKind(Fault.LABEL_RENUMBERED, Device.LABEL_PRINTER, line=LineFault.RENUMBERED),
    FaultKind(Fault.SPEAKER_MUTE, Device.SPEAKER),
    FaultKind(Fault.SPEAKER_UNPLUGGED, Device.SPEAKER, line=LineFault.UNPLUGGED),
    FaultKind(Fault.SPEAKER_RENUMBERED, Device.SPEAKER, line=LineFault.RENUMBERED),
    FaultKind(Fault.SCALE_UNSTEADY, Device.SCALE),
    FaultKind(Fault.SCALE_SILENT, Device.SCALE, line=LineFault.SILENT),
    FaultKind(Fault.SCALE_GARBLED, Device.SCALE, line=LineFault.GARBLED),
    FaultKind(Fault.SCALE_HALF, Device.SCALE, line=LineFault.HALF),
    FaultKind(Fault.SCALE_LATE, Device.SCALE, line=LineFault.LATE),
    FaultKind(Fault.SCALE_DOUBLE, Device.SCALE, line=LineFault.DOUBLE),
    FaultKind(Fault.SCALE_NOISE, Device.SCALE, line=LineFault.NOISE),
    FaultKind(Fault.SCALE_UNPLUGGED, Device.SCALE, line=LineFault.UNPLUGGED),
    FaultKind(Fault.SCALE_RENUMBERED, Device.SCALE, line=LineFault.RENUMBERED),
    FaultKind(Fault.CARD_UNREADABLE, Device.CARD_READER),
    FaultKind(Fault.CARD_READER_SILENT, Device.CARD_READER, line=LineFault.SILENT),
    FaultKind(Fault.CARD_READER_GARBLED, Device.CARD_READER, line=LineFault.GARBLED),
    FaultKind(Fault.CARD_READER_HALF_FRAME, Device.CARD_READER, line=LineFault.HALF),
    FaultKind(Fault.CARD_READER_LATE, Device.CARD_READER, line=LineFault.LATE),
    FaultKind(Fault.CARD_READER_DOUBLE, Device.CARD_READER, line=LineFault.DOUBLE),
    FaultKind(Fault.CARD_READER_NOISE, Device.CARD_READER, line=LineFault.NOISE),
    FaultKind(Fault.CARD_READER_UNPLUGGED, Device.CARD_READER, line=LineFault.UNPLUGGED),
    FaultKind(Fault.CARD_READER_RENUMBERED, Device.CARD_READER, line=LineFault.RENUMBERED),
    FaultKind(Fault.MAINS_OUT, Device.UPS),
    FaultKind(Fault.UPS_LIES, Device.UPS),
    FaultKind(Fault.UPS_SILENT, Device.UPS, line=LineFault.SILENT),
    FaultKind(Fault.UPS_GARBLED, Device.UPS, line=LineFault.GARBLED),
    FaultKind(Fault.UPS_HALF, Device.UPS, line=LineFault.HALF),
    FaultKind(Fault.UPS_LATE, Device.UPS, line=LineFault.LATE),
    FaultKind(Fault.UPS_DOUBLE, Device.UPS, line=LineFault.DOUBLE),
    FaultKind(Fault.UPS_NOISE, Device.UPS, line=LineFault.NOISE),
    FaultKind(Fault.UPS_UNPLUGGED, Device.UPS, line=LineFault.UNPLUGGED),
    FaultKind(Fault.UPS_RENUMBERED, Device.UPS, line=LineFault.RENUMBERED),
    FaultKind(Fault.PINS_STUCK_RELAY, Device.PINS),
    FaultKind(Fault.PINS_WELDED_SWITCH, Device.PINS),
    FaultKind(Fault.PINS_UNPLUGGED, Device.PINS, line=LineFault.UNPLUGGED),
)
"""Every fault once, board first, in the order in which a page shows them."""
_KINDS: Final = {kind.fault: kind for kind in MENU}
UNPLUGGED: Final = {kind.device: kind.fault for kind in MENU if kind.line is LineFault.UNPLUGGED}
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
