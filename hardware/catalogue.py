"""Driver names of the settings and who makes them. A table to read: no scanning, no fall-back.

Each maker imports its driver only when it is called: a laptop needs no GPIO library.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from edge.kernel.errors import ConfigError
from firmware_bridge.lock_board.dialects import DIALECTS, Dialect
from hardware.options import (
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
    """One driver of lock boards: who makes it, and what such boards are like."""

    make: Callable[[LockBankOptions], LockBank]
    baud: int
    addresses: range
    channels: Iterable[int]
    closed_bit: int


def _serial_board(dialect: Dialect) -> LockBoardKind:
    def make(options: LockBankOptions) -> LockBank:
        from hardware.drivers.serial_lock_bank import SerialLockBank

        return SerialLockBank(options, dialect)

    return LockBoardKind(
        make=make,
        baud=dialect.baud,
        addresses=dialect.addresses,
        channels=dialect.channels,
        closed_bit=dialect.closed_bit,
    )


def _line_scanner(options: ScannerOptions) -> Scanner:
    from hardware.drivers.line_scanner import LineScanner

    return LineScanner(options)


def _escpos_printer(options: PrinterOptions) -> Printer:
    from hardware.drivers.escpos_printer import EscposPrinter

    return EscposPrinter(options)


OTHER_LOCK_BOARDS: Final[dict[str, LockBoardKind]] = {}
"""Lock boards that speak none of the dialects of firmware_bridge."""
SCANNERS: Final[Mapping[str, Callable[[ScannerOptions], Scanner]]] = {"line": _line_scanner}
PRINTERS: Final[Mapping[str, Callable[[PrinterOptions], Printer]]] = {"escpos": _escpos_printer}
SCALES: Final[Mapping[str, Callable[[PortOptions], Scale]]] = {}
CARD_READERS: Final[Mapping[str, Callable[[PortOptions], CardReader]]] = {}
POWERS: Final[Mapping[str, Callable[[PowerOptions], Power]]] = {}
VOICES: Final[Mapping[str, Callable[[VoiceOptions], Voice]]] = {}
SIGNALS: Final[Mapping[str, Callable[[SignalsOptions], Signals]]] = {}


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
