"""The kiosk in a real browser: by finger, by number keys, in English, in big print."""

import contextlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edge.domain.parcel import Stage
from hardware.ports import Qr
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import must_scroll, tap, too_small
from tests.web.support.parcels import TAIL, check_in, shut, until_door
from tests.web.support.village import Village, open_village

pytestmark = pytest.mark.browser
SIZES = [(800, 480), (1280, 800)]


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small, nothing beyond the screen."""
    page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"kiosk-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []
    assert not must_scroll(page), name


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_villager_collects_with_a_finger(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    cell = check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk", width=width, height=height) as page,
    ):
        expect(page.locator(".collect")).to_contain_text("取包裹")
        look(page, "home")
        page.click(".collect")
        tap(page, TAIL + village.paper.code()[:-1])
        expect(page.get_by_role("button", name="开门")).to_be_disabled()
        look(page, "typing")
        tap(page, village.paper.code()[-1])
        page.get_by_role("button", name="开门").click()
        expect(page.locator(".at-door h2")).to_have_text(f"{cell:02d}号柜门已开")
        expect(page.locator(".steel .lit")).to_have_text(f"{cell:02d}")
        look(page, "open")
        page.reload()
        expect(page.locator(".at-door .say")).to_have_text("请取走包裹，关好柜门。")
        village.steel.push_shut(cell)
        expect(page.locator(".at-door .say")).to_have_text("谢谢，请慢走。")
        look(page, "thanks")
        expect(page.get_by_role("button", name="再开一次门（忘拿了/放回）")).to_be_visible()
        page.get_by_role("button", name="完成").click()
        expect(page.locator("footer")).to_contain_text("忘拿了、拿错了？再开 01 号柜")
        look(page, "wrong-parcel")


def test_number_keys_alone_suffice(village: Village, keeper: Visitor) -> None:
    cell = check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        expect(page.locator(".collect")).to_be_visible()
        page.keyboard.type(TAIL + "9")
        page.keyboard.press("Backspace")
        page.keyboard.type(village.paper.code())
        page.keyboard.press("Enter")
        until_door(village, cell, "open")
        expect(page.locator(".at-door h2")).to_contain_text("号柜门已开")


def test_collecting_is_thirteen_keys_or_one_scan_and_nothing_else(
    village: Village, keeper: Visitor
) -> None:
    """Four digits of the phone, eight of the slip, and OK; nothing is asked before or after."""
    first = check_in(village, keeper)
    keys = [*TAIL, *village.paper.code(), "Enter"]
    assert len(keys) == 13
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        expect(page.locator(".collect")).to_be_visible()
        for key in keys:
            page.keyboard.press(key)
        until_door(village, first, "open")
        shut(village, first)
        expect(page.locator(".at-door .say")).to_have_text("谢谢，请慢走。")
        second = check_in(village, keeper, "YT7700123456790")
        village.gun.scan(
            next(block.data for block in village.paper.slips[-1] if isinstance(block, Qr))
        )
        shut(village, second)
    stages = {parcel.stage for parcel in village.state.parcels.values()}
    assert stages == {Stage.PICKED_UP}


def test_a_wrong_code_keeps_the_phone_digits_and_counts_down(
    village: Village, keeper: Visitor
) -> None:
    check_in(village, keeper)
    wrong = "00000000" if village.paper.code() != "00000000" else "11111111"
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        page.click(".collect")
        page.keyboard.type(TAIL + wrong)
        page.keyboard.press("Enter")
        expect(page.locator(".tries")).to_contain_text("不对，还能试 4 次")
        typed = page.locator(".boxes i").all_inner_texts()
        assert "".join(typed) == TAIL
        look(page, "wrong")
        for left in (3, 2, 1):
            page.keyboard.type(wrong)
            page.keyboard.press("Enter")
            expect(page.locator(".tries")).to_contain_text(f"还能试 {left} 次")
        page.keyboard.type(wrong)
        page.keyboard.press("Enter")
        expect(page.locator(".message h2")).to_have_text("输错太多次了")
        expect(page.locator(".message p")).to_contain_text("二维码还能用，请扫小票")
        expect(page.locator("footer .main")).to_have_text("返回")
        expect(page.get_by_role("button", name="再试一次")).to_have_count(0)
        look(page, "locked")


def test_a_door_that_stays_shut_asks_and_is_tried_once_more(
    village: Village, keeper: Visitor
) -> None:
    cell = check_in(village, keeper)
    village.steel.weak.add(cell)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        expect(page.locator(".collect")).to_be_visible()
        village.gun.scan(village.paper.token())
        expect(page.locator(".at-door h2")).to_contain_text("号柜正在开门")
        village.clock.forward(4)
        village.ring()
        expect(page.locator(".at-door h2")).to_contain_text("号柜开了吗？")
        expect(page.get_by_role("button", name="开了，东西已拿到")).to_be_visible()
        look(page, "did-it-open")
        village.steel.weak.clear()
        page.get_by_role("button", name="门没开").click()
        expect(page.locator(".at-door h2")).to_contain_text("号柜门已开")
        village.clock.forward(11)
        village.ring()
        expect(page.locator(".at-door h2")).to_contain_text("号柜门还开着")
        expect(page.get_by_role("button", name="门没开？")).to_have_count(0)
        look(page, "left-open")


@pytest.mark.parametrize(("width", "height"), [*SIZES, (390, 844)])
def test_without_a_scanner_the_kiosk_asks_for_the_code(
    village: Village, width: int, height: int
) -> None:
    village.gun.plugged = False
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk", width=width, height=height) as page,
    ):
        expect(page.locator(".scan")).to_have_text("扫码口坏了请输入取件码")
        save_screen(page, f"kiosk-no-scanner-{width}")
        page.click(".collect")
        expect(page.locator("footer")).not_to_contain_text("扫二维码")
        expect(page.locator("footer")).to_contain_text("扫码口坏了")
        save_screen(page, f"kiosk-no-scanner-typing-{width}")


def test_a_collected_parcel_is_not_offered_another_try(village: Village, keeper: Visitor) -> None:
    cell = check_in(village, keeper)
    village.gun.scan(village.paper.token())
    shut(village, cell)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        expect(page.locator(".at-door")).to_be_visible()
        village.gun.scan(village.paper.token())
        expect(page.locator(".message h2")).to_contain_text("这件已经取走了")
        expect(page.locator("footer .main")).to_have_text("返回")
        look(page, "collected")


def test_english_and_big_print(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        page.get_by_role("link", name="English").click()
        expect(page.locator(".collect b")).to_have_text("Collect")
        look(page, "english")
        page.get_by_role("link", name="中文").click()
        # The English page has this link too: the Chinese one must be there before it is pressed.
        expect(page.locator(".collect b")).to_have_text("取包裹")
        page.click("#display")
        page.get_by_role("link", name="大字", exact=True).click()
        page.locator("footer").get_by_role("button", name="返回").click()
        expect(page.locator(".collect b")).to_have_text("取包裹")
        expect(page.locator("#time")).to_be_visible()
        look(page, "big")
        page.click(".collect")
        page.keyboard.type(TAIL + village.paper.code()[:5])
        look(page, "big-typing")
        page.keyboard.type(village.paper.code()[5:])
        page.keyboard.press("Enter")
        expect(page.locator(".at-door h2")).to_contain_text("号柜门已开")
        look(page, "big-open")


def test_help_is_always_in_the_same_corner(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        corners = set()
        for step in (".collect", "#help", None):
            box = page.locator("#help").bounding_box()
            assert box is not None
            corners.add((round(box["x"] + box["width"]), round(box["y"])))
            if step:
                page.click(step)
        expect(page.locator(".message h2")).to_have_text("已叫店主，请等一下刚叫的")
        look(page, "help")
        assert len(corners) == 1


def test_a_page_that_lost_its_station_says_so_and_recovers_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "station"
    with contextlib.ExitStack() as until_end:
        browser = until_end.enter_context(open_chromium())
        with open_village(folder) as before:
            port = int(before.address.rpartition(":")[2])
            keeper = Visitor(before.address)
            keeper.become_keeper()
            check_in(before, keeper)
            code = before.paper.code()
            keeper.http.close()
            page = until_end.enter_context(
                open_page(browser, f"{before.address}/kiosk", may_lose_link=True, may_answer=(403,))
            )
            expect(page.locator("footer")).to_contain_text("待取 1")
        expect(page.locator("#link-lost")).to_be_visible()
        save_screen(page, "kiosk-lost-800")
        with open_village(folder, port=port):
            expect(page.locator("#link-lost")).to_be_hidden()
            page.click(".collect")
            page.keyboard.type(TAIL + code)
            page.keyboard.press("Enter")
            expect(page.locator(".at-door h2")).to_contain_text("号柜门已开")
