"""Every row of the door table, walked through decide and evolve."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest

from edge.domain.cabinet import Occupancy
from edge.domain.door import DOOR_STEPS, Cause, Door
from edge.domain.facts import CellFreed, StationStarted
from edge.kernel.errors import Refused
from tests.domain.house import ONE, SECOND, YT, House, auth_in, slip_of


def _unknown() -> House:
    house = House()
    house.enter()
    return house


def _shut() -> House:
    return House().open_shop()


def _asked() -> House:
    house = _shut()
    slip = slip_of(house.check_in())
    house.token(slip.token)
    return house


def _silent() -> House:
    house = _asked()
    house.tick(3 * SECOND)
    return house


def _open() -> House:
    house = _asked()
    house.opens(ONE)
    return house


def _forced() -> House:
    house = _shut()
    house.opens(ONE)
    return house


MAKE: Final[Mapping[Door, Callable[[], House]]] = {
    Door.UNKNOWN: _unknown,
    Door.SHUT: _shut,
    Door.ASKED: _asked,
    Door.SILENT: _silent,
    Door.OPEN: _open,
    Door.FORCED: _forced,
}
WORLD: Final = [cause for cause in Cause if cause is not Cause.ASK]


def _happen(house: House, cause: Cause) -> None:
    match cause:
        case Cause.ASK:
            _wish(house)
        case Cause.SENSOR_OPEN:
            house.opens(ONE)
        case Cause.SENSOR_SHUT:
            house.shuts(ONE)
        case Cause.SENSOR_LOST:
            house.lost(ONE)
        case Cause.NO_SIGN:
            house.pulse_failed(ONE, house.state.doors[ONE].auth or house.fresh().auth)
        case Cause.GIVE_UP:
            # Long after a silence; for other doors the same time is cut to less than a pulse's.
            house.tick(61 * SECOND if house.door(ONE) is Door.SILENT else 1)
        case Cause.REBOOT:
            house.restart()


def _wish(house: House) -> None:
    door = house.state.doors[ONE]
    if door.auth is not None:
        house.stuck(ONE, door.auth)
    else:
        house.open_by_hand(ONE)


@pytest.mark.parametrize("cause", WORLD)
@pytest.mark.parametrize("door", Door)
def test_no_report_of_the_world_can_be_refused(door: Door, cause: Cause) -> None:
    house = MAKE[door]()
    assert house.door(ONE) is door
    _happen(house, cause)
    assert house.door(ONE) is DOOR_STEPS[door, cause]


@pytest.mark.parametrize("door", Door)
def test_a_wish_outside_the_table_is_refused_and_one_inside_is_granted(door: Door) -> None:
    house = MAKE[door]()
    before, pulses = house.state, len(house.pulses)
    row = DOOR_STEPS.get((door, Cause.ASK))
    if row is None:
        with pytest.raises(Refused):
            _wish(house)
        assert (house.state, len(house.pulses)) == (before, pulses)
    else:
        _wish(house)
        assert house.door(ONE) is row
        assert len(house.pulses) == pulses + 1


@pytest.mark.parametrize("cause", WORLD)
@pytest.mark.parametrize("door", Door)
def test_no_report_of_the_world_pulses_a_lock(door: Door, cause: Cause) -> None:
    house = MAKE[door]()
    pulses = house.pulses
    _happen(house, cause)
    assert house.pulses == pulses


@pytest.mark.parametrize(
    ("door", "cause"),
    [row for row, after in DOOR_STEPS.items() if row[0] is after and row[1] is not Cause.ASK],
)
def test_a_report_that_changes_no_door_is_no_news(door: Door, cause: Cause) -> None:
    house = MAKE[door]()
    _happen(house, cause)
    assert [fact for fact in house.last.facts if not isinstance(fact, StationStarted)] == []


@pytest.mark.parametrize("cause", [Cause.SENSOR_LOST, Cause.REBOOT])
@pytest.mark.parametrize("door", Door)
def test_losing_sight_of_a_door_frees_no_cell(door: Door, cause: Cause) -> None:
    house = MAKE[door]()
    _happen(house, cause)
    for is_open in (True, False):
        house.sensor(ONE, is_open=is_open)
    assert house.facts(CellFreed) == []
    assert (house.cell(ONE) is Occupancy.FREE) is False


def test_only_a_door_that_the_sensor_calls_shut_is_offered() -> None:
    house = House("SS").open_shop()
    house.lost(ONE)
    assert house.scan(YT).cell == 2
    assert auth_in(house.scan(YT)) == house.state.doors[house.pulses[-1].cell].auth
