"""Lines that garble, and lock boards that vanish, double or start anew: F033 to F041."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.twins.boards.make import BoardMake
from hardware.twins.faults import Device, Fault
from tests.stories.whole_station import BENCH, PULSE_MS, WholeStation, whole_station

pytestmark = [pytest.mark.story, pytest.mark.slow]
BOARD = "lock-board-1"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeStation]:
    with whole_station(tmp_path_factory.mktemp("village")) as station:
        yield station


@pytest.fixture
def station(shared: WholeStation) -> Iterator[WholeStation]:
    """Whole before and after; nothing may lie in a cell that is offered, whatever broke."""
    yield shared
    shared.assert_nothing_lies_in_a_free_cell()
    shared.mend()
    assert shared.bench.violations == ()


def collected_after_all(
    station: WholeStation, waybill_no: str, cell: int, digits: str, before: int
) -> None:
    """The line is whole again: the visitor gets the parcel, with one pulse in all."""
    if not station.pulses(before) and station.cell(cell)["door"] != "asked":
        station.hurry(61)  # nothing had left us, or it was not understood
        station.until_door(cell, "shut")
        assert station.type_code(digits)["ok"]
    station.until_door(cell, "open")
    station.take(cell)
    station.until("the pickup", lambda: station.parcel(waybill_no) == "picked_up")
    assert station.pulses(before) == [cell]


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        pytest.param(Fault.BOARD_HALF_FRAME, False, id="F033"),
        pytest.param(Fault.BOARD_WRONG_ADDRESS, False, id="F034"),
        pytest.param(Fault.BOARD_LATE, False, id="F035"),
        pytest.param(Fault.BOARD_DOUBLE, True, id="F036"),
        pytest.param(Fault.BOARD_ECHO, True, id="F037"),
    ],
)
def test_whatever_the_line_does_to_an_answer_a_lock_is_pulsed_once(
    station: WholeStation, fault: Fault, *, heard: bool
) -> None:
    """F033 to F037: the pulse is never sent again, a status is; then all goes on as it should."""
    waybill_no, cell, digits = station.check_in()
    place, pulsed = station.place(), len(station.pulses())
    with station.broken(fault):
        assert station.type_code(digits)["ok"]
        if heard:
            station.until_door(cell, "open")
        else:
            station.until_door(cell, "silent", "unknown")
            assert "door.opened" not in station.facts(place, cell=cell)
        assert station.pulses(pulsed) in ([], [cell])
    collected_after_all(station, waybill_no, cell, digits, pulsed)
    if heard:
        assert station.cell(cell)["occupancy"] == "free"


def test_one_bit_in_a_hundred_wrong_costs_patience_and_no_second_pulse(
    station: WholeStation,
) -> None:
    """F038: statuses are read again until they are sound; an unlock may be lost, never doubled."""
    waybill_no, cell, digits = station.check_in()
    pulsed, bad = len(station.pulses()), station.bad_frames(BOARD)
    with station.broken(Fault.BOARD_BIT_ERRORS):
        assert station.type_code(digits)["ok"]
        station.until_door(cell, "open", "silent", "unknown")
        station.until("damage to be counted", lambda: station.bad_frames(BOARD) > bad)
        assert station.pulses(pulsed) in ([], [cell])
    collected_after_all(station, waybill_no, cell, digits, pulsed)


def test_an_adapter_pulled_in_mid_pulse_comes_back_under_another_name(
    station: WholeStation,
) -> None:
    """F039: the board ends the pulse, nobody repeats it, and the sensor tells how it went."""
    waybill_no, cell, digits = station.check_in()
    place, pulsed = station.place(), len(station.pulses())
    assert station.type_code(digits)["ok"]
    station.until("the pulse", lambda: station.pulses(pulsed))
    with station.broken(Fault.BOARD_UNPLUGGED), station.broken(Fault.BOARD_RENUMBERED):
        station.until("the loss", lambda: not station.device(BOARD)["present"])
        station.until("no door to be seen", lambda: station.cell(cell)["door"] == "unknown")
        assert station.bench.cabinet.held == ()
        assert station.device_word("锁控板") == "没接上。请看线插好没有。"
    station.until_door(cell, "open")
    station.take(cell)
    station.until("the pickup", lambda: station.parcel(waybill_no) == "picked_up")
    assert station.pulses(pulsed) == [cell]
    assert station.facts(place, cell=cell).count("door.asked") == 1
    # Nobody watched the door all the while: the keeper looks before the cell is offered.
    assert station.cell(cell)["occupancy"] == "questioned"
    station.look(cell, None)


def test_two_boards_with_one_address_are_found_out_and_never_pulsed(tmp_path: Path) -> None:
    """F040: the first look finds two voices; no door is known, no coil moves, everybody hears."""
    one = BoardMake(pulse_ms=PULSE_MS, channels=12)
    make = replace(BENCH, boards=(one, replace(one, link=Device.LOCK_BOARD)))
    with whole_station(tmp_path, make, forced=20) as station:
        found = "device.double_address"
        station.until("it to be found out", lambda: station.device(BOARD)["note"] == found)
        assert "两块" in station.device_word("锁控板")
        station.until("no door to be seen", lambda: station.door_words() == {"unknown"})
        station.keeper.check_in(on=True)
        answer = station.keeper.post("/api/keeper/scan", text="YT7700123000001")
        assert answer["key"] == "put_on"  # a shelf needs no door
        refused = station.keeper_refused("/api/keeper/cells/8/open", reason="看一眼")
        assert refused == "door_unseen"
        assert station.pulses() == []


def test_a_board_that_starts_anew_is_not_believed_before_it_has_read_its_doors(
    station: WholeStation,
) -> None:
    """F041: for a moment it says that all doors are shut; nothing is settled on that."""
    waybill_no, cell, digits = station.check_in()
    other, elsewhere, code = station.check_in()
    station.type_code(digits)
    station.until_door(cell, "open")
    place, pulsed = station.place(), len(station.pulses())
    with station.broken(Fault.BOARD_REBOOTS):
        auth = station.type_code(code)["auth"]
        station.until_door(elsewhere, "open", "silent")
    if not station.pulses(pulsed):  # the board was dead to it
        station.kiosk.post("/api/kiosk/stuck", cell=elsewhere, auth=auth)
    collected_after_all(station, other, elsewhere, code, pulsed)
    # By now it has been read again and again.
    assert [kind for kind in station.facts(place, cell=cell) if kind.startswith("door")] == []
    assert station.parcel(waybill_no) == "stored"
    station.take(cell)
    station.until("the pickup", lambda: station.parcel(waybill_no) == "picked_up")
    assert station.cell(cell)["occupancy"] == "free"
