"""The county's page in a real browser, with the mouse alone."""

from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Page, expect

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
        expect(page.locator("#alarms")).to_be_hidden()
        expect(page.locator("#alarms-back")).to_have_text("1 条告警 · 点这里看")
        assert_accessible(page)
        save_screen(page, "county")


def box_of(page: Page, selector: str) -> FloatRect:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1440, 860)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_alarm_is_cut_in_the_middle_and_a_life_takes_the_whole_column(
    tmp_path: Path, language: str, width: int, height: int
) -> None:
    with (
        open_office(tmp_path, ("pingshang", "坪上村站"), ("shexi", "社溪村站")) as office,
        open_chromium() as browser,
        open_page(
            browser, f"{office.address}/?lang={language}", width=width, height=height
        ) as page,
    ):
        trouble = Village("shexi")
        trouble.tell("door.forced", cell=8)
        for cell in (2, 3, 4):
            trouble.tell("cell.questioned", cell=cell, reason="check_in_interrupted")
        office.hear(trouble, devices={"lock-board-1": "device.silent", "scanner": "device.missing"})
        village = pingshang()
        for cell in range(1, 25):
            village.tell("door.shut", cell=cell, open_ms=None)
        office.hear(village)

        expect(page.locator("#alarms li")).to_have_count(6)
        expect(page.locator("#alarms-more")).to_be_visible()
        window = box_of(page, "#alarms-scroll")
        bottom = window["y"] + window["height"]
        boxes = [box for one in page.locator("#alarms li").all() if (box := one.bounding_box())]
        assert boxes[0]["y"] + boxes[0]["height"] <= bottom
        assert all(box["y"] >= bottom or box["y"] + box["height"] <= bottom for box in boxes)
        assert_accessible(page)
        save_screen(page, f"county-alarms-{language}-{width}")

        page.locator("#waybill").fill(WAYBILL)
        page.locator("#trace-form button").click()
        expect(page.locator("#chain li").first).to_be_visible()
        assert box_of(page, "aside .trace")["height"] > 0.65 * height
        assert_accessible(page)
        save_screen(page, f"county-trace-{language}-{width}")
        page.locator("#alarms-back").click()
        expect(page.locator("#alarms")).to_be_visible()


def test_an_empty_county_says_what_to_do_in_both_languages(tmp_path: Path) -> None:
    with (
        open_office(tmp_path) as office,
        open_chromium() as browser,
        open_page(browser, office.address, width=1440, height=860, may_answer={404}) as page,
    ):
        expect(page.locator("#no-stations")).to_contain_text("还没有登记的站点")
        expect(page.locator("#no-alarms")).to_be_visible()
        assert_accessible(page)
        page.get_by_label("运单号").fill("zz99999")
        page.get_by_role("button", name="查询").click()
        expect(page.locator("#trace-says")).to_contain_text("没有运单 ZZ99999 的记录")
        page.get_by_role("link", name="English").click()
        expect(page.locator("#no-stations")).to_contain_text("No station is enrolled yet")
        expect(page.locator("#no-stations")).to_be_visible()
        assert_accessible(page)
