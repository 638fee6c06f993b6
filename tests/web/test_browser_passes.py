"""K5 in a real browser: somebody holds a phone with a pass before the kiosk's scanner."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import open_chromium, open_page
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import must_scroll
from tests.web.support.parcels import check_in, shut, stage_of
from tests.web.support.passes import STRANGER, draw_pass, trust_the_county
from tests.web.support.village import Village, open_village
from tests.web.test_browser_proxies import look

pytestmark = pytest.mark.browser


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    with open_village(tmp_path / "station", cells=3) as opened:
        trust_the_county(opened)
        yield opened


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_r36_a_pass_is_scanned_opens_one_door_and_then_nothing_any_more(
    village: Village, lang: str
) -> None:
    with (
        Visitor(village.address) as keeper,
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk?lang={lang}", width=800, height=480) as page,
    ):
        keeper.become_keeper()
        cell = check_in(village, keeper)
        keeper.ask("/api/keeper/check-in", on=False)
        village.gun.scan(draw_pass(village, key=STRANGER)[0])
        refused = "授权码不对" if lang == "zh" else "This is no code of the county"
        expect(page.locator("main")).to_contain_text(refused)
        look(page, f"pass-forged-{lang}")
        text, _number = draw_pass(village)
        village.gun.scan(text)
        expect(page.locator("main.proxy h2")).to_contain_text("3865")
        look(page, f"pass-{lang}")
        assert not must_scroll(page)
        page.get_by_role("button", name="开 01 号柜" if lang == "zh" else "Open 01").click()
        expect(page.locator(".at-door h2")).to_contain_text(f"{cell:02d}")
        shut(village, cell)
        assert stage_of(village) == "picked_up"
        village.clock.forward(30)
        village.gun.scan(text)
        over = "已经取走了" if lang == "zh" else "collected"
        expect(page.locator("main")).to_contain_text(over)
        look(page, f"pass-over-{lang}")
