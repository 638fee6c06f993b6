"""R25b, S4 in a real browser: from the scan to 待联系, the calls and the slip, by keys alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edge.kernel.ids import CellId, WaybillNo
from tests.support.browser import open_chromium, open_page
from tests.web.support.at_counter import begin, keep_look
from tests.web.support.parcels import TAIL, shut, until_door
from tests.web.support.van import parcel, tell_bag, waybill
from tests.web.support.village import Village, eventually, open_village

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), (800, 480)]
ONE, TWO, THREE = WaybillNo(waybill(1)), WaybillNo(waybill(2)), WaybillNo(waybill(3))


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A bag is announced, and nobody in it has agreed to anything."""
    with open_village(tmp_path / "station", cells=3, shelves="AB") as opened:
        said = (("圆通", "unknown"), ("中通", "no"), ("韵达", "unknown"))
        parcels = [
            parcel(n, carrier=carrier, tail=TAIL, consent=consent)
            for n, (carrier, consent) in enumerate(said, start=1)
        ]
        tell_bag(opened, 1, parcels)
        yield opened


def look(page: Page, name: str) -> None:
    keep_look("consent", page, name)


def unpack(village: Village, page: Page, waybill_no: WaybillNo) -> None:
    village.gun.scan(waybill_no)
    eventually(lambda: waybill_no in village.state.parcels, "the parcel")
    slot = village.state.parcels[waybill_no].slot
    expect(page.locator(".target.to_contact .cell")).to_contain_text(str(slot))


def to_the_list(page: Page) -> None:
    """From today's numbers to whom to call."""
    page.keyboard.press("-")
    page.locator("aside").get_by_role("button", name="待联系").click()
    expect(page.locator(".rows .parcel").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_r25b_a_parcel_goes_from_to_contact_to_its_cell_by_keys_alone(
    village: Village, width: int, height: int
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        begin(page)
        for waybill_no in (ONE, TWO, THREE):
            unpack(village, page, waybill_no)
        expect(page.locator(".target")).to_contain_text("待联系")
        look(page, "scanned")
        page.keyboard.press("-")
        expect(page.locator("aside")).to_contain_text("待联系 3")
        look(page, "today")
        to_the_list(page)
        look(page, "list")

        page.keyboard.press("Enter")  # whoever waits longest comes first
        expect(page.locator("dialog")).to_contain_text("收件人怎么说？")
        look(page, "word")
        page.keyboard.press("4")
        expect(page.locator(".rows .parcel").last).to_contain_text("打过 1 次")
        assert village.state.parcels[ONE].agreement.tries == 1
        page.keyboard.press("Enter")
        page.keyboard.press("7")
        expect(page.locator("dialog")).to_contain_text("当面")
        page.keyboard.press("8")
        expect(page.locator("dialog")).to_contain_text("家人")
        page.keyboard.press("1")
        eventually(lambda: village.paper.slips, "the slip")
        expect(page.locator(".rows .parcel")).to_have_count(2)
        agreed = village.state.parcels[TWO].agreement
        assert (agreed.wish, agreed.how, agreed.giver) == ("cell", "in_person", "family")
        look(page, "one-said-yes")
        into_its_cell(village, page)
        says_no_after_all(village, page)


def into_its_cell(village: Village, page: Page) -> None:
    """The move is that of any other parcel."""
    page.keyboard.press("-")
    page.keyboard.press("3")
    line = page.locator(".rows .parcel").filter(has_text="家人当面：放柜")
    line.get_by_role("button", name="换位置").click()
    page.keyboard.press("1")
    expect(page.locator(".target.in_hand")).to_be_visible()
    page.keyboard.press("1")
    until_door(village, 1, "open")
    shut(village, 1)
    eventually(lambda: village.state.parcels[TWO].cell == CellId(1), "the parcel in its cell")


def says_no_after_all(village: Village, page: Page) -> None:
    """A wish may change as long as the parcel is here; behind the marks of a parcel."""
    page.keyboard.press("-")
    page.keyboard.press("3")
    line = page.locator(".rows .parcel").filter(has_text="家人当面：放柜")
    line.get_by_role("button", name="标记").click()
    look(page, "marks")
    page.keyboard.press("*")
    expect(page.locator("dialog")).to_contain_text("收件人怎么说？")
    expect(page.locator("dialog")).not_to_contain_text("没接")
    page.keyboard.press("6")
    expect(page.locator("#toast")).to_contain_text("请换到架上")
    assert village.state.parcels[TWO].agreement.to_ask
    to_the_list(page)
    expect(page.locator(".rows")).to_contain_text("请从柜里拿出来")
    look(page, "list-in-cell")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_list_is_readable_in_both_languages_and_in_big_print(
    village: Village, width: int, height: int
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        begin(page)
        unpack(village, page, ONE)
        for query in ("print=big", "lang=en", "lang=en&print=normal"):
            page.goto(f"{village.address}/keeper?{query}")
            page.locator("nav [data-page=check_in]").click()
            name = query.replace("=", "-").replace("&", "-")
            expect(page.locator(".target.to_contact")).to_be_visible()
            look(page, f"scanned-{name}")
            page.locator("nav [data-page=parcels]").click()
            page.locator(".tabs button").nth(2).click()
            expect(page.locator(".rows .parcel")).to_have_count(1)
            look(page, f"list-{name}")
            page.keyboard.press("Enter")
            expect(page.locator("dialog .says").first).to_be_visible()
            look(page, f"word-{name}")
            page.keyboard.press("-")


def test_with_nobody_to_contact_the_list_says_so(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        begin(page)
        page.keyboard.press("-")
        page.keyboard.press("3")
        page.locator(".tabs").get_by_role("button", name="待联系").click()
        expect(page.locator(".rows")).to_contain_text("没有待联系的件。")
        look(page, "empty")
