"""R25b: from the county's manifest, over a call and a restart, to the addressee's hands."""

from typing import Any

import httpx
import pytest

from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import county_facts, journal_of
from tests.stories.announcing import announce
from tests.stories.test_places import digits_of
from tests.stories.village import slip_of

pytestmark = [pytest.mark.story, pytest.mark.slow]
ASKED, TAIL = "YT7700123000077", "3865"
MANIFEST = f"""封签,起点,到站,运单号,快递公司,件号,总件数,尾号,同意
FQ0000001,county,{STATION_ID},{ASKED},圆通,1,1,{TAIL},否
"""


def contact(keeper: Keeper) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = keeper.get("/api/keeper/screen")["contact"]
    return lines


def test_r25b_without_a_yes_a_parcel_lies_on_a_slot_and_with_it_in_a_cell(
    house: House,
) -> None:
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
    ):
        keeper.sign_in()
        assert announce(house, keeper, MANIFEST)["parcels"] == 1
        keeper.check_in(on=True)
        hands.scan(ASKED)
        (line,) = wait_for("待联系", lambda: contact(keeper))
        assert (line["said"], hands.open_doors(), slip_of(hands, ASKED)) == ("不同意投柜", [], None)
        assert kiosk.post("/api/kiosk/track", waybill_no=ASKED)["title"] == "到站，等您同意"
        keeper.post("/api/keeper/contact", waybill_no=ASKED, result="no_answer")
        word = {"wish": "cell", "how": "phone", "giver": "addressee"}
        keeper.post("/api/keeper/consent", waybill_no=ASKED, **word)
        code = digits_of(hands, ASKED)

        keeper.post("/api/keeper/move", waybill_no=ASKED)
        keeper.post("/api/keeper/place", waybill_no=ASKED, choice="small")
        cell = hands.wait_for_open_door()
        hands.act(cell, "put-in")
        hands.shut(cell)
        assert wait_for(
            "its code to be good",
            lambda: kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=code)["ok"],
        )
        assert hands.wait_for_open_door() == cell
        hands.act(cell, "take-out")
        hands.shut(cell)
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    county_has_it_all(house)


def county_has_it_all(house: House) -> None:
    """Every step of the asking stands in the parcel's trace."""
    life = httpx.get(f"{house.county_address}/api/trace/{ASKED}").raise_for_status().json()
    told = [event["text"] for event in life["events"]]
    assert "待联系收件人（不同意投柜）" in told
    assert "李店主 联系过收件人：没接" in told
    assert "李店主 记下本人的意愿：同意放柜（电话）" in told
    assert life["stage"] == "picked_up"
