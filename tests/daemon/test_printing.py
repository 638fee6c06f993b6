"""Slips: printed once, held while there is no paper, marked when they may have come out before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from edge.daemon.devices import print_worker as module
from edge.daemon.devices.print_worker import PrintWorker
from edge.domain.inputs import PhoneTailGiven, ReleaseAsked, ReprintAsked
from edge.kernel.errors import DeviceGone, DeviceJammed
from edge.kernel.ids import PhoneTail, WaybillNo
from edge.words import WORDS, say
from hardware.ports import Block, PaperState, Qr, Text
from tests.daemon.devices import PaperPrinter
from tests.daemon.parts import KEEPER, WAYBILL, Rig, all_slips_out, station_in, until
from tests.store.journals import bytes_on_disk, new_journal

pytestmark = pytest.mark.anyio

COPY = say("slip.copy", "zh")


@pytest.fixture(autouse=True)
def _asks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.01)


def worker_of(rig: Rig, printer: PaperPrinter) -> PrintWorker:
    return PrintWorker(
        station=rig.station,
        station_name="坪上村驿",
        store=rig.store,
        store_thread=rig.thread,
        printer=printer,
    )


@asynccontextmanager
async def printing(rig: Rig, printer: PaperPrinter) -> AsyncIterator[PrintWorker]:
    worker = worker_of(rig, printer)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def with_one_slip(folder: Path) -> AsyncIterator[Rig]:
    async with station_in(new_journal(folder)) as rig:
        await rig.begin_check_in()
        await rig.check_in()
        yield rig


def texts(paper: tuple[Block, ...]) -> list[str]:
    return [block.text for block in paper if isinstance(block, Text)]


async def all_printed(worker: PrintWorker) -> None:
    await until(lambda: worker.view().waiting == 0 and worker.view().problem == "")


async def test_a_stored_parcels_slip_is_printed_once_without_a_copy_mark(tmp_path: Path) -> None:
    printer = PaperPrinter()
    async with with_one_slip(tmp_path) as rig, printing(rig, printer) as worker:
        await until(lambda: len(printer.papers) == 1)
        await all_slips_out(rig)
        await all_printed(worker)
    (paper,) = printer.papers
    assert COPY not in texts(paper)
    assert "坪上村驿" in texts(paper)
    (qr,) = (block for block in paper if isinstance(block, Qr))
    assert qr.data.startswith("CY1:")


async def test_without_paper_the_slip_waits_unmarked_and_comes_out_when_there_is_some(
    tmp_path: Path,
) -> None:
    printer = PaperPrinter()
    printer.state = PaperState.OUT
    async with with_one_slip(tmp_path) as rig, printing(rig, printer) as worker:
        await until(lambda: worker.view().problem == "printer.paper_out" and printer.asked > 3)
        assert (worker.view().waiting, printer.papers) == (1, [])
        printer.state = PaperState.OK
        await until(lambda: len(printer.papers) == 1)
        await all_printed(worker)
    assert COPY not in texts(printer.papers[0])


@pytest.mark.parametrize(
    ("state", "present", "problem"),
    [
        (PaperState.COVER_OPEN, True, "printer.cover_open"),
        (PaperState.UNKNOWN, False, "printer.gone"),
    ],
)
async def test_a_printer_in_trouble_is_named_and_its_slip_not_begun(
    tmp_path: Path, state: PaperState, *, present: bool, problem: str
) -> None:
    printer = PaperPrinter()
    printer.state, printer.present = state, present
    async with with_one_slip(tmp_path) as rig, printing(rig, printer) as worker:
        await until(lambda: worker.view().problem == problem)
        job = rig.store.next_print_job()
        assert job is not None
        assert not job.started
        assert printer.papers == []


@pytest.mark.parametrize(
    ("failure", "then", "problem"),
    [
        (DeviceGone("cable"), PaperState.UNKNOWN, "printer.gone"),
        (DeviceJammed("paper"), PaperState.OUT, "printer.paper_out"),
        (DeviceJammed("cover"), PaperState.COVER_OPEN, "printer.cover_open"),
        (DeviceJammed("cutter"), PaperState.OK, "device.jammed"),
    ],
)
async def test_a_slip_that_broke_off_says_why_and_comes_again_with_a_copy_mark(
    tmp_path: Path, failure: Exception, then: PaperState, problem: str
) -> None:
    printer = PaperPrinter()
    printer.fails, printer.then = failure, then
    async with with_one_slip(tmp_path) as rig, printing(rig, printer) as worker:
        await until(lambda: worker.view().problem == problem)
        assert problem in WORDS
        printer.fails, printer.state = None, PaperState.OK
        await all_slips_out(rig)
        await all_printed(worker)
    assert COPY not in texts(printer.papers[0])
    assert all(COPY in texts(paper) for paper in printer.papers[1:])
    assert len(printer.papers) >= 2


async def test_after_a_crash_in_mid_slip_the_second_paper_carries_the_mark(tmp_path: Path) -> None:
    printer = PaperPrinter()
    printer.go.clear()
    async with with_one_slip(tmp_path) as rig, printing(rig, printer):
        await until(lambda: len(printer.papers) == 1)  # cut here: never said to be done
    printer.go.set()
    async with station_in(tmp_path) as rig, printing(rig, printer) as worker:
        await all_slips_out(rig)
        await all_printed(worker)
    first, second = printer.papers
    assert (COPY in texts(first), COPY in texts(second)) == (False, True)
    assert [block for block in first if isinstance(block, Qr)] == [
        block for block in second if isinstance(block, Qr)
    ]


async def test_a_printer_that_stays_away_does_not_wear_the_card_out(tmp_path: Path) -> None:
    printer = PaperPrinter()
    printer.fails = DeviceGone("cable")
    async with with_one_slip(tmp_path) as rig, printing(rig, printer):
        await until(lambda: len(printer.papers) >= 2)
        before = bytes_on_disk(tmp_path)
        tries = len(printer.papers)
        await until(lambda: len(printer.papers) >= tries + 5)
        assert bytes_on_disk(tmp_path) == before


async def test_slips_come_out_in_the_order_of_the_parcels(tmp_path: Path) -> None:
    printer = PaperPrinter()
    async with station_in(new_journal(tmp_path)) as rig, printing(rig, printer) as worker:
        await rig.begin_check_in()
        await rig.check_in()
        await rig.check_in(WaybillNo("YT7700123000002"))
        await until(lambda: len(printer.papers) == 2)
        await all_printed(worker)
        metrics = rig.station.metrics.text().decode()
    assert WAYBILL in texts(printer.papers[0])[-1]
    assert "YT7700123000002" in texts(printer.papers[1])[-1]
    assert "cunyi_prints_waiting 0.0" in metrics


async def test_slips_whose_codes_died_while_there_was_no_paper_never_come_out(
    tmp_path: Path,
) -> None:
    printer = PaperPrinter()
    printer.state = PaperState.OUT
    async with with_one_slip(tmp_path) as rig, printing(rig, printer) as worker:
        await until(lambda: worker.view().problem == "printer.paper_out")
        await rig.station.tell(
            lambda at, fresh: ReprintAsked(at=at, keeper=KEEPER, waybill_no=WAYBILL, fresh=fresh)
        )
        await rig.station.tell(
            lambda at, fresh: PhoneTailGiven(
                at=at,
                keeper=KEEPER,
                waybill_no=WAYBILL,
                phone_tail=PhoneTail("3866"),
                fresh=fresh,
            )
        )
        await until(lambda: worker.view().waiting == 1)
        second = WaybillNo("YT7700123000002")
        await rig.check_in(second)
        await rig.station.tell(
            lambda at, fresh: ReleaseAsked(at=at, keeper=KEEPER, waybill_no=second, fresh=fresh)
        )
        await rig.move(rig.opened_doors[-1], is_open=True)
        await rig.move(rig.opened_doors[-1], is_open=False)
        printer.state = PaperState.OK
        await all_printed(worker)
    (paper,) = printer.papers
    assert WAYBILL in texts(paper)[-1]
    assert say("slip.tail", "zh", tail="3866") in texts(paper)


async def test_a_slip_whose_code_dies_while_the_printer_is_asked_is_not_begun(
    tmp_path: Path,
) -> None:
    printer = PaperPrinter()
    async with with_one_slip(tmp_path) as rig:

        def reprint() -> Awaitable[object]:
            return rig.station.tell(
                lambda at, fresh: ReprintAsked(
                    at=at, keeper=KEEPER, waybill_no=WAYBILL, fresh=fresh
                )
            )

        printer.before_answer = reprint  # the job is in the worker's hands by then
        async with printing(rig, printer) as worker:
            await until(lambda: len(printer.papers) == 1)
            await all_printed(worker)
    (paper,) = printer.papers
    assert COPY not in texts(paper)


async def test_a_slip_that_cannot_be_made_is_set_aside_and_the_next_one_printed(
    tmp_path: Path,
) -> None:
    printer = PaperPrinter()
    printer.fails = KeyError("no such glyph")
    async with with_one_slip(tmp_path) as rig, printing(rig, printer) as worker:
        await until(lambda: worker.view().problem == "printer.slip_unreadable")
        assert worker.view().problem in WORDS
        assert worker.view().waiting == 0
        printer.fails = None
        await rig.check_in(WaybillNo("YT7700123000002"))
        await until(lambda: len(printer.papers) == 2)
        assert rig.store.unreadable_prints() == 1
        await rig.station.tell(
            lambda at, fresh: ReprintAsked(at=at, keeper=KEEPER, waybill_no=WAYBILL, fresh=fresh)
        )
        await until(lambda: len(printer.papers) == 3)
        await all_printed(worker)
    assert WAYBILL in texts(printer.papers[2])[-1]
