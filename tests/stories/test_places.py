"""Shelf and floor, from the twin scanner to the county's page, over a station that is restarted."""

from typing import Any

import httpx
import pytest

from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import CODE_ON_PAPER, county_facts, journal_of
from tests.stories.village import inside, slip_of

pytestmark = [pytest.mark.story, pytest.mark.slow]

BULKY = "YT7700123000011"
TOO_BIG = "SF1234567890123"
TAIL = "3865"


def check_in_view(keeper: Keeper) -> Any:
    return keeper.get("/api/keeper/screen")["check_in"]


def line_of(keeper: Keeper, waybill_no: str) -> Any:
    view = keeper.get("/api/keeper/screen")
    lines = [*view["parcels"], *view["collected"]]
    return next((line for line in lines if line["waybill_no"] == waybill_no), None)


def digits_of(hands: Hands, waybill_no: str) -> str:
    code = CODE_ON_PAPER.search(wait_for("the slip", lambda: slip_of(hands, waybill_no)))
    assert code is not None
    return code[1] + code[2]


def at_county(house: House, path: str) -> Any:
    return httpx.get(f"{house.county_address}{path}").raise_for_status().json()


def test_a_bulky_item_lies_on_the_floor_and_only_the_keeper_hands_it_out(house: House) -> None:
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
    ):
        keeper.sign_in()
        keeper.check_in(on=True)
        keeper.post("/api/keeper/place", waybill_no=None, choice="floor")
        hands.scan(BULKY)
        step = wait_for("the slot", lambda: check_in_view(keeper)["slot"] and check_in_view(keeper))
        assert (step["place"], hands.open_doors()) == ("地堆 地1", [])
        keeper.post("/api/keeper/flags", waybill_no=BULKY, flags=["bulky"], cash_due_fen=0)
        keeper.type_tail(BULKY, TAIL)
        assert "地堆 地1" in wait_for("the slip", lambda: slip_of(hands, BULKY))

        code = {"phone_tail": TAIL, "digits": digits_of(hands, BULKY)}
        answer = kiosk.post("/api/kiosk/code", **code)
        assert (answer["ok"], answer["text"]) == (True, "请找店主拿：地堆 地1。")
        assert kiosk.get("/api/kiosk/screen")["screen"] == "called"
        assert hands.open_doors() == []
        card = keeper.get("/api/keeper/screen")["calls"][0]
        assert keeper.post("/api/keeper/release", waybill_no=card["waybill_no"], seen=[])["ok"]
        again = kiosk.post("/api/kiosk/code", **code)
        assert again["key"] == "already_collected"
        assert "已经取走了" in again["headline"]
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    life = at_county(house, f"/api/trace/{BULKY}")
    assert (life["stage"], life["slot"]) == ("picked_up", "地1")
    told = [event["text"] for event in life["events"]]
    assert "已放上 地1" in told
    assert "李店主 标记：大件" in told
    assert any(text.startswith("李店主 从 地1 交给本人") for text in told)


def test_what_is_too_small_or_moved_leaks_into_no_free_cell_over_a_restart(house: House) -> None:
    with Hands(house.workbench_address) as hands, Keeper(house.station_address) as keeper:
        keeper.sign_in()
        keeper.check_in(on=True)
        hands.scan(TOO_BIG)
        assert hands.wait_for_open_door() == 1
        wait_for("the open door", lambda: check_in_view(keeper)["can_enlarge"])
        larger = keeper.post("/api/keeper/place", waybill_no=TOO_BIG, choice="larger")["cell"]
        assert larger == 13, "the first of the medium ones"
        wait_for("the second door", lambda: larger in hands.open_doors())
        hands.post(f"/api/doors/{larger}/put-in", thing=TOO_BIG)
        hands.shut(larger)
        assert keeper.get("/api/keeper/screen")["cells"][0]["occupancy"] == "questioned"
        hands.shut(1)
        wait_for("cell 1", lambda: occupancy(keeper, 1) == "free")
        keeper.type_tail(TOO_BIG, TAIL)
        wait_for("the slip", lambda: slip_of(hands, TOO_BIG))

        keeper.post("/api/keeper/move", waybill_no=TOO_BIG)
        wait_for("the door", lambda: larger in hands.open_doors())
        hands.act(larger, "take-out")
        hands.shut(larger)
        wait_for("the parcel in hand", lambda: check_in_view(keeper)["step"] == "in_hand")
        assert inside(hands, larger) is None
    house.station.end()
    house.start_station()
    with Hands(house.workbench_address) as hands, Keeper(house.station_address) as keeper:
        keeper.sign_in()
        assert check_in_view(keeper)["step"] == "in_hand", "the work resumes where it stopped"
        put_on = keeper.post("/api/keeper/place", waybill_no=TOO_BIG, choice="shelf")
        assert line_of(keeper, TOO_BIG)["place"] == f"架 {put_on['slot']}"
        assert occupancy(keeper, larger) == "questioned", "nobody watched it over the restart"
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    station = at_county(house, f"/api/stations/{STATION_ID}")
    assert [slot["waybill_no"] for slot in station["slots"]] == [TOO_BIG]
    assert at_county(house, f"/api/trace/{TOO_BIG}")["stage_text"] == "在架，待店主交"


def occupancy(keeper: Keeper, cell: int) -> str:
    cells = keeper.get("/api/keeper/screen")["cells"]
    return str(next(one["occupancy"] for one in cells if one["cell"] == cell))
