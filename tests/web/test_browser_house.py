"""What the counter and the kiosk show of a dark house, an empty roll and an unplugged scanner."""

import pytest
from playwright.sync_api import Page, expect

from hardware.ports import PaperState
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import must_scroll, tap, too_small
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut
from tests.web.support.village import Village

pytestmark = pytest.mark.browser
SIZES = [(800, 480), (1280, 800)]
LOW = "电快没了，柜门先不开"
_COLOUR = "e => getComputedStyle(e).backgroundColor"
_WARN = "rgb(154, 75, 0)"
_OVER = """([one, others]) => {
  const box = document.querySelector(one).getBoundingClientRect();
  return [...document.querySelectorAll(others)].filter((other) => {
    const it = other.getBoundingClientRect();
    return it.width && it.left < box.right && it.right > box.left
      && it.top < box.bottom && it.bottom > box.top;
  }).map((other) => other.textContent);
}"""
_SIDEWAYS = """() => [...document.querySelectorAll('main > *, nav, nav button, .buttons button')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small for a finger."""
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_counter_is_never_green_while_doors_rest(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        village.feed(mains=False)
        expect(page.locator(".target")).to_contain_text("停电，先不收件")
        assert page.locator(".target").evaluate(_COLOUR) == _WARN
        village.feed(mains=False, low=True)
        expect(page.locator(".target")).to_contain_text(LOW)
        expect(page.locator(".target")).not_to_contain_text("取件照常")
        assert page.locator(".target").evaluate(_COLOUR) == _WARN
        look(page, "keeper-low")
        page.keyboard.press("1")
        expect(page.locator(".go-on")).to_have_text(LOW)
        look(page, "keeper-low-today")
        village.feed(mains=True)
        expect(page.locator(".go-on")).to_have_text("入库中，接着收件")
        look(page, "keeper-today-on")
        page.locator(".go-on").click()
        expect(page.locator(".target")).to_contain_text("请扫快递单")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_slip_without_paper_is_answered_in_amber_beside_the_devices(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    village.paper.state = PaperState.OUT
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        shut(village, keeper.ask("/api/keeper/scan", text=WAYBILL)["cell"])
        expect(page.locator(".target")).to_contain_text("输入手机尾号")
        heading = page.get_by_role("heading", name="手机尾号")
        assert (heading.bounding_box() or {"height": 0})["height"] > 12
        assert page.evaluate(_OVER, [".simulated", "button, .row"]) == []
        look(page, "keeper-tail-no-paper")
        tap(page, TAIL)
        toast = page.locator("#toast")
        expect(toast).to_have_text("! 没纸，小票排队，换纸后自己打。")
        expect(toast).to_have_class("toast warn")
        expect(page.locator("#devices")).to_contain_text("1 张小票排队")
        assert page.evaluate(_OVER, ["#toast", "#devices, button, .target"]) == []
        look(page, "keeper-no-paper")
        assert page.evaluate(_OVER, [".simulated", "button, .row"]) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_unplugged_scanner_is_told_where_the_keeper_looks(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    village.gun.plugged = False
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        expect(page.locator(".target .title")).to_have_text("扫码枪没接上，先手输单号")
        assert page.locator(".target").evaluate(_COLOUR) == _WARN
        look(page, "keeper-no-scanner")
        village.gun.plugged = True
        village.ring()
        expect(page.locator(".target .title")).to_have_text("请扫快递单")


def test_english_fits_the_small_screen_of_the_counter(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        sign_in(page)
        page.get_by_role("link", name="English").click()
        expect(page.locator("#nav")).to_contain_text("Hand out")
        expect(page.locator(".last")).to_contain_text("Waiting")
        look(page, "keeper-english")
        assert page.evaluate(_SIDEWAYS) == []
        assert page.evaluate(_OVER, [".simulated", "button, .row"]) == []
        page.get_by_role("link", name="Big print").click()
        expect(page.locator('html[data-print="big"] .target')).to_contain_text("Scan a waybill")
        look(page, "keeper-english-big-small")
        assert page.evaluate(_SIDEWAYS) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_kiosk_says_big_that_doors_rest_and_wakes_with_the_mains(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk", width=width, height=height) as page,
    ):
        page.click(".collect")
        page.keyboard.type(TAIL)
        village.feed(mains=False, low=True)
        expect(page.locator(".message h2")).to_have_text(LOW)
        expect(page.locator(".message p")).to_contain_text("码还能用。急用请找店主。")
        look(page, "kiosk-low")
        assert not must_scroll(page)
        page.keyboard.type("3")
        page.keyboard.press("Enter")
        expect(page.locator(".message h2")).to_have_text(LOW)
        expect(page.locator(".pad")).to_have_count(0)
        village.gun.scan(village.paper.token())
        expect(page.get_by_role("button", name="返回")).to_be_visible()
        village.feed(mains=True)
        expect(page.locator(".collect")).to_be_visible()


def test_the_resting_kiosk_in_english_and_in_big_print(village: Village) -> None:
    village.feed(mains=False, low=True)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk", width=800, height=480) as page,
    ):
        page.get_by_role("link", name="English").click()
        expect(page.locator(".message h2")).to_have_text("The battery is nearly empty")
        look(page, "kiosk-low-english")
        page.goto(f"{village.address}/kiosk?print=big")
        expect(page.locator('html[data-print="big"] .message h2')).to_be_visible()
        look(page, "kiosk-low-english-big")
        assert not must_scroll(page)
        page.get_by_role("link", name="中文").click()
        expect(page.locator(".message h2")).to_have_text(LOW)
        look(page, "kiosk-low-big")
        assert not must_scroll(page)
