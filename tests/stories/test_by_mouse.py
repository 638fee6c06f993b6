"""One parcel on the four real pages of one browser, with the mouse alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from edge.tools.house import House
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.fingers import tap

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow]

PIN = "270953"
TAIL = "3865"


def at_door(workbench: Page, *acts: str) -> None:
    """Do something at the door that has sprung open; the workbench has chosen it."""
    for act in acts:
        workbench.locator(f"#door [data-act={act}]").click()


def first_start(keeper: Page) -> None:
    tap(keeper, PIN)
    keeper.click("#again")
    tap(keeper, PIN)
    keeper.get_by_role("button", name="设好，开始用").click()
    keeper.get_by_role("button", name="开始入库").click()
    expect(keeper.locator(".target")).to_contain_text("请扫快递单")


def test_from_the_van_to_the_villager_with_the_mouse_alone(house: House) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{house.workbench_address}/", width=1280, height=800) as workbench,
        open_page(browser, f"{house.station_address}/keeper", width=1280, height=800) as keeper,
        open_page(browser, f"{house.station_address}/kiosk", width=800, height=480) as kiosk,
        open_page(browser, f"{house.county_address}/", width=1280, height=800) as county,
    ):
        first_start(keeper)
        sample = workbench.locator("#samples [data-code]").first
        waybill_no = str(sample.get_attribute("data-code"))
        sample.click()
        expect(keeper.locator(".target .cell")).to_have_text("柜 01")
        expect(workbench.locator(".cell.open.chosen")).to_have_attribute("data-channel", "1")
        at_door(workbench, "put-in", "push-shut")
        expect(keeper.locator(".target")).to_contain_text("输入手机尾号")
        expect(workbench.locator("#said")).to_contain_text("柜一")
        expect(keeper.locator("#devices span")).to_have_count(9)
        expect(keeper.locator("#devices .trouble")).to_have_count(0)
        save_screen(keeper, "house-keeper")
        tap(keeper, TAIL)
        expect(workbench.locator(".slip img")).to_have_attribute("alt", re.compile("坪上村服务站"))
        county.locator("#tiles button", has_text="坪上村服务站").click()
        expect(county.locator("#cells li").first).to_contain_text("有件")

        workbench.get_by_role("button", name="扫这张小票").click()
        expect(kiosk.locator("main")).to_contain_text("请取走")
        expect(workbench.locator(".cell.open")).to_have_count(1)
        expect(workbench.locator(".cell.open.chosen")).to_have_attribute("data-channel", "1")
        save_screen(workbench, "house-workbench")
        save_screen(kiosk, "house-kiosk")
        at_door(workbench, "take-out", "push-shut")
        expect(kiosk.locator("main")).to_contain_text("谢谢")

        county.get_by_role("button", name=re.compile(waybill_no[-4:])).first.click()
        expect(county.locator("#trace-waybill")).to_have_text(waybill_no)
        expect(county.locator("#trace-stage")).to_have_text("已取走")
        save_screen(county, "house-county")
        for page in (workbench, keeper, kiosk, county):
            assert_accessible(page)
