"""M9 in a real browser: 投诉帮助 on a phone, in plain and in big print."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from cloud_sync.county.complaints.book import answer_to
from cloud_sync.county.tables import COMPLAINTS
from tests.county.phone_screens import look
from tests.county.phones import open_phones
from tests.screens.at_phone import PHONE, tell
from tests.support.browser import open_chromium, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dress", ["normal", "big"])
def test_m9_a_complaint_is_written_and_its_answer_read(tmp_path: Path, dress: str) -> None:
    width, height = PHONE
    with open_phones(tmp_path) as phones, open_chromium() as browser:
        link = f"{tell(phones)}?print={dress}"
        with open_page(browser, link, width=width, height=height) as page:
            page.get_by_role("link", name="投诉帮助").click()
            look(page, f"help-none-{dress}")
            page.get_by_label("什么事").select_option("damaged")
            page.get_by_label("哪一件").select_option(index=1)
            page.get_by_label("请写下来").fill("盒子压坏了，鸡蛋碎了")
            page.get_by_role("button", name="交给县中心").click()
            expect(page.get_by_text("已收到")).to_be_visible()
            expect(page.get_by_text("回执号")).to_be_in_viewport()
            look(page, f"help-received-{dress}")
            (row,) = phones.open.county.rows(COMPLAINTS)
            with phones.open.county.database.write() as connection:
                answer_to(connection, row["complaint"], "赔您一盒。", "王芳", phones.wall_ms)
            page.get_by_role("link", name="看看有没有答复").click()
            expect(page.get_by_text("赔您一盒。")).to_be_visible()
            page.get_by_text("赔您一盒。").scroll_into_view_if_needed()
            look(page, f"help-answered-{dress}")
