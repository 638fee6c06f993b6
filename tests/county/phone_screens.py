"""What any page on a villager's phone must be, and what a scanner reads from it."""

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from tests.support.browser import assert_accessible, save_screen

_FINGER_PX = 60


def read_off(page: Page) -> str | None:
    """What a scanner reads from the screen that is held before it."""
    shot = Image.open(io.BytesIO(page.locator("img").first.screenshot()))
    read = zxingcpp.read_barcode(shot)
    return None if read is None else read.text


def assert_fit(page: Page) -> None:
    """Nothing inaccessible, too small for a finger or beside the screen."""
    size = page.viewport_size or {"width": 0}
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    for control in page.locator("a, button, summary, textarea").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= _FINGER_PX


def look(page: Page, name: str) -> None:
    """Keep a picture of a page that is fit for a phone."""
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"{name}-{size['width']}")
    assert_fit(page)
