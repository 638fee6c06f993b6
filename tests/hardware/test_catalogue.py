"""Drivers by name."""

import subprocess
import sys

import pytest

from edge.kernel.errors import ConfigError
from hardware.catalogue import PRINTERS, SCANNERS, choose, lock_board_kind
from hardware.options import LockBankOptions, PrinterOptions, ScannerOptions


def test_a_driver_name_with_a_typo_is_a_clear_error_naming_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"there is no driver '8a81'\. Known: 8a80"):
        lock_board_kind("8a81")


@pytest.mark.anyio
async def test_making_a_device_opens_nothing_and_a_missing_one_is_no_error() -> None:
    bank = lock_board_kind("8a80").make(
        LockBankOptions(
            name="lock-board-1",
            port="/dev/nowhere",
            baud=9_600,
            address=1,
            channels=24,
            pulse_ms=300,
            closed_bit=1,
        )
    )
    scanner = choose(SCANNERS, "line")(ScannerOptions(name="scanner", port="/dev/no", baud=9_600))
    printer = choose(PRINTERS, "escpos")(
        PrinterOptions(name="printer", port="/dev/no", baud=9_600, dots=384)
    )
    assert [
        (device.health().name, device.health().present, device.health().note)
        for device in (bank, scanner, printer)
    ] == [(name, False, "device.missing") for name in ("lock-board-1", "scanner", "printer")]
    for device in (bank, scanner, printer):
        await device.aclose()


def test_the_catalogue_loads_no_driver_and_no_device_library() -> None:
    heavy = ["serial", "escpos", "qrcode", "hardware.drivers.locks.serial_lock_bank"]
    program = f"import sys, hardware.catalogue; print([n for n in {heavy} if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout.strip() == b"[]"


def test_a_printer_that_has_not_printed_has_loaded_no_picture_libraries() -> None:
    program = (
        "import sys, hardware.drivers.printers.escpos_printer;"
        "print([n for n in ('escpos', 'qrcode', 'PIL.ImageFont') if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ran.stdout.strip() == b"[]"
