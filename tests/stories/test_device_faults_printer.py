"""Printers that run dry, stand open, lie or are cut off in mid-slip: F052 to F056."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.twins.bench import Bench
from hardware.twins.faults import Fault
from tests.stories.whole_station import (
    BENCH,
    TAIL,
    WholeStation,
    at_work,
    set_up,
    whole_station,
)

pytestmark = [pytest.mark.story, pytest.mark.slow]
PRINTER = "printer"
COPY = "补打"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeStation]:
    with whole_station(tmp_path_factory.mktemp("village")) as station:
        yield station


@pytest.fixture
def station(shared: WholeStation) -> Iterator[WholeStation]:
    """Whole before and after."""
    yield shared
    shared.mend()
    shared.assert_nothing_lies_in_a_free_cell()
    assert shared.bench.violations == ()


def stored(station: WholeStation) -> tuple[str, int]:
    """A parcel in its cell with its phone tail given, whatever becomes of its slip."""
    waybill_no, cell = station.receive()
    station.keeper.type_tail(waybill_no, TAIL)
    return waybill_no, cell


def slips(station: WholeStation, waybill_no: str) -> list[str]:
    """Every whole slip of a parcel, oldest first."""
    texts = ["\n".join(slip.text) for slip in station.bench.printer.slips]
    return [text for text in texts if waybill_no in text]


def test_paper_that_ends_in_mid_slip_undoes_nothing_and_the_second_slip_says_so(
    station: WholeStation,
) -> None:
    """F052: what is stored stays stored under the same code; the new slip has the mark."""
    place = station.place()
    with station.broken(Fault.PAPER_ENDS_SOON):
        waybill_no, cell = stored(station)
        station.until("the trouble", lambda: "没纸了" in station.device_word("打印机"))
        assert station.parcel(waybill_no) == "stored"
        found = "printer.paper_out"
        station.until("the county's word", lambda: station.device(PRINTER)["note"] == found)
        assert slips(station, waybill_no) == []
        station.bench.faults.switch(Fault.PAPER_OUT, on=False)  # a new roll
        # The printer first finishes what it had taken of the slip that broke off.
        station.until("the slip", lambda: COPY in "".join(slips(station, waybill_no)))
    begun = ["\n".join(slip.text) for slip in station.bench.printer.slips]
    assert [COPY in text for text in begun if "取件小票" in text] == [False, True]
    assert station.facts(place, waybill_no=waybill_no).count("pickup.code_issued") == 1
    station.collect(station.code_of(waybill_no), cell)


def test_an_open_cover_is_told_before_anything_is_to_be_printed(station: WholeStation) -> None:
    """F053: the counter knows at once, parcels come in all the same, and no slip is begun."""
    with station.broken(Fault.COVER_OPEN):
        station.until("the word", lambda: "盖" in station.device_word("打印机"))
        assert station.device(PRINTER)["note"] == "printer.cover_open"
        waybill_no, cell = stored(station)
        station.until("the queue", lambda: "1 张小票排队" in station.device_word("打印机"))
        assert slips(station, waybill_no) == []
    station.until("the slip", lambda: slips(station, waybill_no))
    assert [COPY in text for text in slips(station, waybill_no)] == [False]
    station.collect(station.code_of(waybill_no), cell)


def test_a_printer_that_lies_is_put_right_by_a_reprint_that_is_on_record(
    station: WholeStation,
) -> None:
    """F054: only a person can see it; the new slip has a new code, and the old one is dead."""
    with station.broken(Fault.COVER_OPEN):  # the slip waits, so that the counter tells when it goes
        waybill_no, cell = stored(station)
        station.until("the queue", lambda: "1 张小票排队" in station.device_word("打印机"))
        station.bench.faults.switch(Fault.PRINTER_LIES, on=True)
        station.until("the lie", lambda: station.device_word("打印机") == "正常")
    with station.broken(Fault.PRINTER_LIES):
        assert slips(station, waybill_no) == []
        place = station.place()
    station.keeper.post("/api/keeper/reprint", waybill_no=waybill_no)
    station.until("the slip", lambda: slips(station, waybill_no))
    kinds = station.facts(place)
    assert [kinds.count(f"pickup.code_{what}") for what in ("revoked", "issued")] == [1, 1]
    station.collect(station.code_of(waybill_no), cell)


def test_a_station_cut_off_in_mid_slip_prints_it_again_with_the_mark(tmp_path: Path) -> None:
    """F055: after the start the same slip with the same code, and never a second without mark."""
    set_up(tmp_path)
    with Bench(tmp_path / "bench", make=BENCH) as bench:
        bench.faults.switch(Fault.COVER_OPENS_SOON, on=True)  # holds the slip up, half of it out
        with at_work(tmp_path, bench) as station:
            station.until("every door", lambda: "unknown" not in station.door_words())
            waybill_no, cell = stored(station)
            station.until("the trouble", lambda: "盖" in station.device_word("打印机"))
        bench.faults.mend_all()
        with at_work(tmp_path, bench) as station:
            station.until("the slip", lambda: slips(station, waybill_no))
            assert COPY in slips(station, waybill_no)[-1]
            station.collect(station.code_of(waybill_no), cell)
            issued = [f["kind"] for f in station.journal()].count("pickup.code_issued")
    assert issued == 1


def test_no_name_and_no_code_can_command_the_printer(tmp_path: Path) -> None:
    """F056: control codes in the station's name are left out, in a scan they make it no code."""
    name = "坪\x1b@上\x1dV\x00村\x1bp\x00\x19\x19驿"
    with whole_station(tmp_path, name=name) as station:
        place, bad = station.place(), station.bad_frames("scanner")
        station.keeper.check_in(on=True)
        station.bench.scanner.send_raw(b"YT77001\x1bp\x00\x19\x1923456789\r\n")
        station.until("the refusal", lambda: station.bad_frames("scanner") > bad)
        refused = station.keeper_refused("/api/keeper/scan", text="YT77001\x1b@23456789")
        assert refused == "bad_request"
        assert station.facts(place) == ["check_in.begun"]
        waybill_no, cell, digits = station.check_in()
        printer = station.bench.printer
        assert (len(printer.slips), printer.unknown_bytes) == (1, 0)
        assert printer.slips[0].text[0].startswith("坪@上V")
        station.collect(digits, cell)
        assert station.parcel(waybill_no) == "picked_up"
