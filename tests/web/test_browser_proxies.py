"""R36, K5 and S5 in a real browser: a child at the kiosk, the keeper at the counter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hardware.ports import Qr
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.fingers import cut_off, must_scroll, too_small
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of
from tests.web.support.village import Village, eventually, open_village
from tests.web.test_proxies import OTHER, send

pytestmark = pytest.mark.browser


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    with open_village(tmp_path / "station", cells=3, shelves="A") as opened:
        yield opened


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small for a finger, nothing cut off."""
    size = page.viewport_size or {"width": 0}
    save_screen(page, f"proxy-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []
    assert cut_off(page) == []


@pytest.mark.parametrize(
    ("lang", "printed"),
    [
        ("zh", "normal"),
        ("zh", "big"),
        ("en", "normal"),
        ("en", "big"),
        ("zh", "huge"),
        ("en", "huge"),
    ],
)
def test_r36_a_child_collects_for_grandmother_and_waits_for_the_keeper_with_the_dear_one(
    village: Village, lang: str, printed: str
) -> None:
    with (
        Visitor(village.address) as keeper,
        open_chromium() as browser,
        open_page(
            browser,
            f"{village.address}/kiosk?lang={lang}&print={printed}",
            width=800,
            height=480,
        ) as page,
    ):
        keeper.become_keeper()
        first = check_in(village, keeper)
        second = check_in(village, keeper, OTHER)
        keeper.ask("/api/keeper/flags", waybill_no=OTHER, flags=["valuable"], cash_due_fen=0)
        digits, _token = send(village, keeper, WAYBILL, OTHER)
        page.click(".collect")
        page.keyboard.type(TAIL + digits)
        page.keyboard.press("Enter")
        expect(page.locator("main.proxy h2")).to_contain_text("刘**")
        expect(page.locator(".calls li")).to_have_count(2)
        look(page, f"list-{lang}-{printed}")
        assert not must_scroll(page)
        page.get_by_role("button", name="开 01 号柜" if lang == "zh" else "Open 01").click()
        expect(page.locator(".at-door h2")).to_contain_text(f"{first:02d}")
        shut(village, first)
        page.get_by_role("button", name="接着取下一件" if lang == "zh" else "Next parcel").click()
        waiting = "等店主同意" if lang == "zh" else "Waiting for the keeper"
        expect(page.locator("footer [role=status]")).to_contain_text(waiting)
        look(page, f"waits-{lang}-{printed}")
        assert not must_scroll(page)
        (card,) = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
        word = {"credential": card["credential"], "waybill_no": OTHER, "agreed": True}
        assert keeper.ask("/api/keeper/proxy/answer", **word, seen=["signed"])["cell"] == second
        shut(village, second)
        expect(page.locator(".collect")).to_be_visible()
        assert {stage_of(village, WAYBILL), stage_of(village, OTHER)} == {"picked_up"}


def test_back_puts_the_page_away_and_the_code_brings_it_again(village: Village) -> None:
    with (
        Visitor(village.address) as keeper,
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk", width=800, height=480) as page,
    ):
        keeper.become_keeper()
        check_in(village, keeper)
        _digits, token = send(village, keeper)
        page.click(".collect")
        village.gun.scan(token)
        expect(page.locator(".proxy h2")).to_be_visible()
        page.get_by_role("button", name="返回").click()
        expect(page.locator(".collect")).to_be_visible()
        village.clock.forward(6)
        village.gun.scan(token)
        expect(page.locator(".proxy h2")).to_be_visible()
        page.keyboard.press("-")
        expect(page.locator(".collect")).to_be_visible()
        assert stage_of(village) == "stored"


@pytest.mark.parametrize(
    ("width", "height", "printed"),
    [(1280, 800, "normal"), (1280, 800, "big"), (800, 480, "normal")],
)
def test_r36_the_keeper_makes_a_code_agrees_lists_and_revokes(
    village: Village, width: int, height: int, printed: str
) -> None:
    with (
        Visitor(village.address) as visitor,
        open_chromium() as browser,
        open_page(
            browser, f"{village.address}/keeper?print={printed}", width=width, height=height
        ) as page,
    ):
        two_parcels_are_in(village, page)
        page.keyboard.press("3")
        page.get_by_role("button", name="代取 …6789").click()
        look(page, f"make-{printed}")
        page.keyboard.type("王小明")
        page.locator("#proxy-owner").fill("刘秀英")
        page.locator(".with input").check()
        slips = len(village.paper.slips)
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_contain_text("代取码开好了，2 件")
        (code,) = village.state.proxies
        assert (code.proxy, code.owner, len(code.left)) == ("王**", "刘**", 2)
        _show_it(village, visitor, slips)
        expect(page.locator("#calls")).to_contain_text("王**（家人）代 刘** 尾号 3865")
        look(page, f"waiting-{printed}")
        agree(page, printed)
        shut(village, village.state.parcels[code.left[0]].cell or 0)
        assert stage_of(village, OTHER) == "picked_up"
        page.locator(".tabs").get_by_role("button", name="代取码").click()
        look(page, f"codes-{printed}")
        page.locator(".rows").get_by_role("button", name="作废").click()
        page.locator("dialog button.main").click()
        expect(page.locator(".rows")).to_contain_text("已作废")
        assert not village.state.proxies[0].live


def two_parcels_are_in(village: Village, page: Page) -> None:
    """The page is signed in, and money is due for one of them."""
    for _ in range(2):
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
    # A page that first looks in mid check-in begins there, where keys choose sizes.
    expect(page.locator("#nav [data-page=today]")).to_have_attribute("aria-current", "page")
    with Visitor(village.address) as keeper:
        keeper.ask("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)
        check_in(village, keeper)
        check_in(village, keeper, OTHER)
        keeper.ask("/api/keeper/flags", waybill_no=OTHER, flags=[], cash_due_fen=1200)
        keeper.ask("/api/keeper/check-in", on=False)


def agree(page: Page, printed: str) -> None:
    """By keys: the card that waits, the money, yes."""
    page.locator("#nav button").nth(2).focus()
    page.keyboard.press(".")
    expect(page.locator("dialog h2")).to_contain_text("同意代取？")
    page.keyboard.press("1")
    look(page, f"agree-{printed}")
    page.keyboard.press("Enter")
    expect(page.locator("#calls")).to_be_hidden()


def _show_it(village: Village, visitor: Visitor, slips: int) -> None:
    """The proxy comes with the slip that was just printed."""
    eventually(lambda: len(village.paper.slips) > slips, "the slip")
    village.gun.scan(next(part.data for part in village.paper.slips[-1] if isinstance(part, Qr)))
    eventually(lambda: visitor.get("/api/kiosk/screen")["screen"] == "proxy", "the proxy's page")
