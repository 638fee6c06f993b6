"""A station that is cut off three times running lets its doors rest, and wakes by itself."""

import pytest

from edge.settings import FILE_NAME
from edge.tools.house import House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import county_facts, journal_of, read_journal
from tests.stories.test_power import TAIL, WAYBILLS, check_in, collect

pytestmark = [pytest.mark.story, pytest.mark.slow]

SHORTER = "\n[rules]\nsafe_after_boots = 3\nsteady_ms = 12000\nsafe_ms = 20000\n"
"""Longer than a start takes on a busy machine, and no longer than a test may last."""


def of_boots(house: House) -> list[str]:
    kinds = [fact["kind"] for fact in read_journal(house)]
    return [kind for kind in kinds if kind.startswith("station.")]


@pytest.fixture
def sooner(house: House) -> House:
    """A house whose station is soon called steady."""
    house.station.end()
    with (house.station_folder / FILE_NAME).open("a", encoding="utf-8") as more:
        more.write(SHORTER)
    house.start_station()
    return house


def assert_doors_rest(kiosk: Visitor, keeper: Keeper, digits: str) -> None:
    """Nobody gets a door opened, and everybody is told why."""
    refused = kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert (refused["ok"], refused["key"]) == (False, "just_restarted")
    assert kiosk.get("/api/kiosk/screen")["power"] == "刚才断过电，柜门先不开"
    keeper.sign_in()
    alerts = keeper.get("/api/keeper/screen")["alerts"]
    assert [alert["text"].partition("。")[0] for alert in alerts] == ["刚才连续断电重启"]
    keeper.check_in(on=True)
    assert keeper.post("/api/keeper/scan", text=WAYBILLS[1])["key"] == "check_in_waits"


def test_three_quick_kills_let_the_doors_rest_until_the_station_has_stayed_up(
    sooner: House,
) -> None:
    house = sooner
    with Hands(house.workbench_address) as hands, Keeper(house.station_address) as keeper:
        keeper.sign_in()
        keeper.check_in(on=True)
        digits = check_in(keeper, hands, WAYBILLS[0])
        wait_for("a boot that lasts", lambda: of_boots(house)[-1] == "station.steady", 30)
    for _ in range(3):
        house.station.kill()
        house.start_station()
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
    ):
        fired = len(hands.bench()["pulses"])
        assert_doors_rest(kiosk, keeper, digits)
        wait_for("doors to wake", lambda: not kiosk.get("/api/kiosk/screen")["power"], 40)
        assert len(hands.bench()["pulses"]) == fired
        collect(kiosk, hands, digits)
        check_in(keeper, hands, WAYBILLS[1])

    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    two_starts = ["station.started", "station.steady"] * 2
    fall_and_rest = ["station.started"] * 3 + ["station.safe_entered", "station.safe_left"]
    assert of_boots(house) == two_starts + fall_and_rest
