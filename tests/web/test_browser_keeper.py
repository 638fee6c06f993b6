"""The counter in a real browser: by mouse alone, by number keys alone, on a small screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import begin, sign_in
from tests.web.support.browserless import PIN, Visitor
from tests.web.support.fingers import tap, too_small, turn_to
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of, until_door
from tests.web.support.village import Village, eventually

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), (800, 480), (390, 844)]
_COVERED = """() => {
  const toast = document.querySelector('#toast').getBoundingClientRect();
  return ['.scan-line', '#nav', '.target', '.buttons', '#devices'].filter((name) => {
    const box = document.querySelector(name).getBoundingClientRect();
    return box.left < toast.right && box.right > toast.left
      && box.top < toast.bottom && box.bottom > toast.top;
  });
}"""
DIGITS_ONLY = "78211234567890"


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small for a finger."""
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"keeper-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_first_start_check_in_and_release_with_the_mouse_alone(
    village: Village, width: int, height: int
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        look(page, "first")
        tap(page, PIN)
        page.click("#again")
        tap(page, PIN)
        page.get_by_role("button", name="设好，开始用").click()
        expect(page.locator(".counts")).to_contain_text("今日到件")
        look(page, "today")
        page.get_by_role("button", name="开始入库").click()
        expect(page.locator(".target")).to_contain_text("请扫快递单")
        look(page, "scan")
        page.get_by_role("button", name="手输单号").click()
        page.get_by_role("button", name="YT", exact=True).click()
        tap(page, WAYBILL.removeprefix("YT"))
        look(page, "number")
        page.get_by_role("button", name="确定").click()
        expect(page.locator(".target .cell")).to_have_text("柜 01")
        expect(page.locator(".target")).to_contain_text("门已开。放好，关门。")
        look(page, "put-in")
        shut(village, 1)
        expect(page.locator(".target")).to_contain_text("输入手机尾号")
        look(page, "tail")
        tap(page, TAIL)
        expect(page.locator(".last").first).to_contain_text("待取")
        assert len(eventually(lambda: village.paper.slips, "the slip")) == 1
        release_with_the_mouse(village, page)


def release_with_the_mouse(village: Village, page: Page) -> None:
    """Find the parcel by its digits and hand it out."""
    page.locator("#nav").get_by_role("button", name="出库").click()
    tap(page, TAIL)
    page.get_by_role("button", name="交给本人").click()
    go = page.get_by_role("button", name="开门交件")
    expect(go).to_be_disabled()
    page.get_by_label("看过证件").check()
    look(page, "release")
    go.click()
    shut(village, 1)
    expect(page.locator(".rows")).to_contain_text("没有找到")
    assert stage_of(village) == "picked_up"


def test_number_keys_alone_suffice(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        begin(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.type(DIGITS_ONLY)
        page.keyboard.press("Enter")
        expect(page.locator(".target .cell")).to_have_text("柜 01")
        until_door(village, 1, "open")
        page.keyboard.type(TAIL)
        expect(page.locator(".target .side")).to_contain_text(TAIL)
        shut(village, 1)
        eventually(lambda: village.paper.slips, "the slip")
        page.keyboard.press("-")
        page.keyboard.press("3")
        page.keyboard.type(TAIL)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        shut(village, 1)
        eventually(lambda: stage_of(village, DIGITS_ONLY) == "picked_up", "the release")


def test_a_scan_is_answered_on_the_screen_in_words(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        tap(page, PIN)
        page.get_by_role("button", name="登录").click()
        expect(page.locator(".target")).to_contain_text("请扫快递单")
        village.gun.scan(WAYBILL)
        expect(page.get_by_role("status").filter(has_text="已经入过库了")).to_be_visible()
        look(page, "already-in")
        page.reload()
        expect(page.locator(".target")).to_contain_text("请扫快递单")
        expect(page.locator("#toast")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_toast_ends_with_its_step_and_covers_nothing_that_is_read(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    village.steel.weak.add(1)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        expect(page.locator(".target")).to_contain_text("请扫快递单")
        village.gun.scan(WAYBILL)
        toast = page.locator("#toast")
        expect(toast).to_have_text("✓ 正在开 01 号门。门开后放好包裹，关上门。")
        look(page, "opening")
        assert page.evaluate(_COVERED) == []
        village.clock.forward(4)
        village.ring()
        expect(page.locator(".target")).to_contain_text("门开了吗？")
        expect(toast).to_be_hidden()


def test_undo_with_an_open_door_says_shut_it_and_look(village: Village, keeper: Visitor) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        sign_in(page)
        village.gun.scan(WAYBILL)
        expect(page.locator(".target")).to_contain_text("门已开")
        page.locator(".buttons").get_by_role("button", name="撤销").click()
        expect(page.get_by_role("dialog")).to_contain_text("关好柜门")
        look(page, "undo")
        page.get_by_role("dialog").get_by_role("button", name="撤销").click()
        expect(page.locator("#toast")).to_contain_text("关好柜门，再到“柜格”查看")
        look(page, "undone")


def test_a_mistyped_number_is_asked_after_once(village: Village, keeper: Visitor) -> None:
    assert keeper.ask("/api/keeper/check-in", on=True)["ok"]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        sign_in(page)
        expect(page.locator(".target")).to_contain_text("请扫快递单")
        page.keyboard.press("Enter")
        page.keyboard.type("RB123456784GB")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("校验码不对")
        look(page, "check-digit")
        page.keyboard.press("1")
        expect(page.get_by_role("dialog").locator("#waybill")).to_be_visible()
        page.keyboard.type("RB123456785GB")
        page.keyboard.press("Enter")
        expect(page.locator(".target")).to_contain_text("门已开")
        assert [*village.state.parcels] == ["RB123456785GB"]


def test_a_wrong_pin_is_told_in_words(village: Village, keeper: Visitor) -> None:
    assert keeper.session()["keeper"]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper") as page,
    ):
        page.keyboard.type("999999")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="不对")).to_be_visible()
        look(page, "wrong-pin")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_cell_that_was_put_back_into_is_looked_at_and_freed(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    cell = check_in(village, keeper)
    with Visitor(village.address) as somebody:
        code = village.paper.code()
        auth = somebody.ask("/api/kiosk/code", phone_tail=TAIL, digits=code)["auth"]
        shut(village, cell)
        auth = somebody.get("/api/kiosk/screen")["door"]["auth"] or auth
        assert somebody.ask("/api/kiosk/put-back", auth=auth)["ok"]
        shut(village, cell)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        turn_to(page, "cells")
        page.locator(f'[data-cell="{cell}"]').click()
        expect(page.locator("aside")).to_contain_text("可能放回了东西")
        expect(page.locator("aside")).to_contain_text("先开门看一看")
        look(page, "cells")
        page.get_by_role("button", name="里面有什么").click()
        expect(page.get_by_role("button", name="空的")).to_have_count(0)
        page.get_by_role("button", name="取消").click()
        page.get_by_role("button", name="开门查看").click()
        page.get_by_role("button", name="查看里面").click()
        village.steel.inside = {n: n == cell for n in range(1, 25)}
        shut(village, cell)
        expect(page.locator("aside .warn").last).to_contain_text("传感器：里面有东西。说“空的”以前")
        page.get_by_role("button", name="里面有什么").click()
        expect(page.locator("#asked")).to_contain_text("传感器：里面有东西")
        look(page, "inside")
        page.get_by_role("button", name="空的").click()
        expect(page.locator(f'[data-cell="{cell}"]')).to_contain_text("空")


def test_english_and_big_print(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        sign_in(page)
        expect(page.locator("#nav")).to_contain_text("出库")
        page.get_by_role("link", name="English").click()
        expect(page.locator("#nav")).to_contain_text("Hand out")
        look(page, "english")
        page.get_by_role("link", name="Big print").click()
        expect(page.locator('html[data-print="big"] #nav')).to_contain_text("Hand out")
        page.locator("#nav").get_by_role("button", name="Hand out").click()
        look(page, "english-big")
