"""R68, R70: labels of parcels on shelves and of bags that go on, from the twin scanner to the
label and back through the scanner.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from hardware.twins.bench import Bench
from hardware.twins.faults import Fault
from tests.stories.whole_station import BENCH, TAIL, WholeStation, at_work, set_up, whole_station

pytestmark = [pytest.mark.story, pytest.mark.slow]
PRINTER = "标签打印机"


@pytest.fixture
def station(tmp_path: Path) -> Iterator[WholeStation]:
    with whole_station(tmp_path) as station:
        yield station
        assert station.bench.violations == ()


def labels(station: WholeStation) -> list[Image.Image]:
    assert station.bench.label_printer is not None
    return station.bench.label_printer.labels


def codes(label: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(label)]


def scan_onto_shelf(station: WholeStation, waybill_no: str) -> str:
    """Before the twin scanner, onto a shelf; returns the slot."""
    station.keeper.check_in(on=True)
    station.keeper.post("/api/keeper/place", waybill_no=None, choice="shelf")
    station.bench.scanner.scan(waybill_no)
    return str(station.until("the slot", lambda: slot_of(station, waybill_no)))


def slot_of(station: WholeStation, waybill_no: str) -> str:
    lines = station.counter()["parcels"]
    return next((str(one["place"]) for one in lines if one["waybill_no"] == waybill_no), "")


def test_the_label_of_a_shelf_leads_the_scanner_back_to_its_parcel(station: WholeStation) -> None:
    waybill_no = "YT7700123000401"
    place = scan_onto_shelf(station, waybill_no)
    (label,) = station.until("the label", lambda: labels(station))
    (code,) = codes(label)
    assert code == waybill_no
    before = station.place()
    station.bench.scanner.scan(code)
    station.until("the answer", lambda: place.split()[-1] in toast(station))
    assert station.facts(before) == []

    station.keeper.type_tail(waybill_no, TAIL)
    station.until("the label with the digits", lambda: len(labels(station)) == 2)
    again = station.keeper.post("/api/keeper/label", waybill_no=waybill_no)
    assert (again["key"], again["waits"], again["text"]) == (
        "label_queued",
        False,
        "标签马上打印。",
    )
    station.until("the third", lambda: len(labels(station)) == 3)
    assert len({label.tobytes() for label in labels(station)}) == 3, "it is marked"


def toast(station: WholeStation) -> str:
    """What the counter says of the last scan."""
    return str((station.counter()["toast"] or {"text": ""})["text"])


def test_labels_that_ran_out_are_told_and_come_after_the_new_roll(station: WholeStation) -> None:
    with station.broken(Fault.LABEL_OUT):
        station.until("the word", lambda: "标签" in station.device_word(PRINTER))
        first, second = "YT7700123000411", "YT7700123000412"
        scan_onto_shelf(station, first)
        scan_onto_shelf(station, second)
        station.until("the queue", lambda: "2 张标签排队" in station.device_word(PRINTER))
        assert "没标签纸了" in station.device_word(PRINTER)
        assert station.device("label-printer")["note"] == "printer.label_out"
        told = station.keeper.post("/api/keeper/label", waybill_no=first)
        assert (told["waits"], told["text"]) == (True, "没标签纸，标签排队，换卷后自己打。")
        station.keeper.type_tail(second, TAIL)
        station.until("its slip", lambda: station.slip(second))
        assert labels(station) == []
    station.until("both labels", lambda: len(labels(station)) == 2)
    assert sorted(code for label in labels(station) for code in codes(label)) == [first, second]
    station.until("all well", lambda: station.device_word(PRINTER) == "正常")


def test_a_station_that_was_cut_off_before_its_label_was_out_prints_exactly_one(
    tmp_path: Path,
) -> None:
    waybill_no = "YT7700123000421"
    set_up(tmp_path)
    with Bench(tmp_path / "bench", make=BENCH) as bench:
        bench.faults.switch(Fault.LABEL_OUT, on=True)
        with at_work(tmp_path, bench) as station:
            station.until("every door", lambda: "unknown" not in station.door_words())
            scan_onto_shelf(station, waybill_no)
            station.until("the queue", lambda: "1 张标签排队" in station.device_word(PRINTER))
        bench.faults.mend_all()
        with at_work(tmp_path, bench) as station:
            (label,) = station.until("the label", lambda: labels(station))
            assert codes(label) == [waybill_no]
            station.until("an empty queue", lambda: station.device_word(PRINTER) == "正常")
            assert len(labels(station)) == 1
