"""The counter's menu: daily work in one press, the rest behind 更多, nothing past an edge."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import beyond, too_small, turn_to
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut
from tests.web.support.stays import knows_the_time, listed
from tests.web.support.van import COURIER, COURIER_PIN, HERE, TRIP, expect_van, parcel, seal
from tests.web.support.village import Village, open_village

pytestmark = pytest.mark.browser
SIZES: Final = [(800, 480), (1280, 800), (390, 844)]
TABS: Final = ("today", "check_in", "parcels", "more")
BEHIND: Final = ("contact", "returns", "exceptions", "handover", "cells", "devices")
LOOKS: Final = [
    f"lang={lang}&print={size}" for lang, size in product(("zh", "en"), ("normal", "big"))
]
SECOND: Final = "SF1234567890123"


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with shelves, whose clock the county has told."""
    with open_village(tmp_path / "station", shelves="AB") as opened:
        knows_the_time(opened)
        yield opened


def make_busy(village: Village, keeper: Visitor) -> None:
    """Something on every page: long stays, a refusal, one to call, a van, a parcel in hand.

    With a label printer, for which there is a button more.
    """
    village.stick_labels()
    check_in(village, keeper, WAYBILL)
    check_in(village, keeper, SECOND)
    listed(village, keeper)
    keeper.ask("/api/keeper/refused", waybill_no=SECOND, reason="不是本人买的")
    asked = parcel(990, carrier="中通", tail=TAIL, consent="unknown")
    bag = {"trip": "2026-11-25-1", "seal": seal(990), "origin": "county", "to": HERE}
    village.say("bag", f"2026-11-25-1/{seal(990)}", {**bag, "parcels": [asked]})
    keeper.ask("/api/keeper/check-in", on=True)
    keeper.ask("/api/keeper/scan", text=asked["waybill_no"])
    expect_van(village)
    keeper.ask("/api/keeper/handover/arrive", courier=COURIER, pin=COURIER_PIN, trip=TRIP)
    for code in (seal(1), "FQ9999999", seal(900)):
        keeper.ask("/api/keeper/scan", text=code)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_page_of_the_counter_reaches_past_an_edge(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    make_busy(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        found = {}
        for look in LOOKS:
            page.goto(f"{village.address}/keeper?{look}")
            for name in (*TABS, *BEHIND):
                turn_to(page, name)
                expect(page.locator("main > *").first).to_be_visible()
                save_screen(page, f"menu-{name}-{look.replace('&', '-')}-{width}")
                found[name, look] = [*beyond(page), *too_small(page)]
        assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_more_says_how_much_waits_on_each_page(
    village: Village, keeper: Visitor, look: str
) -> None:
    make_busy(village, keeper)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper?{look}", width=800, height=480) as page,
    ):
        sign_in(page)
        more = page.locator('#nav [data-page="more"]')
        expect(more.locator(".waits")).to_contain_text("4")
        more.click()
        for name, number in (("contact", "1"), ("returns", "2"), ("exceptions", "1")):
            tile = page.locator(f'.ways [data-page="{name}"]')
            expect(tile).to_have_class("card warn")
            expect(tile.locator(".waits")).to_contain_text(number)
        expect(page.locator('.ways [data-page="cells"] .waits')).to_have_count(0)
        assert_accessible(page)
        page.locator('.ways [data-page="returns"]').click()
        expect(page.locator(".stay")).to_have_count(2)
        expect(more).to_have_attribute("aria-current", "page")
        assert_accessible(page)


def test_a_tab_shows_no_key_that_means_something_else_on_this_page(
    village: Village, keeper: Visitor
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        sign_in(page)
        today, more = (page.locator(f'#nav [data-page="{name}"] kbd') for name in ("today", "more"))
        page.keyboard.press("2")
        expect(today).to_be_visible()
        keeper.ask("/api/keeper/check-in", on=True)
        expect(today).to_be_hidden()  # 1 is a place for the next parcel
        expect(more).to_be_visible()
        shut(village, keeper.ask("/api/keeper/scan", text=WAYBILL)["cell"])
        expect(more).to_be_hidden()  # 0 may be the first of four digits
        page.keyboard.type(TAIL)  # the fourth digit saves them
        expect(more).to_be_visible()
        page.keyboard.press("-")
        expect(today).to_be_visible()


def test_every_page_has_its_number_key_and_shows_it(village: Village, keeper: Visitor) -> None:
    assert keeper.session()["keeper"]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        sign_in(page)
        keys = {"today": "1", "check_in": "2", "parcels": "3", "more": "0"}
        for name, key in keys.items():
            expect(page.locator(f'#nav [data-page="{name}"] kbd')).to_have_text(key)
        expect(page.locator("#nav button")).to_have_count(len(keys))
        page.keyboard.press("0")
        for name in BEHIND:
            key = page.locator(f'.ways [data-page="{name}"] kbd').inner_text()
            page.keyboard.press(key)
            expect(page.locator(".ways")).to_have_count(0)
            hash_of = "parcels" if name == "contact" else name
            assert page.evaluate("location.hash") == f"#{hash_of}"
            page.keyboard.press("Escape")
            expect(page.locator(".counts")).to_be_visible()
            page.keyboard.press("0")
        page.keyboard.press("9")
        pressed = page.locator('.tabs [aria-pressed="true"]')
        expect(pressed).to_contain_text("待联系")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 480)])
def test_s1_check_in_can_be_begun_beside_an_alert_in_big_print(
    village: Village, keeper: Visitor, visitor: Visitor, width: int, height: int
) -> None:
    for n in range(5):
        visitor.ask("/api/kiosk/code", phone_tail=f"000{n}", digits="00000000")
    keeper.post("/api/keeper/sign-out")
    with (
        open_chromium() as browser,
        open_page(
            browser, f"{village.address}/keeper?print=big", width=width, height=height
        ) as page,
    ):
        sign_in(page)
        expect(page.locator("#alerts")).to_contain_text("输错 5 次")
        begin = page.locator(".go-on")
        begin.evaluate("button => button.parentElement.scrollTo(0, 0)")
        reached = begin.evaluate(
            """button => {
              const { left, top, width, height } = button.getBoundingClientRect();
              return document.elementFromPoint(left + width / 2, top + height - 6) === button;
            }"""
        )
        save_screen(page, f"keeper-alert-big-{width}")
        assert reached, "its last line is on the screen"
