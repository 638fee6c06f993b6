"""R25b, S4: whom to ask, what they said, and what that means at the counter and at the kiosk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.kernel.ids import WaybillNo
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, check_in
from tests.web.support.van import parcel, tell_bag, waybill
from tests.web.support.village import Village, eventually, open_village

ONE, TWO = waybill(1), waybill(2)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A bag is announced; of its two addressees one said no, of the other nothing is known."""
    with open_village(tmp_path / "station", cells=2, shelves="A") as opened:
        said_no = parcel(1, carrier="圆通", tail=TAIL, consent="no")
        tell_bag(opened, 1, [said_no, parcel(2, carrier="中通", consent="unknown")])
        yield opened


def screen(keeper: Visitor) -> dict[str, Any]:
    return keeper.get("/api/keeper/screen")


def unpack(keeper: Visitor, waybill_no: str = ONE) -> dict[str, Any]:
    keeper.ask("/api/keeper/check-in", on=True)
    answer: dict[str, Any] = keeper.ask("/api/keeper/scan", text=waybill_no)
    return answer


def word(keeper: Visitor, wish: str, waybill_no: str = ONE, **more: str) -> dict[str, Any]:
    said = {"how": "phone", "giver": "addressee"} | more
    answer: dict[str, Any] = keeper.ask(
        "/api/keeper/consent", waybill_no=waybill_no, wish=wish, **said
    )
    return answer


def test_the_keeper_sees_at_once_that_it_goes_to_a_slot_and_stays_on_the_list(
    village: Village, keeper: Visitor
) -> None:
    answer = unpack(keeper)
    assert (answer["key"], answer["ok"], answer["waits"]) == ("to_contact", True, True)
    assert answer["text"] == f"待联系：放到 架 {answer['slot']}。没同意，不放柜，不出小票。"
    view = screen(keeper)
    step = view["check_in"]
    assert (step["step"], step["title"], step["place"]) == (
        "to_contact",
        "待联系，放到",
        f"架 {answer['slot']}",
    )
    assert view["counts"]["contact"] == 1
    (line,) = view["contact"]
    assert (line["tail"], line["said"], line["tried"]) == (TAIL, "不同意投柜", "还没打过")
    assert not view["parcels"][0]["can_reprint"]
    assert village.paper.slips == []


def test_the_next_scan_goes_on(village: Village, keeper: Visitor) -> None:
    unpack(keeper)
    village.gun.scan(TWO)
    eventually(lambda: WaybillNo(TWO) in village.state.parcels, "the second")
    view = screen(keeper)
    assert view["toast"]["waits"]
    assert [line["said"] for line in view["contact"]] == ["不同意投柜", "没问过"]
    assert view["check_in"]["waybill_no"] == TWO
    assert view["check_in"]["needs_tail"]


def test_a_yes_prints_the_slip_and_stands_on_the_list_of_parcels(
    village: Village, keeper: Visitor
) -> None:
    unpack(keeper)
    assert word(keeper, "cell", how="message", giver="family")["key"] == "slip_queued"
    eventually(lambda: village.paper.slips, "the slip")
    view = screen(keeper)
    assert (view["contact"], view["counts"]["contact"]) == ([], 0)
    (line,) = view["parcels"]
    assert line["agreed"].startswith("家人信息：放柜 ")
    assert line["can_reprint"]
    assert view["check_in"]["step"] == "scan"


def test_who_was_not_reached_is_asked_again_after_all_others(
    village: Village, keeper: Visitor
) -> None:
    unpack(keeper)
    unpack(keeper, TWO)
    ask = "/api/keeper/contact"
    noted = keeper.ask(ask, waybill_no=ONE, result="no_answer")
    assert noted["text"] == "记好了，等会儿再打。"
    first, last = screen(keeper)["contact"]
    assert (first["waybill_no"], last["waybill_no"], last["tries"]) == (TWO, ONE, 1)
    assert last["tried"].startswith("打过 1 次，上次 ")
    village.clock.forward(60)
    keeper.ask(ask, waybill_no=ONE, result="wrong_number")
    assert screen(keeper)["contact"][1]["todo"] == "号码不对，问县里"


def test_a_yes_taken_back_in_the_cell_says_to_take_it_out(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper)
    waybill_no = next(iter(village.state.parcels))
    answer = word(keeper, "nowhere", waybill_no)
    assert (answer["key"], answer["waits"]) == ("lies_in_cell", True)
    (line,) = screen(keeper)["contact"]
    assert (line["place"], line["todo"]) == ("柜 01", "请从柜里拿出来")
    (alert,) = screen(keeper)["alerts"]
    assert (alert["cell"], alert["text"]) == (1, "01 号柜里的件没同意放柜，请换到架上。")
    assert (alert["can_retry"], alert["can_say_taken"]) == (False, False)
    word(keeper, "cell", waybill_no)
    assert screen(keeper)["alerts"] == []


def test_a_valuable_parcel_in_a_cell_is_asked_about_or_moved(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper)
    waybill_no = next(iter(village.state.parcels))
    marks = {"waybill_no": waybill_no, "flags": ["valuable"], "cash_due_fen": 0}
    assert keeper.ask("/api/keeper/flags", **marks)["key"] == "lies_in_cell"
    (alert,) = screen(keeper)["alerts"]
    assert alert["text"].startswith("01 号柜里是生鲜或贵重件")
    word(keeper, "cell", waybill_no)
    assert screen(keeper)["alerts"] == []


def test_the_kiosk_says_that_the_keeper_will_ask_or_come(keeper: Visitor, visitor: Visitor) -> None:
    unpack(keeper)
    track = {"waybill_no": ONE}
    seen = visitor.post("/api/kiosk/track", **track).json()
    assert (seen["title"], "店主会联系您" in seen["next_step"]) == ("到站，等您同意", True)
    word(keeper, "home")
    assert visitor.post("/api/kiosk/track", **track).json()["title"] == "会送到您家"
    word(keeper, "shelf")
    assert visitor.post("/api/kiosk/track", **track).json()["title"] == "本站可取"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("consent", {"wish": "roof", "how": "phone", "giver": "addressee"}),
        ("consent", {"wish": "cell", "how": "pigeon", "giver": "addressee"}),
        ("consent", {"wish": "cell", "how": "phone"}),
        ("consent", {"wish": "cell", "how": "phone", "giver": "addressee", "agreed": True}),
        ("contact", {"result": "answered"}),
    ],
)
def test_what_is_no_word_is_refused(
    village: Village, keeper: Visitor, path: str, body: dict[str, Any]
) -> None:
    unpack(keeper)
    before = village.state.parcels
    assert keeper.post(f"/api/keeper/{path}", waybill_no=ONE, **body).status_code == 422
    assert village.state.parcels == before


def test_of_a_parcel_that_is_not_here_the_keeper_is_told_so(keeper: Visitor) -> None:
    said = {"waybill_no": ONE, "wish": "cell", "how": "phone", "giver": "addressee"}
    answer = keeper.post("/api/keeper/consent", **said)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "parcel_not_here")


def test_of_a_parcel_that_goes_back_nobody_is_asked(keeper: Visitor) -> None:
    unpack(keeper)
    keeper.ask("/api/keeper/refused", waybill_no=ONE, reason="没买过")
    view = screen(keeper)
    assert (view["contact"], view["counts"]["contact"]) == ([], 0)
