"""Shelves, moves and calls in a real browser: keys at the counter, big words at the kiosk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from edge.kernel.ids import CellId, WaybillNo
from hardware.ports import Qr
from tests.support.browser import open_chromium, open_page
from tests.web.support.at_counter import begin, keep_look
from tests.web.support.browserless import PIN
from tests.web.support.fingers import turn_to
from tests.web.support.parcels import TAIL, WAYBILL, shut, until_door
from tests.web.support.village import Village, eventually, open_village

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), (800, 480)]
OTHER = "SF1234567890123"


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with three cells, shelves A and B and a floor."""
    with open_village(tmp_path / "station", cells=3, shelves="AB") as opened:
        yield opened


def look(page: Page, name: str) -> None:
    keep_look("places", page, name)


def token(village: Village) -> str:
    """The QR code of the newest slip."""
    return next(block.data for block in village.paper.slips[-1] if isinstance(block, Qr))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_parcel_goes_to_the_shelf_by_one_key_and_out_by_one_key(
    village: Village, width: int, height: int
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
        open_page(browser, f"{village.address}/kiosk", width=800, height=480) as kiosk,
    ):
        begin(page)
        page.keyboard.press("4")
        expect(page.get_by_role("button", name="上架")).to_have_attribute("aria-pressed", "true")
        look(page, "chosen")
        village.gun.scan(WAYBILL)
        expect(page.locator(".target .cell")).to_contain_text("架 A-1-")
        look(page, "put-on")
        page.keyboard.type(TAIL)
        eventually(lambda: village.paper.slips, "the slip")
        expect(page.locator(".target")).to_contain_text("请扫快递单")
        page.keyboard.press("5")
        expect(page.get_by_role("button", name="地堆")).to_have_attribute("aria-pressed", "true")
        village.gun.scan(OTHER)
        expect(page.locator(".target .cell")).to_have_text("地堆 地1")
        page.keyboard.type(TAIL)
        eventually(lambda: len(village.paper.slips) > 1, "the second slip")

        village.gun.scan(token(village))
        expect(kiosk.locator("main")).to_contain_text("请找店主拿")
        expect(kiosk.locator(".calls")).to_contain_text("地堆 地1")
        look(kiosk, "kiosk-called")
        expect(page.locator("#calls")).to_contain_text("等着取：地堆 地1")
        look(page, "called")
        page.keyboard.press(".")
        expect(page.locator("#calls")).to_be_hidden()
        expect(kiosk.locator("main")).to_contain_text("取包裹")
        assert village.state.parcels[WaybillNo(OTHER)].stage == "picked_up"
        take_back(page)
        look_at_the_map(page)


def take_back(page: Page) -> None:
    """Undo the handing out, from the list of what was collected today."""
    page.locator("#nav").get_by_role("button", name="出库").click()
    page.get_by_role("button", name="今日取走").click()
    page.get_by_role("button", name="撤销交件").click()
    page.keyboard.press("1")
    expect(page.locator("#toast")).to_contain_text("放回 地堆 地1")


def look_at_the_map(page: Page) -> None:
    """Cells, shelves and floor in colour and word; a cell is locked by keys."""
    turn_to(page, "cells")
    expect(page.locator(".slots button")).to_have_count(2)
    page.keyboard.type("02")
    page.keyboard.press("+")
    page.keyboard.press("1")
    expect(page.locator(".door.off")).to_contain_text("停用")
    look(page, "map")


def test_too_small_and_other_places_at_the_open_door_by_keys(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        begin(page)
        village.gun.scan(WAYBILL)
        until_door(village, 1, "open")
        expect(page.get_by_role("button", name="放不下")).to_be_visible()
        look(page, "open-door")
        page.keyboard.press("/")
        look(page, "elsewhere")
        page.get_by_role("dialog").get_by_role("button", name="停用这格").click()
        page.keyboard.press("1")
        expect(page.locator(".target .cell")).to_have_text("柜 02")
        until_door(village, 2, "open")
        expect(page.get_by_role("button", name="放不下")).to_be_visible()
        page.keyboard.press("+")
        expect(page.locator(".target .cell")).to_contain_text("架 A-1-")
        shut(village, 2)
        shut(village, 1)
        for cell in (1, 2):
            eventually(
                lambda cell=cell: village.state.cells[CellId(cell)].occupancy == "free",  # type: ignore[misc] # the loop's own
                "the cell to be free",
            )
        assert dict(village.state.locked) == {CellId(1): "锁不好"}


def test_marks_and_cash_due_are_ticked_before_the_door_opens(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
        open_page(browser, f"{village.address}/kiosk", width=800, height=480) as kiosk,
    ):
        begin(page)
        village.gun.scan(WAYBILL)
        shut(village, 1)
        expect(page.locator(".target")).to_contain_text("输入手机尾号")
        page.keyboard.press("/")
        page.get_by_role("dialog").get_by_role("button", name="标记").click()
        page.get_by_label("大件").check()
        page.get_by_label("到付（元）").fill("12")
        look(page, "flags")
        page.keyboard.press("Enter")
        expect(page.locator(".scan-line")).to_contain_text("到付 ¥12.00")
        page.keyboard.type(TAIL)
        eventually(lambda: village.paper.slips, "the slip")
        village.gun.scan(token(village))
        expect(kiosk.locator("h2")).to_have_text("待付款 ¥12.00")
        look(kiosk, "kiosk-pay")
        expect(page.locator("#calls")).to_contain_text("等着取：柜 01")
        page.keyboard.press(".")
        go = page.get_by_role("button", name="开门交件")
        expect(go).to_be_disabled()
        page.keyboard.press("1")
        look(page, "paid")
        page.keyboard.press("Enter")
        shut(village, 1)
        assert village.state.parcels[WaybillNo(WAYBILL)].stage == "picked_up"


def test_a_parcel_is_moved_from_cell_to_shelf_in_two_steps(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        begin(page)
        village.gun.scan(WAYBILL)
        shut(village, 1)
        page.keyboard.type(TAIL)
        eventually(lambda: village.paper.slips, "the slip")
        turn_to(page, "cells")
        page.keyboard.type("01")
        page.keyboard.press("/")
        page.keyboard.press("1")
        shut(village, 1)
        expect(page.locator(".target")).to_contain_text("放哪里？")
        look(page, "in-hand")
        page.keyboard.press("4")
        eventually(lambda: village.state.slots, "the slot")
        eventually(
            lambda: village.state.cells[CellId(1)].occupancy == "free", "the cell to be free"
        )


@pytest.mark.parametrize(("width", "height"), [*SIZES, (390, 844)])
@pytest.mark.parametrize("dress", ["lang=en", "print=big", "lang=en&print=big"])
def test_every_new_screen_is_fit_for_english_and_big_print(
    village: Village, width: int, height: int, dress: str
) -> None:
    kind = dress.replace("&", "-").replace("=", "-")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper?{dress}", width=width, height=height) as page,
        open_page(browser, f"{village.address}/kiosk?{dress}", width=width, height=height) as kiosk,
    ):
        for _ in range(2):
            page.keyboard.type(PIN)
            page.keyboard.press("Enter")
        expect(page.locator(".counts")).to_be_visible()
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        expect(page.locator(".places button")).to_have_count(5)
        page.keyboard.press("4")
        expect(page.locator(".places [aria-pressed=true]")).to_have_count(1)
        look(page, f"{kind}-chosen")
        village.gun.scan(WAYBILL)
        expect(page.locator(".target .cell.slot")).to_be_visible()
        look(page, f"{kind}-put-on")
        page.keyboard.press("/")
        page.keyboard.press("1")
        expect(page.locator(".flags")).to_be_visible()
        look(page, f"{kind}-flags")
        page.keyboard.press("Escape")
        page.keyboard.type(TAIL)
        eventually(lambda: village.paper.slips, "the slip")
        village.gun.scan(token(village))
        expect(kiosk.locator(".calls")).to_be_visible()
        look(kiosk, f"{kind}-kiosk")
        expect(page.locator("#calls")).to_be_visible()
        look(page, f"{kind}-called")
        page.goto(f"{village.address}/keeper#cells")
        page.reload()
        expect(page.locator(".slots button")).to_have_count(1)
        page.locator(".slots button").click()
        look(page, f"{kind}-map")
