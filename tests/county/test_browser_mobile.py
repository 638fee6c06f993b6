"""The addressee's page in a real browser, on the phones that villages have."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.county.phone_screens import assert_fit, read_off
from tests.county.phones import CODE, open_phones
from tests.screens.at_phone import HERE, PHONE, SMALL_PHONE, tell
from tests.support.browser import open_chromium, open_page, save_screen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE], ids=["390", "360"])
@pytest.mark.parametrize("dress", ["normal", "big"])
def test_m2_the_code_is_read_from_the_screen_without_signal_and_can_be_kept(
    tmp_path: Path, size: tuple[int, int], dress: str
) -> None:
    width, height = size
    with open_phones(tmp_path) as phones, open_chromium() as browser:
        link = f"{tell(phones)}?print={dress}"
        with open_page(browser, link, width=width, height=height) as page:
            assert_fit(page)
            save_screen(page, f"mobile-{width}-{dress}")
            page.context.set_offline(True)
            picture = page.locator("img")
            box = picture.bounding_box()
            assert box is not None
            assert box["width"] >= width - 64, "full width"
            assert read_off(page) == CODE.token
            with page.expect_download() as kept:
                page.get_by_text("存到手机").click()
            saved = tmp_path / "saved.png"
            kept.value.save_as(saved)
            assert kept.value.suggested_filename.endswith(".png")
            read = zxingcpp.read_barcode(Image.open(saved).convert("L"))
            assert read is not None
            assert read.text == CODE.token


def test_m1_what_waits_comes_first_and_folds_away(tmp_path: Path) -> None:
    with (
        open_phones(tmp_path) as phones,
        open_chromium() as browser,
        open_page(browser, tell(phones), width=360, height=740) as page,
    ):
        cards = page.locator("article")
        expect(cards).to_have_count(4)
        expect(cards.nth(0)).to_contain_text(HERE[-4:])
        expect(cards.nth(1)).to_contain_text("在路上")
        expect(cards.nth(2)).to_contain_text("已取走")
        expect(cards.nth(3)).to_contain_text("打给店主")
        expect(page.locator("img")).to_be_visible()
        page.locator("summary").click()
        expect(page.locator("img")).to_be_hidden()
