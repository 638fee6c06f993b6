"""Driver names of the settings and who makes them. A table to read: no scanning, no fall-back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from edge.kernel.errors import ConfigError
from hardware.ports import LockBank, Printer, Scanner

_Maker = TypeVar("_Maker")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockBankOptions:
    """One lock board. `closed_bit`: the feedback bit of a shut door; vendors differ.

    `pulse_ms` is how long the board drives a coil: an 8A/80 board fixes it (300 ms), so the
    driver only counts with it for the pause between coils and for their rest.
    """

    name: str
    port: str
    baud: int
    address: int
    channels: int
    pulse_ms: int
    closed_bit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerOptions:
    """A barcode scanner."""

    name: str
    port: str
    baud: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterOptions:
    """A receipt printer; `dots` across the paper, 384 for 58 mm and 576 for 80 mm."""

    name: str
    port: str
    baud: int
    dots: int


def _lock_bank_8a80(options: LockBankOptions) -> LockBank:
    from firmware_bridge.lock_board.dialects import DIALECTS
    from hardware.drivers.serial_lock_bank import SerialLockBank

    return SerialLockBank(
        name=options.name,
        port=options.port,
        baud=options.baud,
        dialect=DIALECTS["8a80"],
        address=options.address,
        channels=options.channels,
        pulse_ms=options.pulse_ms,
        closed_bit=options.closed_bit,
    )


def _line_scanner(options: ScannerOptions) -> Scanner:
    from hardware.drivers.line_scanner import LineScanner

    return LineScanner(name=options.name, port=options.port, baud=options.baud)


def _escpos_printer(options: PrinterOptions) -> Printer:
    from hardware.drivers.escpos_printer import EscposPrinter

    return EscposPrinter(name=options.name, port=options.port, baud=options.baud, dots=options.dots)


LOCK_BANKS: Final[Mapping[str, Callable[[LockBankOptions], LockBank]]] = {"8a80": _lock_bank_8a80}
SCANNERS: Final[Mapping[str, Callable[[ScannerOptions], Scanner]]] = {"line": _line_scanner}
PRINTERS: Final[Mapping[str, Callable[[PrinterOptions], Printer]]] = {"escpos": _escpos_printer}


def choose(table: Mapping[str, _Maker], driver_name: str) -> _Maker:
    """The maker of that name. Raises ConfigError naming the known drivers."""
    if driver_name not in table:
        known = ", ".join(sorted(table))
        raise ConfigError(
            "station.toml", "driver", f"there is no driver {driver_name!r}", f"Known: {known}"
        )
    return table[driver_name]
