"""R72 over HTTP: a parcel's village, the list by village, and its paper."""

import pytest

from hardware.ports import PaperState
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.hamlets import HAMLETS, live_in
from tests.web.support.parcels import TAIL, WAYBILL, check_in
from tests.web.support.van import parcel, tell_bag, waybill
from tests.web.support.village import Village, eventually

SECOND = "SF1234567890123"


@pytest.fixture(autouse=True)
def hamlets(village: Village) -> None:
    live_in(village, *HAMLETS[:2])


def test_r72_todays_parcels_are_counted_by_village_and_yesterdays_apart(
    village: Village, keeper: Visitor
) -> None:
    cell = check_in(village, keeper)
    check_in(village, keeper, SECOND)
    assert keeper.ask("/api/keeper/hamlet", waybill_no=WAYBILL, hamlet=HAMLETS[1])["ok"]
    view = keeper.get("/api/keeper/screen")["hamlets"]
    assert view["choices"] == [*HAMLETS[:2]]
    groups = [(group["title"], group["count"]) for group in view["groups"]]
    assert groups == [(HAMLETS[0], 0), (HAMLETS[1], 1), ("未分村", 1)]
    (line,) = view["groups"][1]["lines"]
    assert (line["tail"], line["place"]) == (TAIL, f"柜 {cell:02d}")
    assert (view["today"], view["older"]) == ("今天到的，还没取：2 件", "")
    village.clock.forward(86_400)
    assert keeper.ask("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)["ok"]
    view = keeper.get("/api/keeper/screen")["hamlets"]
    assert [group["count"] for group in view["groups"]] == [0, 0]
    assert view["older"] == "另有前几天的 2 件，在“出库”里。"


def test_r72_the_paper_names_village_and_digits_and_nothing_more_of_a_person(
    village: Village, keeper: Visitor
) -> None:
    cell = check_in(village, keeper)
    keeper.ask("/api/keeper/hamlet", waybill_no=WAYBILL, hamlet=HAMLETS[0])
    code = village.paper.code()
    slips = len(village.paper.slips)
    told = keeper.ask("/api/keeper/hamlet-list", hamlet=HAMLETS[0])
    assert (told["key"], told["text"]) == ("lists_queued", "今日包裹单在打：1 张。")
    eventually(lambda: len(village.paper.slips) > slips, "the list")
    words = village.paper.words()
    assert words.splitlines()[0] == "坪上村服务站"
    assert HAMLETS[0] in words
    assert f"尾号 {TAIL} · {cell:02d} 号柜 · 圆通" in words
    assert code not in words.replace(" ", "")
    assert WAYBILL not in words


def test_r72_without_paper_the_keeper_hears_that_the_list_waits(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper)
    village.paper.state = PaperState.OUT
    told = keeper.ask("/api/keeper/hamlet-list", hamlet=None)
    assert (told["ok"], told["waits"]) == (True, True)
    assert "没纸" in told["text"]


def test_r72_a_manifests_village_needs_no_key(village: Village, keeper: Visitor) -> None:
    said = parcel(1, carrier="圆通", tail=TAIL, consent="yes") | {"hamlet": "上屋组"}
    tell_bag(village, 1, [said])
    keeper.ask("/api/keeper/check-in", on=True)
    assert keeper.ask("/api/keeper/scan", text=waybill(1))["key"] == "put_in"
    (line,) = keeper.get("/api/keeper/screen")["parcels"]
    assert line["hamlet"] == "上屋组"  # though the station does not list it


@pytest.mark.parametrize(
    ("path", "asked", "answer"),
    [
        ("hamlet", {"waybill_no": WAYBILL, "hamlet": "水北"}, (409, "no_such_hamlet")),
        ("hamlet", {"waybill_no": SECOND, "hamlet": HAMLETS[0]}, (409, "parcel_not_here")),
        ("hamlet", {"waybill_no": WAYBILL, "hamlet": "村" * 13}, (422, "bad_request")),
        ("hamlet-list", {"hamlet": HAMLETS[0]}, (409, "nobodys_parcels")),
        ("hamlet-list", {}, (422, "bad_request")),
    ],
)
def test_r72_each_wrong_wish_says_what_to_do(
    village: Village, keeper: Visitor, path: str, asked: dict[str, str], answer: tuple[int, str]
) -> None:
    check_in(village, keeper)
    refused = keeper.post(f"/api/keeper/{path}", **asked)
    assert (refused.status_code, refused.json()["error"]["code"]) == answer
    assert refused.json()["error"]["message"]
