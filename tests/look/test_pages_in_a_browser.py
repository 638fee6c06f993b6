"""The shared look and script in the real browser: what people see when things go well and badly."""

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from tests.look.gallery_app import make_gallery
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.support.serving import serve

pytestmark = pytest.mark.browser


@contextlib.contextmanager
def showing(app: FastAPI, query: str = "", width: int = 1024, height: int = 900) -> Iterator[Page]:
    """The gallery in a browser."""
    with (
        serve(app) as address,
        open_chromium() as browser,
        open_page(browser, f"{address}/{query}", width=width, height=height) as page,
    ):
        yield page


_SMALL_BUTTONS = """() => [...document.querySelectorAll("button")]
    .filter(button => button.offsetParent !== null)
    .filter(button => button.offsetWidth < 60 || button.offsetHeight < 60)
    .map(button => button.textContent)"""


def test_every_component_is_accessible_and_large_enough_for_a_finger() -> None:
    with showing(make_gallery()) as page:
        expect(page.locator("#view")).to_have_text("第一屏")
        save_screen(page, "look-gallery")
        assert_accessible(page)
        assert page.evaluate(_SMALL_BUTTONS) == []
        page.locator("#question-button").tap()
        expect(page.locator("#question")).to_be_visible()
        save_screen(page, "look-dialog")
        assert_accessible(page)


def test_big_print_multiplies_every_size() -> None:
    with showing(make_gallery()) as page:
        normal = _font_sizes(page)
    with showing(make_gallery(), "?print=big", width=1280) as page:
        save_screen(page, "look-gallery-big")
        assert_accessible(page)
        big = _font_sizes(page)
    assert big == pytest.approx([size * 1.35 for size in normal])


def test_an_act_carries_text_as_text_and_comes_back() -> None:
    with showing(make_gallery()) as page:
        page.locator("#act").tap()
        expect(page.locator("#answer")).to_have_text("200 <i>尾号</i>")


def test_a_refused_act_gives_its_reason_to_the_page() -> None:
    with showing(make_gallery(refuse="no_free_cell")) as page:
        page.locator("#act").tap()
        expect(page.locator("#answer")).to_have_text("409 no_free_cell")


def test_a_view_with_markup_in_it_is_shown_and_not_run() -> None:
    hostile = "<img src=x onerror=document.title='owned'>"
    with showing(make_gallery(hostile)) as page:
        expect(page.locator("#view")).to_have_text(hostile)
        assert page.locator("#view img").count() == 0


def test_a_restarted_server_is_noticed_told_and_forgiven() -> None:
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(open_chromium())
        with serve(make_gallery()) as address:
            page = stack.enter_context(
                open_page(browser, address, may_answer=(403,), may_lose_link=True)
            )
            expect(page.locator("#view")).to_have_text("第一屏")
            expect(page.locator("#link-lost")).to_be_hidden()
        expect(page.locator("#link-lost")).to_be_visible()
        expect(page.locator("#link")).to_have_text("断开")
        save_screen(page, "look-link-lost")
        # The new process has another key: the page's token is stale and is renewed by itself.
        with serve(make_gallery("回来了"), port=urlsplit(address).port or 0):
            expect(page.locator("#view")).to_have_text("回来了")
            expect(page.locator("#link-lost")).to_be_hidden()
            page.locator("#act").tap()
            expect(page.locator("#answer")).to_have_text("200 <i>尾号</i>")


def _font_sizes(page: Page) -> list[float]:
    names = (".big-number", ".say", ".tile b", ".pill", ".pad button", ".digits span", "body")
    script = "node => parseFloat(getComputedStyle(node).fontSize)"
    return [page.locator(name).first.evaluate(script) for name in names]
