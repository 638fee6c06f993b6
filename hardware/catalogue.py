"""Driver names of the settings and who makes them. A table to read: no scanning, no fall-back.

Each maker imports its driver only when it is called: a laptop needs no GPIO library.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from edge.kernel.errors import ConfigError
from firmware_bridge.lock_board.dialects import DIALECTS, Dialect
from hardware.options import (
    FLASH_STEP_MS,
    LockBankOptions,
    PortOptions,
    PowerOptions,
    PrinterOptions,
    ScannerOptions,
    SignalsOptions,
    VoiceOptions,
)
from hardware.ports import (
    CardReader,
    LockBank,
    Power,
    Printer,
    Scale,
    Scanner,
    Signals,
    Voice,
)

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockBoardKind:
    """One driver of lock boards: who makes it, and what such boards are like.

    `on_pins`: its relays and switches hang on the pins of this machine, not on a line. A pulse
    may last `longest_pulse_ms`; where we time it ourselves, it can get longer than asked for.
    `own_pulse_ms`: the board ends each pulse itself after so long, and we cannot set it; 0 where
    we can. It then lasts whole steps of `pulse_step_ms`, rounded up.
    """

    make: Callable[[LockBankOptions], LockBank]
    baud: int
    addresses: range
    channels: Iterable[int]
    closed_bit: int
    on_pins: bool = False
    longest_pulse_ms: int = 1_000
    own_pulse_ms: int = 0
    pulse_step_ms: int = 1


def _serial_board(dialect: Dialect) -> LockBoardKind:
    def make(options: LockBankOptions) -> LockBank:
        from hardware.drivers.locks.serial_lock_bank import SerialLockBank

        return SerialLockBank(options, dialect)

    return LockBoardKind(
        make=make,
        baud=dialect.baud,
        addresses=dialect.addresses,
        channels=dialect.channels,
        closed_bit=dialect.closed_bit,
        own_pulse_ms=dialect.pulse_ms,
    )


def _line_scanner(options: ScannerOptions) -> Scanner:
    from hardware.drivers.scanners.line_scanner import LineScanner

    return LineScanner(options)


_OURS_TO_TIME_MS: Final = 500
"""A busy machine may end a pulse late; twice this is what a solenoid bears."""


def _modbus_board(*, timed: bool) -> LockBoardKind:
    def make(options: LockBankOptions) -> LockBank:
        from hardware.drivers.locks.modbus_lock_bank import ModbusLockBank

        return ModbusLockBank(options, timed=timed)

    return LockBoardKind(
        make=make,
        baud=9_600,
        addresses=range(1, 248),
        channels=range(1, 33),
        closed_bit=1,
        longest_pulse_ms=1_000 if timed else _OURS_TO_TIME_MS,
        pulse_step_ms=FLASH_STEP_MS if timed else 1,
    )


def _ssi_scanner(options: ScannerOptions) -> Scanner:
    from hardware.drivers.scanners.ssi_scanner import SsiScanner

    return SsiScanner(options)


def _hid_scanner(options: ScannerOptions) -> Scanner:
    from hardware.drivers.scanners.hid_scanner import HidScanner

    return HidScanner(options)


def _camera_scanner(options: ScannerOptions) -> Scanner:
    from hardware.drivers.scanners.camera_scanner import CameraScanner

    return CameraScanner(options)


def _pins_of(port: str) -> Callable[[], Any]:
    """Where the pins of a driver are: on this machine, or on the pin twin behind a link."""
    from hardware.byte_channel import TWIN, is_simulated

    if is_simulated(port):
        from hardware.twins.pin_factory import open_pins

        return partial(open_pins, Path(port.removeprefix(TWIN)))
    from hardware.drivers.pins import real_pins

    return real_pins


def _gpio_board(options: LockBankOptions) -> LockBank:
    from hardware.drivers.locks.relay_lock_bank import RelayLockBank

    return RelayLockBank(options, _pins_of(options.port))


def _gpio_signals(options: SignalsOptions) -> Signals:
    from hardware.drivers.house.gpio_signals import GpioSignals

    return GpioSignals(options, _pins_of(options.port))


def _gpio_power(options: PowerOptions) -> Power:
    from hardware.drivers.house.gpio_power import GpioPower

    return GpioPower(options, _pins_of(options.port))


def _escpos_printer(options: PrinterOptions) -> Printer:
    from hardware.drivers.printers.escpos_printer import EscposPrinter

    return EscposPrinter(options)


def _label_printer(options: PrinterOptions) -> Printer:
    from hardware.drivers.printers.label_printer import LabelPrinter

    return LabelPrinter(options)


def _clip_voice(options: VoiceOptions) -> Voice:
    from hardware.drivers.house.clip_voice import ClipVoice

    return ClipVoice(options)


def _toledo_scale(options: PortOptions) -> Scale:
    from hardware.drivers.counter.toledo_scale import ToledoScale

    return ToledoScale(options)


def _continuous_scale(options: PortOptions) -> Scale:
    from hardware.drivers.counter.continuous_scale import ContinuousScale

    return ContinuousScale(options)


def _sdt_card_reader(options: PortOptions) -> CardReader:
    from hardware.drivers.counter.sdt_card_reader import SdtCardReader

    return SdtCardReader(options)


def _megatec_power(options: PowerOptions) -> Power:
    from hardware.drivers.house.megatec_power import MegatecPower

    return MegatecPower(options)


OTHER_LOCK_BOARDS: Final[dict[str, LockBoardKind]] = {
    "modbus_coils": _modbus_board(timed=False),
    "modbus_flash": _modbus_board(timed=True),
    "gpio": LockBoardKind(
        make=_gpio_board,
        baud=9_600,
        addresses=range(1, 10),
        channels=range(1, 15),
        closed_bit=0,
        on_pins=True,
        longest_pulse_ms=_OURS_TO_TIME_MS,
    ),
}
"""Lock boards that speak none of the dialects of firmware_bridge."""
SCANNERS: Final[Mapping[str, Callable[[ScannerOptions], Scanner]]] = {
    "line": _line_scanner,
    "ssi": _ssi_scanner,
    "hid": _hid_scanner,
    "camera": _camera_scanner,
}
PRINTERS: Final[Mapping[str, Callable[[PrinterOptions], Printer]]] = {
    "escpos": _escpos_printer,
    "tspl": _label_printer,
}
SCALES: Final[Mapping[str, Callable[[PortOptions], Scale]]] = {
    "toledo8217": _toledo_scale,
    "continuous": _continuous_scale,
}
CARD_READERS: Final[Mapping[str, Callable[[PortOptions], CardReader]]] = {
    "sdt": _sdt_card_reader,
}
POWERS: Final[Mapping[str, Callable[[PowerOptions], Power]]] = {
    "gpio": _gpio_power,
    "megatec": _megatec_power,
}
VOICES: Final[Mapping[str, Callable[[VoiceOptions], Voice]]] = {"clips": _clip_voice}
SIGNALS: Final[Mapping[str, Callable[[SignalsOptions], Signals]]] = {"gpio": _gpio_signals}


def lock_board_kind(driver_name: str) -> LockBoardKind:
    """The lock boards of that name: one row of the dialects, or one of the others.

    Raises ConfigError naming the known drivers.
    """
    if driver_name in DIALECTS:
        return _serial_board(DIALECTS[driver_name])
    return choose(OTHER_LOCK_BOARDS, driver_name, also=DIALECTS)


def choose(table: Mapping[str, _Row], driver_name: str, also: Iterable[str] = ()) -> _Row:
    """The row of that name. Raises ConfigError naming the known drivers, those of `also` too."""
    if driver_name not in table:
        known = ", ".join(sorted([*table, *also]))
        raise ConfigError(
            "station.toml", "driver", f"there is no driver {driver_name!r}", f"Known: {known}"
        )
    return table[driver_name]
