"""The keeper's day over HTTP."""

import pytest

from edge.kernel.ids import CellId, WaybillNo
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of, until_door
from tests.web.support.village import Village, eventually


def screen(keeper: Visitor) -> dict[str, object]:
    """The check-in part of the keeper's screen."""
    part: dict[str, object] = keeper.get("/api/keeper/screen")["check_in"]
    return part


def test_a_parcel_goes_from_scan_to_slip(village: Village, keeper: Visitor) -> None:
    assert screen(keeper)["step"] == "off"
    assert keeper.ask("/api/keeper/check-in", on=True)["key"] == "check_in_on"
    assert screen(keeper)["step"] == "scan"
    put_in = keeper.ask("/api/keeper/scan", text=WAYBILL)
    until_door(village, put_in["cell"], "open")
    now = screen(keeper)
    assert (now["step"], now["cell"], now["needs_tail"]) == ("put_in", put_in["cell"], True)
    shut(village, put_in["cell"])
    assert screen(keeper)["step"] == "tail"
    noted = keeper.ask("/api/keeper/phone-tail", waybill_no=WAYBILL, phone_tail=TAIL)
    assert noted["ok"]
    eventually(lambda: village.paper.slips, "the slip")
    assert (screen(keeper)["step"], stage_of(village)) == ("scan", "stored")


def test_a_real_scan_is_a_toast_on_the_keepers_screen(village: Village, keeper: Visitor) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    village.steel.weak.add(1)  # the toast ends when the door moves
    village.gun.scan(WAYBILL)
    eventually(lambda: village.state.desk.in_hand, "the parcel in hand")
    eventually(village.front.announcement, "the answer")
    toast = keeper.get("/api/keeper/screen")["toast"]
    assert toast["ok"]
    assert "01" in toast["text"]


def test_a_second_scan_of_the_same_parcel_makes_no_second_record(
    village: Village, keeper: Visitor
) -> None:
    cell = check_in(village, keeper)
    again = keeper.ask("/api/keeper/scan", text=WAYBILL)
    assert (again["ok"], again["key"], again["cell"]) == (False, "already_in", cell)
    assert len(village.state.parcels) == 1


def test_a_typed_number_with_a_wrong_check_digit_is_taken_only_from_who_is_sure(
    village: Village, keeper: Visitor
) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    answer = keeper.post("/api/keeper/scan", text="rb123456784gb")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "check_digit")
    assert "校验码不对" in answer.json()["error"]["message"]
    assert not village.state.parcels
    assert keeper.ask("/api/keeper/scan", text="RB123456784GB", sure=True)["key"] == "put_in"
    assert WaybillNo("RB123456784GB") in village.state.parcels


def test_without_check_in_a_waybill_is_not_taken(village: Village, keeper: Visitor) -> None:
    told = keeper.ask("/api/keeper/scan", text=WAYBILL)
    assert (told["ok"], told["key"]) == (False, "scan_not_expected")
    assert not village.state.parcels


def test_a_release_opens_the_door_and_the_parcel_is_gone(village: Village, keeper: Visitor) -> None:
    cell = check_in(village, keeper)
    assert keeper.ask("/api/keeper/release", waybill_no=WAYBILL)["cell"] == cell
    shut(village, cell)
    view = keeper.get("/api/keeper/screen")
    assert stage_of(village) == "picked_up"
    assert [line["waybill_no"] for line in view["collected"]] == [WAYBILL]
    assert view["parcels"] == []


def test_a_reprint_makes_another_code(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper)
    first = village.paper.token()
    assert keeper.ask("/api/keeper/reprint", waybill_no=WAYBILL)["ok"]
    eventually(lambda: len(village.paper.slips) > 1, "the second slip")
    assert village.paper.token() != first


def test_an_undone_check_in_leaves_the_lists(village: Village, keeper: Visitor) -> None:
    cell = check_in(village, keeper)
    assert keeper.ask("/api/keeper/undo", waybill_no=WAYBILL)["ok"]
    shut(village, cell)
    view = keeper.get("/api/keeper/screen")
    assert (stage_of(village), view["parcels"], view["last"]) == ("undone", [], [])


def test_a_door_without_a_sign_gets_one_human_retry(village: Village, keeper: Visitor) -> None:
    village.steel.weak.add(1)
    keeper.ask("/api/keeper/check-in", on=True)
    keeper.ask("/api/keeper/scan", text=WAYBILL)
    village.clock.forward(4)
    village.ring()
    until_door(village, 1, "silent")
    now = screen(keeper)
    assert (now["step"], now["can_retry"]) == ("did_it_open", True)
    village.steel.weak.clear()
    assert keeper.ask("/api/keeper/stuck", cell=now["cell"], auth=now["auth"])["ok"]
    until_door(village, 1, "open")
    assert village.steel.pulses == [1, 1]


def test_a_cell_opened_by_hand_is_asked_about_and_freed(village: Village, keeper: Visitor) -> None:
    assert keeper.ask("/api/keeper/cells/5/open", reason="查看里面")["cell"] == 5
    shut(village, 5)
    box = keeper.get("/api/keeper/screen")["cells"][4]
    if box["needs_look"]:
        assert keeper.ask("/api/keeper/cells/5/inspected", holds=None)["ok"]
    assert keeper.get("/api/keeper/screen")["cells"][4]["occupancy"] == "free"


def test_refusals_are_409_in_the_keepers_words(keeper: Visitor) -> None:
    answer = keeper.post("/api/keeper/release", waybill_no="YT0000000000000")
    assert answer.status_code == 409
    assert answer.json()["error"] == {
        "code": "parcel_not_here",
        "message": "这里没有这件包裹。请核对单号。",
    }


def test_an_unknown_cell_is_refused(keeper: Visitor) -> None:
    answer = keeper.post("/api/keeper/cells/999/open", reason="查看里面")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "unknown_cell")


@pytest.mark.parametrize("text", [" yt7700123456789\r\n", "YT7700123456789"])
def test_a_typed_number_is_read_as_the_scanner_reads_it(
    village: Village, keeper: Visitor, text: str
) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    answer = keeper.post("/api/keeper/scan", text=text)
    expected = 422 if "\n" in text else 200
    assert answer.status_code == expected
    known = CellId(1) if expected == 200 else None
    parcel = village.state.parcels.get(WaybillNo(WAYBILL))
    assert (parcel.cell if parcel else None) == known
