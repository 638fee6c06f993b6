"""Labels over HTTP: printed again from the list of parcels and from the dock, or told why not."""

import pytest

from hardware.ports import PaperState
from tests.web.support.browserless import Visitor
from tests.web.support.parcels import TAIL, WAYBILL, check_in
from tests.web.support.van import COURIER, COURIER_PIN, TRIP, expect_van, seal
from tests.web.support.village import Village, eventually

SIGN = {"courier": COURIER, "pin": COURIER_PIN}


def shelve(keeper: Visitor) -> str:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    keeper.ask("/api/keeper/place", waybill_no=None, choice="floor")
    return str(keeper.ask("/api/keeper/scan", text=WAYBILL)["slot"])


def line(keeper: Visitor) -> dict[str, object]:
    (found,) = keeper.get("/api/keeper/screen")["parcels"]
    return dict(found)


def leave(village: Village, keeper: Visitor) -> None:
    """A bag goes out, with the hop that the county told."""
    expect_van(village)
    keeper.ask("/api/keeper/handover/arrive", trip=TRIP, **SIGN)
    keeper.ask("/api/keeper/handover/turn", network="post", direction="县中心")
    keeper.ask("/api/keeper/scan", text=seal(77))


def test_a_parcel_on_a_slot_has_a_label_and_can_have_another(
    labelling: Village, shop: Visitor
) -> None:
    slot = shelve(shop)
    eventually(lambda: labelling.labels.slips, "the label")
    assert labelling.labels.words().startswith(slot)
    assert "补打" not in labelling.labels.words()
    assert line(shop)["can_label"]
    told = shop.ask("/api/keeper/label", waybill_no=WAYBILL)
    assert (told["key"], told["text"], told["slot"]) == ("label_queued", "标签马上打印。", slot)
    eventually(lambda: len(labelling.labels.slips) == 2, "the second label")
    assert "补打" in labelling.labels.words()
    assert labelling.paper.slips == [], "no slip without phone digits"


def test_the_label_has_the_digits_and_no_code(labelling: Village, shop: Visitor) -> None:
    shelve(shop)
    shop.ask("/api/keeper/phone-tail", waybill_no=WAYBILL, phone_tail=TAIL)
    eventually(lambda: TAIL in labelling.labels.words(), "the digits")
    eventually(lambda: labelling.paper.slips, "the slip")
    assert labelling.paper.code() not in labelling.labels.words().replace(" ", "")
    assert WAYBILL not in labelling.labels.words()


def test_out_of_labels_the_answer_says_that_it_waits(labelling: Village, shop: Visitor) -> None:
    labelling.labels.state = PaperState.OUT
    shelve(shop)
    eventually(lambda: labelling.front.labels().problem, "the queue to notice")
    told = shop.ask("/api/keeper/label", waybill_no=WAYBILL)
    assert (told["waits"], told["text"]) == (True, "没标签纸，标签排队，换卷后自己打。")
    labelling.labels.state = PaperState.OK
    eventually(lambda: labelling.labels.slips, "the label")
    assert len(labelling.labels.slips) == 1


def test_a_parcel_in_a_cell_has_no_label_and_no_button(labelling: Village, shop: Visitor) -> None:
    check_in(labelling, shop)
    assert not line(shop)["can_label"]
    refused = shop.post("/api/keeper/label", waybill_no=WAYBILL)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_slot")


def test_a_bag_that_goes_out_has_the_hop_of_the_table_on_its_label(
    labelling: Village, shop: Visitor
) -> None:
    leave(labelling, shop)
    eventually(lambda: labelling.labels.slips, "the label")
    assert "邮政支局" in labelling.labels.words()
    assert shop.get("/api/keeper/screen")["handover"]["labels"]
    told = shop.ask("/api/keeper/bag-label", seal=seal(77))
    assert told["key"] == "label_queued"
    eventually(lambda: len(labelling.labels.slips) == 2, "the second label")
    refused = shop.post("/api/keeper/bag-label", seal=seal(78))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "bag_not_scanned")


def test_a_hubs_bag_keeps_its_label_until_its_run_and_says_how_many_parcels(
    labelling: Village, shop: Visitor
) -> None:
    expect_van(labelling)
    run = {"network": "*", "direction": "shuinan", "next_hop": "四号线"}
    labelling.say("route", "*/shuinan", run)
    labelling.become_hub()
    shop.ask("/api/keeper/handover/arrive", trip=TRIP, **SIGN)
    assert shop.ask("/api/keeper/scan", text=seal(900))["key"] == "bag_cross_dock"
    eventually(lambda: labelling.labels.slips, "the label")
    words = labelling.labels.words()
    assert "四号线" in words
    assert "发 1 件" in words
    assert "到 shuinan" in words
    shop.ask("/api/keeper/handover/sign", **SIGN)
    (held,) = shop.get("/api/keeper/screen")["handover"]["held"]
    assert held["seal"] == seal(900)
    assert shop.ask("/api/keeper/bag-label", seal=held["seal"])["key"] == "label_queued"


def test_without_a_label_printer_there_is_no_label_and_no_button(
    village: Village, keeper: Visitor
) -> None:
    leave(village, keeper)
    assert not keeper.get("/api/keeper/screen")["handover"]["labels"]
    for path, asked in (("label", {"waybill_no": WAYBILL}), ("bag-label", {"seal": seal(77)})):
        refused = keeper.post(f"/api/keeper/{path}", **asked)
        assert refused.status_code == 409
    assert village.labels.slips == []


@pytest.fixture
def labelling(village: Village) -> Village:
    """A station with a label printer and room on its floor."""
    village.stick_labels()
    return village


@pytest.fixture
def shop(labelling: Village, keeper: Visitor) -> Visitor:
    """The keeper there."""
    del labelling  # it has its label printer before anybody asks
    return keeper
