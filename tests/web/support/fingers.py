"""What a finger needs of a page."""

from playwright.sync_api import Page

_SMALL = """() => [...document.querySelectorAll('button, a')]
  .filter(e => e.getClientRects().length && !e.closest('.cabinet'))
  .map(e => [e.textContent.trim() || e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.width < 59.5 || box.height < 59.5)
  .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
_BEYOND = """() => document.documentElement.scrollWidth > innerWidth + 1
  || document.documentElement.scrollHeight > innerHeight + 1"""
_PARTS = "main, main section, main aside, main .panel, dialog[open]"
_CUT_OFF = f"""() => [...document.querySelectorAll('{_PARTS}')]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => `${{e.localName}}.${{e.className}} ${{e.scrollWidth}} in ${{e.clientWidth}}`)"""

_BESIDE = """() => [...document.body.querySelectorAll('*')].flatMap((e) => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const seen = box.width > 1 && box.height > 1 && style.visibility === 'visible';
  if (!seen || e.closest('.unseen, .simulated, svg')) return [];
  const outside = box.right > innerWidth + 1 || box.left < -1;
  const short = style.textOverflow === 'ellipsis';
  const cut = style.display !== 'inline' && e.scrollWidth > e.clientWidth + 1 && !short;
  const name = `${e.localName}.${e.className} "${e.textContent.trim().slice(0, 20)}"`;
  if (outside) return [`${name} from ${Math.round(box.left)} to ${Math.round(box.right)}`];
  return cut ? [`${name} is ${e.scrollWidth} in ${e.clientWidth}`] : [];
})"""
_BROKEN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement;
    if (!around.checkVisibility() || around.closest('script, .unseen')) continue;
    for (const word of node.data.matchAll(/(?<![\\w…-])[A-Za-z]{2,}(?![\\w-])/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(`"${word[0]}" is torn in "${node.data.trim().slice(0, 30)}"`);
    }
  }
  return found;
}"""
_TOO_LONG = """() => [...document.querySelectorAll('main *')].filter((e) => {
  const scrolls = e.closest('.calls, .steps'), box = e.getBoundingClientRect();
  const last = (scrolls ?? e).getBoundingClientRect().bottom;
  const [head, foot] = ['header', 'footer'].map((n) => document.querySelector(n));
  const over = !scrolls && box.top < head.getBoundingClientRect().bottom - 1;
  return box.height > 1 && (over || last > foot.getBoundingClientRect().top + 1);
}).map((e) => `${e.localName}.${e.className} "${e.textContent.trim().slice(0, 20)}" is too long`)"""
DAILY = ("today", "check_in", "parcels", "more")


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


def beyond(page: Page) -> list[str]:
    """What stands past an edge at the side, or is cut there by its own box; words torn apart."""
    found: list[str] = [*page.evaluate(_BESIDE), *page.evaluate(_BROKEN)]
    return found


def too_long(page: Page) -> list[str]:
    """What of the kiosk's middle stands over its header or its footer; a list may scroll."""
    found: list[str] = page.evaluate(_TOO_LONG)
    return found


def turn_to(page: Page, name: str) -> None:
    """Open a page of the counter, from its menu or from behind 更多."""
    if name not in DAILY:
        page.locator('#nav [data-page="more"]').click()
    where = "#nav" if name in DAILY else ".ways"
    page.locator(f'{where} [data-page="{name}"]').click()


def tap(page: Page, digits: str) -> None:
    """Press digits on the number pad on the screen."""
    for digit in digits:
        page.locator(".pad button:visible", has_text=digit).first.click()
