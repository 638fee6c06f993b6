"""The journalled queue, the real driver and the printer twin: what is on paper in the end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import zxingcpp

from edge.daemon.devices import print_worker as module
from edge.daemon.devices.print_worker import PrintWorker
from edge.domain.inputs import ReprintAsked
from edge.kernel.ids import WaybillNo
from edge.words import say
from hardware.drivers.printers.escpos_printer import EscposPrinter
from hardware.options import PrinterOptions
from hardware.twins.bench import Bench
from hardware.twins.faults import Device, Fault
from tests.daemon.parts import (
    KEEPER,
    WAYBILL,
    CutBeforeDone,
    PowerCutError,
    Rig,
    all_slips_out,
    station_in,
    until,
)
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio
COPY = say("slip.copy", "zh")
TITLE = say("slip.title", "zh")
STATION = "坪上村驿"
SECOND = WaybillNo("YT7700123000002")


@pytest.fixture(autouse=True)
def _asks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.01)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path / "bench") as bench:
        yield bench


@asynccontextmanager
async def printing(rig: Rig, bench: Bench) -> AsyncIterator[PrintWorker]:
    """A daemon's worker and printer; the end of this block is the end of that daemon."""
    printer = EscposPrinter(
        PrinterOptions(name="printer", port=bench.port(Device.PRINTER), baud=115_200, dots=384)
    )
    worker = PrintWorker(
        station=rig.station,
        station_name=STATION,
        store=rig.store,
        store_thread=rig.thread,
        printer=printer,
    )
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        try:
            with suppress(asyncio.CancelledError):
                await task
        finally:  # also where the power cut ended the task: the next daemon needs the port
            await printer.aclose()


@asynccontextmanager
async def with_one_slip(folder: Path) -> AsyncIterator[Rig]:
    async with station_in(new_journal(folder)) as rig:
        await rig.begin_check_in()
        await rig.check_in()
        yield rig


def lines(bench: Bench) -> list[str]:
    return [line for slip in bench.printer.slips for line in slip.text]


def copies(bench: Bench) -> list[list[str]]:
    """All that came out, cut where a slip begins, wherever the paper was cut."""
    found: list[list[str]] = []
    for line in lines(bench):
        if line == STATION:
            found.append([])
        if found:
            found[-1].append(line)
    return found


def law_holds(bench: Bench) -> bool:
    """At most one slip without the mark, and the last of several whole, with it."""
    unmarked = [copy for copy in copies(bench) if COPY not in copy]
    return len(unmarked) <= 1 and lines(bench).count(TITLE) == len(copies(bench))


def last_is_whole(bench: Bench) -> bool:
    last = copies(bench)[-1] if copies(bench) else []
    return any(WAYBILL in line for line in last)


@pytest.mark.parametrize(
    "soon",
    [
        Fault.PAPER_ENDS_SOON,
        Fault.COVER_OPENS_SOON,
        Fault.POWER_FAILS_SOON,
        Fault.CABLE_SLIPS_SOON,
    ],
)
async def test_a_slip_broken_off_in_the_middle_comes_once_more_with_the_mark(
    tmp_path: Path, bench: Bench, soon: Fault
) -> None:
    bench.faults.switch(soon, on=True)
    async with with_one_slip(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await until(lambda: worker.view().problem != "")
        assert worker.view().waiting == 1
        await until(lambda: len(bench.faults.active()) > int(soon is Fault.PAPER_ENDS_SOON))
        bench.faults.mend_all()
        await all_slips_out(rig)
    assert law_holds(bench), lines(bench)
    assert COPY in copies(bench)[-1]
    assert last_is_whole(bench)
    assert len(zxingcpp.read_barcodes(bench.printer.papers[-1])) >= 1


async def test_a_daemon_that_ends_in_mid_slip_prints_it_with_the_mark_at_its_next_start(
    tmp_path: Path, bench: Bench
) -> None:
    bench.faults.switch(Fault.COVER_OPENS_SOON, on=True)  # holds the slip up, half of it out
    async with with_one_slip(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await until(lambda: worker.view().problem != "")
    bench.faults.mend_all()
    async with station_in(tmp_path / "station") as rig, printing(rig, bench):
        await all_slips_out(rig)
    assert law_holds(bench), lines(bench)
    assert COPY in copies(bench)[-1]
    assert last_is_whole(bench)


async def test_power_cut_between_the_last_byte_and_the_note_of_it_makes_a_marked_second_slip(
    tmp_path: Path, bench: Bench
) -> None:
    async with with_one_slip(tmp_path / "station"):
        pass
    async with station_in(tmp_path / "station", CutBeforeDone) as rig:
        assert isinstance(rig.store, CutBeforeDone)
        dying = rig.store
        with suppress(PowerCutError):
            async with printing(rig, bench):
                await until(lambda: dying.cut)
    async with station_in(tmp_path / "station") as rig, printing(rig, bench):
        await all_slips_out(rig)
    assert [COPY in copy for copy in copies(bench)] == [False, True]


async def test_a_printer_that_is_switched_off_behind_its_port_makes_the_slip_wait_unmarked(
    tmp_path: Path, bench: Bench
) -> None:
    async with with_one_slip(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_slips_out(rig)
        bench.faults.switch(Fault.PRINTER_OFF, on=True)
        await rig.check_in(SECOND)
        await until(lambda: worker.view().problem == "printer.gone")
        assert worker.view().waiting == 1
        bench.faults.mend_all()
        await all_slips_out(rig)
    assert [COPY in copy for copy in copies(bench)] == [False, False]
    assert any(SECOND in line for line in copies(bench)[-1])


async def test_a_printer_that_lied_is_put_right_by_a_reprint_with_a_new_code(
    tmp_path: Path, bench: Bench
) -> None:
    bench.faults.switch(Fault.PRINTER_LIES, on=True)
    async with with_one_slip(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_slips_out(rig)
        assert (worker.view().problem, copies(bench)) == ("", [])
        bench.faults.mend_all()
        await rig.station.tell(
            lambda at, fresh: ReprintAsked(at=at, keeper=KEEPER, waybill_no=WAYBILL, fresh=fresh)
        )
        await until(lambda: len(copies(bench)) == 1 and last_is_whole(bench))


async def test_paper_that_runs_low_holds_up_no_slip(tmp_path: Path, bench: Bench) -> None:
    bench.faults.switch(Fault.PAPER_LOW, on=True)
    async with with_one_slip(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_slips_out(rig)
        await until(lambda: worker.view().waiting == 0)
        assert worker.view().problem == ""
    assert [COPY in copy for copy in copies(bench)] == [False]
