"""K6 没有码 in a real browser: a village, four digits, and the keeper's card; on all prints."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import beyond, cut_off, must_scroll, tap, too_long, too_small
from tests.web.support.hamlets import HAMLETS, live_in
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut, stage_of
from tests.web.support.village import Village, eventually, open_village

pytestmark = pytest.mark.browser
WORDS = {"zh": ("没有码？", "告诉店主", "已告诉店主"), "en": ("No code?", "Tell", "is told")}


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station that serves six natural villages."""
    with open_village(tmp_path / "station", cells=3, shelves="B") as opened:
        live_in(opened, *HAMLETS)
        yield opened


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small, nothing past an edge."""
    save_screen(page, f"no-code-{name}")
    assert_accessible(page)
    assert too_small(page) == []
    assert beyond(page) == []


def look_at_kiosk(page: Page, name: str) -> None:
    look(page, name)
    assert not must_scroll(page)
    assert too_long(page) == []
    for way in ("footer .context button", "#help"):
        expect(page.locator(way).first).to_be_visible()


@pytest.mark.parametrize("size", ["normal", "big", "huge"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_k6_village_and_digits_are_typed_on_two_pages_that_hold_everything(
    village: Village, language: str, size: str
) -> None:
    ask, tell, told = WORDS[language]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk?lang={language}&print={size}") as kiosk,
    ):
        kiosk.click(".collect")
        kiosk.get_by_role("button", name=ask).click()
        expect(kiosk.locator(".names button")).to_have_count(5)
        look_at_kiosk(kiosk, f"villages-{language}-{size}")
        kiosk.locator(".names button").last.click()
        expect(kiosk.locator(".names button")).to_have_text([*HAMLETS[4:], kiosk_none(language)])
        kiosk.locator(".names button").first.click()
        send = kiosk.get_by_role("button", name=tell)
        expect(send).to_be_disabled()
        tap(kiosk, TAIL)
        look_at_kiosk(kiosk, f"tail-{language}-{size}")
        send.click()
        expect(kiosk.locator(".helping h2")).to_contain_text(told)
        look_at_kiosk(kiosk, f"sent-{language}-{size}")
        kiosk.locator("footer .context button").click()
        expect(kiosk.locator(".collect")).to_be_visible()
    (card,) = village.front.no_code.cards()
    assert (card.hamlet, card.phone_tail) == (HAMLETS[4], TAIL)


def kiosk_none(language: str) -> str:
    return {"zh": "都不是", "en": "None of these"}[language]


def test_k6_by_keys_alone_and_the_keeper_hands_out_after_seeing_papers(
    village: Village, keeper: Visitor
) -> None:
    cell = check_in(village, keeper)
    assert keeper.ask("/api/keeper/hamlet", waybill_no=WAYBILL, hamlet=HAMLETS[0])["ok"]
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as kiosk,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as counter,
    ):
        sign_in(counter)
        kiosk.click(".collect")
        kiosk.get_by_role("button", name="没有码？").click()
        kiosk.keyboard.press("1")
        kiosk.keyboard.type(TAIL)
        with kiosk.expect_request("**/api/kiosk/no-code") as asked:
            kiosk.keyboard.press("Enter")
        said = {"hamlet": HAMLETS[0], "phone_tail": TAIL}
        assert json.loads(asked.value.post_data or "") == said
        expect(kiosk.locator(".helping h2")).to_have_text("已告诉店主")
        expect(kiosk.locator("main")).not_to_contain_text(TAIL)
        card = counter.locator("#calls")
        expect(card).to_contain_text(f"村里有人没有码：{HAMLETS[0]} 尾号 {TAIL}")
        expect(card).to_contain_text("这里有 1 件")
        look(counter, "card")
        counter.keyboard.press(".")
        expect(counter.locator("#dialog")).to_contain_text(f"{HAMLETS[0]} 尾号 {TAIL}")
        look(counter, "see-to-it")
        counter.keyboard.press("1")
        expect(counter.locator("#dialog")).to_contain_text("看过")
        counter.keyboard.press("1")
        counter.keyboard.press("Enter")
        shut(village, cell)
        eventually(lambda: stage_of(village) == "picked_up", "the handing out")
        put_away(counter)


def put_away(counter: Page) -> None:
    """What was on the card is handed out; the card goes when the keeper says so."""
    card = counter.locator("#calls")
    expect(card).to_contain_text("这里有 0 件")
    counter.keyboard.press(".")
    expect(counter.locator("#dialog")).to_contain_text("这里没有这个尾号的包裹")
    look(counter, "nothing-here")
    counter.keyboard.press("*")
    expect(card).to_be_hidden()
    assert cut_off(counter) == []


def test_k6_without_a_list_of_villages_asks_for_the_digits_alone(village: Village) -> None:
    live_in(village)
    with open_chromium() as browser, open_page(browser, f"{village.address}/kiosk") as kiosk:
        kiosk.click(".collect")
        kiosk.get_by_role("button", name="没有码？").click()
        expect(kiosk.locator(".boxes i")).to_have_count(4)
        expect(kiosk.locator(".names")).to_have_count(0)
        look_at_kiosk(kiosk, "no-list")
        kiosk.keyboard.type(TAIL)
        kiosk.keyboard.press("Enter")
        expect(kiosk.locator(".helping h2")).to_have_text("已告诉店主")
    assert [card.hamlet for card in village.front.no_code.cards()] == [""]


def test_k6_help_is_called_from_it_and_too_many_cards_send_people_to_the_counter(
    village: Village, visitor: Visitor
) -> None:
    for digits in ("1001", "1002", "1003", "1004", "1005"):
        visitor.ask("/api/kiosk/no-code", hamlet="", phone_tail=digits)
    with open_chromium() as browser, open_page(browser, f"{village.address}/kiosk") as kiosk:
        kiosk.click(".collect")
        kiosk.get_by_role("button", name="没有码？").click()
        kiosk.keyboard.press("2")
        kiosk.keyboard.type(TAIL)
        kiosk.keyboard.press("Enter")
        expect(kiosk.locator("main")).to_contain_text("店主正忙")
        expect(kiosk.locator("main")).to_contain_text("柜台")
        look_at_kiosk(kiosk, "busy")
        kiosk.locator("footer .context button").first.click()
        kiosk.click(".collect")
        kiosk.get_by_role("button", name="没有码？").click()
        kiosk.click("#help")
        expect(kiosk.locator(".wanted h2")).to_contain_text("已叫店主")
    call = village.front.help.call
    assert call is not None
    assert call.page == "no_code"
