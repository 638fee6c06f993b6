"""The scanner twin on a serial line: its faults, and reading only when told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner import ScannerTwin
from tests.golden import read_golden
from tests.hardware.twin_wire import QUIET_S, Wire, eventually

GOLDEN = read_golden("scanner_triggers")


@contextmanager
def gun(folder: Path, faults: Faults, trigger: str = "") -> Iterator[tuple[ScannerTwin, Wire]]:
    twin = ScannerTwin(folder / "scanner", faults, trigger=trigger)
    twin.cable.start()
    try:
        with Wire(folder / "scanner") as wire:
            yield twin, wire
    finally:
        twin.cable.close()


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (Fault.SCANNER_HALF, b"YT7"),
        (Fault.SCANNER_DOUBLE, b"YT77\r\nYT77\r\n"),
        (Fault.SCANNER_NO_SUFFIX, b"YT77"),
        (Fault.SCANNER_BINARY, b"Y\xe6T77\r\n"),
        (Fault.SCANNER_DEAF, b"YT77\r\n"),
    ],
)
def test_a_fault_spoils_the_code_in_its_own_way(tmp_path: Path, fault: Fault, heard: bytes) -> None:
    faults = Faults(0)
    faults.switch(fault, on=True)
    with gun(tmp_path, faults) as (twin, wire):
        twin.scan("YT77")
        assert wire.read(40, QUIET_S) == heard
        assert twin.scanned == ("YT77",)


@pytest.mark.parametrize("vendor", ["honeywell", "newland"])
def test_it_reads_what_is_held_before_it_when_told_and_once(tmp_path: Path, vendor: str) -> None:
    reply = GOLDEN.get(f"{vendor}.reply", b"")
    with gun(tmp_path, Faults(0), vendor) as (twin, wire):
        twin.scan("YT77")
        assert wire.read(1, QUIET_S) == b""
        for byte in GOLDEN[f"{vendor}.on"]:
            wire.write(bytes([byte]))
        assert wire.read(len(reply) + 6) == reply + b"YT77\r\n"
        assert not twin.lit
        twin.scan("SF99")
        assert wire.read(1, QUIET_S) == b""


def test_it_stops_reading_when_told_and_a_deaf_one_hears_neither(tmp_path: Path) -> None:
    faults = Faults(0)
    with gun(tmp_path, faults, "honeywell") as (twin, wire):
        wire.write(GOLDEN["honeywell.on"])
        assert eventually(lambda: twin.lit)
        wire.write(b"noise" * 20 + GOLDEN["honeywell.off"])
        assert eventually(lambda: not twin.lit)
        assert twin.orders == (GOLDEN["honeywell.on"], GOLDEN["honeywell.off"])
        faults.switch(Fault.SCANNER_DEAF, on=True)
        wire.write(GOLDEN["honeywell.on"])
        twin.scan("YT77")
        assert wire.read(1, QUIET_S) == b""
        assert len(twin.orders) == 2
