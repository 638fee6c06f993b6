"""What a finger needs of a page."""

from playwright.sync_api import Page

_SMALL = """() => [...document.querySelectorAll('button, a')]
  .filter(e => e.getClientRects().length && !e.closest('.cabinet'))
  .map(e => [e.textContent.trim() || e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 59.5 || box.height < 59.5)
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
_BEYOND = """() => document.documentElement.scrollWidth > innerWidth + 1
  || document.documentElement.scrollHeight > innerHeight + 1"""
_CUT_OFF = """() => [...document.querySelectorAll('main, main section, main aside, dialog[open]')]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.localName}.${e.className} ${e.scrollWidth} in ${e.clientWidth}`)"""


def too_small(page: Page) -> list[str]:
    """Buttons and links that are under 60 by 60 pixels."""
    found: list[str] = page.evaluate(_SMALL)
    return found


def must_scroll(page: Page) -> bool:
    """Whether the page is larger than its screen."""
    return bool(page.evaluate(_BEYOND))


def cut_off(page: Page) -> list[str]:
    """Parts of a page whose content goes on beyond their right edge."""
    found: list[str] = page.evaluate(_CUT_OFF)
    return found


def tap(page: Page, digits: str) -> None:
    """Press digits on the number pad on the screen."""
    for digit in digits:
        page.locator(".pad button:visible", has_text=digit).first.click()
