"""The camera scanner on a folder of pictures."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from hardware.byte_channel import PortGone
from hardware.drivers.scanners.picture_port import LARGEST, PicturePort
from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner_camera import CameraScannerTwin
from tests.hardware.driver_peer import BACK_WITHIN_S
from tests.hardware.scanning import scanning, until, until_is

pytestmark = pytest.mark.anyio
OFTEN_S = 0.02


@contextmanager
def camera(folder: Path, faults: Faults) -> Iterator[CameraScannerTwin]:
    """Whoever holds up a label leaves it there until the next one."""
    twin = CameraScannerTwin(folder / "camera", faults, 10**6, OFTEN_S)
    twin.cable.start()
    try:
        yield twin
    finally:
        twin.cable.close()


async def test_each_label_held_up_is_one_scan(tmp_path: Path) -> None:
    with camera(tmp_path, Faults(0)) as twin:
        async with scanning("camera", f"twin:{tmp_path / 'camera'}") as (scanner, codes):
            await until(lambda: scanner.health().present)
            for text in ("YT7700123456789", "CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ", "SF1530000000001"):
                twin.scan(text)
                await until_is(lambda: codes[-1:], [text])
            assert codes == [*twin.scanned]
            assert scanner.health().simulated


async def test_half_a_label_is_no_code_and_one_in_chinese_is_counted(tmp_path: Path) -> None:
    faults = Faults(0)
    with camera(tmp_path, faults) as twin:
        async with scanning("camera", f"twin:{tmp_path / 'camera'}") as (scanner, codes):
            faults.switch(Fault.SCANNER_HALF, on=True)
            twin.scan("YT7700123456789")
            await until(lambda: scanner.health().present)
            faults.mend_all()
            twin.scan("取件码")
            await until(lambda: scanner.health().bad_frames >= 1)
            twin.scan("SF1530000000001")
            await until(lambda: codes == ["SF1530000000001"])


def still(text: str = "") -> bytes:
    """One picture, as a file."""
    twin = CameraScannerTwin(Path("/nowhere"), Faults(0))
    if text:
        twin.scan(text)
    return twin._draw()  # noqa: SLF001 - the picture without its cable


def renew(file: Path, data: bytes) -> None:
    made = file.with_name(".making")
    made.write_bytes(data)
    made.replace(file)


async def test_one_picture_is_not_enough_and_a_torn_one_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "now.jpg"
    renew(file, still())
    async with scanning("camera", f"file:{file}") as (scanner, codes):
        await until(lambda: scanner.health().note == "device.silent")
        renew(file, still("YT7700123"))
        await until(lambda: scanner.health().present)
        renew(file, still("SF1530001")[:5_000])
        await until(lambda: scanner.health().bad_frames == 1)
        assert codes == []
        renew(file, still("YT7700123"))
        await until(lambda: codes == ["YT7700123"])
        assert not scanner.health().simulated


async def test_a_camera_program_that_ended_is_a_silent_scanner(tmp_path: Path) -> None:
    with camera(tmp_path, Faults(0)) as twin:
        async with scanning("camera", f"file:{tmp_path / 'camera'}") as (scanner, _codes):
            await until(lambda: scanner.health().present)
            twin.cable._ended.set()  # noqa: SLF001 - the program ends, its last picture stays
            await until(lambda: scanner.health().note == "device.silent")
            assert not scanner.health().present


async def test_no_scan_after_a_replug_is_lost_however_often(tmp_path: Path) -> None:
    with camera(tmp_path, Faults(0)) as twin:
        async with scanning("camera", f"twin:{tmp_path / 'camera'}") as (scanner, codes):
            for number in range(3):
                await until(lambda: scanner.health().present, BACK_WITHIN_S)
                twin.scan(f"YT770012{number}")
                await until_is(lambda: len(codes), number + 1)
                twin.cable.plug(wanted=False)
                await until(lambda: scanner.health().note == "device.missing")
                twin.cable.plug(wanted=True)
            assert codes == ["YT7700120", "YT7700121", "YT7700122"]


def test_a_folder_gives_its_newest_picture_once_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "old.jpg").write_bytes(b"old")
    pictures = PicturePort(f"file:{tmp_path}")
    assert pictures.read(0.0) == b""
    renew(tmp_path / "a.jpg", b"a")
    renew(tmp_path / "b.JPEG", b"b")
    renew(tmp_path / "note.txt", b"c")
    assert [pictures.read(0.0), pictures.read(0.0)] == [b"b", b""]


def test_a_picture_that_is_too_large_or_was_taken_away_is_none(tmp_path: Path) -> None:
    file = tmp_path / "now.jpg"
    file.write_bytes(b"first")
    pictures = PicturePort(f"file:{file}")
    with file.open("wb") as large:
        large.truncate(LARGEST + 1)
    assert pictures.read(0.0) == b""
    assert pictures._picture(str(tmp_path / "gone.jpg")) == b""  # noqa: SLF001 - a race, made plain
    file.unlink()
    with pytest.raises(PortGone, match="No such file"):
        pictures.read(0.0)


def test_a_camera_takes_no_orders_and_wakes_when_called(tmp_path: Path) -> None:
    pictures = PicturePort(f"twin:{tmp_path}")
    for give in (pictures.write, pictures.write_some):
        with pytest.raises(PortGone):
            give(b"x", 0.0)
    pictures.wake()
    assert pictures.read(60.0) == b""
    pictures.close()


async def test_a_picture_of_very_many_points_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "now.png"
    file.write_bytes(b"")
    data = io.BytesIO()
    Image.new("1", (5_000, 5_000)).save(data, "PNG")
    async with scanning("camera", f"file:{file}") as (scanner, _codes):
        await until(lambda: scanner.health().note == "device.silent")
        renew(file, data.getvalue())
        await until(lambda: scanner.health().bad_frames == 1)
        assert scanner.health().present
