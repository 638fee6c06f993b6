"""M3 in a real browser: 代取授权 on the phones that villages have, and on the proxy's."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from cloud_sync.wire.trust.proxy_pass import read_pass
from edge.kernel.ids import CountyId, StationId
from tests.county.phone_screens import look, read_off
from tests.county.phones import KEY, open_phones
from tests.screens.at_phone import PHONE, SMALL_PHONE, tell
from tests.support.browser import open_chromium, open_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390", "360"])
@pytest.mark.parametrize("dress", ["normal", "big"])
def test_m3_a_pass_is_made_shared_read_without_signal_and_taken_back(
    tmp_path: Path, size: tuple[int, int], dress: str
) -> None:
    width, height = size
    with open_phones(tmp_path) as phones, open_chromium() as browser:
        link = f"{tell(phones)}?print={dress}"
        with open_page(browser, link, width=width, height=height) as page:
            page.get_by_text("让别人代取").click()
            look(page, f"pass-none-{dress}")
            page.get_by_role("button", name="开代取授权，今天有效").click()
            expect(page.get_by_text("代取授权开好了")).to_be_visible()
            look(page, f"pass-made-{dress}")
            hidden = "e => e.scrollHeight - e.clientHeight"
            assert page.locator("textarea").evaluate(hidden) <= 1, (
                "the address is there to be pressed"
            )
            said = page.locator("textarea").input_value()
            assert "请帮我到坪上村站取一件包裹" in said
            his_link = said.rsplit("：", 1)[1]
            with open_page(browser, his_link, width=width, height=height) as his:
                look(his, f"pass-proxy-{dress}")
                his.context.set_offline(True)
                text = read_off(his)
                assert text is not None
                station = StationId("pingshang")
                assert read_pass(text, CountyId("shangyou"), [KEY.public]).is_for_station(station)
                his.context.set_offline(False)
                page.get_by_role("button", name="收回这个授权").click()
                expect(page.get_by_text("已撤销，驿站联网后生效")).to_be_visible()
                look(page, f"pass-ended-{dress}")
                his.reload()
                expect(his.get_by_text("这个授权已被收回")).to_be_visible()
                expect(his.locator("img")).to_have_count(0)
                look(his, f"pass-over-{dress}")
