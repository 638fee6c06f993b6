"""S2, the van at the door, in a real browser: scanner and number keys alone, on both screens."""

import pytest
from playwright.sync_api import Page, expect

from edge.words import say
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import too_small
from tests.web.support.van import COURIER, COURIER_PIN, TRIP, expect_van, seal
from tests.web.support.village import Village, eventually

pytestmark = pytest.mark.browser


def look(page: Page, name: str) -> None:
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"keeper-van-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 480)])
def test_a_van_is_taken_over_by_scanner_and_keys_alone(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    expect_van(village, bags=61)
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        van = page.locator("li.van button")
        expect(van).to_contain_text(f"下一班车 班次 {TRIP} 县运")
        expect(van).to_contain_text("预计")
        expect(van).to_contain_text("61 袋 · 应到 122 件")
        look(page, "today")
        begin(page)
        scan_bags(village, page)
        hand_one_out(village, page)
        page.keyboard.press("Enter")
        expect(page.locator("dialog")).to_contain_text("应交 61，实收 59，少 2，交出 1")
        look(page, "sign")
        page.keyboard.type(COURIER_PIN)
        page.keyboard.press("Enter")
        expect(page.locator(".buttons")).to_contain_text("已签字")
        eventually(lambda: len(village.paper.slips) == 2, "two slips")
        look(page, "signed")


def begin(page: Page) -> None:
    """The courier signs in, at the second try."""
    page.keyboard.press("6")
    expect(page.locator(".buttons")).to_contain_text(f"班次 {TRIP} 县运 · 61 袋")
    look(page, "trips")
    page.keyboard.press("Enter")
    page.keyboard.type(COURIER)
    page.locator("#courier-pin").fill("111222")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("快递员姓名或 PIN 码不对")
    page.keyboard.press("Enter")
    look(page, "courier")
    page.keyboard.type(COURIER_PIN)
    page.keyboard.press("Enter")
    expect(page.locator(".scan-line")).to_contain_text(COURIER)


def scan_bags(village: Village, page: Page) -> None:
    """All but two, one twice, and one that belongs elsewhere."""
    for n in range(1, 60):
        village.gun.scan(seal(n))
    eventually(lambda: _scanned(village) == 59, "59 bags")
    village.gun.scan(seal(1))
    expect(page.locator("#toast")).to_contain_text("已经扫过，只算一次")
    village.gun.scan(seal(900))
    expect(page.locator("#toast")).to_contain_text("应到 shuinan，下一站 镇中转站")
    expect(page.locator(".count.short")).to_have_text("少2")
    expect(page.locator(".count.scanned")).to_have_text("已扫59")
    expect(page.locator(".bag.bad").first).to_contain_text(f"少 {seal(60)}")
    look(page, "short")


def hand_one_out(village: Village, page: Page) -> None:
    """The last scan is taken back, the one before was damaged, and a bag goes out."""
    page.keyboard.press("*")
    expect(page.locator(".count.misrouted")).to_have_text("错分0")
    page.keyboard.press("/")
    page.keyboard.press("1")
    expect(page.locator(".count.damaged")).to_have_text("破损1")
    page.keyboard.press("+")
    look(page, "way-out")
    page.keyboard.press("2")
    expect(page.locator(".dock-text")).to_contain_text("交出的袋，下一站 邮政支局")
    village.gun.scan("CK0000001")
    expect(page.locator(".count.out")).to_have_text("交出1")


def _scanned(village: Village) -> int:
    handover = village.state.dock.handover
    return len(handover.scanned) if handover else 0


def test_a_courier_without_a_keeper_leaves_a_word_at_the_sign_in_page(
    village: Village, keeper: Visitor
) -> None:
    expect_van(village)
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        page.get_by_text(say("keeper.dock.i_am")).click()
        look(page, "nobody")
        page.fill("#courier", COURIER)
        page.fill("#trip", TRIP)
        page.fill("#courier-pin", COURIER_PIN)
        page.get_by_role("button", name="挂起").click()
        expect(page.locator("#held")).to_contain_text("交接已挂起")
        assert village.state.dock.suspended
