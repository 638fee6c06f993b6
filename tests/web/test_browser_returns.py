"""S7 and S8 in a real browser: by keys alone at the counter, and the kiosk's one reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edge.kernel.ids import CellId
from hardware.ports import Qr
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import cut_off, too_small, turn_to
from tests.web.support.parcels import WAYBILL, check_in, shut, until_door
from tests.web.support.stays import knows_the_time, listed
from tests.web.support.van import COURIER, COURIER_PIN, TRIP, expect_van, seal
from tests.web.support.village import Village, eventually, open_village

pytestmark = pytest.mark.browser
SECOND = "SF1234567890123"
LOOKS = ["", "?print=big", "?lang=en", "?lang=en&print=big"]
SIZES = [(1280, 800), (800, 480)]


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with three cells, shelves A and B and a floor, whose clock the county has told."""
    with open_village(tmp_path / "station", cells=3, shelves="AB") as opened:
        knows_the_time(opened)
        yield opened


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, too small for a finger or cut off."""
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"returns-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []
    assert cut_off(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_s7_an_overdue_parcel_is_extended_returned_and_bagged_by_keys_alone(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    check_in(village, keeper, WAYBILL)
    check_in(village, keeper, SECOND)
    listed(village, keeper)
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        expect(page.locator(".count", has_text="滞留")).to_contain_text("2")
        look(page, "today")
        turn_to(page, "returns")
        expect(page.locator(".sums")).to_contain_text("滞留 2 · 待退 0 · 退件袋 0")
        expect(page.locator(".stay").first).to_contain_text("滞留 · 第 5 天")
        look(page, "overdue")
        page.keyboard.press("*")
        page.keyboard.press("2")
        page.keyboard.press("1")
        expect(page.locator(".stay").first).to_contain_text("说好再放 3 天")
        page.keyboard.press("Enter")
        expect(page.locator(".stay").first).to_contain_text("待退")
        page.keyboard.press("Enter")
        until_door(village, CellId(1), "open")
        shut(village, CellId(1))
        expect(page.locator(".sums")).to_contain_text("滞留 1 · 待退 0 · 退件袋 1")
        look(page, "bagged")
        page.keyboard.press("*")
        page.keyboard.press("1")
        page.keyboard.press("1")
        expect(page.locator(".target")).to_contain_text("放哪里")


@pytest.mark.parametrize("how", LOOKS)
@pytest.mark.parametrize(("width", "height"), [*SIZES, (390, 844)])
def test_s7_and_s8_stand_in_both_languages_and_in_big_print(
    village: Village, keeper: Visitor, how: str, width: int, height: int
) -> None:
    check_in(village, keeper, WAYBILL)
    check_in(village, keeper, SECOND)
    listed(village, keeper)
    keeper.ask("/api/keeper/refused", waybill_no=SECOND, reason="不是本人买的")
    keeper.ask("/api/keeper/damaged", waybill_no=WAYBILL, note="箱子破了", liable="carrier")
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper{how}", width=width, height=height) as page,
    ):
        sign_in(page)
        name = how.strip("?").replace("&", "-").replace("=", "-") or "zh"
        for wanted in ("returns", "exceptions"):
            turn_to(page, wanted)
            expect(page.locator(".stay")).to_have_count(2)
            look(page, f"{wanted}-{name}")


def test_s7_and_s8_say_what_comes_there_while_they_are_empty(
    village: Village, keeper: Visitor
) -> None:
    village.clock.trusted = False
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        sign_in(page)
        turn_to(page, "returns")
        expect(page.locator("main")).to_contain_text("没有滞留件，也没有退件")
        expect(page.locator("main")).to_contain_text("现在没有准确时间")
        for key in ("+", "Enter", "*"):
            page.keyboard.press(key)
        look(page, "none")
        turn_to(page, "exceptions")
        expect(page.locator("main")).to_contain_text("没有异常")
        for key in ("+", "Enter", "*"):
            page.keyboard.press(key)
        look(page, "no-exceptions")


def test_s8_a_damaged_parcel_is_told_noted_blamed_and_settled(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper, WAYBILL)
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        sign_in(page)
        turn_to(page, "parcels")
        page.locator(".parcel").get_by_role("button", name="异常").click()
        page.keyboard.press("1")
        page.keyboard.press("2")
        page.keyboard.press("1")
        expect(page.locator("#toast")).to_contain_text("破损记好了")
        turn_to(page, "exceptions")
        expect(page.locator(".stay")).to_contain_text("湿了、漏了 · 责任：运输方")
        page.get_by_role("button", name="备注").click()
        page.keyboard.type("photo 3")
        page.keyboard.press("Enter")
        expect(page.locator(".stay")).to_contain_text("photo 3")
        page.keyboard.press("*")
        page.keyboard.press("2")
        expect(page.locator(".stay")).to_contain_text("责任：寄件方")
        page.keyboard.press("Enter")
        expect(page.locator(".stay")).to_contain_text("已处理")
        look(page, "settled")
        page.get_by_role("button", name="还没好").click()
        expect(page.locator(".stay")).to_contain_text("未处理")


def test_s2_returns_go_with_the_van_by_one_key_and_the_kiosk_says_so(
    village: Village, keeper: Visitor
) -> None:
    expect_van(village)
    check_in(village, keeper, WAYBILL)
    token = next(block.data for block in village.paper.slips[-1] if isinstance(block, Qr))
    keeper.ask("/api/keeper/return", waybill_no=WAYBILL)
    keeper.ask("/api/keeper/return-bag", waybill_no=WAYBILL)
    until_door(village, CellId(1), "open")
    shut(village, CellId(1))
    keeper.ask("/api/keeper/handover/arrive", courier=COURIER, pin=COURIER_PIN, trip=TRIP)
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
        open_page(browser, f"{village.address}/kiosk", width=800, height=480) as kiosk,
    ):
        sign_in(page)
        turn_to(page, "handover")
        village.gun.scan(seal(1))
        expect(page.get_by_role("button", name="退件全交 1")).to_be_visible()
        page.keyboard.press("0")
        expect(page.locator(".bag", has_text=WAYBILL)).to_contain_text("退件")
        look(page, "van")
        page.keyboard.press("Enter")
        expect(page.locator("dialog")).to_contain_text("退件 1 件。")
        page.keyboard.type(COURIER_PIN)
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("交接完成")
        eventually(lambda: village.state.dock.signed, "the signatures")
        village.gun.scan(token)
        expect(kiosk.locator("body")).to_contain_text("已退件")
        expect(kiosk.locator("body")).to_contain_text("已退回寄件人")
        save_screen(kiosk, "returns-kiosk-800")
        assert_accessible(kiosk)
