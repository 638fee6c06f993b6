"""What breaks at a station, as the county sees it: a whole house, broker and all."""

import json
from typing import Any

import httpx
import pytest

from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import check_in

pytestmark = [pytest.mark.story, pytest.mark.slow]
WAYBILL = "YT7700123000001"


def alarms(house: House) -> list[str]:
    """The alarms on the county's page, worst first."""
    with httpx.stream("GET", f"{house.county_address}/events", timeout=10.0) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                view = json.loads(line.removeprefix("data:"))
                return [str(alarm["title"]) for alarm in view["alarms"]]
    raise AssertionError("a stream without a word")


def devices(county: Visitor) -> dict[str, str]:
    """What the county says of each device that is not well."""
    told: list[dict[str, Any]] = county.get(f"/api/stations/{STATION_ID}")["devices"]
    return {device["label"]: device["text"] for device in told if not device["well"]}


def test_what_breaks_is_an_alarm_at_the_county_until_it_is_mended(house: House) -> None:
    """F031, F048, F053, F039: a forced door with its parcel, and devices that are away."""
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.county_address) as county,
    ):

        def breaks(name: str, *, on: bool) -> None:
            hands.post("/api/faults", name=name, on=on)

        keeper.sign_in()
        keeper.check_in(on=True)
        cell = check_in(keeper, hands, WAYBILL, "3865")
        wait_for("a county without alarms", lambda: not alarms(house) and not devices(county))
        hands.act(cell, "open")  # by a crowbar: nobody asked for it
        wait_for("the forced door", lambda: any("强开" in title for title in alarms(house)))
        assert alarms(house)[0] == f"{cell} 号门被强开，格内有件"
        assert county.get(f"/api/trace/{WAYBILL}")["stage"] == "keeper_assist"
        for name in ("scanner_unplugged", "cover_open", "board_unplugged"):
            breaks(name, on=True)
        away = {"扫码枪": "没接上", "打印机": "盖子没关", "锁控板 1": "没接上"}
        wait_for("the devices", lambda: away.items() <= devices(county).items(), 30)
        told = alarms(house)
        assert all(any(name in title for title in told) for name in ("扫码枪", "打印机", "锁控板"))
        for name in ("scanner_unplugged", "cover_open", "board_unplugged"):
            breaks(name, on=False)
        wait_for("the devices to be back", lambda: not devices(county), 30)
        assert len(alarms(house)) == 1  # the door, which nobody has looked behind yet
