"""The watch over pages in tests: it sees what goes wrong, so that a green test means something."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import Browser

from tests.support.browser import assert_accessible, open_chromium, open_page
from tests.support.serving import serve

pytestmark = pytest.mark.browser

_PAGES = {
    "script": "<script>throw new Error('torn')</script>",
    "console": "<script>console.error('oh no')</script>",
    "missing": "<img src='/missing.png' alt=''>",
    "refused": "<script>fetch('/refused', {method: 'POST'})</script>",
    "elsewhere": "<img src='http://127.0.0.1:9/' alt=''>",
}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_chromium() as opened:
        yield opened


@pytest.fixture
def address() -> Iterator[str]:
    app = FastAPI()

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status_code=204)

    @app.post("/refused")
    def refused() -> Response:
        return Response(status_code=409)

    @app.get("/pages/{name}")
    def page(name: str) -> HTMLResponse:
        return HTMLResponse(f"<title>x</title>{_PAGES[name]}")

    with serve(app) as served:
        yield served


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("script", "script: torn"),
        ("console", "console: oh no"),
        ("missing", "404 GET"),
        ("elsewhere", "net::ERR_UNSAFE_PORT GET"),
    ],
)
def test_a_page_in_trouble_fails_its_test(
    browser: Browser, address: str, name: str, trouble: str
) -> None:
    with (
        pytest.raises(AssertionError, match=trouble),
        open_page(browser, f"{address}/pages/{name}") as page,
    ):
        page.wait_for_load_state("networkidle")


def test_a_refusal_is_an_answer_and_no_trouble(browser: Browser, address: str) -> None:
    with open_page(browser, f"{address}/pages/refused") as page:
        page.wait_for_load_state("networkidle")
        assert page.title() == "x"


def test_a_page_that_cannot_be_read_by_everybody_fails_its_test(browser: Browser) -> None:
    with open_page(browser) as page:
        page.set_content("<html lang=zh><title>x</title><main><h1>x</h1><img src='data:,'></main>")
        with pytest.raises(AssertionError, match="image-alt"):
            assert_accessible(page)
