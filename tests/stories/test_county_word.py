"""The county has its say: a notice reaches the counter through outages, a question its answer."""

from typing import Any

import pytest

from edge.tools.house import House
from edge.tools.people import Hands, Keeper, wait_for
from edge.tools.saying import say_notice
from edge.tools.story import check_in, wait_until_county_has_all
from edge.tools.sync import status_lines, sync_resend, sync_status

pytestmark = [pytest.mark.story]
WAYBILL = "YT7700123000009"
TAIL = "3865"


def panel(keeper: Keeper) -> dict[str, Any]:
    """The county's card on the counter."""
    view: dict[str, Any] = keeper.get("/api/keeper/screen")["county"]
    return view


def titles(keeper: Keeper) -> list[str]:
    """What the counter shows of the county's notices."""
    return [notice["title"] for notice in panel(keeper)["notices"] if notice["unread"]]


def test_a_notice_comes_through_outages_and_a_parcel_is_asked_after(house: House) -> None:
    county = house.folder / "county"
    with Keeper(house.station_address) as keeper, Hands(house.workbench_address) as hands:
        keeper.sign_in()
        wait_for("the county", lambda: panel(keeper)["ok"], 30)
        house.broker.kill()
        assert say_notice(county, "all", title="明天停电", text="9 点到 17 点", days=7) == 1
        house.county.kill()
        house.broker.wipe()
        house.broker.start()
        house.start_county()
        wait_for("the notice", lambda: titles(keeper) == ["明天停电"], 60)
        (notice,) = panel(keeper)["notices"]
        keeper.post("/api/keeper/notice-read", notice=notice["key"], seq=notice["seq"])
        assert titles(keeper) == []

        keeper.check_in(on=True)
        cell = check_in(keeper, hands, WAYBILL, TAIL)
        wait_until_county_has_all(house)
        told = keeper.post("/api/keeper/where", waybill_no=WAYBILL)
        assert told["known"], told
        assert "在柜，待取" in told["lines"][0], (cell, told)

        assert list(sync_resend(house.station_folder, "zh"))[-1].endswith("和县中心连着")
        status = sync_status(house.station_folder)
        assert status_lines(status, "zh")[0].startswith("和县中心连着")
        # The county's card, its key for codes, and the notice.
        assert (status["waiting"], status["state_seq"]) == (0, 3)
        house.broker.kill()
        wait_for("the card to say so", lambda: panel(keeper)["verdict"] == "offline", 30)
        told = keeper.post("/api/keeper/where", waybill_no=WAYBILL)
        assert not told["known"]
