"""A receipt printer in trouble: in mid-slip, switched off behind its port, cut off in a picture."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import zxingcpp

from edge.kernel.errors import DeviceGone, DeviceJammed
from firmware_bridge.receipt_printer import Topic, read_answer, read_in_turn
from hardware.catalogue import PRINTERS, choose
from hardware.drivers.printers.receipt_layout import lay_out
from hardware.options import PrinterOptions
from hardware.ports import Block, PaperState, Printer, Qr, Text
from hardware.twins.bench import Bench, BenchMake
from hardware.twins.faults import Device, Fault
from tests.hardware.driver_peer import Peer, wait_until
from tests.hardware.twin_wire import Wire, eventually

pytestmark = pytest.mark.anyio
TOKEN = "CY1:K7QZ4MBY3TRXWV2HDA5N6CPJEF"
SLIP: tuple[Block, ...] = (
    *(Text(text=f"line {n}") for n in range(1, 10)),
    Qr(data=TOKEN),
    Text(text="the end"),
)
LINES = tuple(block.text for block in SLIP if isinstance(block, Text))
MARKED: tuple[Block, ...] = (Text(text="补打", scale=2), *SLIP)


@asynccontextmanager
async def printing(port: str, dots: int = 384) -> AsyncIterator[Printer]:
    options = PrinterOptions(name="printer", port=port, baud=115_200, dots=dots)
    printer = choose(PRINTERS, "escpos")(options)
    try:
        yield printer
    finally:
        await printer.aclose()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path) as bench:
        yield bench


def on_paper(bench: Bench) -> list[str]:
    return [line for slip in bench.printer.slips for line in slip.text]


async def test_low_paper_is_told_and_does_not_hold_up_a_slip(bench: Bench) -> None:
    bench.faults.switch(Fault.PAPER_LOW, on=True)
    async with printing(bench.port(Device.PRINTER)) as printer:
        await printer.print_document(SLIP)
        health = printer.health()
        assert (health.present, health.note) == (True, "printer.paper_low")
        assert await printer.paper() is PaperState.LOW
        bench.faults.mend_all()
        assert await printer.paper() is PaperState.OK
        assert printer.health().note == ""
    assert len(bench.printer.slips) == 1


@pytest.mark.parametrize(
    ("soon", "failure"),
    [
        (Fault.PAPER_ENDS_SOON, DeviceJammed),
        (Fault.COVER_OPENS_SOON, DeviceJammed),
        (Fault.POWER_FAILS_SOON, DeviceGone),
        (Fault.CABLE_SLIPS_SOON, DeviceGone),
    ],
)
async def test_a_slip_that_breaks_off_is_never_called_printed_and_the_next_comes_whole(
    bench: Bench, soon: Fault, failure: type[Exception]
) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        await printer.print_document((Text(text="before"),))
        bench.faults.switch(soon, on=True)
        with pytest.raises(failure):
            await printer.print_document(SLIP)
        await asyncio.to_thread(eventually, lambda: len(bench.faults.active()) <= 2)
        bench.faults.mend_all()
        await printer.print_document(MARKED)
    lines = on_paper(bench)
    after_mark = lines[lines.index("补打") :]
    assert after_mark == ["补打", *LINES]
    assert lines.count("the end") <= 2
    last = zxingcpp.read_barcodes(bench.printer.papers[-1])
    assert {code.text for code in last} == {TOKEN}


async def test_a_clone_that_answers_only_in_real_time_is_watched_while_it_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.printers.escpos_printer.FINISH_S", 0.1)
    monkeypatch.setattr("hardware.drivers.printers.escpos_printer.ANSWER_S", 0.05)
    slips: list[bytes] = []
    asked_since: list[bytes] = []

    def answer(data: bytes) -> bytes:
        if b"\x1dV\x00" in data:
            slips.append(data)
            asked_since.clear()
        if not data.endswith((b"\x10\x04\x04", b"\x10\x04\x02")):
            return b""
        asked_since.append(data)
        ended = len(slips) == 2 and len(asked_since) > 4  # its roll ends a while after the bytes
        return b"\x32" if ended and data.endswith(b"\x02") else b"\x12"

    with Peer(tmp_path / "printer", answer) as peer:
        async with printing(peer.port) as printer:
            await printer.print_document(SLIP)
            with pytest.raises(DeviceJammed, match="paper_out"):
                await printer.print_document(SLIP)


async def test_a_late_answer_to_the_slip_before_does_not_say_that_this_one_is_out(
    tmp_path: Path,
) -> None:
    """Paper ended, a new roll: the printer answers for the rest of the old slip first."""
    in_turn: list[bytes] = []
    looked: list[bytes] = []

    def answer(data: bytes) -> bytes:
        if data.endswith(b"\x1d\x72\x01"):
            in_turn.append(data)
            looked.clear()
            # 1: before the first slip. 2: behind it, held back with the paper. 3: before the
            # second slip, while the old one still comes out. 4: behind the second.
            return b"\x00" if len(in_turn) in {1, 4} else b""
        if not data.endswith((b"\x10\x04\x04", b"\x10\x04\x02")):
            return b""
        looked.append(data)
        out = len(in_turn) == 2 and len(looked) <= 2 and data.endswith(b"\x02")
        last = b"\x00\x00" if len(in_turn) == 4 and len(looked) == 4 else b""
        return last + (b"\x32" if out else b"\x12")

    with Peer(tmp_path / "printer", answer) as peer:
        async with printing(peer.port) as printer:
            with pytest.raises(DeviceJammed):
                await printer.print_document(SLIP)
            await printer.print_document(MARKED)
            assert len(in_turn) == 4
            assert len(looked) >= 4


async def test_a_printer_switched_off_behind_its_port_is_not_believed_to_print(
    bench: Bench,
) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        assert await printer.paper() is PaperState.OK
        bench.faults.switch(Fault.PRINTER_OFF, on=True)
        assert await printer.paper() is PaperState.UNKNOWN
        assert printer.health().note == "device.silent"
        with pytest.raises(DeviceGone):
            await printer.print_document(SLIP)
        bench.faults.mend_all()
        await printer.print_document(SLIP)
    assert on_paper(bench).count("the end") == 1


async def test_one_stray_byte_does_not_make_a_silent_clone_a_printer_that_answers(
    tmp_path: Path,
) -> None:
    strays = [b"\x12"]
    with Peer(tmp_path / "printer", lambda _: strays.pop() if strays else b"") as peer:
        async with printing(peer.port) as printer:
            assert await printer.paper() is PaperState.OK
            assert await printer.paper() is PaperState.UNKNOWN
            await printer.print_document(SLIP)
        slip = lay_out(SLIP, 384)
        await asyncio.to_thread(
            wait_until, lambda: slip in b"".join(data for _, data in peer.heard)
        )


def is_out_marked(bench: Bench) -> bool:
    lines = on_paper(bench)
    return "补打" in lines and "the end" in lines[lines.index("补打") :]


def cuts() -> list[int]:
    """Places at which a slip may break off: in a line, in a picture's head, among its dots."""
    data = lay_out(SLIP, 384)
    picture = data.index(b"\x1dv0")
    return [30, picture + 1, picture + 5, picture + 8, picture + 9, picture + 1_000, len(data) - 1]


@pytest.mark.parametrize("silent", [False, True], ids=["answers", "silent"])
@pytest.mark.parametrize("cut", cuts())
async def test_after_a_killed_program_the_copy_mark_is_not_swallowed_by_a_half_picture(
    bench: Bench, cut: int, *, silent: bool
) -> None:
    with Wire(Path(bench.port(Device.PRINTER).removeprefix("twin:"))) as wire:
        wire.write(lay_out(SLIP, 384)[:cut])
    if silent:
        bench.faults.switch(Fault.PRINTER_SILENT, on=True)
    async with printing(bench.port(Device.PRINTER)) as printer:
        await printer.print_document(MARKED)
        await asyncio.to_thread(wait_until, lambda: is_out_marked(bench))
        assert on_paper(bench).count("补打") == 1
        before = len(bench.printer.slips)
        await printer.print_document(SLIP)
        await asyncio.to_thread(wait_until, lambda: len(bench.printer.slips) == before + 1)
    assert bench.printer.slips[-1].text == LINES


async def test_a_printer_that_lies_is_believed_which_is_why_a_keeper_can_reprint(
    bench: Bench,
) -> None:
    bench.faults.switch(Fault.PRINTER_LIES, on=True)
    async with printing(bench.port(Device.PRINTER)) as printer:
        await printer.print_document(SLIP)
        assert printer.health().note == ""
    assert bench.printer.slips == ()


async def test_a_million_random_bytes_are_no_answer_that_outlives_the_next_question(
    tmp_path: Path,
) -> None:
    chance = random.Random(41)
    noise = [chance.randbytes(chance.randrange(1, 4_000)) for _ in range(500)]
    assert sum(len(chunk) for chunk in noise) > 900_000
    with Peer(tmp_path / "printer", lambda _: noise.pop() if noise else b"") as peer:
        async with printing(peer.port) as printer:
            while noise:
                assert await printer.paper() in PaperState
            peer.answer = lambda data: {b"\x10\x04\x04": b"\x12", b"\x10\x04\x02": b"\x16"}[data]
            assert await printer.paper() is PaperState.COVER_OPEN


def test_one_byte_in_sixteen_passes_for_an_answer() -> None:
    """A lone byte has no checksum: what the fixed bits let through is all there is."""
    data = random.Random(42).randbytes(1_000_000)
    real_time = sum(read_answer(Topic.PAPER, byte) is not None for byte in data)
    in_turn = sum(read_in_turn(byte) is not None for byte in data)
    assert abs(real_time / len(data) - 1 / 16) < 0.001
    assert abs(in_turn / len(data) - 1 / 16) < 0.001


@pytest.mark.parametrize("dots", [384, 576])
@pytest.mark.parametrize("module_dots", [3, 4, 7])
async def test_every_qr_code_that_comes_out_of_the_printer_can_be_scanned(
    tmp_path: Path, dots: int, module_dots: int
) -> None:
    with Bench(tmp_path, 2, BenchMake(dots=dots)) as bench:
        async with printing(bench.port(Device.PRINTER), dots) as printer:
            await printer.print_document(
                (Text(text="取件"), Qr(data=TOKEN, module_dots=module_dots))
            )
        (code,) = zxingcpp.read_barcodes(bench.printer.papers[0])
    assert code.text == TOKEN
