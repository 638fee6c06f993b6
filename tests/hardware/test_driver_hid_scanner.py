"""The keyboard scanner on a FIFO, and the grab that a FIFO cannot give."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.byte_channel import PortGone
from hardware.drivers.scanners.key_port import open_key_port
from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner_keyboard import KeyboardScannerTwin
from tests.hardware.driver_peer import BACK_WITHIN_S
from tests.hardware.scanning import scanning, until, until_is

pytestmark = pytest.mark.anyio


@contextmanager
def keyboard(folder: Path, faults: Faults) -> Iterator[KeyboardScannerTwin]:
    twin = KeyboardScannerTwin(folder / "scanner", faults)
    twin.cable.start()
    try:
        yield twin
    finally:
        twin.cable.close()


async def test_what_is_typed_comes_out_once_for_each_scan(tmp_path: Path) -> None:
    faults = Faults(0)
    with keyboard(tmp_path, faults) as twin:
        async with scanning("hid", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            for text in ("YT7700123456789", "CY1:AbC-7/q_Z", ' ~!@#$%^&*()_+{}|:"<>?'):
                twin.scan(text)
            faults.switch(Fault.SCANNER_DOUBLE, on=True)
            twin.scan("SF99")
            await until(lambda: len(codes) >= 4)
            twin.scan("JT30")
            await until(lambda: "JT30" in codes)
            assert codes == [*twin.scanned]
            assert scanner.health().simulated


@pytest.mark.parametrize("fault", [Fault.SCANNER_HALF, Fault.SCANNER_BINARY])
async def test_a_spoilt_code_is_counted_and_the_next_one_is_read(
    tmp_path: Path, fault: Fault
) -> None:
    faults = Faults(0)
    with keyboard(tmp_path, faults) as twin:
        async with scanning("hid", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            faults.switch(fault, on=True)
            twin.scan("YT77")
            await until(lambda: scanner.health().bad_frames == 1)
            faults.mend_all()
            twin.scan("SF99")
            await until(lambda: codes == ["SF99"])


async def test_half_an_event_does_not_shift_those_that_follow_a_silence(tmp_path: Path) -> None:
    faults = Faults(0)
    with keyboard(tmp_path, faults) as twin:
        async with scanning("hid", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            faults.switch(Fault.SCANNER_HALF, on=True)
            twin.scan("YT77")
            twin.send_raw(b"\x01\x02\x03")
            await until(lambda: scanner.health().bad_frames == 1)
            faults.mend_all()
            twin.scan("SF99")
            await until(lambda: codes == ["SF99"])


async def test_a_keyboard_without_enter_says_so_or_is_read_by_silence(tmp_path: Path) -> None:
    faults = Faults(0)
    faults.switch(Fault.SCANNER_NO_SUFFIX, on=True)
    port = f"twin:{tmp_path / 'scanner'}"
    with keyboard(tmp_path, faults) as twin:
        async with scanning("hid", port) as (scanner, codes):
            await until(lambda: scanner.health().present)
            for bad in (1, 2):
                twin.scan("YT77")
                await until_is(lambda: scanner.health().bad_frames, bad)
            await until(lambda: scanner.health().note == "scanner.no_suffix")
            assert codes == []
        async with scanning("hid", port, suffix="none") as (scanner, codes):
            await until(lambda: scanner.health().present)
            twin.scan("YT77")
            await until(lambda: codes == ["YT77"])


async def test_no_scan_after_a_replug_is_lost_however_often(tmp_path: Path) -> None:
    with keyboard(tmp_path, Faults(0)) as twin:
        async with scanning("hid", f"twin:{tmp_path / 'scanner'}") as (scanner, codes):
            for number in range(3):
                await until(lambda: scanner.health().present, BACK_WITHIN_S)
                twin.scan(f"YT770012{number}")
                await until_is(lambda: len(codes), number + 1)
                twin.cable.plug(wanted=False)
                await until(lambda: not scanner.health().present)
                twin.cable.plug(wanted=True)
            await until(lambda: scanner.health().present)
            assert codes == ["YT7700120", "YT7700121", "YT7700122"]
            assert scanner.health().reconnects == 3


async def test_a_device_that_cannot_be_grabbed_is_no_scanner(tmp_path: Path) -> None:
    with keyboard(tmp_path, Faults(0)) as twin:
        async with scanning("hid", str(tmp_path / "scanner")) as (scanner, codes):
            await until(lambda: scanner.health().note == "device.not_grabbed")
            twin.scan("YT77")
            assert (scanner.health().present, codes) == (False, [])
        assert not scanner.health().simulated


async def test_what_is_called_a_twin_and_is_no_fifo_must_be_grabbed_too(tmp_path: Path) -> None:
    (tmp_path / "scanner").write_bytes(b"")
    with pytest.raises(PortGone, match="cannot be grabbed") as gone:
        open_key_port(f"twin:{tmp_path / 'scanner'}")
    assert gone.value.note == "device.not_grabbed"


async def test_every_way_out_gives_the_file_back(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with keyboard(tmp_path, Faults(0)):
        before = open_files()
        with pytest.raises(PortGone):
            open_key_port(str(tmp_path / "scanner"))
        channel = open_key_port(f"twin:{tmp_path / 'scanner'}")
        channel.close()
        channel.close()
        assert open_files() == before


async def test_a_keyboard_that_may_not_be_opened_names_the_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, *_: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PortGone, match="add the user to group input") as gone:
        open_key_port(str(tmp_path / "scanner"))
    assert gone.value.note == "device.no_permission"


async def test_a_keyboard_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PortGone, match="No such file") as gone:
        open_key_port(str(tmp_path / "scanner"))
    assert gone.value.note == "device.missing"
