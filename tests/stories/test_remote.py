"""The county opens a cell, from the command line to the steel and back, and both ends tell it."""

from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from edge.cli import app
from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, wait_for
from edge.tools.story import county_facts, journal_of, read_journal
from tests.stories.test_power import WAYBILLS, check_in

pytestmark = [pytest.mark.story, pytest.mark.slow]


def open_from_afar(house: House, cell: int, tail: str) -> tuple[int, str]:
    """As an operator at the county does; exit code and what was printed."""
    wish = ["county", "open", STATION_ID, str(cell), str(house.folder / "county")]
    why = ["--operator", "王某", "--reason", "村民手机丢了", "--tail", tail]
    result = CliRunner().invoke(app, [*wish, *why])
    return result.exit_code, result.output


def station_at_county(house: House) -> Any:
    answer = httpx.get(f"{house.county_address}/api/stations/{STATION_ID}")
    return answer.raise_for_status().json()


def alerts(keeper: Keeper) -> list[str]:
    return [alert["text"] for alert in keeper.get("/api/keeper/screen")["alerts"]]


def test_an_operator_opens_one_door_and_keeper_and_county_read_who_and_why(house: House) -> None:
    with Hands(house.workbench_address) as hands, Keeper(house.station_address) as keeper:
        keeper.sign_in()
        keeper.check_in(on=True)
        check_in(keeper, hands, WAYBILLS[0])
        cell = next(one["cell"] for one in station_at_county(house)["cells"] if one["waybill_no"])
        synced = [fact for fact in read_journal(house) if fact["kind"] == "clock.synced"]
        assert len(synced) == 1
        assert "≈" not in keeper.get("/api/keeper/screen")["time"]

        code, said = open_from_afar(house, cell, "9999")
        assert (code, hands.open_doors()) == (1, []), said
        assert "another parcel, or none, is inside" in said
        code, said = open_from_afar(house, cell, WAYBILLS[0][-4:])
        assert code == 0, said
        assert said.splitlines()[-1].endswith("the door opened")
        assert hands.open_doors() == [cell]
        hands.shut(cell)
        line = f"县里 王某 因“村民手机丢了”远程打开了 {cell:02d} 号，请看看里面。"
        wait_for("the keeper to read it", lambda: line in alerts(keeper))

    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    commands = station_at_county(house)["commands"]
    assert [(one["state"], one["settled"]) for one in commands] == [
        ("opened", True),
        ("refused", True),
    ]
    kinds = [fact["kind"] for fact in read_journal(house)]
    assert kinds.count("remote.accepted") == kinds.count("remote.ended") == 1


def test_without_its_station_a_command_is_not_sent_and_nothing_opens_later(house: House) -> None:
    with Hands(house.workbench_address) as hands:
        house.station.kill()
        code, said = open_from_afar(house, 1, "")
        assert code == 1
        assert said.splitlines()[-1].endswith("nothing was sent")
        house.start_station()
        wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
        assert hands.open_doors() == []
        assert not [fact for fact in read_journal(house) if fact["kind"].startswith("remote.")]
