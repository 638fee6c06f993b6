"""Labels: what stands on them, and what comes out of the label printer in the end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zxingcpp
from PIL import Image, ImageChops

from edge.daemon.devices import print_worker as module
from edge.daemon.devices.labels import lay_out_bag_label, lay_out_shelf_label
from edge.daemon.devices.print_worker import PrintWorker
from edge.domain.effects import QueueBagLabel, QueueShelfLabel
from edge.domain.inputs import PhoneTailGiven, PlaceAsked
from edge.domain.label_inputs import ShelfLabelAsked
from edge.domain.place_facts import Choice
from edge.domain.policy import Shelf
from edge.kernel.ids import PhoneTail, Place, SealNo, SlotCode, TripId, WaybillNo
from edge.kernel.time import Instant
from edge.store.database import Store
from edge.store.print_queue import Paper
from edge.words import WORDS
from hardware.drivers.printers.label_layout import draw
from hardware.drivers.printers.label_printer import LabelPrinter
from hardware.options import PrinterOptions
from hardware.ports import Bars, Beside, Block, Text
from hardware.twins.bench import EVERYTHING, Bench
from hardware.twins.faults import Device, Fault
from tests.daemon.parts import (
    KEEPER,
    POLICY,
    TAIL,
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
STATION = "坪上村驿"
WIDE, HIGH = 480, 320
LABELLED = replace(POLICY, labels=True, shelves=(Shelf(name="B", layers=3),))
THURSDAY = Instant(boot=1, mono_ms=1, wall_lo_ms=1_795_665_600_000, wall_hi_ms=1_795_665_600_000)
"""2026-11-26, noon in the village."""


# -- what stands on them


def shelf(**more: Any) -> dict[str, Any]:
    label = QueueShelfLabel(
        waybill_no=WAYBILL,
        carrier="圆通",
        phone_tail=PhoneTail("3865"),
        slot=SlotCode("B-3-407"),
        at=THURSDAY,
    )
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asdict(label)))
    return content | more


def bag(**more: Any) -> dict[str, Any]:
    label = QueueBagLabel(
        seal=SealNo("FQ0000001"),
        to=Place("shuinan"),
        next_hop=Place("镇中转站"),
        trip=TripId("2026-11-25-3"),
        parcels=12,
        at=THURSDAY,
    )
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asdict(label)))
    return content | more


def shelf_blocks(*, again: bool = False, **more: Any) -> tuple[Block, ...]:
    return lay_out_shelf_label(station_name=STATION, content=shelf(**more), again=again)


def bag_blocks(*, again: bool = False, **more: Any) -> tuple[Block, ...]:
    return lay_out_bag_label(station_name=STATION, content=bag(**more), again=again)


def words(blocks: tuple[Block, ...]) -> list[str]:
    """What people read, from top to bottom."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Text():
                found.append(block.text)
            case Beside():
                found += [line.text for line in block.lines]
            case _:
                pass
    return found


def codes(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def test_a_shelf_label_says_slot_brand_digits_day_and_the_end_of_the_waybill_alone() -> None:
    assert words(shelf_blocks()) == ["B-3-407", "圆通", "尾号 3865", "…0001  11-26 周四"]
    assert codes(draw(shelf_blocks(), WIDE, HIGH)) == [WAYBILL]


def test_the_brand_is_a_word_in_a_black_bar() -> None:
    (pair,) = (block for block in shelf_blocks() if isinstance(block, Beside))
    assert (pair.lines[0].text, pair.lines[0].inverted) == ("圆通", True)


def test_what_nobody_knows_is_left_out_or_left_to_be_written() -> None:
    unsure = asdict(replace(THURSDAY, wall_hi_ms=None))
    said = words(shelf_blocks(carrier="", phone_tail=None, at=unsure))
    assert said == ["B-3-407", "尾号 ____", "…0001  ≈11-26 周四"]
    assert "坪上村驿 发 （    ） 件 班次 2026-11-25-3" in words(bag_blocks(parcels=None, to=""))


def test_a_bag_label_says_the_next_hop_and_where_from_how_much_and_with_which_trip() -> None:
    assert words(bag_blocks()) == [
        "下一站",
        "镇中转站",
        "FQ0000001",
        "坪上村驿 发 12 件",
        "到 shuinan 班次 2026-11-25-3",
    ]
    assert Bars(data="FQ0000001") in bag_blocks()
    assert codes(draw(bag_blocks(), WIDE, HIGH)) == ["FQ0000001"]


def test_a_bag_whose_next_hop_is_its_place_names_it_once() -> None:
    assert "坪上村驿 发 12 件 班次 2026-11-25-3" in words(bag_blocks(to="镇中转站"))


def test_a_second_label_says_so() -> None:
    assert "圆通 补打" in words(shelf_blocks(again=True))
    assert "补打" in words(shelf_blocks(carrier="", again=True))
    assert "下一站 补打" in words(bag_blocks(again=True))


@pytest.mark.parametrize("blocks", [shelf_blocks(), bag_blocks()], ids=["shelf", "bag"])
@pytest.mark.parametrize(("wide", "high"), [(60, 40), (40, 30), (50, 30), (80, 50), (104, 200)])
def test_the_code_is_read_on_every_label_that_is_sold_everywhere(
    blocks: tuple[Block, ...], wide: int, high: int
) -> None:
    assert len(codes(draw(blocks, wide * 8, high * 8))) == 1


def test_a_slot_is_read_from_two_metres() -> None:
    """Letters of 10 mm; road signs have 1 mm for 30 cm of distance."""
    label = draw(shelf_blocks(), WIDE, HIGH)
    ink = ImageChops.invert(label.convert("L"))
    top = ink.crop((0, 0, WIDE, 120)).getbbox()
    assert top is not None
    slot = next(y for y in range(top[1], 120) if not ink.crop((0, y, WIDE, y + 1)).getbbox())
    assert slot - top[1] >= 80
    assert top[2] - top[0] > WIDE * 0.9


# -- what comes out


@pytest.fixture(autouse=True)
def _asks_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.01)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path / "bench", make=EVERYTHING) as bench:
        yield bench


@asynccontextmanager
async def printing(
    rig: Rig, bench: Bench, *, high: int = HIGH, wide: int = WIDE
) -> AsyncIterator[PrintWorker]:
    """A daemon's worker and label printer; the end of this block is the end of that daemon."""
    port = bench.port(Device.LABEL_PRINTER)
    printer = LabelPrinter(
        PrinterOptions(name="label-printer", port=port, baud=9_600, dots=wide, dots_down=high)
    )
    worker = PrintWorker(
        station=rig.station,
        station_name=STATION,
        store=rig.store,
        store_thread=rig.thread,
        printer=printer,
        paper=Paper.LABEL,
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


def at_work(folder: Path, kind: type[Store] = Store) -> AbstractAsyncContextManager[Rig]:
    return station_in(folder, kind, policy=LABELLED)


async def shelve(rig: Rig, waybill_no: WaybillNo = WAYBILL) -> None:
    """A parcel onto a shelf, its phone digits not given."""
    await rig.station.tell(
        lambda at, fresh: PlaceAsked(
            at=at, keeper=KEEPER, waybill_no=None, choice=Choice.SHELF, fresh=fresh
        )
    )
    await rig.scan(waybill_no)


@asynccontextmanager
async def with_one_label(folder: Path) -> AsyncIterator[Rig]:
    async with at_work(new_journal(folder)) as rig:
        await rig.begin_check_in()
        await shelve(rig)
        yield rig


def labels_of(bench: Bench) -> list[Image.Image]:
    assert bench.label_printer is not None
    return bench.label_printer.labels


async def all_out(rig: Rig, worker: PrintWorker) -> None:
    await all_slips_out(rig, Paper.LABEL)
    await until(lambda: worker.view().waiting == 0)


def label_of(rig: Rig, waybill_no: WaybillNo = WAYBILL, *, again: bool) -> Image.Image:
    """The label as it should look."""
    parcel = rig.station.state.parcels[waybill_no]
    assert parcel.stored_at is not None
    content = shelf(
        waybill_no=waybill_no,
        slot=parcel.slot,
        phone_tail=parcel.phone_tail,
        at=asdict(parcel.stored_at),
        carrier=parcel.carrier,
    )
    blocks = lay_out_shelf_label(station_name=STATION, content=content, again=again)
    return draw(blocks, WIDE, HIGH).convert("L")


async def test_a_parcel_that_was_shelved_gets_one_label_whose_code_is_its_waybill(
    tmp_path: Path, bench: Bench
) -> None:
    async with with_one_label(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_out(rig, worker)
        (label,) = labels_of(bench)
        assert label == label_of(rig, again=False)
        assert codes(label) == [WAYBILL]
        assert "cunyi_labels_waiting 0.0" in rig.station.metrics.text().decode()


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault.LABEL_OUT, "printer.label_out"),
        (Fault.LABEL_JAM, "printer.label_jam"),
        (Fault.LABEL_PAUSED, "printer.paused"),
        (Fault.LABEL_HEAD_OPEN, "printer.cover_open"),
    ],
)
async def test_a_label_waits_unmarked_while_its_printer_says_why_and_comes_out_afterwards(
    tmp_path: Path, bench: Bench, fault: Fault, problem: str
) -> None:
    bench.faults.switch(fault, on=True)
    async with with_one_label(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await until(lambda: worker.view().problem == problem)
        assert problem in WORDS
        assert (worker.view().waiting, labels_of(bench)) == (1, [])
        bench.faults.mend_all()
        await all_out(rig, worker)
        assert labels_of(bench) == [label_of(rig, again=False)]


async def test_labels_that_ran_out_hold_up_no_slip(tmp_path: Path, bench: Bench) -> None:
    bench.faults.switch(Fault.LABEL_OUT, on=True)
    async with with_one_label(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await until(lambda: worker.view().problem != "")
        await tail(rig)
        job = await rig.thread.run(rig.store.next_print_job)
        assert job is not None
        assert "digits" in msgspec.json.decode(job.content)


async def tail(rig: Rig) -> None:
    await rig.station.tell(
        lambda at, fresh: PhoneTailGiven(
            at=at, keeper=KEEPER, waybill_no=WAYBILL, phone_tail=TAIL, fresh=fresh
        )
    )


async def test_digits_that_come_before_the_label_is_out_are_on_the_only_one(
    tmp_path: Path, bench: Bench
) -> None:
    bench.faults.switch(Fault.LABEL_OUT, on=True)
    async with with_one_label(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await until(lambda: worker.view().problem != "")
        await tail(rig)
        bench.faults.mend_all()
        await all_out(rig, worker)
        assert labels_of(bench) == [label_of(rig, again=False)]


async def test_after_a_power_cut_between_shelving_and_printing_exactly_one_label_comes(
    tmp_path: Path, bench: Bench
) -> None:
    async with with_one_label(tmp_path / "station"):
        pass  # the power went before the printer heard of it
    async with at_work(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_out(rig, worker)
        assert labels_of(bench) == [label_of(rig, again=False)]


async def test_after_a_power_cut_between_the_label_and_the_note_of_it_the_second_is_marked(
    tmp_path: Path, bench: Bench
) -> None:
    async with with_one_label(tmp_path / "station"):
        pass
    async with at_work(tmp_path / "station", CutBeforeDone) as rig:
        dying = rig.store
        assert isinstance(dying, CutBeforeDone)
        with suppress(PowerCutError):
            async with printing(rig, bench):
                await until(lambda: dying.cut)
    async with at_work(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_out(rig, worker)
        marks = [label_of(rig, again=again) for again in (False, True)]
    assert labels_of(bench) == marks


async def test_a_label_that_is_asked_for_again_is_marked(tmp_path: Path, bench: Bench) -> None:
    async with with_one_label(tmp_path / "station") as rig, printing(rig, bench) as worker:
        await all_out(rig, worker)
        before = rig.station.place
        await rig.station.tell(
            lambda at, _fresh: ShelfLabelAsked(at=at, keeper=KEEPER, waybill_no=WAYBILL)
        )
        await all_out(rig, worker)
        assert rig.station.place == before, "no fact is needed for a label"
        assert labels_of(bench) == [label_of(rig, again=a) for a in (False, True)]


async def test_a_label_too_small_for_its_words_is_passed_over_and_told(
    tmp_path: Path, bench: Bench
) -> None:
    folder = tmp_path / "station"
    async with with_one_label(folder) as rig, printing(rig, bench, wide=160, high=120) as worker:
        await until(lambda: worker.view().problem == "printer.label_unreadable")
        assert worker.view().problem in WORDS
        assert worker.view().waiting == 0
