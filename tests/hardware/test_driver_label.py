"""The label printer: one picture a label, and a printer that says what is wrong with it."""

import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from edge.kernel.errors import DeviceGone, DeviceJammed
from hardware.catalogue import PRINTERS, choose
from hardware.drivers.printers import receipt_raster
from hardware.drivers.printers.label_layout import LabelTooFull, draw, lay_out
from hardware.options import PrinterOptions
from hardware.ports import Block, PaperState, Picture, Printer, Qr, Rule, Text
from hardware.twins.faults import Fault
from tests.golden import read_golden
from tests.hardware.driver_peer import Peer
from tests.hardware.label_shop import Shop, open_shop
from tests.hardware.twin_wire import Wire, eventually

pytestmark = pytest.mark.anyio
WIDE, HIGH = 480, 320
TOKEN = "CY1:K7QZ4MBY3TRXWV2HDA5N6CPJEF"
LABEL: tuple[Block, ...] = (
    Text(text="坪上村驿", scale=2, centred=True, bold=True),
    Rule(),
    Qr(data=TOKEN),
    Text(text="YT7700123456789 王**", centred=True),
    Text(text="3-2-1004"),
)
MODULES = 25
GOLDEN = read_golden("label_printer")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    yield from open_shop(tmp_path)


@asynccontextmanager
async def printing(port: str, dots: int = WIDE, dots_down: int = HIGH) -> AsyncIterator[Printer]:
    printer = choose(PRINTERS, "tspl")(
        PrinterOptions(
            name="label-printer", port=port, baud=9_600, dots=dots, dots_down=dots_down, gap_mm=3
        )
    )
    try:
        yield printer
    finally:
        await printer.aclose()


def codes(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageOps.invert(image.convert("L")).getbbox()
    assert box is not None, "there is no ink"
    return box


# -- the picture


def test_a_label_is_the_bytes_of_the_sheet() -> None:
    data = lay_out((Picture(image=Image.new("1", (112, 1), 0)),), 128, 16 + 16, 2)
    head = GOLDEN["label.head"].replace(b",2 mm", b",4 mm")
    assert data.startswith(head + GOLDEN["label.bitmap"])
    assert data.endswith(b"\r\n" + GOLDEN["label.print"])
    dots = data[len(head) + len(GOLDEN["label.bitmap"]) :][: 16 * 16]
    rows = [dots[at : at + 16] for at in range(0, len(dots), 16)]
    assert rows[8] == b"\xff" + bytes(14) + b"\xff"  # 1 mm below the edge, black is 0
    assert [row for row in rows if row != b"\xff" * 16] == [rows[8]]


def test_what_fits_comes_out_as_large_as_asked() -> None:
    large = draw((Text(text="村", scale=3), Qr(data=TOKEN, module_dots=4)), WIDE, HIGH)
    left, top, right, bottom = ink_box(large.crop((0, 0, WIDE, 100)))
    assert right - left > 50
    assert bottom - top > 50
    code = ink_box(large.crop((0, 100, WIDE, HIGH)))
    assert code[2] - code[0] == 4 * MODULES


def test_first_the_qr_code_gives_way_then_the_text() -> None:
    def widths(lines: int) -> tuple[int, int]:
        text: list[Block] = [Text(text="村", scale=2)] * lines
        blocks = (*text, Qr(data=TOKEN, module_dots=7))
        label = draw(blocks, WIDE, HIGH)
        letter = ink_box(label.crop((0, 0, 80, HIGH)))
        width = ink_box(label.crop((100, 0, WIDE, HIGH)))
        return letter[2] - letter[0], (width[2] - width[0]) // MODULES

    letter, code = widths(1)
    assert (letter > 40, code) == (True, 7)
    assert widths(2) == (letter, 5)
    assert widths(4)[0] <= letter // 2


@pytest.mark.parametrize(
    "blocks",
    [
        tuple(Text(text=f"line {n}") for n in range(20)),
        (Qr(data="x" * 1_200),),
        (Picture(image=Image.new("1", (100, 400), 0)),),
    ],
    ids=["text", "qr", "picture"],
)
async def test_what_no_shrinking_fits_is_a_clear_error_and_nothing_is_sent(
    shop: Shop, blocks: tuple[Block, ...]
) -> None:
    async with printing(shop.port) as printer:
        with pytest.raises(LabelTooFull, match=r"(fit|wide)"):
            await printer.print_document(blocks)
        await printer.print_document(LABEL)
    assert len(shop.twin.labels) == 1


def test_one_letter_wider_than_the_label_is_too_much() -> None:
    with pytest.raises(LabelTooFull, match="not even one letter"):
        draw((Text(text="村"),), 32, HIGH)


@given(
    text=st.text("村驿 ab1W,。\n", min_size=1, max_size=60),
    scale=st.integers(1, 4),
    centred=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_no_ink_comes_nearer_to_the_edge_than_a_millimetre(
    text: str, scale: int, *, centred: bool
) -> None:
    try:
        label = draw((Text(text=text, scale=scale, centred=centred, bold=True),), WIDE, HIGH)
    except LabelTooFull:
        return
    box = ImageOps.invert(label.convert("L")).getbbox()
    if box is not None:
        assert box[0] >= 7
        assert box[1] >= 7
        assert box[2] <= WIDE - 6
        assert box[3] <= HIGH - 8


def test_a_wide_picture_is_shrunk_to_the_label() -> None:
    label = draw((Picture(image=Image.new("1", (1_000, 100), 0)),), WIDE, HIGH)
    assert ink_box(label) == (8, 8, WIDE - 8, 8 + 46)


def test_no_label_contains_a_command_that_is_obeyed_at_once() -> None:
    rows = b"\x1b!R\x1b!?" * 10
    image = Image.frombytes("1", (464, 1), rows[:58])
    data = lay_out((Picture(image=image),), WIDE, HIGH, 2)
    assert b"\x1b!" not in data
    assert b"\x1b\x01R" in data


def test_without_a_chinese_font_nothing_is_printed_and_the_package_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receipt_raster, "_FONTS", ())
    receipt_raster._font.cache_clear()  # noqa: SLF001 - the machine's fonts are remembered there
    try:
        with pytest.raises(DeviceJammed, match="fonts-noto-cjk"):
            draw((Text(text="村"),), WIDE, HIGH)
    finally:
        receipt_raster._font.cache_clear()  # noqa: SLF001 - as above


# -- on the printer


async def test_a_label_comes_out_as_it_was_drawn_and_its_code_can_be_scanned(shop: Shop) -> None:
    async with printing(shop.port) as printer:
        await printer.print_document(LABEL)
        await printer.print_document(LABEL)
        health = printer.health()
    assert (health.present, health.simulated, health.note) == (True, True, "")
    first, second = shop.twin.labels
    assert first.tobytes() == second.tobytes() == draw(LABEL, WIDE, HIGH).convert("L").tobytes()
    assert codes(first) == [TOKEN]
    assert shop.twin.gap_mm == "3 mm"
    assert shop.twin.unknown_commands == 0


async def test_the_smallest_qr_code_that_a_label_carries_can_be_scanned(shop: Shop) -> None:
    async with printing(shop.port, dots=160, dots_down=160) as printer:
        await printer.print_document((Qr(data=TOKEN, module_dots=1),))
        await printer.print_document((Text(text="村"), Qr(data=TOKEN, module_dots=9)))
        await printer.print_document((Qr(data="K7QZ4", module_dots=1),))
    assert [codes(label) for label in shop.twin.labels] == [[TOKEN], [TOKEN], ["K7QZ4"]]
    left, _, right, _ = ink_box(shop.twin.labels[0])
    assert right - left == MODULES * 3


@pytest.mark.parametrize("odd_lid", [False, True])
@pytest.mark.parametrize(
    ("fault", "state", "note"),
    [
        (Fault.LABEL_HEAD_OPEN, PaperState.COVER_OPEN, "printer.cover_open"),
        (Fault.LABEL_OUT, PaperState.OUT, "printer.label_out"),
        (Fault.LABEL_JAM, PaperState.UNKNOWN, "printer.label_jam"),
        (Fault.LABEL_PAUSED, PaperState.UNKNOWN, "printer.paused"),
    ],
)
async def test_a_printer_in_trouble_says_which_and_is_sent_nothing(
    tmp_path: Path, fault: Fault, state: PaperState, note: str, *, odd_lid: bool
) -> None:
    for shop in open_shop(tmp_path, odd_lid=odd_lid):
        async with printing(shop.port) as printer:
            assert await printer.paper() is PaperState.OK
            shop.faults.switch(fault, on=True)
            assert await printer.paper() is state
            assert printer.health().note == note
            with pytest.raises(DeviceJammed, match=note):
                await printer.print_document(LABEL)
            shop.faults.mend_all()
            await printer.print_document(LABEL)
            assert printer.health().note == ""
        assert len(shop.twin.labels) == 1


@pytest.mark.parametrize(
    ("answer", "state", "note"),
    [
        (b"\x08", PaperState.OUT, "printer.ribbon_out"),
        (b"\x80", PaperState.UNKNOWN, "device.jammed"),
        (b"\x41", PaperState.UNKNOWN, ""),
        (b"", PaperState.UNKNOWN, ""),
    ],
)
async def test_other_bits_of_the_answer_are_told_too(
    tmp_path: Path, answer: bytes, state: PaperState, note: str
) -> None:
    with Peer(tmp_path / "printer", lambda _: answer) as peer:
        async with printing(peer.port) as printer:
            assert await printer.paper() is state
            assert printer.health().note == note
            assert printer.health().bad_frames >= int(answer == b"\x41")


async def test_a_silent_clone_gets_its_labels_unasked(shop: Shop) -> None:
    shop.faults.switch(Fault.LABEL_SILENT, on=True)
    async with printing(shop.port) as printer:
        await printer.print_document(LABEL)
        assert await printer.paper() is PaperState.UNKNOWN
        assert printer.health().note == ""
        assert eventually(lambda: len(shop.twin.labels) == 1)


async def test_a_printer_that_answered_and_does_not_any_more_is_gone(shop: Shop) -> None:
    async with printing(shop.port) as printer:
        assert await printer.paper() is PaperState.OK
        assert await printer.paper() is PaperState.OK
        shop.faults.switch(Fault.LABEL_SILENT, on=True)
        with pytest.raises(DeviceGone, match="no more"):
            await printer.print_document(LABEL)
        assert printer.health().note == "device.silent"
        shop.faults.mend_all()
        await printer.print_document(LABEL)


async def test_a_label_is_not_called_printed_while_the_printer_says_that_it_prints(
    tmp_path: Path,
) -> None:
    asked: list[bytes] = []
    loaded: list[bytes] = []

    def answer(data: bytes) -> bytes:
        if b"PRINT 1,1" in data:
            loaded.append(data)
        if b"\x1b!?" not in data:
            return b""
        asked.append(data)
        return b"\x20" if loaded and len(asked) < 9 else b"\x00"

    with Peer(tmp_path / "printer", answer) as peer:
        async with printing(peer.port) as printer:
            await printer.print_document(LABEL)
    assert len(asked) >= 9


async def test_a_printer_that_prints_without_end_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.printers.label_printer.FINISH_S", 0.1)
    with Peer(tmp_path / "printer", lambda d: b"\x20" if b"\x1b!?" in d else b"") as peer:
        async with printing(peer.port) as printer:
            with pytest.raises(DeviceGone, match="does not end"):
                await printer.print_document(LABEL)


@pytest.mark.parametrize("cut", [10, 60, 75, 80, 400])
async def test_a_label_that_was_cut_off_spoils_only_itself(shop: Shop, cut: int) -> None:
    with Wire(Path(shop.port.removeprefix("twin:"))) as wire:
        wire.write(lay_out(LABEL, WIDE, HIGH, 2)[:cut])
    async with printing(shop.port) as printer:
        await printer.print_document(LABEL)
    (label,) = shop.twin.labels
    assert label.tobytes() == draw(LABEL, WIDE, HIGH).convert("L").tobytes()


async def test_a_closed_label_printer_refuses_and_an_absent_one_is_gone(tmp_path: Path) -> None:
    async with printing(f"twin:{tmp_path}/nothing") as printer:
        with pytest.raises(DeviceGone, match="nothing was printed"):
            await printer.print_document(LABEL)
        assert await printer.paper() is PaperState.UNKNOWN
        assert printer.health().note == "device.missing"
    with pytest.raises(DeviceGone, match="closed"):
        await printer.print_document(LABEL)


async def test_random_bytes_never_hold_the_driver_up(tmp_path: Path) -> None:
    chance = random.Random(44)
    noise = [chance.randbytes(chance.randrange(1, 4_000)) for _ in range(500)]
    with Peer(tmp_path / "printer", lambda _: noise.pop() if noise else b"") as peer:
        async with printing(peer.port) as printer:
            while noise:
                assert await printer.paper() in PaperState
            peer.answer = lambda _: b"\x04"
            assert await printer.paper() is PaperState.OUT


def test_every_bitmap_of_a_label_names_a_place_on_it() -> None:
    found = re.findall(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,", lay_out(LABEL, WIDE, HIGH, 2))
    assert [int(y) for _, y, _, _ in found] == list(range(0, HIGH, 16))
    assert {(int(x), int(w)) for x, _, w, _ in found} == {(0, WIDE // 8)}
