"""Shelves, floor and moves over HTTP, with the scanner in the keeper's hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.kernel.ids import CellId, WaybillNo
from hardware.ports import Qr, Text
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, until_door
from tests.web.support.village import Village, eventually, open_village

OTHER = "SF1234567890123"


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with two small cells, shelves A and B and a floor."""
    with open_village(tmp_path / "station", cells=2, shelves="AB") as opened:
        yield opened


def on_shelf(village: Village, keeper: Visitor, waybill_no: str = WAYBILL) -> str:
    """One parcel from the scan to the slip, onto a shelf; gives its slot."""
    keeper.ask("/api/keeper/check-in", on=True)
    keeper.ask("/api/keeper/place", waybill_no=None, choice="shelf")
    put_on = keeper.ask("/api/keeper/scan", text=waybill_no)
    assert put_on["key"] == "put_on", put_on
    slips = len(village.paper.slips)
    keeper.ask("/api/keeper/phone-tail", waybill_no=waybill_no, phone_tail=TAIL)
    eventually(lambda: len(village.paper.slips) > slips, "the slip")
    return str(put_on["slot"])


def qr(village: Village, nth: int = -1) -> str:
    """The QR code of a slip."""
    return next(block.data for block in village.paper.slips[nth] if isinstance(block, Qr))


def line_of(keeper: Visitor, waybill_no: str = WAYBILL) -> dict[str, Any]:
    """The parcel as the keeper's page lists it."""
    view = keeper.get("/api/keeper/screen")
    lines: list[dict[str, Any]] = [*view["parcels"], *view["collected"]]
    return next(line for line in lines if line["waybill_no"] == waybill_no)


def test_the_slip_names_the_slot(village: Village, keeper: Visitor) -> None:
    slot = on_shelf(village, keeper)
    lines = [block.text for block in village.paper.slips[-1] if isinstance(block, Text)]
    assert f"架 {slot}" in lines


def test_who_comes_for_a_slot_right_after_somebody_at_a_door_sees_where_it_lies(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    cell = check_in(village, keeper, OTHER)
    code = village.paper.code()
    slot = on_shelf(village, keeper)
    assert visitor.ask("/api/kiosk/code", phone_tail=TAIL, digits=code)["ok"]
    shut(village, cell)
    village.clock.forward(60)  # the thanks are over, the door may still be opened once more
    village.gun.scan(qr(village))
    eventually(lambda: village.state.calls, "the call")
    screen = visitor.get("/api/kiosk/screen")
    assert (screen["screen"], [c["place"] for c in screen["calls"]]) == ("called", [f"架 {slot}"])
    assert screen["door"]["can_put_back"]


def test_a_full_locker_goes_on_to_the_shelf_and_says_so(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper, "YT0000000000001")
    check_in(village, keeper, "YT0000000000002")
    village.gun.scan(OTHER)
    step = eventually(lambda: _step(keeper, "put_on"), "the slot on the screen")
    assert step["place"].startswith("架 A-1-")
    assert step["title"] == "放到"


def _step(keeper: Visitor, name: str) -> dict[str, Any]:
    """The step that the page shows, empty while it is another."""
    step: dict[str, Any] = keeper.get("/api/keeper/screen")["check_in"]
    return step if step["step"] == name else {}


def test_too_small_at_the_open_door_goes_to_the_shelf_in_one_step(
    village: Village, keeper: Visitor
) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    village.gun.scan(WAYBILL)
    until_door(village, 1, "open")
    assert _step(keeper, "put_in")
    answer = keeper.ask("/api/keeper/place", waybill_no=WAYBILL, choice="larger")
    assert (answer["key"], answer["text"]) == ("put_on", f"放到 架 {answer['slot']}。")
    shut(village, 1)
    eventually(lambda: village.state.cells[CellId(1)].occupancy == "free", "the cell to be free")


def test_a_right_code_at_the_kiosk_calls_the_keeper_who_hands_out(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    slot = on_shelf(village, keeper)
    answer = visitor.ask("/api/kiosk/scan", text=qr(village))
    assert (answer["ok"], answer["text"]) == (True, f"请找店主拿：架 {slot}。")
    screen = visitor.get("/api/kiosk/screen")
    assert (screen["screen"], [c["place"] for c in screen["calls"]]) == ("called", [f"架 {slot}"])
    village.gun.scan(qr(village))
    eventually(village.station.announcement, "the answer to the scanner")
    view = keeper.get("/api/keeper/screen")
    assert view["toast"] is None, "the words are the visitor's, the keeper has a card"
    card = view["calls"][0]
    assert card["text"] == f"等着取：架 {slot}"
    assert keeper.ask("/api/keeper/release", waybill_no=card["waybill_no"], seen=[])["ok"]
    assert visitor.get("/api/kiosk/screen")["screen"] == "home"
    again = visitor.ask("/api/kiosk/scan", text=qr(village))
    assert again["key"] == "already_collected"
    assert "已经取走了" in again["headline"]
    assert ":" in again["headline"], "the time"
    assert line_of(keeper)["can_undo_release"]
    assert keeper.ask("/api/keeper/undo-release", waybill_no=WAYBILL)["key"] == "handed_back"
    assert line_of(keeper)["place"] == f"架 {slot}"


def test_only_codes_that_were_shown_here_are_listed(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    on_shelf(village, keeper)
    on_shelf(village, keeper, OTHER)
    visitor.ask("/api/kiosk/scan", text=qr(village, 0))
    assert len(visitor.get("/api/kiosk/screen")["calls"]) == 1, "same phone, but its code is unseen"
    visitor.ask("/api/kiosk/scan", text=qr(village, 1))
    assert len(visitor.get("/api/kiosk/screen")["calls"]) == 2
    village.clock.forward(61)
    assert visitor.get("/api/kiosk/screen")["calls"] == [], "the next visitor sees nothing"


def test_by_hand_the_papers_must_be_seen(village: Village, keeper: Visitor) -> None:
    on_shelf(village, keeper)
    refused = keeper.post("/api/keeper/release", waybill_no=WAYBILL)
    assert refused.json()["error"]["code"] == "id_not_seen"
    assert keeper.ask("/api/keeper/release", waybill_no=WAYBILL, seen=["id"])["ok"]


def test_cash_due_is_one_reason_at_the_kiosk_and_a_tick_at_the_counter(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    flags = {"waybill_no": WAYBILL, "flags": ["bulky"], "cash_due_fen": 1200}
    assert keeper.ask("/api/keeper/flags", **flags)["ok"]
    assert line_of(keeper)["marks"]["text"] == "大件 · 到付 ¥12.00"
    answer = visitor.ask("/api/kiosk/scan", text=qr(village))
    assert (answer["headline"], answer["ok"]) == ("待付款 ¥12.00", False)
    refused = keeper.post("/api/keeper/release", waybill_no=WAYBILL, seen=["id"])
    assert refused.json()["error"]["code"] == "not_paid"
    assert keeper.ask("/api/keeper/release", waybill_no=WAYBILL, seen=["paid"])["ok"]
    shut(village, 1)
    assert village.state.parcels[WaybillNo(WAYBILL)].stage == "picked_up"


def test_to_be_signed_for_is_one_reason_too(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    on_shelf(village, keeper)
    keeper.ask("/api/keeper/flags", waybill_no=WAYBILL, flags=["signature"], cash_due_fen=0)
    answer = visitor.ask("/api/kiosk/scan", text=qr(village))
    assert answer["headline"] == "请找店主签收"
    refused = keeper.post("/api/keeper/release", waybill_no=WAYBILL)
    assert refused.json()["error"]["code"] == "not_signed"


def test_a_parcel_moves_from_cell_to_shelf_and_its_slip_stays_good(
    village: Village, keeper: Visitor, visitor: Visitor
) -> None:
    check_in(village, keeper)
    keeper.ask("/api/keeper/move", waybill_no=WAYBILL)
    shut(village, 1)
    step = eventually(lambda: _step(keeper, "in_hand"), "the parcel in hand")
    assert (step["needs_tail"], step["can_choose"]) == (False, True)
    assert line_of(keeper)["place"] == "手上"
    put_on = keeper.ask("/api/keeper/place", waybill_no=WAYBILL, choice="floor")
    assert put_on["text"] == "放到 地堆 地1。"
    eventually(lambda: village.state.cells[CellId(1)].occupancy == "free", "the cell to be free")
    assert visitor.ask("/api/kiosk/scan", text=qr(village))["text"] == "请找店主拿：地堆 地1。"


def test_a_cell_is_taken_off_the_offer_and_put_on_again(village: Village, keeper: Visitor) -> None:
    assert keeper.ask("/api/keeper/cells/1/lock", reason="锁不好")["ok"]
    view = keeper.get("/api/keeper/screen")
    assert (view["cells"][0]["locked_why"], view["counts"]["free"]) == ("停用：锁不好", 1)
    assert check_in(village, keeper) == 2
    assert keeper.ask("/api/keeper/cells/1/unlock")["ok"]
    assert not keeper.get("/api/keeper/screen")["cells"][0]["locked"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/keeper/place", {"waybill_no": None, "choice": "larger"}),
        ("/api/keeper/place", {"waybill_no": None, "choice": "roof"}),
        ("/api/keeper/flags", {"waybill_no": WAYBILL, "flags": ["red"], "cash_due_fen": 0}),
        ("/api/keeper/flags", {"waybill_no": WAYBILL, "flags": [], "cash_due_fen": -1}),
        ("/api/keeper/flags", {"waybill_no": WAYBILL, "flags": [], "cash_due_fen": 12.5}),
        ("/api/keeper/release", {"waybill_no": WAYBILL, "seen": ["face"]}),
        ("/api/keeper/cells/1/lock", {"reason": " "}),
        ("/api/keeper/cells/0/unlock", {}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(
    keeper: Visitor, path: str, body: dict[str, Any]
) -> None:
    assert keeper.post(path, **body).status_code == 422


@pytest.mark.usefixtures("village")
def test_a_villager_cannot_hand_out(visitor: Visitor) -> None:
    for path in ("place", "move", "flags", "undo-release", "cells/1/lock", "cells/1/unlock"):
        assert visitor.post(f"/api/keeper/{path}").status_code in {401, 403}
