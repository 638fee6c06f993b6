"""Headlines, black bars, barcodes and codes beside text: on labels, and on receipts too."""

import pytest
import zxingcpp
from barcode import Code128  # type: ignore[import-untyped] # it comes without types
from PIL import Image, ImageOps

from hardware.drivers.printers import label_layout, receipt_layout, receipt_raster
from hardware.drivers.printers.bars import QUIET_MODULES, bars_picture
from hardware.drivers.printers.label_layout import LabelTooFull, draw
from hardware.ports import Bars, Beside, Block, Qr, Rule, Text
from hardware.twins.printers.escpos_ear import EscposEar
from hardware.twins.printers.print_head import PrintHead, Slip

WIDE, HIGH = 480, 320
SLOT = Text(text="B-3-407", scale=8, bold=True, whole=True)
WAYBILL = "YT7700123000077"


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageOps.invert(image.convert("L")).getbbox()
    assert box is not None, "there is no ink"
    return box


def printed(*blocks: Block, dots: int = 384) -> Slip:
    """What the receipt printer's twin has on paper."""
    slips: list[Slip] = []
    ear, head = EscposEar(), PrintHead(dots, slips.append, lambda: None)
    ear.feed(receipt_layout.lay_out(blocks, dots))
    while (command := ear.take()) is not None:
        head.obey(command)
    assert head.unknown_bytes == 0
    return slips[0]


# -- headlines


def test_a_headline_is_as_wide_as_the_label_and_never_broken() -> None:
    left, top, right, bottom = ink(draw((SLOT,), WIDE, HIGH))
    assert 0.9 * (WIDE - 16) < right - left <= WIDE - 16
    assert bottom - top < 120


def test_a_headline_gives_way_to_what_must_stand_below_it() -> None:
    rest = tuple(Text(text=f"{n}") for n in range(8))
    alone = ink(draw((SLOT,), WIDE, HIGH))
    crowded = ink(draw((SLOT, *rest), WIDE, HIGH).crop((0, 0, WIDE, 60)))
    assert crowded[2] - crowded[0] < (alone[2] - alone[0]) * 0.7


def test_a_headline_that_could_not_be_read_in_one_line_is_broken_after_all() -> None:
    long = Text(text="邮政" * 40, whole=True)
    box = ink(draw((long,), WIDE, HIGH))
    assert box[3] - box[1] > 2 * receipt_raster.CHARACTER_DOTS


def test_an_empty_headline_is_no_trouble() -> None:
    empty = draw((Text(text="", whole=True), Rule()), WIDE, HIGH)
    assert ink(empty)


def test_a_centred_headline_has_as_much_white_on_both_sides() -> None:
    left, _, right, _ = ink(
        draw((Text(text="zhen", scale=4, centred=True, whole=True),), WIDE, HIGH)
    )
    assert abs(left - (WIDE - right)) <= 2


@pytest.mark.parametrize("whole", [True, False])
def test_an_inverted_word_is_white_on_a_black_bar(*, whole: bool) -> None:
    label = draw((Text(text="圆通", scale=2, whole=whole, inverted=True),), WIDE, HIGH).convert("L")
    box = ink(label)
    bar = label.crop(box)
    black = bar.histogram()[0] / (bar.width * bar.height)
    assert 0.5 < black < 0.95
    assert {bar.getpixel((x, 0)) for x in range(bar.width)} == {0}


def test_without_a_chinese_font_the_printer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_raster, "_FONTS", ())
    receipt_raster._font.cache_clear()  # noqa: SLF001 - a font is looked for once
    try:
        with pytest.raises(Exception, match="fonts-noto-cjk"):
            draw((SLOT,), WIDE, HIGH)
    finally:
        receipt_raster._font.cache_clear()  # noqa: SLF001 - as above


# -- codes


@pytest.mark.parametrize("data", ["FQ0000001", WAYBILL, "SF1234567890123", "77012345678901"])
def test_bars_are_those_of_another_encoder_or_shorter_and_are_read_back(data: str) -> None:
    row = bars_picture(data, WIDE - 16)
    assert row is not None
    label = draw((Bars(data=data),), WIDE, HIGH)
    (code,) = zxingcpp.read_barcodes(label)
    assert (code.text, code.format) == (data, zxingcpp.BarcodeFormat.Code128)
    other = len(Code128(data).build()[0])
    modules = min(row.width // bar - 2 * QUIET_MODULES for bar in (2, 3) if row.width % bar == 0)
    assert modules <= other


def test_bars_that_would_be_too_fine_or_are_not_latin_come_as_a_qr_code() -> None:
    for data in ("A" * 30, "封签一号"):
        (code,) = zxingcpp.read_barcodes(draw((Bars(data=data),), WIDE, HIGH))
        assert (code.text, code.format) == (data, zxingcpp.BarcodeFormat.QRCode)


def test_bars_get_lower_where_there_is_little_room_but_never_too_low_for_a_hand() -> None:
    lines = tuple(Text(text=f"{n}") for n in range(7))
    label = draw((Bars(data="FQ0000001"), *lines), WIDE, HIGH)
    tall = next(y for y in range(8, HIGH) if label.crop((0, y, WIDE, y + 1)).getextrema() == (1, 1))
    assert tall - 8 >= 40
    assert len(zxingcpp.read_barcodes(label)) == 1


def test_a_code_stands_at_the_right_of_its_lines() -> None:
    pair = Beside(lines=(Text(text="尾号 3865", scale=3, whole=True),), code=Qr(data=WAYBILL))
    label = draw((pair,), WIDE, HIGH)
    assert [code.text for code in zxingcpp.read_barcodes(label.crop((240, 0, WIDE, HIGH)))] == [
        WAYBILL
    ]
    assert ink(label.crop((0, 0, 240, HIGH)))[0] <= 16


def test_lines_beside_a_code_that_leaves_them_no_room_are_too_much() -> None:
    pair = Beside(lines=(Text(text="村"),), code=Qr(data="x" * 200))
    with pytest.raises(LabelTooFull):
        draw((pair,), 168, HIGH)


def test_a_smaller_code_makes_room_for_what_stands_beside_it() -> None:
    pair = Beside(lines=(Text(text="尾号"),), code=Qr(data=WAYBILL, module_dots=8))
    label = draw((pair,), 232 + 16 + 24, HIGH)
    assert [code.text for code in zxingcpp.read_barcodes(label)] == [WAYBILL]


# -- the same on a receipt


def test_a_receipt_has_them_too_one_below_the_other() -> None:
    slip = printed(
        SLOT,
        Text(text="圆通", inverted=True),
        Beside(lines=(Text(text="尾号 3865"),), code=Qr(data=WAYBILL)),
        Bars(data="FQ0000001"),
        Bars(data="A" * 30),
    )
    assert slip.text == ("B-3-407", "尾号 3865")
    assert {code.text for code in zxingcpp.read_barcodes(slip.image)} == {
        WAYBILL,
        "FQ0000001",
        "A" * 30,
    }


def test_a_headline_on_a_receipt_is_as_large_as_fits_on_one_line() -> None:
    whole = printed(Text(text="B-3-407-9999", scale=8, whole=True))
    assert whole.text == ("B-3-407-9999",)
    assert label_layout.MAX_SCALE > receipt_layout.MAX_SCALE
