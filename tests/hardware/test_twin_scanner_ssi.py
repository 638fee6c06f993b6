"""The SSI twin, against the vendor's bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner_ssi import SsiScannerTwin
from tests.golden import read_golden
from tests.hardware.twin_wire import QUIET_S, Wire, eventually

GOLDEN = read_golden("scanner_ssi")
SOON_S = 0.1


@contextmanager
def engine(
    folder: Path, faults: Faults, *, pulled: bool = False, response_s: float = 5.0
) -> Iterator[tuple[SsiScannerTwin, Wire]]:
    link = folder / "scanner"
    twin = SsiScannerTwin(link, faults, pulled=pulled, response_s=response_s)
    twin.cable.start()
    try:
        with Wire(link) as wire:
            yield twin, wire
    finally:
        twin.cable.close()


def asked(wire: Wire, name: str, size: int = 6) -> bytes:
    wire.write(GOLDEN[name])
    return wire.read(size)


def test_it_writes_raw_text_until_it_is_asked_for_packets(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0)) as (twin, wire):
        twin.scan("A1")
        assert wire.read(4) == b"A1\r\n"
        assert asked(wire, "param.packets") == GOLDEN["scanner.ack"]
        twin.scan("A1")
        assert wire.read(9) == GOLDEN["scanner.code"]
        wire.write(GOLDEN["host.ack"])
        assert eventually(lambda: twin.acknowledged == 1)
        twin.lose_power()
        twin.scan("A1")
        assert wire.read(4) == b"A1\r\n"


def test_it_sends_three_times_marks_the_copies_and_gives_up(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0), response_s=SOON_S) as (twin, wire):
        assert asked(wire, "param.packets") == GOLDEN["scanner.ack"]
        twin.scan("A1")
        assert wire.read(27) == GOLDEN["scanner.code"] + GOLDEN["scanner.code.copy"] * 2
        assert eventually(lambda: twin.given_up == 1)
        assert wire.read(1, QUIET_S) == b""
        assert (twin.sent, twin.acknowledged) == (3, 0)


def test_it_sends_a_copy_at_once_when_asked_and_takes_no_other_no_for_an_answer(
    tmp_path: Path,
) -> None:
    with engine(tmp_path, Faults(0)) as (twin, wire):
        assert asked(wire, "param.packets") == GOLDEN["scanner.ack"]
        twin.scan("A1")
        assert wire.read(9) == GOLDEN["scanner.code"]
        assert asked(wire, "host.nak_resend", 9) == GOLDEN["scanner.code.copy"]
        wire.write(bytes.fromhex("05 D1 04 00 06 FF 20"))  # denied
        wire.write(GOLDEN["host.ack"])  # to nothing
        twin.scan("A1")
        assert wire.read(9) == GOLDEN["scanner.code"]
        assert twin.acknowledged == 0


def test_it_reads_when_enabled_and_when_told(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0), pulled=True) as (twin, wire):
        assert asked(wire, "param.packets") == GOLDEN["scanner.ack"]
        assert asked(wire, "host.disable") == GOLDEN["scanner.ack"]
        assert asked(wire, "host.start") == GOLDEN["scanner.ack"]
        twin.scan("A1")
        assert wire.read(1, QUIET_S) == b""
        assert asked(wire, "host.enable", 15) == GOLDEN["scanner.ack"] + GOLDEN["scanner.code"]
        lit = [twin.lit]
        for order in ("host.start", "host.stop"):
            assert asked(wire, order) == GOLDEN["scanner.ack"]
            lit.append(twin.lit)
        assert lit == [False, True, False]


def test_what_it_cannot_check_or_does_not_know_it_refuses(tmp_path: Path) -> None:
    with engine(tmp_path, Faults(0)) as (twin, wire):
        wire.write(GOLDEN["host.enable"][:-1] + b"\x00")
        assert wire.read(7) == GOLDEN["scanner.nak_resend"]
        wire.write(bytes.fromhex("04 A3 04 00 FF 55"))  # a request for its revision
        assert wire.read(7) == bytes.fromhex("05 D1 00 00 02 FF 28")
        assert twin.orders == []
        twin.send_raw(b"\x00\xff")
        assert wire.read(2) == b"\x00\xff"


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (Fault.SCANNER_HALF, GOLDEN["scanner.code"][:4]),
        (Fault.SCANNER_BINARY, bytes.fromhex("08 F3 00 00 03 41 E6 31 FD AA")),
        (Fault.SCANNER_DOUBLE, GOLDEN["scanner.code"]),
    ],
)
def test_a_fault_spoils_its_packets(tmp_path: Path, fault: Fault, heard: bytes) -> None:
    faults = Faults(0)
    with engine(tmp_path, faults) as (twin, wire):
        assert asked(wire, "param.packets") == GOLDEN["scanner.ack"]
        faults.switch(fault, on=True)
        twin.scan("A1")
        assert wire.read(len(heard)) == heard
        wire.write(GOLDEN["host.ack"])
        assert eventually(lambda: twin.acknowledged == 1)
        second = GOLDEN["scanner.code"] if fault is Fault.SCANNER_DOUBLE else b""
        assert wire.read(9, QUIET_S) == second


def test_a_deaf_one_answers_nothing(tmp_path: Path) -> None:
    faults = Faults(0)
    faults.switch(Fault.SCANNER_DEAF, on=True)
    with engine(tmp_path, faults) as (twin, wire):
        wire.write(GOLDEN["host.enable"])
        assert wire.read(1, QUIET_S) == b""
        assert twin.orders == []
