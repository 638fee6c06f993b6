"""The label printer twin: TSPL of the sheet in, labels out, and the faults of real ones."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from hardware.twins.faults import Fault
from hardware.twins.printers.label_ear import LabelEar
from tests.golden import read_golden
from tests.hardware.label_shop import Shop, open_shop
from tests.hardware.twin_wire import Wire, eventually

GOLDEN = read_golden("label_printer")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    yield from open_shop(tmp_path)


def test_the_twin_draws_what_the_sheet_says(shop: Shop, tmp_path: Path) -> None:
    black = b"\x7f\xff\x80\x01"
    with Wire(tmp_path / "label-printer") as wire:
        wire.write(
            b"SIZE 20 mm,15 mm\r\nCLS\r\nBITMAP 8,2,2,2,0," + black + b"\r\nPRINT 1,2\r\n"
            b"BITMAP 8,2,2,1,1,\xfe\x00\r\nPRINT 1\r\nBITMAP 8,2,2,1,2,\x00\x00\r\nPRINT 1\r\n"
            b'TEXT 10,10,"3",0,1,1,"x"\r\nSIZE 4,3\r\nBITMAP 1,1,0,0,0,\r\nCLS\r\nPRINT 1,1\r\n'
        )
        assert eventually(lambda: len(shop.twin.labels) == 5)
    first, second, ored, xored, blank = shop.twin.labels
    assert first.tobytes() == second.tobytes()
    assert first.size == (160, 120)
    assert black_dots(first) == [(8, 2), *[(x, 3) for x in range(9, 23)]]
    assert (15, 2) in black_dots(ored)
    assert (8, 2) in black_dots(ored)
    assert (8, 2) not in black_dots(xored)
    assert black_dots(blank) == []
    assert shop.twin.unknown_commands == 2


def black_dots(image: Image.Image) -> list[tuple[int, int]]:
    return [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if image.getpixel((x, y)) == 0
    ]


def test_the_twin_answers_and_resets_within_a_picture_and_bounds_its_memory(
    shop: Shop, tmp_path: Path
) -> None:
    with Wire(tmp_path / "label-printer") as wire:
        wire.write(b"SIZE 20 mm,15 mm\r\nCLS\r\nBITMAP 0,0,2,2,0,\x00")
        for byte in b"\x1b!?":
            wire.write(bytes([byte]))
        assert wire.read(1) == b"\x00"
        wire.write(b"\x1b!RPRINT 1,1\r\n" + b"x" * 2_000 + b"\r\n\x1b!Z\x1b!?")
        assert wire.read(1) == b"\x00"
        assert eventually(lambda: len(shop.twin.labels) == 1)
    assert black_dots(shop.twin.labels[0]) == []
    assert shop.twin.unknown_commands >= 2


@pytest.mark.parametrize("name", ["LABEL_HEAD_OPEN", "LABEL_JAM", "LABEL_OUT", "LABEL_PAUSED"])
def test_the_twins_status_is_the_byte_of_the_sheet(tmp_path: Path, name: str) -> None:
    golden = {
        "LABEL_HEAD_OPEN": "head_open",
        "LABEL_JAM": "jam",
        "LABEL_OUT": "no_label",
        "LABEL_PAUSED": "paused",
    }[name]
    for odd_lid in (False, True):
        for shop in open_shop(tmp_path, odd_lid=odd_lid):
            shop.faults.switch(Fault[name], on=True)
            with Wire(tmp_path / "label-printer") as wire:
                wire.write(GOLDEN["ask"])
                said = "clone_lid_open" if odd_lid and golden == "head_open" else golden
                assert wire.read(1) == GOLDEN[f"answer.{said}"]


def test_a_million_random_bytes_stop_no_label_printer_and_fill_no_memory() -> None:
    chance = random.Random(45)
    ear, taken = LabelEar(), 0
    for _ in range(1_000):
        ear.feed(chance.randbytes(chance.randrange(1, 2_000)))
        while ear.take() is not None:
            taken += 1
    assert taken > 1_000
    ear.feed(b"\r\nBITMAP 0,0,9999,9999,0," + bytes(3 << 20))
    assert ear.take() is not None
    assert ear.take() is None
    assert ear.lost_bytes > 1 << 20
