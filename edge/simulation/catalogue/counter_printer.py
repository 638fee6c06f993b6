"""Printers that run dry, stand open, lie or are cut off: F052 to F055."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from edge.daemon.devices.print_worker import PrintWorker
from edge.kernel.errors import DeviceJammed
from edge.kernel.ids import CellId, PhoneTail, WaybillNo
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.doors_visitor import Visitor, reprint
from edge.simulation.people import Slip, Slips
from edge.words import say
from hardware.ports import Block, DeviceHealth, PaperState, Qr, Text

TAIL: Final = PhoneTail("3865")
COPY: Final = say("slip.copy", "zh")
SLIP_S: Final = 1.5
"""A slip takes so long to come out."""
AGAIN_S: Final = 5.0
"""A printer in trouble is asked again every three seconds."""


@dataclass
class PaperTray(Slips):
    """The tray of a printer that prints by itself: nobody pulls."""

    def pull(self) -> None:
        """Paper comes when it comes."""


@dataclass
class PaperPrinter:
    """Fits Printer. `paper_left` pieces of a slip come out before the roll is empty, if any."""

    bench: Bench
    condition: PaperState = PaperState.OK
    paper_left: int | None = None
    lies: bool = False
    begun: list[tuple[Block, ...]] = field(default_factory=list)
    """Whatever has paper to show, whole or torn off."""
    whole: list[tuple[Block, ...]] = field(default_factory=list)

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Line by line. Raises DeviceJammed where the paper ends."""
        if self.lies:
            return
        for number, _block in enumerate(blocks):
            if self.paper_left is not None and number >= self.paper_left:
                self.condition, self.paper_left = PaperState.OUT, None
                raise DeviceJammed("no paper")
            if number == 0:
                self.begun.append(blocks)
            await asyncio.sleep(SLIP_S / len(blocks))
        self.whole.append(blocks)
        slip = read_slip(blocks)
        self.bench.village.slips.out[slip.waybill_no] = slip

    async def paper(self) -> PaperState:
        """What it says of itself."""
        return self.condition

    def health(self) -> DeviceHealth:
        """It is there."""
        return DeviceHealth(name="printer", present=True, simulated=True)

    async def aclose(self) -> None:
        """Nothing is held."""


def read_slip(blocks: tuple[Block, ...]) -> Slip:
    """A slip as a person reads it."""
    lines = [block.text for block in blocks if isinstance(block, Text)]
    token = next(block.data for block in blocks if isinstance(block, Qr))
    digits = next(line.replace(" ", "") for line in lines if line.replace(" ", "").isdigit())
    cell = next(int(line.split()[0]) for line in lines if line.endswith("号柜"))
    tail = next(line.split()[-1] for line in lines if line.startswith("手机尾号"))
    return Slip(
        waybill_no=WaybillNo(lines[-1].split()[-1]),
        phone_tail=PhoneTail(tail),
        digits=digits,
        token=token,
        cell=CellId(cell),
    )


def is_copy(blocks: tuple[Block, ...]) -> bool:
    """Whether a slip carries the mark."""
    return any(isinstance(block, Text) and block.text == COPY for block in blocks)


@contextlib.asynccontextmanager
async def printer_at(bench: Bench, printer: PaperPrinter) -> AsyncIterator[PrintWorker]:
    """The real print worker of the running daemon, for a while."""
    process = bench.daemon
    worker = PrintWorker(
        station=process.station,
        station_name=bench.node.name,
        store=process.store,
        store_thread=process.calls,
        printer=printer,
    )
    working = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def paper_ends(bench: Bench) -> None:
    """F052: the roll ends in mid-slip; a new one is put in later."""
    printer = _set_up(bench)
    printer.paper_left = bench.dice.number(1, 10)
    async with printer_at(bench, printer) as worker:
        stored = _check_in(bench)
        await bench.until(
            lambda: worker.view().problem == "printer.paper_out", 60.0, "the trouble is told"
        )
        bench.expect(not printer.whole, "no slip is out")
        await bench.world.sleep(bench.dice.between(1.0, 600.0))
        bench.expect(len(bench.facts("parcel.stored")) == 1, "what is stored stays stored")
        printer.condition = PaperState.OK
        await bench.until(lambda: bool(printer.whole), AGAIN_S + SLIP_S, "the slip")
        await _came_out_again(bench, printer, await stored)


async def cover_open(bench: Bench) -> None:
    """F053: told before anything is begun; the parcel comes in all the same."""
    printer = _set_up(bench)
    printer.condition = PaperState.COVER_OPEN
    async with printer_at(bench, printer) as worker:
        stored = _check_in(bench)
        await bench.until(
            lambda: worker.view().problem == "printer.cover_open", 60.0, "the cover is told"
        )
        bench.expect(worker.view().waiting == 1, "one slip waits")
        await bench.world.sleep(bench.dice.between(1.0, 600.0))
        bench.expect(not printer.begun, "nothing is begun")
        printer.condition = PaperState.OK
        await bench.until(lambda: bool(printer.whole), AGAIN_S + SLIP_S, "the slip")
        bench.expect(not is_copy(printer.whole[0]), "without a mark: it is the first")
        await Visitor(bench, await stored).collect()
        bench.expect(worker.view().waiting == 0, "no slip waits")


async def lies(bench: Bench) -> None:
    """F054: nothing came out and the printer says ok; the keeper prints again."""
    printer = _set_up(bench)
    printer.lies = True
    async with printer_at(bench, printer):
        stored = _check_in(bench)
        await bench.until(lambda: len(bench.facts("pickup.code_issued")) == 1, 60.0, "the code")
        await bench.world.sleep(bench.dice.between(1.0, 15.0))
        printer.lies = False
        waybill_no = WaybillNo(bench.facts("parcel.stored")[0]["waybill_no"])
        bench.expect((await reprint(bench, waybill_no)).key == "slip_queued", "it is printed again")
        await bench.until(lambda: bool(printer.whole), AGAIN_S + SLIP_S, "the slip")
        unseen, new = [fact["credential"] for fact in bench.facts("pickup.code_issued")]
        bench.expect(unseen != new, "it has a new code")
        revoked = [(one["credential"], one["reason"]) for one in bench.facts("pickup.code_revoked")]
        bench.expect(revoked == [(unseen, "reprinted")], "the unseen code is dead, on record")
        await Visitor(bench, await stored).collect()


async def cut_off_in_mid_slip(bench: Bench) -> None:
    """F055: the power goes while the slip comes out."""
    printer = _set_up(bench)
    async with printer_at(bench, printer):
        stored = _check_in(bench)
        await bench.until(lambda: bool(printer.begun), 60.0, "the slip begins")
        await bench.world.sleep(bench.dice.between(0.0, SLIP_S * 0.7))
        bench.node.kill()
    bench.expect(not printer.whole, "half a slip")
    await bench.back_on()
    async with printer_at(bench, printer):
        await bench.until(lambda: bool(printer.whole), AGAIN_S + SLIP_S, "the slip")
        await _came_out_again(bench, printer, await stored)


async def _came_out_again(bench: Bench, printer: PaperPrinter, waybill_no: WaybillNo) -> None:
    """The second paper has the mark, and the same code as the first."""
    marks = [is_copy(blocks) for blocks in printer.begun]
    bench.expect(marks == [False, True], f"the mark is on the second paper: {marks}")
    first, second = (read_slip(blocks) for blocks in printer.begun)
    bench.expect(first == second, "both show the same code")
    bench.expect(len(bench.facts("pickup.code_issued")) == 1, "one code was issued")
    await Visitor(bench, waybill_no).collect()


def _set_up(bench: Bench) -> PaperPrinter:
    bench.village.slips = PaperTray(bench.node)
    return PaperPrinter(bench)


def _check_in(bench: Bench) -> "asyncio.Task[WaybillNo]":
    """The keeper brings a parcel in, and stays until its slip is in the hand."""
    return asyncio.create_task(bench.parcel(TAIL))
