"""Nothing of the kiosk stands past an edge: each page, on three screens, however it is read."""

import contextlib
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from edge.daemon.devices.voice_choice import VoiceChoice
from edge.web.page_routes import PRINTS
from tests.support.browser import open_chromium, open_page, save_screen
from tests.web.support.browserless import Visitor
from tests.web.support.ear import Ear
from tests.web.support.fingers import beyond, must_scroll, too_long, too_small
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, until_door
from tests.web.support.village import Village, eventually, open_village

pytestmark = pytest.mark.browser
SIZES: Final = [(800, 480), (1280, 800), (390, 844)]
_PRINT: Final = """(how) => {
  if (how === 'normal') delete document.documentElement.dataset.print;
  else document.documentElement.dataset.print = how;
}"""
Scene = Callable[[Village, Visitor, list[Page]], None]


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with shelves and a floor."""
    with open_village(tmp_path / "station", shelves="AB") as opened:
        yield opened


def _home(_village: Village, _keeper: Visitor, pages: list[Page]) -> None:
    for page in pages:
        expect(page.locator(".collect")).to_be_visible()


def _typing(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    check_in(village, keeper)
    for page in pages:
        page.click(".collect")
        page.keyboard.type(TAIL + "00000000")
        page.keyboard.press("Enter")
        expect(page.locator(".tries")).not_to_be_empty()
        page.keyboard.type("0000")


def _broken_scanner(village: Village, _keeper: Visitor, pages: list[Page]) -> None:
    village.gun.plugged = False
    village.ring()
    for page in pages:
        expect(page.locator(".scan .broken")).to_be_visible()


def _broken_scanner_typing(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    _broken_scanner(village, keeper, pages)
    for page in pages:
        page.click(".collect")
        expect(page.locator(".hint.broken")).to_have_count(1)


def _help(village: Village, _keeper: Visitor, pages: list[Page]) -> None:
    village.front.help.county_phone = "0797-8521234"
    for page in pages:
        page.click("#help")
        expect(page.locator(".wanted small")).to_be_visible()
        expect(page.locator(".phone b")).to_be_visible()


def _display(village: Village, _keeper: Visitor, pages: list[Page]) -> None:
    village.front.voice = VoiceChoice(Ear(), 60, ("gan", "hakka"))
    village.ring()
    for page in pages:
        page.click("#display")
        expect(page.locator(".choices")).to_have_count(4)


def _help_seen(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    _help(village, keeper, pages)
    keeper.ask("/api/keeper/help-seen", serial=1)
    for page in pages:
        expect(page.locator(".wanted small")).to_have_count(0)


def _track(_village: Village, _keeper: Visitor, pages: list[Page]) -> None:
    for page in pages:
        page.click("button.track")
        page.keyboard.type("JD0123456789012345678901234567")


def _tracked(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    check_in(village, keeper)
    for page in pages:
        page.click("button.track")
        page.keyboard.type(WAYBILL)
        page.keyboard.press("Enter")
        expect(page.locator(".tracked")).to_be_visible()


def _open(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    check_in(village, keeper)
    village.gun.scan(village.paper.token())
    for page in pages:
        expect(page.locator("footer .progress")).to_be_visible()


def _left_open(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    _open(village, keeper, pages)
    village.clock.forward(11)
    village.ring()
    for page in pages:
        expect(page.locator(".at-door.warning")).to_be_visible()


def _thanks(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    cell = check_in(village, keeper)
    village.gun.scan(village.paper.token())
    shut(village, cell)
    for page in pages:
        expect(page.locator("footer button.main")).to_be_visible()


def _wrong_parcel(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    _thanks(village, keeper, pages)
    for page in pages:
        page.locator("footer button.main").click()
        expect(page.locator("footer .again")).to_be_visible()


def _did_it_open(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    cell = check_in(village, keeper)
    village.steel.weak.add(cell)
    village.gun.scan(village.paper.token())
    until_door(village, cell, "asked")
    village.clock.forward(4)
    village.ring()
    for page in pages:
        expect(page.locator("footer button")).to_have_count(3)


def _collected(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    cell = check_in(village, keeper)
    village.gun.scan(village.paper.token())
    shut(village, cell)
    village.gun.scan(village.paper.token())
    for page in pages:
        expect(page.locator("main.message h2")).to_be_visible()


def _slips(village: Village, number: int) -> None:
    eventually(lambda: len(village.paper.slips) >= number, "the slip")


def _called(village: Village, keeper: Visitor, pages: list[Page]) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    for n in range(2):
        waybill_no = f"YT770012345670{n}"
        keeper.ask("/api/keeper/place", waybill_no=None, choice=("shelf", "floor")[n])
        keeper.ask("/api/keeper/scan", text=waybill_no)
        keeper.ask("/api/keeper/phone-tail", waybill_no=waybill_no, phone_tail=TAIL)
        _slips(village, n + 1)
        village.gun.scan(village.paper.token())
    for page in pages:
        expect(page.locator(".calls li")).to_have_count(2)


def _resting(village: Village, _keeper: Visitor, pages: list[Page]) -> None:
    village.feed(mains=False, low=True)
    for page in pages:
        expect(page.locator("main.message")).to_be_visible()


SCENES: Final[dict[str, Scene]] = {
    "home": _home,
    "typing": _typing,
    "broken-scanner": _broken_scanner,
    "broken-scanner-typing": _broken_scanner_typing,
    "display": _display,
    "help": _help,
    "help-seen": _help_seen,
    "track": _track,
    "tracked": _tracked,
    "open": _open,
    "left-open": _left_open,
    "thanks": _thanks,
    "wrong-parcel": _wrong_parcel,
    "did-it-open": _did_it_open,
    "collected": _collected,
    "called": _called,
    "resting": _resting,
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_page_of_the_kiosk_stays_within_its_edges(
    village: Village, keeper: Visitor, scene: str
) -> None:
    with contextlib.ExitStack() as until_end:
        browser = until_end.enter_context(open_chromium())
        address = f"{village.address}/kiosk?lang="
        pages = [until_end.enter_context(open_page(browser, address + n)) for n in ("zh", "en")]
        for page in pages:
            expect(page.locator("#station")).not_to_be_empty()
        SCENES[scene](village, keeper, pages)
        found = {}
        for page, (width, height), how in product(pages, SIZES, PRINTS):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(_PRINT, how)
            where = f"{scene}-{page.locator('html').get_attribute('lang')}-{how}-{width}"
            save_screen(page, f"edges-{where}")
            upright = ["it scrolls"] if width > height and must_scroll(page) else []
            found[where] = [*beyond(page), *too_long(page), *too_small(page), *upright]
        assert {where: what for where, what in found.items() if what} == {}
