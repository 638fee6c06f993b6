"""The keyboard twin: a FIFO of input events."""

import os
import select
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner_keyboard import KeyboardScannerTwin

EVENT = struct.Struct("@llHHi")
SYN, KEY, DOWN = 0, 1, 1


@contextmanager
def keyboard(path: Path, faults: Faults) -> Iterator[tuple[KeyboardScannerTwin, int]]:
    twin = KeyboardScannerTwin(path, faults)
    twin.cable.start()
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield twin, file
    finally:
        os.close(file)
        twin.cable.close()


def events(file: int) -> list[tuple[int, int, int]]:
    data = b""
    while select.select([file], [], [], 0.05)[0]:
        chunk = os.read(file, 4_096)
        if not chunk:
            break
        data += chunk
    return [(kind, code, value) for _, _, kind, code, value in EVENT.iter_unpack(data)]


def struck(file: int) -> list[int]:
    return [code for kind, code, value in events(file) if (kind, value) == (KEY, DOWN)]


def test_a_character_is_a_scan_code_a_key_and_an_end_down_and_up_with_its_shift(
    tmp_path: Path,
) -> None:
    with keyboard(tmp_path / "k", Faults(0)) as (twin, file):
        twin.scan("A")
        told = events(file)
        shift_down, a_down, a_up, shift_up = (42, 1), (30, 1), (30, 0), (42, 0)
        keys = [(code, value) for kind, code, value in told if kind == KEY]
        assert keys == [shift_down, a_down, a_up, shift_up, (28, 1), (28, 0)]
        assert [kind for kind, _, _ in told] == [4, KEY, SYN] * 6
        assert twin.scanned == ("A",)


@pytest.mark.parametrize(
    ("fault", "keys"),
    [
        (Fault.SCANNER_HALF, [8]),
        (Fault.SCANNER_DOUBLE, [8, 8, 28, 8, 8, 28]),
        (Fault.SCANNER_NO_SUFFIX, [8, 8]),
        (Fault.SCANNER_BINARY, [8, 183, 8, 28]),
    ],
)
def test_a_fault_spoils_what_is_typed(tmp_path: Path, fault: Fault, keys: list[int]) -> None:
    faults = Faults(0)
    faults.switch(fault, on=True)
    with keyboard(tmp_path / "k", faults) as (twin, file):
        twin.scan("77")
        assert struck(file) == keys


def test_what_a_keyboard_has_no_key_for_is_left_out(tmp_path: Path) -> None:
    with keyboard(tmp_path / "k", Faults(0)) as (twin, file):
        twin.scan("取1件")
        assert struck(file) == [2, 28]


def test_an_unplugged_one_reads_its_end_and_comes_back_as_another_fifo(tmp_path: Path) -> None:
    with keyboard(tmp_path / "k", Faults(0)) as (twin, file):
        before = (tmp_path / "k").stat().st_ino
        twin.cable.plug(wanted=False)
        assert (twin.cable.plugged, (tmp_path / "k").exists()) == (False, False)
        assert os.read(file, 1) == b""
        twin.scan("lost")
        (tmp_path / "keeps-the-number").write_text("", encoding="utf-8")
        twin.cable.plug(wanted=True)
        twin.cable.plug(wanted=True)
        assert (tmp_path / "k").stat().st_ino != before
        again = os.open(tmp_path / "k", os.O_RDONLY | os.O_NONBLOCK)
        twin.send_raw(EVENT.pack(1, 2, KEY, 8, DOWN))
        assert struck(again) == [8]
        os.close(again)


def test_keys_that_nobody_reads_are_lost_at_last(tmp_path: Path) -> None:
    with keyboard(tmp_path / "k", Faults(0)) as (twin, file):
        for _ in range(100):
            twin.scan("7" * 100)
        assert len(events(file)) < 100 * 100 * 6


def test_a_file_in_its_place_is_left_alone_and_an_old_fifo_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="something else than a FIFO"):
        KeyboardScannerTwin(tmp_path / "file", Faults(0)).cable.start()
    with pytest.raises(ConfigError, match="no FIFO can be made here"):
        KeyboardScannerTwin(tmp_path / "file" / "k", Faults(0)).cable.start()
    os.mkfifo(tmp_path / "old")
    with keyboard(tmp_path / "old", Faults(0)) as (twin, file):
        twin.scan("7")
        assert struck(file) == [8, 28]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
