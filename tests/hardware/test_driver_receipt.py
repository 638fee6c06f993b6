"""What a document becomes: the bytes for the printer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.drivers.printers import receipt_raster
from hardware.drivers.printers.receipt_layout import lay_out
from hardware.drivers.printers.receipt_text import clean, columns_of, wrap
from hardware.ports import Block, Picture, Qr, Rule, Text

START = b"\x1b@\x1c&"
END = b"\x1bd\x05\x1dV\x00"
AFTER_TEXT = b"\x1bE\x00\x1d!\x00\x1ba\x00"
RASTER = re.compile(rb"\x1dv0\x00(.)(.)(.)(.)", re.DOTALL)


def body(*blocks: Block, dots: int = 384) -> bytes:
    data = lay_out(blocks, dots)
    assert data.startswith(START)
    assert data.endswith(END)
    return data[len(START) : -len(END)]


def pictures(data: bytes) -> list[Image.Image]:
    """The rasters in some bytes."""
    found, at = [], 0
    while (head := RASTER.search(data, at)) is not None:
        width, height = (head[1][0] + head[2][0] * 256, head[3][0] + head[4][0] * 256)
        dots = data[head.end() : head.end() + width * height]
        found.append(Image.frombytes("1", (width * 8, height), bytes(b ^ 0xFF for b in dots)))
        at = head.end() + len(dots)
    return found


def test_chinese_goes_out_in_gb18030_with_its_punctuation() -> None:
    printed = body(Text(text="取件码：８８，￥3“好”"))
    text = "取件码：８８，￥3“好”".encode("gb18030")
    assert printed == b"\x1ba\x00\x1bE\x00\x1d!\x00" + text + b"\n" + AFTER_TEXT
    assert b"?" not in printed


@pytest.mark.parametrize(("scale", "size"), [(1, 0x00), (2, 0x11), (3, 0x22), (4, 0x33)])
def test_scale_centring_and_bold_are_switched_on_and_off_again(scale: int, size: int) -> None:
    printed = body(Text(text="5", scale=scale, centred=True, bold=True))
    assert printed == b"\x1ba\x01\x1bE\x01\x1d!" + bytes([size]) + b"5\n" + AFTER_TEXT


@pytest.mark.parametrize("dots", [384, 576])
def test_a_rule_is_as_wide_as_the_paper(dots: int) -> None:
    assert body(Rule(), dots=dots) == b"-" * (dots // 12) + b"\n"


@given(st.text(max_size=200), st.integers(1, 4))
def test_no_text_can_command_the_printer(text: str, scale: int) -> None:
    printed = body(Text(text=text, scale=scale))
    for start in (b"\x1ba\x00\x1bE\x00\x1d!" + bytes([(scale - 1) * 0x11]),):
        assert printed.startswith(start)
        printed = printed[len(start) :]
    printed = printed.removesuffix(AFTER_TEXT)
    while (head := RASTER.search(printed)) is not None:
        size = (head[1][0] + head[2][0] * 256) * (head[3][0] + head[4][0] * 256)
        printed = printed[: head.start()] + printed[head.end() + size :]
    assert all(byte >= 0x20 or byte == 0x0A for byte in printed)


def test_control_codes_in_a_name_are_left_out() -> None:
    assert clean("王\x1b@\x1dV\x00五\x10\x04\x01\x7f\u200b\ufeff") == "王@V五"


def test_line_breaks_are_kept_and_tabs_are_blanks() -> None:
    assert clean("一\r\n二\t三\u00a0四\u2028五¥") == "一\n二 三 四 五￥"


def test_a_line_holds_32_ascii_or_16_chinese_characters_on_58_mm() -> None:
    assert list(wrap("一" * 17, 32)) == ["一" * 16, "一"]
    assert list(wrap("a" * 33, 32)) == ["a" * 32, "a"]
    assert list(wrap("a" + "一" * 16, 32)) == ["a" + "一" * 15, "一"]


def test_words_and_numbers_stay_whole_where_they_fit() -> None:
    assert list(wrap("请凭 SF1234567890123 取件", 17)) == ["请凭", "SF1234567890123", "取件"]


def test_no_line_begins_with_a_full_stop() -> None:
    assert list(wrap("一二三四，五", 8)) == ["一二三", "四，五"]


@given(st.text("一二，。ab 1\n¥“𬭎", max_size=120), st.integers(2, 48))
def test_no_line_is_wider_than_the_paper_and_nothing_but_blanks_is_lost(
    text: str, columns: int
) -> None:
    lines = list(wrap(clean(text), columns))
    assert all(columns_of(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "").replace("\n", "")


def test_a_line_with_a_character_that_printers_lack_is_drawn() -> None:
    if receipt_raster.line_picture("𬭎", 1, bold=False) is None:
        pytest.skip("no Chinese font on this machine")
    (picture,) = pictures(body(Text(text="杜𬭎", bold=True)))
    assert picture.width == 384
    inked = picture.convert("L").point(lambda level: 255 - level).getbbox()
    assert inked is not None
    assert inked[0] < 10
    assert inked[2] < 60


def test_without_a_chinese_font_a_rare_character_becomes_a_box(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receipt_raster, "_FONTS", ())
    receipt_raster._font.cache_clear()  # noqa: SLF001 - the machine's fonts are remembered there
    try:
        assert "杜□".encode("gb18030") + b"\n" in body(Text(text="杜𬭎"))
    finally:
        receipt_raster._font.cache_clear()  # noqa: SLF001 - as above


@pytest.mark.parametrize("dots", [384, 576])
def test_a_qr_code_is_centred_whole_and_readable(dots: int) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    token = "K7QX" * 8
    parts = pictures(body(Qr(data=token, module_dots=7), dots=dots))
    paper = Image.new("1", (dots, sum(part.height for part in parts)), 1)
    top = 0
    for part in parts:
        paper.paste(part, (0, top))
        top += part.height
    (code,) = zxingcpp.read_barcodes(paper.convert("L"))
    assert code.text == token
    inked = paper.convert("L").point(lambda level: 255 - level).getbbox()
    assert inked is not None
    assert abs(inked[0] - (dots - inked[2])) <= 1


def test_a_large_qr_code_shrinks_to_the_paper() -> None:
    assert {part.width for part in pictures(body(Qr(data="x" * 300, module_dots=16)))} == {384}


def test_a_picture_wider_than_the_paper_is_shrunk_and_a_tall_one_goes_in_stripes() -> None:
    parts = pictures(body(Picture(image=Image.new("1", (768, 2_000), 0))))
    assert [part.height for part in parts] == [*[96] * 10, 40]


def test_no_picture_contains_a_real_time_command() -> None:
    rows = bytes([0x10, 0x04, 0x10, 0x05, 0x10, 0x14] * 8)
    image = Image.frombytes("1", (384, 1), bytes(byte ^ 0xFF for byte in rows))
    printed = body(Picture(image=image))
    assert not any(bytes([0x10, after]) in printed for after in (0x04, 0x05, 0x14))
