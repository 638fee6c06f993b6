"""The receipt printer: against a scripted far end, and against the printer twin."""

import asyncio
import fcntl
import os
import sys
import termios
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.kernel.errors import DeviceGone, DeviceJammed
from hardware.catalogue import PRINTERS, choose
from hardware.options import PrinterOptions
from hardware.ports import PaperState, Printer, Qr, Rule, Text
from hardware.twins.bench import Bench
from hardware.twins.faults import Device, Fault
from tests.hardware.driver_peer import BACK_WITHIN_S, Peer, wait_until

pytestmark = pytest.mark.anyio
SLIP = (Text(text="村驿", scale=2, centred=True), Rule(), Qr(data="K7QX" * 8), Text(text="12"))


@asynccontextmanager
async def printing(port: str) -> AsyncIterator[Printer]:
    printer = choose(PRINTERS, "escpos")(
        PrinterOptions(name="printer", port=port, baud=115_200, dots=384)
    )
    try:
        yield printer
    finally:
        await printer.aclose()


class ScriptedPrinter:
    """Answers DLE EOT and GS r from a table; remembers all else."""

    def __init__(self, **answers: int) -> None:
        self.answers = {"paper": 0x12, "cause": 0x12, "in_turn": 0x00} | answers
        self.taken = b""

    def __call__(self, data: bytes) -> bytes:
        """What comes back."""
        questions = {b"\x10\x04\x04": "paper", b"\x10\x04\x02": "cause", b"\x1d\x72\x01": "in_turn"}
        reply = b""
        for question, name in questions.items():
            if data.endswith(question) and name in self.answers:
                reply += bytes([self.answers[name]])
            data = data.removesuffix(question)
        self.taken += data
        return reply


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path) as bench:
        yield bench


async def test_a_document_is_out_when_the_call_returns(bench: Bench) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        await printer.print_document(SLIP)
        await printer.print_document(SLIP)
        assert printer.health().present
    assert len(bench.printer.papers) == 2
    assert bench.printer.unknown_bytes == 0


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault.PAPER_LOW, PaperState.LOW),
        (Fault.PAPER_OUT, PaperState.OUT),
        (Fault.COVER_OPEN, PaperState.COVER_OPEN),
        (Fault.PRINTER_SILENT, PaperState.UNKNOWN),
        (Fault.PRINTER_UNPLUGGED, PaperState.UNKNOWN),
    ],
)
async def test_the_printer_tells_what_is_wrong_with_it(
    bench: Bench, fault: Fault, state: PaperState
) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        assert await printer.paper() is PaperState.OK
        bench.faults.switch(fault, on=True)
        assert await printer.paper() is state
        bench.faults.mend_all()
        assert await printer.paper() is PaperState.OK


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN])
async def test_nothing_is_sent_to_a_printer_without_paper_or_with_an_open_cover(
    bench: Bench, fault: Fault
) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        bench.faults.switch(fault, on=True)
        with pytest.raises(DeviceJammed):
            await printer.print_document(SLIP)
        assert printer.health().note in {"printer.paper_out", "printer.cover_open"}
        bench.faults.mend_all()
        await printer.print_document(SLIP)
    assert len(bench.printer.papers) == 1


async def test_paper_that_ends_in_the_middle_is_told_after_printing(bench: Bench) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        bench.faults.switch(Fault.PAPER_ENDS_SOON, on=True)
        with pytest.raises(DeviceJammed, match="out"):
            await printer.print_document((*SLIP, *(Text(text=f"line {n}") for n in range(9))))


async def test_a_printer_that_never_answers_prints_all_the_same(bench: Bench) -> None:
    bench.faults.switch(Fault.PRINTER_SILENT, on=True)
    async with printing(bench.port(Device.PRINTER)) as printer:
        await printer.print_document(SLIP)
        assert await printer.paper() is PaperState.UNKNOWN
        await asyncio.to_thread(wait_until, lambda: len(bench.printer.papers) == 1)


async def test_a_printer_that_is_not_there_is_gone_and_comes_back(bench: Bench) -> None:
    bench.faults.switch(Fault.PRINTER_UNPLUGGED, on=True)
    async with printing(bench.port(Device.PRINTER)) as printer:
        with pytest.raises(DeviceGone, match="nothing was printed"):
            await printer.print_document(SLIP)
        assert (printer.health().present, printer.health().note) == (False, "device.missing")
        bench.faults.mend_all()
        await printer.print_document(SLIP)
    assert len(bench.printer.papers) == 1


async def test_health_notices_by_itself_that_the_printer_was_switched_on(tmp_path: Path) -> None:
    link = tmp_path / "printer"
    async with printing(f"twin:{link}") as printer:
        with Peer(link, ScriptedPrinter()):
            await asyncio.to_thread(wait_until, lambda: printer.health().present)


async def test_a_printer_that_vanishes_in_mid_document_is_gone(tmp_path: Path) -> None:
    script = ScriptedPrinter()
    with Peer(tmp_path / "printer", script) as peer:
        ending = threading.Event()

        def take_some(data: bytes) -> bytes:
            if b"\x1b@" in data:
                ending.set()
            return script(data) if not ending.is_set() else b""

        peer.answer = take_some
        async with printing(peer.port) as printer:
            document = asyncio.ensure_future(printer.print_document(SLIP * 3))
            await asyncio.to_thread(ending.wait, 10.0)
            peer.unplug()
            with pytest.raises(DeviceGone):
                await document
            assert not printer.health().present


async def test_a_printer_that_was_unplugged_prints_again_when_it_is_back(tmp_path: Path) -> None:
    script = ScriptedPrinter()
    link = tmp_path / "printer"
    async with printing(f"twin:{link}") as printer:
        with Peer(link, script):
            await asyncio.to_thread(wait_until, lambda: printer.health().present)
        await asyncio.to_thread(wait_until, lambda: not printer.health().present)
        with Peer(link, script):
            await asyncio.to_thread(wait_until, lambda: printer.health().present, BACK_WITHIN_S)
            await printer.print_document(SLIP)
            assert printer.health().reconnects == 1
            assert script.taken


async def test_a_clone_that_answers_only_in_real_time_is_believed_and_not_waited_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.printers.escpos_printer.FINISH_S", 0.2)
    monkeypatch.setattr("hardware.drivers.printers.escpos_printer.PRINTS_S", 0.1)
    script = ScriptedPrinter()
    del script.answers["in_turn"]
    with Peer(tmp_path / "printer", script) as peer:
        async with printing(peer.port) as printer:
            await printer.print_document(SLIP)
            asked = [data for _, data in peer.heard if data.endswith(b"\x1d\x72\x01")]
            await printer.print_document(SLIP)
            await printer.print_document(SLIP)
        assert script.taken.count(b"\x1dV\x00") == 3
        assert asked == [data for _, data in peer.heard if data.endswith(b"\x1d\x72\x01")]


async def test_late_and_foreign_bytes_are_not_taken_for_an_answer(tmp_path: Path) -> None:
    with Peer(tmp_path / "printer", ScriptedPrinter()) as peer:
        async with printing(peer.port) as printer:
            assert await printer.paper() is PaperState.OK
            peer.say(b"\x7e\x7e")  # out of paper, but from another time
            assert await printer.paper() is PaperState.OK
            peer.answer = lambda data: b"\xff" + ScriptedPrinter()(data)
            assert await printer.paper() is PaperState.OK
            assert printer.health().bad_frames >= 1


async def test_documents_go_into_a_plain_file_too(tmp_path: Path) -> None:
    async with printing(f"file:{tmp_path}/slips.bin") as printer:
        await printer.print_document((Text(text="取件"),))
    assert "取件".encode("gb18030") in (tmp_path / "slips.bin").read_bytes()


async def test_a_network_printer_prints_tells_of_its_paper_and_may_hang_up() -> None:
    script = ScriptedPrinter()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(script(data))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with printing(f"socket://127.0.0.1:{port}") as printer:
        await printer.print_document(SLIP)
        script.answers["cause"] = 0x16
        assert await printer.paper() is PaperState.COVER_OPEN
    assert script.taken.endswith(b"\x1dV\x00")
    server.close()
    await server.wait_closed()
    async with printing(f"socket://127.0.0.1:{port}") as printer:
        with pytest.raises(DeviceGone, match="nothing was printed"):
            await printer.print_document(SLIP)


async def test_a_closed_printer_refuses_and_frees_the_port(bench: Bench) -> None:
    async with printing(bench.port(Device.PRINTER)) as printer:
        assert await printer.paper() is PaperState.OK
    with pytest.raises(DeviceGone, match="closed"):
        await printer.print_document(SLIP)
    assert await printer.paper() is PaperState.UNKNOWN
    assert not printer.health().present


@pytest.fixture
def full_pipe(tmp_path: Path) -> Iterator[int]:
    """A printer that takes 4 kB and no more."""
    path = tmp_path / "full"
    os.mkfifo(path)
    handle = os.open(path, os.O_RDWR)
    fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, 4_096)
    yield handle
    os.close(handle)


async def test_closing_does_not_wait_for_a_printer_that_takes_no_more(
    tmp_path: Path, full_pipe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.printers.printer_line.STUCK_S", 3_600.0)
    async with printing(f"file:{tmp_path}/full") as printer:
        document = asyncio.ensure_future(printer.print_document(SLIP * 9))
        await asyncio.to_thread(wait_until, lambda: waiting_in(full_pipe) > 3_000)
    with pytest.raises(DeviceGone, match="part of the document may be out"):
        await document


async def test_a_printer_that_takes_no_more_for_long_is_gone(
    tmp_path: Path, full_pipe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.printers.printer_line.STUCK_S", 0.1)
    async with printing(f"file:{tmp_path}/full") as printer:
        with pytest.raises(DeviceGone, match="takes no more"):
            await printer.print_document(SLIP * 9)
        assert waiting_in(full_pipe) > 3_000


def waiting_in(handle: int) -> int:
    """How many bytes nobody has read yet."""
    found = fcntl.ioctl(handle, termios.FIONREAD, bytes(4))
    return int.from_bytes(found, sys.byteorder)


async def test_printing_never_holds_up_the_loop(bench: Bench) -> None:
    bench.faults.switch(Fault.PRINTER_SILENT, on=True)
    async with printing(bench.port(Device.PRINTER)) as printer:
        asking = asyncio.ensure_future(printer.paper())
        turns = 0
        while not asking.done():
            await asyncio.sleep(0.01)
            turns += 1
        assert turns > 10
