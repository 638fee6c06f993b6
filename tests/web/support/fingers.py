"""What a finger needs of a page."""

from playwright.sync_api import Page

_SMALL = """() => [...document.querySelectorAll('button, a')]
  .filter(e => e.getClientRects().length && !e.closest('.cabinet'))
  .map(e => [e.textContent.trim() || e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 59.5 || box.height < 59.5)
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
_BEYOND = """() => document.documentElement.scrollWidth > innerWidth + 1
  || document.documentElement.scrollHeight > innerHeight + 1"""


def too_small(page: Page) -> list[str]:
    """Buttons and links that are under 60 by 60 pixels."""
    found: list[str] = page.evaluate(_SMALL)
    return found


def must_scroll(page: Page) -> bool:
    """Whether the page is larger than its screen."""
    return bool(page.evaluate(_BEYOND))


def tap(page: Page, digits: str) -> None:
    """Press digits on the number pad on the screen."""
    for digit in digits:
        page.locator(".pad button:visible", has_text=digit).first.click()
