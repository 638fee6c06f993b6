"""The camera twin: pictures that a reader of another make understands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from edge.kernel.errors import ConfigError
from hardware.twins.faults import Fault, Faults
from hardware.twins.scanners.scanner_camera import PICTURE, CameraScannerTwin
from tests.hardware.twin_wire import eventually


@contextmanager
def camera(folder: Path, faults: Faults, pictures: int = 10**6) -> Iterator[CameraScannerTwin]:
    twin = CameraScannerTwin(folder, faults, pictures, every_s=0.01)
    twin.cable.start()
    try:
        yield twin
    finally:
        twin.cable.close()


def seen(folder: Path) -> list[tuple[str, str]]:
    file = folder / PICTURE
    if not file.exists():
        return []
    with Image.open(file) as image:
        return [(code.text, str(code.format)) for code in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("YT7700123456789", "Code 128"),
        ("CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ", "QR Code"),
        ("取件码", "QR Code"),
    ],
)
def test_a_label_is_in_the_picture(tmp_path: Path, text: str, kind: str) -> None:
    with camera(tmp_path / "camera", Faults(0)) as twin:
        twin.scan(text)
        assert eventually(lambda: seen(tmp_path / "camera") == [(text, kind)])
        assert twin.scanned == (text,)


def test_a_label_is_taken_away_again(tmp_path: Path) -> None:
    with camera(tmp_path / "camera", Faults(0), pictures=2) as twin:
        twin.scan("YT7700123456789")
        assert eventually(lambda: not twin.in_sight)
        assert eventually((tmp_path / "camera" / PICTURE).exists)
        assert eventually(lambda: seen(tmp_path / "camera") == [])


def test_half_a_label_reads_as_nothing(tmp_path: Path) -> None:
    faults = Faults(0)
    faults.switch(Fault.SCANNER_HALF, on=True)
    with camera(tmp_path / "camera", faults) as twin:
        twin.scan("CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        assert eventually((tmp_path / "camera" / PICTURE).exists)
        assert seen(tmp_path / "camera") == []


def test_unplugged_it_leaves_nothing_and_plugged_again_it_goes_on(tmp_path: Path) -> None:
    with camera(tmp_path / "camera", Faults(0)) as twin:
        assert eventually((tmp_path / "camera" / PICTURE).exists)
        twin.cable.plug(wanted=False)
        assert (twin.cable.plugged, (tmp_path / "camera").exists()) == (False, False)
        twin.cable.plug(wanted=True)
        assert eventually((tmp_path / "camera" / PICTURE).exists)
    assert list(tmp_path.iterdir()) == []


def test_where_no_folder_can_be_made_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    twin = CameraScannerTwin(tmp_path / "file", Faults(0))
    with pytest.raises(ConfigError, match="no folder can be made here"):
        twin.cable.start()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
