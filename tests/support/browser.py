"""Debian's Chromium for tests: a watched page, accessibility, and pictures to look at.

Start one browser per test and close it in the test: Playwright's sync interface leaves its event
loop marked as running in this thread while it is open, and async tests need the thread for theirs.
"""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # no types
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

CHROMIUM: Final = Path("/usr/bin/chromium")
SCREENS: Final = Path(__file__).parents[2] / "build" / "screens"
REFUSALS: Final = (409,)
"""Answers that a page has to live with; anything else from 400 up is a fault of the page."""

_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_MS: Final = 30_000
"""Longer than a page takes on a machine that does everything at once: no test is about time."""
expect.set_options(timeout=_PATIENCE_MS)

_OFFLINE: Final = "net::ERR_INTERNET_DISCONNECTED"


@dataclass
class Watch:
    """Listens to a page: whatever goes wrong in it fails the test."""

    may_answer: Collection[int] = REFUSALS
    may_lose_link: bool = False
    troubles: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Start listening."""
        page.on("pageerror", self._script_error)
        page.on("console", self._console)
        page.on("response", self._response)
        page.on("requestfailed", self._failed)

    def _script_error(self, error: Error) -> None:
        self.troubles.append(f"script: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        # What could not be loaded is judged by status and by failure, below.
        load = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not load:
            self.troubles.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.may_answer:
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        # A stream that ends with its page is aborted, which is how it should end.
        aborted = "ERR_ABORTED" in (request.failure or "")
        # The tab's icon is fetched by the browser when it likes, also where a test is offline.
        icon = request.url.endswith("/logo.svg") and request.failure == _OFFLINE
        if not aborted and not icon and not self.may_lose_link:
            self.troubles.append(f"{request.failure} {request.method} {request.url}")


@contextlib.contextmanager
def open_chromium() -> Iterator[Browser]:
    """A browser with a fresh profile. Skips the test where Chromium is not installed."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def open_page(  # noqa: PLR0913 - each is an option by name
    browser: Browser,
    address: str = "about:blank",
    *,
    width: int = 800,
    height: int = 480,
    may_answer: Collection[int] = REFUSALS,
    may_lose_link: bool = False,
) -> Iterator[Page]:
    """A page in a profile of its own; at the end of the block nothing may have gone wrong in it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", has_touch=True
    )
    context.set_default_timeout(_PATIENCE_MS)
    watch = Watch(may_answer=may_answer, may_lose_link=may_lose_link)
    try:
        page = context.new_page()
        watch.attach(page)
        page.goto(address)
        yield page
    finally:
        context.close()
    assert not watch.troubles, "\n".join(watch.troubles)


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing to complain about, on a page whose style sheets have all arrived."""
    page.wait_for_load_state("load")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def save_screen(page: Page, name: str) -> Path:
    """Leave a picture in build/screens/<name>.png for people to look at."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    file = SCREENS / f"{name}.png"
    page.screenshot(path=file, animations="disabled")
    return file
