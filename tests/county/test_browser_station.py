"""M8 in a real browser: a station's card with van and notices, in plain and in big print."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.county.phone_screens import assert_fit, look
from tests.county.phones import open_phones
from tests.screens.at_phone import PHONE, SMALL_PHONE, tell, tell_of_station
from tests.support.browser import open_chromium, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390", "360"])
@pytest.mark.parametrize("dress", ["normal", "big"])
def test_m8_van_and_notices_are_read_without_signal(
    tmp_path: Path, size: tuple[int, int], dress: str
) -> None:
    width, height = size
    with open_phones(tmp_path) as phones, open_chromium() as browser:
        link = f"{tell(phones)}?print={dress}"
        tell_of_station(phones)
        with open_page(browser, link, width=width, height=height) as page:
            page.context.set_offline(True)
            card = page.locator("article").last
            card.scroll_into_view_if_needed()
            expect(card.get_by_text("计划今天 16:30 到")).to_be_visible()
            expect(card.get_by_text("计划今天 11:00 到，还没到")).to_be_visible()
            first = card.get_by_text("八点到十二点停电。")
            expect(first).to_be_visible()
            box = first.bounding_box()
            assert box is not None
            assert box["height"] >= 2 * 20, "its second line stands below the first"
            other = card.get_by_text("腊月赶集")
            hidden = card.get_by_text("逢三、六、九")
            expect(hidden).to_be_hidden()
            other.click()
            expect(hidden).to_be_visible()
            card.evaluate("card => card.scrollIntoView()")
            look(page, f"station-{dress}")
            page.locator("footer").scroll_into_view_if_needed()
            assert_fit(page)
