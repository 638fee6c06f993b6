"""The county's page in a real browser, with the mouse alone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.county.offices import WAYBILL, open_office, pingshang
from tests.county.village import Village
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen

pytestmark = pytest.mark.browser


def test_an_operator_sees_trouble_arrive_and_traces_a_parcel_with_the_mouse(
    tmp_path: Path,
) -> None:
    with (
        open_office(tmp_path, ("pingshang", "坪上村站"), ("shexi", "社溪村站")) as office,
        open_chromium() as browser,
        open_page(browser, office.address, width=1280, height=800) as page,
    ):
        tiles, facts = page.locator("#tiles button"), page.locator("#facts li")
        expect(tiles).to_have_count(2)
        expect(tiles.first).to_contain_text("从未连上")
        expect(page.locator("#no-facts")).to_be_visible()

        office.hear(pingshang())
        expect(facts.first).to_contain_text("取件码已生成")
        expect(page.locator("#tiles")).to_contain_text("模拟")
        tiles.filter(has_text="坪上村站").click()
        seven = page.locator("#cells li").nth(6)
        expect(seven).to_contain_text("7 有件")

        trouble = Village("shexi")
        trouble.tell("door.forced", cell=8)
        office.hear(trouble)
        expect(tiles.first).to_contain_text("社溪村站")
        expect(tiles.first).to_contain_text("8 号门被强开")
        expect(page.locator("#alarms")).to_contain_text("紧急")
        expect(page.locator("#station-name")).to_have_text("坪上村站")

        seven.get_by_role("button").click()
        expect(page.locator("#trace-waybill")).to_have_text(WAYBILL)
        expect(page.locator("#chain li")).to_have_count(8)
        village = pingshang()
        village.pick_up(WAYBILL, 7)
        office.hear(village, "n2")
        expect(page.locator("#trace-stage")).to_have_text("已取走")
        assert_accessible(page)
        save_screen(page, "county")


def test_an_empty_county_says_what_to_do_in_both_languages(tmp_path: Path) -> None:
    with (
        open_office(tmp_path) as office,
        open_chromium() as browser,
        open_page(browser, office.address, width=1440, height=860, may_answer={404}) as page,
    ):
        expect(page.locator("#no-stations")).to_contain_text("还没有站点连上来")
        expect(page.locator("#no-alarms")).to_be_visible()
        assert_accessible(page)
        page.get_by_label("运单号").fill("zz99999")
        page.get_by_role("button", name="查询").click()
        expect(page.locator("#trace-says")).to_contain_text("没有运单 ZZ99999 的记录")
        page.get_by_role("link", name="English").click()
        expect(page.locator("#no-stations")).to_contain_text("No station has connected yet")
        assert_accessible(page)
