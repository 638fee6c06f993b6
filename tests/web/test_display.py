"""K15 大字/语音: three sizes of print and two languages, chosen on a page of the kiosk."""

import pytest
from playwright.sync_api import Page, expect

from edge.web.page_routes import PRINTS
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import beyond, must_scroll, too_long, too_small
from tests.web.support.village import Village


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small, nothing past an edge."""
    save_screen(page, f"display-{name}")
    assert_accessible(page)
    assert too_small(page) == []
    assert beyond(page) == []
    assert too_long(page) == []
    assert not must_scroll(page)


@pytest.mark.browser
def test_three_sizes_of_print_and_two_languages_are_one_press_each(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        html, back = page.locator("html"), page.locator("footer .main")
        tall = []
        for size in PRINTS:
            page.click("#display")
            page.click(f'[data-print-key="{size}"]')
            chosen = page.locator(f'[data-print-key="{size}"]')
            expect(chosen).to_have_attribute("aria-current", "true")
            assert html.get_attribute("data-print") == (None if size == "normal" else size)
            look(page, size)
            back.click()
            box = page.locator(".collect .how").bounding_box()
            tall.append(box["height"] if box else 0)
        assert tall == sorted(set(tall)), "each size is larger than the one before"
        page.click("#display")
        page.locator(".choices").get_by_role("link", name="English").click()
        expect(back).to_have_text("Back")
        look(page, "english")
        page.reload()
        expect(html).to_have_attribute("lang", "en")
        expect(html).to_have_attribute("data-print", "huge")


def test_the_largest_print_is_the_kiosks_alone(visitor: Visitor) -> None:
    assert 'data-print="huge"' in visitor.http.get("/kiosk?print=huge").text
    assert "data-print" not in visitor.http.get("/keeper?print=huge").text
    assert 'data-print="huge"' in visitor.http.get("/kiosk").text
    assert "data-print" not in visitor.http.get("/kiosk?print=gigantic").text
