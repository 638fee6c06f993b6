"""Scanners that stammer and pages that lose their station: F044 to F051."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
import pytest

from edge.tools.people import Visitor
from hardware.twins.faults import Fault
from tests.stories.whole_station import TAIL, WholeStation, whole_station

pytestmark = [pytest.mark.story, pytest.mark.slow]
SCANNER = "scanner"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeStation]:
    with whole_station(tmp_path_factory.mktemp("village")) as station:
        yield station


@pytest.fixture
def station(shared: WholeStation) -> Iterator[WholeStation]:
    """Whole before and after."""
    yield shared
    shared.assert_nothing_lies_in_a_free_cell()
    shared.mend()
    assert shared.bench.violations == ()


def taken_out(station: WholeStation, waybill_no: str, cell: int) -> None:
    """The door of this parcel has opened: it leaves."""
    station.until_door(cell, "open")
    station.take(cell)
    station.until("the pickup", lambda: station.parcel(waybill_no) == "picked_up")
    assert station.cell(cell)["occupancy"] == "free"


def notices(station: WholeStation) -> int:
    """The number of the last refused scan that the kiosk shows."""
    told = station.screen()["notice"]
    return int(told["serial"]) if told else 0


def told_since(station: WholeStation, before: int) -> bool:
    """Whether another scan was refused."""
    return notices(station) > before


def misheard_since(station: WholeStation, before: float) -> bool:
    """Whether another code was dropped."""
    return station.bad_frames(SCANNER) > before


def test_a_slip_that_is_read_twice_is_one_request(station: WholeStation) -> None:
    """F044: one pulse, one authorisation, one answer, by the scanner and past its repeat window."""
    waybill_no, cell, _digits = station.check_in()
    token, place, pulsed = station.token_of(waybill_no), station.place(), len(station.pulses())
    with station.broken(Fault.SCANNER_DOUBLE):
        station.bench.scanner.scan(token)
        station.until_door(cell, "open")
        again = station.kiosk.post("/api/kiosk/scan", text=token)
        assert (again["ok"], again["cell"]) == (True, cell)
    assert station.pulses(pulsed) == [cell]
    assert station.facts(place).count("pickup.accepted") == 1
    taken_out(station, waybill_no, cell)
    assert station.kiosk.post("/api/kiosk/scan", text=token)["key"] == "already_collected"
    assert station.pulses(pulsed) == [cell]


def test_two_codes_that_run_into_each_other_are_neither(station: WholeStation) -> None:
    """F045: what is no code of ours is refused and changes nothing; the next one is read."""
    waybill_no, cell, _digits = station.check_in()
    token, place = station.token_of(waybill_no), station.place()
    mixed = "".join(a + b for a, b in zip(token, "YT7700123456789SF1234567890123", strict=True))
    station.keeper.check_in(on=False)
    for joined in (mixed, token[:9] + token, token + token):
        before = notices(station)
        station.bench.scanner.send_raw(joined.encode() + b"\r\n")
        station.until("the refusal", partial(told_since, station, before))
        assert station.screen()["notice"]["key"] == "unreadable"
    assert station.facts(place) == ["check_in.ended"]
    station.bench.scanner.scan(token)
    taken_out(station, waybill_no, cell)


def test_half_a_code_is_dropped_and_costs_no_try(station: WholeStation) -> None:
    """F046: after a moment of silence the rest will not come; nobody is charged for it."""
    waybill_no, cell, _digits = station.check_in()
    token, place = station.token_of(waybill_no), station.place()
    bad = station.bad_frames(SCANNER)
    with station.broken(Fault.SCANNER_HALF):
        station.bench.scanner.scan(token)
        station.until("it to be dropped", partial(misheard_since, station, bad))
    assert station.facts(place) == []
    station.bench.scanner.scan(token)
    taken_out(station, waybill_no, cell)
    assert "pickup.refused" not in station.facts(place)


def test_a_scanner_without_suffix_says_what_is_to_be_set(station: WholeStation) -> None:
    """F047: the counter reads it in plain words and the county hears it, until it is set right."""
    waybill_no, cell, _digits = station.check_in()
    token, place = station.token_of(waybill_no), station.place()
    with station.broken(Fault.SCANNER_NO_SUFFIX):
        for _reading in range(2):
            bad = station.bad_frames(SCANNER)
            station.bench.scanner.scan(token)
            station.until("silence", partial(misheard_since, station, bad))
        station.until("the note", lambda: station.device(SCANNER)["note"] == "scanner.no_suffix")
        assert station.device_word("扫码枪") != "正常"
        assert station.facts(place) == []
    station.bench.scanner.scan(token)
    taken_out(station, waybill_no, cell)
    assert station.device(SCANNER)["note"] == ""


def test_without_the_scanner_the_keypad_serves_and_everybody_hears(station: WholeStation) -> None:
    """F048: the kiosk says so, the counter and the county too; plugged in again it reads."""
    waybill_no, cell, digits = station.check_in()
    other, elsewhere, _code = station.check_in()
    token = station.token_of(other)
    with station.broken(Fault.SCANNER_UNPLUGGED):
        station.until("the loss", lambda: not station.screen()["scanner_ok"])
        assert station.device(SCANNER)["note"] == "device.missing"
        assert station.device_word("扫码枪") == "没接上。请看线插好没有。"
        station.collect(digits, cell)
        assert station.parcel(waybill_no) == "picked_up"
    station.until("the scanner", lambda: station.screen()["scanner_ok"])
    station.bench.scanner.scan(token)
    taken_out(station, other, elsewhere)


def test_a_page_that_is_loaded_again_in_mid_pickup_shows_how_it_is(station: WholeStation) -> None:
    """F049: the flow is the station's; a code sent once more is the same request."""
    waybill_no, cell, digits = station.check_in()
    pulsed, first = len(station.pulses()), station.type_code(digits)
    station.until_door(cell, "open")
    with Visitor(station.address) as fresh:
        view = fresh.get("/api/kiosk/screen")
        assert (view["screen"], view["door"]["cell"]) == ("open", cell)
        again = fresh.post("/api/kiosk/code", phone_tail=TAIL, digits=digits)
        assert (again["ok"], again["auth"]) == (True, first["auth"])
    assert station.pulses(pulsed) == [cell]
    taken_out(station, waybill_no, cell)


def test_a_double_tap_opens_a_door_once(station: WholeStation) -> None:
    """F050: on "open" and on "open again", from two pages at the same moment."""
    waybill_no, cell, digits = station.check_in()
    pulsed = len(station.pulses())

    def twice(path: str, **body: str) -> list[Any]:
        with (
            Visitor(station.address) as one,
            Visitor(station.address) as other,
            ThreadPoolExecutor(2) as hands,
        ):
            taps = [hands.submit(who.post, path, **body) for who in (one, other)]
            return [tap.result() for tap in taps]

    first, second = twice("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert (first["ok"], first["auth"]) == (second["ok"], second["auth"])
    station.until_door(cell, "open")
    assert station.pulses(pulsed) == [cell]
    station.shut(cell)
    station.until("the thanks", lambda: station.screen()["screen"] == "thanks")
    answers = twice("/api/kiosk/put-back", auth=first["auth"])
    assert sorted(answer["ok"] for answer in answers) == [False, True]
    station.until_door(cell, "open")
    station.take(cell)
    station.until_door(cell, "shut")
    assert station.pulses(pulsed) == [cell, cell]
    station.look(cell, None)
    assert station.parcel(waybill_no) == "picked_up"


def test_a_stream_that_drops_begins_again_with_how_it_is_now(station: WholeStation) -> None:
    """F051: what happened meanwhile is in the first word of the new stream."""
    waybill_no, cell, digits = station.check_in()
    station.hurry(31)  # whoever came before has gone
    assert first_event(station)["screen"] == "home"
    station.type_code(digits)
    station.until_door(cell, "open")
    view = first_event(station)
    assert (view["screen"], view["door"]["cell"]) == ("open", cell)
    taken_out(station, waybill_no, cell)
    assert first_event(station)["screen"] == "thanks"


def first_event(station: WholeStation) -> Any:
    """Open the kiosk's stream, read its first word, and lose it."""
    with httpx.stream("GET", f"{station.address}/events/kiosk", timeout=10.0) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                return json.loads(line.removeprefix("data:"))
    raise AssertionError("a stream without a word")
