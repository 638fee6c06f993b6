"""What every test of the counter in a real browser begins with, and how it looks at a page."""

from playwright.sync_api import Page, expect

from tests.support.browser import assert_accessible, save_screen
from tests.web.support.browserless import PIN
from tests.web.support.fingers import cut_off, too_small


def sign_in(page: Page) -> None:
    """With the PIN, by keys alone, until the page has its first screen: it hears no key before."""
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#nav [aria-current]")).to_be_visible()


def first_start(page: Page) -> None:
    """The keeper chooses a PIN and signs in with it, by keys alone."""
    for _ in range(2):
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
    expect(page.locator(".counts")).to_be_visible()


def begin(page: Page) -> None:
    """First start and check-in, by keys alone."""
    first_start(page)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(".target")).to_contain_text("请扫快递单")


def keep_look(subject: str, page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small for a finger, nothing cut off."""
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"{subject}-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []
    assert cut_off(page) == []
