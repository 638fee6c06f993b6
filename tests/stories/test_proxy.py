"""R36: a grandchild is sent with a slip; one door opens at once, the other when money is paid."""

from typing import Any

import httpx
import pytest

from edge.tools.house import House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import CODE_ON_PAPER, county_facts, journal_of
from tests.stories.village import TAIL, slip_of

pytestmark = [pytest.mark.story, pytest.mark.slow]
PLAIN, DEAR = "YT7700123000077", "SF1234567890123"


def put_in(keeper: Keeper, hands: Hands, waybill_no: str) -> int:
    """From the scan to the digits; gives the cell."""
    keeper.check_in(on=True)
    hands.scan(waybill_no)
    cell = hands.wait_for_open_door()
    hands.act(cell, "put-in")
    hands.shut(cell)
    keeper.type_tail(waybill_no, TAIL)
    wait_for("the slip", lambda: slip_of(hands, waybill_no))
    return cell


def take_out(hands: Hands, cell: int) -> None:
    assert hands.wait_for_open_door() == cell
    hands.act(cell, "take-out")
    hands.shut(cell)


def proxy_slip(hands: Hands) -> str | None:
    """The words on the slip of a proxy, once it is out."""
    papers = ["\n".join(paper["text"]) for paper in hands.bench()["papers"]]
    return next((text for text in papers if "代取小票" in text), None)


def code_for_proxy(keeper: Keeper, hands: Hands) -> dict[str, str]:
    names = {"name": "王小明", "relation": "family", "owner": "刘秀英"}
    keeper.post("/api/keeper/proxy", waybills=[PLAIN, DEAR], **names)
    text = wait_for("the proxy's slip", lambda: proxy_slip(hands))
    assert "代取人 王**" in text
    assert "王小明" not in text
    code = CODE_ON_PAPER.search(text)
    assert code is not None, text
    return {"phone_tail": TAIL, "digits": code[1] + code[2]}


def waiting(keeper: Keeper) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
    return cards


def test_r36_a_child_collects_for_grandmother_and_the_log_shows_who_for_whom(house: House) -> None:
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
    ):
        keeper.sign_in()
        plain, dear = put_in(keeper, hands, PLAIN), put_in(keeper, hands, DEAR)
        keeper.post("/api/keeper/flags", waybill_no=DEAR, flags=[], cash_due_fen=1200)
        code = code_for_proxy(keeper, hands)

        assert kiosk.post("/api/kiosk/code", **code)["key"] == "proxy_shown"
        view = kiosk.get("/api/kiosk/screen")["proxy"]
        assert view["title"] == f"代取：刘** 尾号 {TAIL} 的包裹"
        assert [line["word"] for line in view["lines"]] == ["可以取", "等店主同意"]
        assert hands.open_doors() == []
        assert next_door(kiosk, view)["cell"] == plain
        take_out(hands, plain)
        wait_for("the rest to wait", lambda: next_door(kiosk, view)["key"] == "proxy_waits")
        assert hands.open_doors() == []
        (card,) = waiting(keeper)
        word = {"credential": card["credential"], "waybill_no": DEAR, "agreed": True}
        assert keeper.post("/api/keeper/proxy/answer", **word, seen=["paid"])["cell"] == dear
        take_out(hands, dear)
        wait_for(
            "the code to be used up",
            lambda: kiosk.post("/api/kiosk/code", **code)["key"] == "already_collected",
        )
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    county_says_who_for_whom(house)


def next_door(kiosk: Visitor, view: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = kiosk.post("/api/kiosk/proxy-open", visit=view["visit"])
    return told


def county_says_who_for_whom(house: House) -> None:
    for waybill_no in (PLAIN, DEAR):
        life = httpx.get(f"{house.county_address}/api/trace/{waybill_no}").raise_for_status().json()
        told = [event["text"] for event in life["events"]]
        assert (life["stage"], life["stay"]) == ("picked_up", "由代取人取走 王**（家人）")
        assert "可由 王**（家人）代 刘** 取" in told
        said = "代取人在自助机开柜（取件码）" if waybill_no == PLAIN else "李店主 同意代取"
        assert said in told
