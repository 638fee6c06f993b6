"""Long stays, returns and exceptions over HTTP: what the keeper reads, and each wrong order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.kernel.ids import CellId
from hardware.ports import Text
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, until_door
from tests.web.support.stays import days_pass, knows_the_time, listed
from tests.web.support.van import COURIER, COURIER_PIN, TRIP, expect_van, seal
from tests.web.support.village import Village, eventually, open_village

OTHER = "SF1234567890123"


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with three cells, shelves A and B and a floor, whose clock the county has told."""
    with open_village(tmp_path / "station", cells=3, shelves="AB") as opened:
        knows_the_time(opened)
        yield opened


def stay(keeper: Visitor) -> list[dict[str, Any]]:
    """What the page S7 lists."""
    lines: list[dict[str, Any]] = keeper.get("/api/keeper/screen")["returns"]["lines"]
    return lines


def texts(village: Village, nth: int = -1) -> list[str]:
    return [block.text for block in village.paper.slips[nth] if isinstance(block, Text)]


def bag(village: Village, keeper: Visitor, waybill_no: str = WAYBILL) -> None:
    """From its cell into the return bag."""
    told = keeper.ask("/api/keeper/return-bag", waybill_no=waybill_no)
    cell = CellId(told["cell"])
    until_door(village, cell, "open")
    shut(village, cell)
    eventually(lambda: stay(keeper)[0]["kind"] == "bagged", "the return bag")


def test_after_days_a_parcel_is_overdue_a_list_is_printed_and_then_it_goes_back(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper, WAYBILL)
    slips = len(village.paper.slips)
    days_pass(village, 4, keeper)
    (line,) = eventually(lambda: stay(keeper), "the overdue parcel")
    assert (line["kind"], line["word"]) == ("overdue", "滞留")
    assert line["day"].startswith("第 ")
    assert line["history"][0].endswith("打了催领单")
    eventually(lambda: len(village.paper.slips) > slips, "the list")
    assert "滞留件单" in texts(village)
    assert any(f"尾号 {TAIL}" in text for text in texts(village))
    assert keeper.get("/api/keeper/screen")["counts"]["overdue"] == 1
    days_pass(village, 5, keeper)
    eventually(lambda: stay(keeper)[0]["kind"] == "to_return", "the list of returns")
    assert any("退件 1 件" in text for text in texts(village))


def test_without_a_trusted_clock_the_page_says_that_no_day_counts(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper, WAYBILL)
    village.clock.trusted = False
    days_pass(village, 30, keeper)
    view = keeper.get("/api/keeper/screen")["returns"]
    assert view["lines"] == []
    assert view["note"].startswith("现在没有准确时间")


def test_the_keeper_calls_extends_returns_and_takes_that_back(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper, WAYBILL)
    listed(village, keeper)
    keeper.ask("/api/keeper/called", waybill_no=WAYBILL)
    told = keeper.ask("/api/keeper/extend", waybill_no=WAYBILL, days=3, reason="周末来")
    assert told["text"] == "再放 3 天。"
    (line,) = stay(keeper)
    assert [text.split(" ")[-1] for text in line["history"]] == ["打了催领单", "打过电话", "天"]
    assert keeper.ask("/api/keeper/return", waybill_no=WAYBILL)["ok"]
    assert stay(keeper)[0]["why"] == "店主加入"
    refused = keeper.post("/api/keeper/extend", waybill_no=WAYBILL, days=3, reason="x")
    assert refused.json()["error"]["message"] == "这件在退件单上。要留下，请先点“不退了”。"
    told = keeper.ask("/api/keeper/return-undo", waybill_no=WAYBILL, days=1, reason="又要了")
    assert told["text"] == "不退了，再放 1 天。"
    refused = keeper.post("/api/keeper/return-bag", waybill_no=WAYBILL)
    assert refused.json()["error"]["message"] == "这件不在退件单上。要退，请先点“加入退件”。"


def test_a_return_goes_by_its_door_into_the_bag_and_with_the_courier(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    expect_van(village)
    check_in(village, keeper, WAYBILL)
    keeper.ask("/api/keeper/return", waybill_no=WAYBILL)
    no_van = keeper.post("/api/keeper/handover/returns")
    assert no_van.json()["error"]["code"] == "no_handover"
    bag(village, keeper)
    again = keeper.ask("/api/keeper/scan", text=WAYBILL)
    assert again["key"] == "in_return_bag"
    keeper.ask("/api/keeper/handover/arrive", courier=COURIER, pin=COURIER_PIN, trip=TRIP)
    assert keeper.get("/api/keeper/screen")["returns"]["loadable"] == 1
    told = keeper.ask("/api/keeper/handover/returns")
    assert told["text"] == "1 件退件随车走。"
    assert keeper.get("/api/keeper/screen")["returns"]["loaded"] == [WAYBILL]
    assert not keeper.ask("/api/keeper/handover/returns")["ok"]
    keeper.ask("/api/keeper/handover/undo", seal=WAYBILL)
    assert keeper.ask("/api/keeper/scan", text=WAYBILL)["text"] == "退件随车走：…6789。"
    slips = len(village.paper.slips)
    keeper.ask("/api/keeper/handover/sign", courier=COURIER, pin=COURIER_PIN)
    eventually(lambda: len(village.paper.slips) == slips + 2, "two slips")
    assert "退件 1：" in texts(village)
    assert WAYBILL in texts(village)
    assert stay(keeper) == []
    gone = visitor.ask("/api/kiosk/track", waybill_no=WAYBILL)
    assert (gone["title"], gone["lines"][0]["text"]) == ("已退件", "退回寄件人")


def test_out_of_the_bag_a_parcel_is_in_her_hands_again(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper, WAYBILL)
    keeper.ask("/api/keeper/return", waybill_no=WAYBILL)
    bag(village, keeper)
    told = keeper.ask("/api/keeper/return-undo", waybill_no=WAYBILL, days=3, reason="又要了")
    assert told["key"] == "place_it_first"
    assert keeper.get("/api/keeper/screen")["check_in"]["step"] == "in_hand"


def test_a_refused_parcel_is_an_exception_and_its_slip_is_dead(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper, WAYBILL)
    told = keeper.ask("/api/keeper/refused", waybill_no=WAYBILL, reason="不要了")
    assert told["text"] == "拒收记好了，进了退件单。取件码作废。"
    (trouble,) = keeper.get("/api/keeper/screen")["exceptions"]["lines"]
    assert (trouble["word"], trouble["note"], trouble["state"]) == ("拒收", "不要了", "未处理")
    assert stay(keeper)[0]["history"] == ["拒收：不要了"]


def test_a_damaged_parcel_leads_to_the_keeper_and_says_whose_fault_it_is(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper, WAYBILL)
    keeper.ask("/api/keeper/damaged", waybill_no=WAYBILL, note="箱子破了", liable="carrier")
    (trouble,) = keeper.get("/api/keeper/screen")["exceptions"]["lines"]
    assert (trouble["word"], trouble["liable_word"], trouble["place"]) == (
        "破损",
        "运输方",
        "柜 01",
    )
    (parcel,) = keeper.get("/api/keeper/screen")["parcels"]
    assert parcel["marks"]["text"] == "破损"
    known = visitor.ask("/api/kiosk/track", waybill_no=WAYBILL)
    assert known["title"] == "请找店主取"


def test_an_exception_is_noted_settled_and_opened_again(village: Village, keeper: Visitor) -> None:
    expect_van(village)
    keeper.ask("/api/keeper/handover/arrive", courier=COURIER, pin=COURIER_PIN, trip=TRIP)
    village.gun.scan(seal(1))
    eventually(lambda: keeper.get("/api/keeper/screen")["handover"]["tally"]["scanned"], "a bag")
    keeper.ask("/api/keeper/handover/sign", courier=COURIER, pin=COURIER_PIN)
    (short,) = keeper.get("/api/keeper/screen")["exceptions"]["lines"]
    assert (short["word"], short["name"], short["open"]) == ("少袋", seal(2), True)
    said = {"trouble": "bag_short", "subject": seal(2), "note": "已报县里", "liable": "carrier"}
    keeper.ask("/api/keeper/trouble", **said, settled=True)
    (short,) = keeper.get("/api/keeper/screen")["exceptions"]["lines"]
    assert (short["note"], short["state"], short["can_reopen"]) == ("已报县里", "已处理", True)
    assert keeper.get("/api/keeper/screen")["counts"]["exceptions"] == 0
    keeper.ask("/api/keeper/trouble", **said, settled=False)
    assert keeper.get("/api/keeper/screen")["counts"]["exceptions"] == 1
    unknown = keeper.post("/api/keeper/trouble", **(said | {"subject": seal(3)}), settled=True)
    assert unknown.json()["error"]["message"].startswith("这条异常已经不在了")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("extend", {"days": 0, "reason": "x"}),
        ("extend", {"days": 31, "reason": "x"}),
        ("extend", {"days": 3, "reason": " "}),
        ("return-undo", {"days": 3, "reason": ""}),
        ("refused", {"reason": "x" * 81}),
        ("refused", {"reason": "a\nb"}),
        ("damaged", {"note": "x", "liable": "nobody"}),
        ("damaged", {"note": " ", "liable": "sender"}),
    ],
)
def test_a_form_that_is_filled_in_badly_changes_nothing(
    village: Village, keeper: Visitor, path: str, body: dict[str, Any]
) -> None:
    check_in(village, keeper, WAYBILL)
    before = village.station.place
    answer = keeper.post(f"/api/keeper/{path}", waybill_no=WAYBILL, **body)
    assert answer.status_code == 422
    assert village.station.place == before


@pytest.mark.parametrize(
    "path",
    ["refused", "damaged", "called", "extend", "return", "return-undo", "return-bag", "trouble"],
)
def test_nobody_who_is_not_signed_in_gets_anywhere(visitor: Visitor, path: str) -> None:
    assert visitor.post(f"/api/keeper/{path}", waybill_no=OTHER).status_code == 401
