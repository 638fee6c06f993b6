"""The printer twin: bytes of the sheet in, readable paper out, and the faults of real printers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from hardware.twins.bench import Bench, BenchMake
from hardware.twins.faults import Fault
from hardware.twins.printers.escpos_ear import EscposEar
from hardware.twins.printers.print_head import PrintHead, Slip
from tests.hardware.twin_wire import QUIET_S, Wire, eventually

DOTS = 384
INIT = b"\x1b@\x1c&"
CUT = b"\x1dV\x00"
TOKEN = b"K7QZ4MBY3TRXWV2HDA5N6CPJEF"
STATUS = {n: bytes([0x10, 0x04, n]) for n in (1, 2, 3, 4)}


def zh(text: str) -> bytes:
    return text.encode("gb18030")


def qr(data: bytes, size: int = 7, ecc: bytes = b"1") -> bytes:
    def step(body: bytes) -> bytes:
        return b"\x1d(k" + len(body).to_bytes(2, "little") + body

    return b"".join(
        (
            step(b"1A2\x00"),
            step(b"1C" + bytes([size])),
            step(b"1E" + ecc),
            step(b"1P0" + data),
            step(b"1Q0"),
        )
    )


SLIP = (
    INIT
    + b"\x1ba\x01\x1d!\x11"
    + zh("坪上村服务站\n")
    + b"\x1d!\x22"
    + zh("4471 9026\n")
    + b"\x1d!\x00"
    + qr(TOKEN)
    + zh("扫二维码，或输尾号和取件码\n")
    + b"\x1ba\x00"
    + zh("圆通 YT7700123456789\n")
    + b"\x1bd\x03"
    + CUT
)


class Machine:
    """Ear and head without a cable: all at once, or cut up as the wire likes."""

    def __init__(self, dots: int = DOTS) -> None:
        self.slips: list[Slip] = []
        self.lines = 0
        self.ear = EscposEar()
        self.head = PrintHead(dots, self.slips.append, self._count)

    def _count(self) -> None:
        self.lines += 1

    def feed(self, data: bytes) -> "Machine":
        self.ear.feed(data)
        while (command := self.ear.take()) is not None:
            self.head.obey(command)
        return self


def printed(data: bytes, dots: int = DOTS) -> Slip:
    (slip,) = Machine(dots).feed(data + CUT).slips
    return slip


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = ImageOps.invert(image).getbbox()
    assert box is not None, "there is no ink"
    return box


def ink(image: Image.Image) -> int:
    return ImageOps.invert(image).histogram()[255]


def read_codes(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def test_the_slip_reads_as_it_was_written_and_its_qr_code_is_scannable() -> None:
    (slip,) = Machine().feed(SLIP).slips
    assert slip.text == (
        "坪上村服务站",
        "4471 9026",
        "扫二维码，或输尾号和取件码",
        "圆通 YT7700123456789",
    )
    assert slip.image.width == DOTS
    assert not slip.torn
    assert read_codes(slip.image) == [TOKEN.decode()]


@given(st.lists(st.integers(1, len(SLIP) - 1), max_size=12))
@settings(max_examples=15, deadline=None)
def test_the_paper_does_not_depend_on_how_the_wire_cut_the_bytes(cuts: list[int]) -> None:
    whole, pieces = Machine().feed(SLIP), Machine()
    edges = [0, *sorted(cuts), len(SLIP)]
    for start, end in zip(edges, edges[1:], strict=False):  # noqa: RUF007 - reads as slices
        pieces.feed(SLIP[start:end])
    assert pieces.slips[0].image.tobytes() == whole.slips[0].image.tobytes()


def test_chinese_letters_are_twice_as_wide_and_each_has_its_own_shape() -> None:
    left, top, right, bottom = ink_box(printed(INIT + zh("国国国国\n")).image)
    assert left < 12
    assert 84 <= right <= 96
    assert top < 6
    assert bottom <= 26
    village, station = printed(INIT + zh("村\n")).image, printed(INIT + zh("站\n")).image
    assert ink(village) > 60
    assert village.tobytes() != station.tobytes()


def test_a_letter_of_four_bytes_is_one_letter() -> None:
    assert printed(INIT + zh("𠮷村\n")).text == ("𠮷村",)


def test_without_chinese_mode_the_same_bytes_come_out_as_nonsense() -> None:
    assert printed(b"\x1b@" + zh("村\n")).text == (zh("村").decode("cp437"),)
    assert printed(INIT + b"\x1c." + zh("村\n")).text == (zh("村").decode("cp437"),)
    assert printed(INIT + b"\x1b@" + zh("村\n")).text == (zh("村").decode("cp437"),)


def test_size_and_weight_show_in_the_ink() -> None:
    plain = printed(INIT + zh("村\n")).image
    large = printed(INIT + b"\x1d!\x11" + zh("村\n")).image
    bold = printed(INIT + b"\x1bE\x01" + zh("村\n")).image
    assert ink(large) == 4 * ink(plain)
    assert ink(plain) < ink(bold) < 2 * ink(plain)
    for doubled in (b"\x1b!\x30", b"\x1c!\x0c"):
        assert ink(printed(INIT + doubled + zh("村\n")).image) == ink(large)
    wide = ink_box(printed(INIT + b"\x1d!\x10" + zh("国\n")).image)
    tall = ink_box(printed(INIT + b"\x1d!\x01" + zh("国\n")).image)
    assert wide[2] - wide[0] > 36 > tall[2] - tall[0]
    assert tall[3] - tall[1] > 36 > wide[3] - wide[1]


@pytest.mark.parametrize("number", [b"\x01", b"1"])
def test_alignment_moves_the_line(number: bytes) -> None:
    left = ink_box(printed(INIT + zh("国国\n")).image)
    centre = ink_box(printed(INIT + b"\x1ba" + number + zh("国国\n")).image)
    right = ink_box(printed(INIT + b"\x1ba\x02" + zh("国国\n")).image)
    assert centre[0] - left[0] == (DOTS - 48) // 2
    assert right[0] - left[0] == DOTS - 48


def test_a_line_that_is_too_long_goes_on_in_the_next() -> None:
    slip = printed(INIT + zh("村" * 17) + b"\n")
    assert slip.text == ("村" * 16, "村")
    assert printed(INIT + zh("村" * 17) + b"\n", dots=576).text == ("村" * 17,)


def test_feeding_and_spacing_make_the_paper_longer_by_so_many_dots() -> None:
    def length(data: bytes) -> int:
        return printed(INIT + b"x\n" + data).image.height

    plain = length(b"")
    assert plain == 30
    assert length(b"\x1bd\x03") == plain + 90
    assert length(b"\x1bJ\x07") == plain + 7
    assert length(b"\x1b3\x50x\n") == plain + 80
    assert length(b"\x1b3\x50\x1b2x\n") == plain + 30
    (slip,) = Machine().feed(INIT + b"x\n\x1dV\x42\x10").slips
    assert slip.image.height == plain + 16


@pytest.mark.parametrize("size", [3, 5, 8])
@pytest.mark.parametrize("ecc", [b"0", b"1", b"2", b"3"])
def test_a_native_qr_code_is_scannable_in_every_size_and_strength(size: int, ecc: bytes) -> None:
    slip = printed(INIT + zh("取件码\n") + qr(TOKEN, size, ecc) + zh("扫二维码\n"))
    assert read_codes(slip.image) == [TOKEN.decode()]


def test_a_qr_code_wider_than_the_paper_or_never_stored_is_not_printed() -> None:
    assert printed(INIT + b"x\n" + qr(b"A" * 400, 16)).image.height == 30
    assert printed(INIT + b"x\n" + qr(b"")).image.height == 30
    assert printed(INIT + b"x\n" + qr(b"\xff" * 4_000)).image.height == 30


def test_a_raster_picture_keeps_every_dot() -> None:
    picture = bytes([0b1000_0001, 0b0000_0001, 0b0000_0000, 0b1111_1111])
    image = printed(INIT + b"\x1dv0\x00\x02\x00\x02\x00" + picture).image
    black = [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if image.getpixel((x, y)) == 0
    ]
    assert black == [(0, 0), (7, 0), (15, 0), *[(x, 1) for x in range(8, 16)]]
    doubled = printed(INIT + b"\x1dv0\x03\x02\x00\x02\x00" + picture).image
    assert ink(doubled) == 4 * ink(image)


def test_a_column_picture_stands_in_the_line() -> None:
    columns = b"\x80\x00\x01" + b"\x00\x00\x00" + b"\xff\xff\xff"
    image = printed(INIT + b"\x1b*\x21\x03\x00" + columns + b"\n").image
    black = [
        (x, y)
        for x in range(image.width)
        for y in range(image.height)
        if image.getpixel((x, y)) == 0
    ]
    assert black == [(0, 0), (0, 23), *[(2, y) for y in range(24)]]


def test_unknown_commands_are_counted_and_left_out_and_the_rest_prints() -> None:
    machine = Machine().feed(INIT + b"A\x1bzB\x07\x1d(Z\x02\x00\x30\x32C\n\x1c&\xff\xffD\n" + CUT)
    assert machine.slips[0].text == ("ABC", "D")
    assert machine.head.unknown_bytes == 5


def test_settings_that_move_no_dot_are_understood_and_print_nothing() -> None:
    quiet = b"\x1bt\x00\x1bR\x0f\x1bM\x00\x1b-\x00\x1dL\x00\x00\x1dW\x80\x01\x1bp\x00\x19\xfa\r"
    machine = Machine().feed(INIT + quiet + b"x\n" + CUT)
    assert machine.slips[0].text == ("x",)
    assert machine.head.unknown_bytes == 0


def test_a_cut_without_anything_printed_makes_no_slip() -> None:
    assert Machine().feed(INIT + CUT + CUT).slips == []


def test_endless_paper_is_torn_off_and_memory_stays_bounded() -> None:
    machine = Machine().feed(INIT + b"\x1bJ\xff" * 200)
    assert [slip.torn for slip in machine.slips] == [True, True]
    ear = EscposEar()
    ear.feed(b"\x1dv0\x00\xff\xff\xff\xff" + b"\x00" * (3 << 20))
    assert ear.take() is None
    assert ear.lost_bytes > 1 << 20


# -- on its cable


def open_bench(folder: Path) -> Bench:
    return Bench(folder, 2, BenchMake(dots=DOTS))


def papers(bench: Bench, count: int) -> Callable[[], bool]:
    return lambda: len(bench.printer.papers) == count


def test_slips_come_out_of_the_cable_in_order_and_are_numbered(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        wire.write(SLIP + INIT + zh("第二张\n") + CUT)
        assert eventually(papers(bench, 2))
        assert [slip.number for slip in bench.printer.slips] == [1, 2]
        assert read_codes(bench.printer.papers[0]) == [TOKEN.decode()]
        assert bench.printer.slips[1].text == ("第二张",)
        assert bench.printer.unknown_bytes == 0


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (None, ["12", "12", "12", "12"]),
        (Fault.PAPER_LOW, ["12", "12", "12", "1e"]),
        (Fault.PAPER_OUT, ["1a", "32", "12", "7e"]),
        (Fault.COVER_OPEN, ["1a", "16", "12", "12"]),
        (Fault.PRINTER_SILENT, ["", "", "", ""]),
    ],
)
def test_status_answers_are_those_of_the_sheet(
    tmp_path: Path, fault: Fault | None, answers: list[str]
) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        if fault is not None:
            bench.faults.switch(fault, on=True)
        heard = []
        for question in STATUS.values():
            wire.write(question)
            heard.append(wire.read(1, 5.0 if answers[0] else QUIET_S).hex())
        assert heard == answers


def test_the_paper_question_in_turn_is_answered_after_what_was_sent_before(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        wire.write(SLIP + b"\x1dr\x01")
        assert wire.read(1) == b"\x00"
        assert len(bench.printer.papers) == 1
        bench.faults.switch(Fault.PAPER_LOW, on=True)
        wire.write(b"\x1dr\x01")
        assert wire.read(1) == b"\x03"
        bench.faults.switch(Fault.PAPER_OUT, on=True)
        wire.write(b"\x1dr\x01")
        assert wire.read(1, QUIET_S) == b""


def test_a_status_question_inside_a_picture_is_answered_and_stays_in_the_picture(
    tmp_path: Path,
) -> None:
    picture = b"\x1dv0\x00\x03\x00\x01\x00" + STATUS[1]
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        for byte in INIT + picture + CUT:
            wire.write(bytes([byte]))
        assert wire.read(1) == b"\x12"
        assert eventually(papers(bench, 1))
        assert ink(bench.printer.papers[0]) == sum(byte.bit_count() for byte in STATUS[1])


@pytest.mark.parametrize("stop", [Fault.PAPER_OUT, Fault.COVER_OPEN])
def test_a_stopped_printer_keeps_the_bytes_and_prints_them_once_it_can(
    tmp_path: Path, stop: Fault
) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        bench.faults.switch(stop, on=True)
        wire.write(SLIP + STATUS[1])
        assert wire.read(1) == b"\x1a"
        assert bench.printer.papers == []
        bench.faults.switch(stop, on=False)
        assert eventually(papers(bench, 1))
        assert read_codes(bench.printer.papers[0]) == [TOKEN.decode()]


def test_paper_that_ends_in_the_middle_comes_out_torn_and_the_rest_on_the_next_roll(
    tmp_path: Path,
) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        bench.faults.switch(Fault.PAPER_ENDS_SOON, on=True)
        wire.write(INIT + b"".join(b"line %d\n" % n for n in range(1, 9)) + CUT)
        assert eventually(papers(bench, 1))
        assert bench.faults.is_on(Fault.PAPER_OUT)
        bench.faults.switch(Fault.PAPER_OUT, on=False)
        assert eventually(papers(bench, 2))
        first, second = bench.printer.slips
        assert first.torn
        assert not second.torn
        assert first.text == tuple(f"line {n}" for n in range(1, 6))
        assert second.text == ("line 6", "line 7", "line 8")
        assert not bench.faults.is_on(Fault.PAPER_ENDS_SOON)
