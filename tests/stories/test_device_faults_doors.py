"""Doors, locks, relays and sensors that fail, on a whole station: F022 to F032 and F042."""

from collections import Counter
from collections.abc import Iterator

import pytest

from hardware.twins.faults import Fault
from tests.stories.whole_station import WholeStation, whole_station

pytestmark = [pytest.mark.story, pytest.mark.slow]


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


def test_a_door_without_an_open_signal_is_pulsed_once_and_the_person_is_asked(
    station: WholeStation,
) -> None:
    """F022: pulse once, wait, "did it open?"; one human retry, no third pulse."""
    waybill_no, cell, digits = station.check_in()
    place, pulsed = station.place(), len(station.pulses())
    with station.broken(Fault.SENSOR_STUCK_SHUT, cell):
        answer = station.type_code(digits)
        station.until_door(cell, "silent")
        view = station.screen()
        assert (view["screen"], view["door"]["can_retry"]) == ("did_it_open", True)
        assert station.pulses(pulsed) == [cell]
        again = {"cell": cell, "auth": answer["auth"]}
        assert station.kiosk.post("/api/kiosk/stuck", **again)["ok"]
        station.until("the second silence", lambda: station.screen()["screen"] == "ask_keeper")
        assert station.pulses(pulsed) == [cell, cell]
        kinds = station.facts(place, cell=cell)
    assert kinds == [
        "pickup.accepted",
        *("door.asked", "door.silent") * 2,
        "cell.faulted",
    ]
    station.until_door(cell, "open")  # as it was from the first pulse on
    station.take(cell)
    station.until("the pickup", lambda: station.parcel(waybill_no) == "picked_up")
    assert station.cell(cell)["occupancy"] == "faulted"


def test_a_door_that_never_says_shut_is_left_open_and_its_parcel_counts_as_collected(
    station: WholeStation,
) -> None:
    """F023: beeper, keeper and county hear; the others serve; free only once it is seen shut."""
    pins = station.bench.pins
    assert pins is not None
    waybill_no, cell, digits = station.check_in()
    place, beeps = station.place(), pins.beeps
    station.type_code(digits)
    station.until_door(cell, "open")
    with station.broken(Fault.SENSOR_STUCK_OPEN, cell):
        station.take(cell)
        station.hurry(11)
        station.until("the voice", lambda: "door.reminded" in station.facts(place, cell=cell))
        station.hurry(50)
        station.until("the alarm", lambda: "door.left_open" in station.facts(place, cell=cell))
        assert station.parcel(waybill_no) == "picked_up"
        assert (station.cell(cell)["occupancy"], station.cell(cell)["why"]) == (
            "questioned",
            "取件后门一直没关。请关好；要是其实关着，请叫人检修。",
        )
        assert f"{cell:02d} 号门还开着，请关好。" in station.alerts()
        assert station.screen()["screen"] == "left_open"
        station.until("the beeper", lambda: pins.beeps > beeps)
        assert pins.alarm_lit
        other, elsewhere, code = station.check_in()
        station.collect(code, elsewhere)
        assert (station.parcel(other), elsewhere == cell) == ("picked_up", False)
    station.until("the free cell", lambda: station.cell(cell)["occupancy"] == "free")
    assert Counter(station.facts(place, cell=cell))["parcel.picked_up"] == 1


def test_a_relay_that_stays_on_keeps_its_door_open_and_its_cell_out_of_use(
    station: WholeStation,
) -> None:
    """F024: a welded contact holds the bolt back; the door cannot be shut and is never offered."""
    waybill_no, cell, digits = station.check_in()
    with station.broken(Fault.STUCK_RELAY, cell):
        station.type_code(digits)
        station.until_door(cell, "open")
        station.bench.cabinet.take_out(cell)
        station.bench.cabinet.push_shut(cell)  # it does not catch
        station.until("the coil to stay on", lambda: cell in station.bench.cabinet.held)
        station.hurry(61)
        station.until("the alarm", lambda: any(f"{cell:02d}" in text for text in station.alerts()))
        assert station.is_open(cell)
        assert station.parcel(waybill_no) == "picked_up"
        assert station.cell(cell)["occupancy"] == "questioned"
    station.until("the free cell", lambda: station.cell(cell)["occupancy"] == "free")


def test_a_dead_relay_makes_its_cell_faulted_and_its_parcel_the_keepers(
    station: WholeStation,
) -> None:
    """F025: no sign twice, then the door is out of use and the keeper hands the parcel out."""
    waybill_no, cell, digits = station.check_in()
    with station.broken(Fault.DEAD_RELAY, cell):
        answer = station.type_code(digits)
        station.until_door(cell, "silent")
        station.kiosk.post("/api/kiosk/stuck", cell=cell, auth=answer["auth"])
        station.until("the fault", lambda: station.cell(cell)["occupancy"] == "faulted")
        assert station.parcel(waybill_no) == "keeper_assist"
        assert station.screen()["screen"] == "ask_keeper"
        assert station.bench.cabinet.inside(cell) == (waybill_no,)
        station.hurry(61)
        station.until_door(cell, "shut")
        assert station.type_code(digits)["key"] == "ask_keeper"
    station.look(cell, waybill_no)  # the relay was replaced
    assert station.cell(cell)["occupancy"] == "held"
    station.collect(digits, cell)


def test_a_sensor_that_says_open_for_ever_takes_its_cell_out_of_use(
    station: WholeStation,
) -> None:
    """F026: never free, whoever says what; it is back once it was repaired and looked into."""
    free = [one["cell"] for one in station.counter()["cells"] if one["occupancy"] == "free"]
    cell = free[-1]
    with station.broken(Fault.SENSOR_STUCK_OPEN, cell):
        station.until("the alarm", lambda: station.cell(cell)["door"] == "forced")
        assert station.cell(cell)["occupancy"] == "questioned"
        refused = station.keeper_refused(f"/api/keeper/cells/{cell}/inspected", holds=None)
        assert refused == "door_not_shut"
    station.look(cell, None)
    assert station.cell(cell)["occupancy"] == "free"


def test_a_sensor_that_says_shut_for_ever_leaves_it_to_the_persons_word(
    station: WholeStation,
) -> None:
    """F027: collected because the person says so, and the journal claims no more than that."""
    waybill_no, cell, digits = station.check_in()
    place, pulsed = station.place(), len(station.pulses())
    with station.broken(Fault.SENSOR_STUCK_SHUT, cell):
        station.type_code(digits)
        station.take(cell)
        station.until_door(cell, "silent")
        door = station.screen()["door"]
        assert door["can_say_taken"]
        said = station.kiosk.post("/api/kiosk/taken", cell=cell, auth=door["auth"])
        assert said["key"] == "pickup_noted"
        assert station.parcel(waybill_no) == "picked_up"
        assert station.cell(cell)["occupancy"] == "faulted"
        assert "door.opened" not in station.facts(place, cell=cell)
        assert station.pulses(pulsed) == [cell]
        # Nobody can look into it and be seen to: it stays out of use.
        said = station.keeper.post(f"/api/keeper/cells/{cell}/inspected", holds=None)
        assert said["key"] == "look_inside_first"
    station.look(cell, None)
    assert station.cell(cell)["occupancy"] == "free"


def test_a_bouncing_sensor_makes_one_opening_and_one_shutting(station: WholeStation) -> None:
    """F028: each movement is one fact."""
    _waybill_no, cell, digits = station.check_in()
    place = station.place()
    with station.broken(Fault.SENSOR_BOUNCE):
        station.collect(digits, cell)
    found = Counter(station.facts(place, cell=cell))
    assert (found["door.opened"], found["door.shut"], found["door.forced"]) == (1, 1, 0)
    assert station.cell(cell)["occupancy"] == "free"


@pytest.mark.parametrize(
    ("fault", "opens"),
    [
        pytest.param(Fault.WRONG_DOOR, False, id="F029"),
        pytest.param(Fault.TWO_DOORS, True, id="F030"),
    ],
)
def test_a_wrong_door_on_a_pulse_stops_everything_at_both_doors(
    station: WholeStation, fault: Fault, *, opens: bool
) -> None:
    """F029, F030: both cells are out of use, and nothing is pulsed again."""
    waybill_no, cell, digits = station.check_in()
    neighbour, pulsed = cell + 1, len(station.pulses())
    with station.broken(fault, cell):
        answer = station.type_code(digits)
        station.until("the wrong door", lambda: station.is_open(neighbour))
        station.until_door(neighbour, "forced")
        station.until_door(cell, *(("open",) if opens else ("silent",)))
        why = {station.cell(n)["why"] for n in (cell, neighbour)}
        assert why == {"开的是别的门。请查看，叫人检修。"}
        assert {station.cell(n)["occupancy"] for n in (cell, neighbour)} == {"questioned"}
        path, body = "/api/kiosk/stuck", {"cell": cell, "auth": answer["auth"]}
        assert station.kiosk_refused(path, **body) == "nothing_to_retry"
        assert station.pulses(pulsed) == [cell]
        if opens:
            station.take(cell)
        station.shut(neighbour)
        station.until_door(neighbour, "shut")
    station.hurry(61)
    station.until_door(cell, "shut")
    assert station.pulses(pulsed) == [cell]
    for number, holds in ((cell, None if opens else waybill_no), (neighbour, None)):
        station.look(number, holds)
    if not opens:
        station.collect(digits, cell)


def test_a_door_forced_with_a_crowbar_is_an_alarm_and_its_parcel_a_dispute(
    station: WholeStation,
) -> None:
    """F031: at once an alarm and nobody's pickup; found empty, the parcel is in dispute."""
    waybill_no, cell, digits = station.check_in()
    place = station.place()
    station.bench.cabinet.force_open(cell)
    station.until_door(cell, "forced")
    assert station.facts(place, cell=cell)[:2] == ["door.forced", "cell.questioned"]
    assert f"{cell:02d} 号门没人开锁却开了，请查看。" in station.alerts()
    assert station.parcel(waybill_no) == "keeper_assist"
    assert station.type_code(digits)["key"] == "ask_keeper"
    station.bench.cabinet.take_out(cell)
    station.shut(cell)
    station.look(cell, None)
    assert station.parcel(waybill_no) == "missing"
    assert station.facts(place, waybill_no=waybill_no) == ["parcel.missing"]
    assert not station.type_code(digits)["ok"]


def test_who_shuts_the_door_empty_handed_gets_it_once_more(station: WholeStation) -> None:
    """F032: the same door under the same authorisation, as its second pulse, and never a third."""
    waybill_no, cell, digits = station.check_in()
    place, pulsed = station.place(), len(station.pulses())
    answer = station.type_code(digits)
    station.until_door(cell, "open")
    station.shut(cell)
    station.until("the thanks", lambda: station.screen()["screen"] == "thanks")
    door = station.screen()["door"]
    assert (door["auth"], door["can_put_back"]) == (answer["auth"], True)
    assert station.kiosk.post("/api/kiosk/put-back", auth=door["auth"])["key"] == "open_again"
    station.until_door(cell, "open")
    station.take(cell)
    station.until("the question", lambda: "parcel.put_back" in station.facts(place))
    assert station.pulses(pulsed) == [cell, cell]
    assert station.kiosk.post("/api/kiosk/put-back", auth=door["auth"])["key"] == "too_late"
    assert station.cell(cell)["occupancy"] == "questioned"
    station.look(cell, None)
    assert station.parcel(waybill_no) == "picked_up"


def test_many_people_at_once_drive_one_coil_after_the_other(station: WholeStation) -> None:
    """F042: each gets one pulse, one coil at a time; the bench's law would break else."""
    parcels = [station.check_in() for _ in range(4)]
    pulsed = len(station.pulses())
    cells = [cell for _waybill_no, cell, _digits in parcels]
    for _waybill_no, _cell, digits in parcels:
        assert station.type_code(digits)["ok"]
    station.until("all doors", lambda: all(station.is_open(cell) for cell in cells))
    assert station.pulses(pulsed) == cells
    for cell in cells:
        station.until_door(cell, "open")
        station.take(cell)
    assert station.bench.violations == ()
