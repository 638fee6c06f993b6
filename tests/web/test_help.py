"""K13 求助: the keeper is called from any page of the kiosk; the county's number stands there."""

import json

import pytest
from playwright.sync_api import Page, expect

from edge.domain.effects import Reply
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import beyond, must_scroll, tap, too_long, too_small
from tests.web.support.village import Village

PHONE = "0797-8521234"


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, nothing too small, nothing past an edge."""
    save_screen(page, f"help-{name}")
    assert_accessible(page)
    assert too_small(page) == []
    assert beyond(page) == []


def test_a_call_stays_at_the_counter_until_it_is_answered(
    village: Village, visitor: Visitor, keeper: Visitor
) -> None:
    visitor.ask("/api/kiosk/help", page="type")
    visitor.ask("/api/kiosk/help", page="home")
    village.clock.forward(12 * 60)
    village.ring()
    card = keeper.get("/api/keeper/screen")["help"]
    assert card["serial"] == 1
    assert "在输取件码" in card["text"]
    assert visitor.get("/api/kiosk/screen")["help"]["waited"] == "已等 12 分钟"
    keeper.ask("/api/keeper/help-seen", serial=card["serial"])
    assert keeper.get("/api/keeper/screen")["help"] is None
    told = visitor.get("/api/kiosk/screen")["help"]
    assert (told["seen"], told["title"], told["waited"]) == (True, "店主已看到，马上来", "")


def test_after_an_answer_the_next_press_is_a_new_call(
    village: Village, visitor: Visitor, keeper: Visitor
) -> None:
    visitor.ask("/api/kiosk/help", page="home")
    keeper.ask("/api/keeper/help-seen", serial=1)
    village.clock.forward(5 * 60)
    assert visitor.get("/api/kiosk/screen")["help"] is None
    visitor.ask("/api/kiosk/help", page="door")
    assert keeper.get("/api/keeper/screen")["help"]["serial"] == 2


def test_a_call_that_was_taken_back_leaves_no_card(visitor: Visitor, keeper: Visitor) -> None:
    visitor.ask("/api/kiosk/help", page="home")
    visitor.ask("/api/kiosk/help-back")
    assert keeper.get("/api/keeper/screen")["help"] is None
    late = keeper.post("/api/keeper/help-seen", serial=1)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "help_gone")


def test_the_keeper_hears_a_call_once(village: Village, visitor: Visitor) -> None:
    said: list[Reply] = []
    village.station.speak_with(said.append)
    visitor.ask("/api/kiosk/help", page="home")
    visitor.ask("/api/kiosk/help", page="home")
    assert [reply.key for reply in said] == ["help_wanted"]


def test_nothing_but_a_page_can_be_told_with_a_call(visitor: Visitor) -> None:
    assert visitor.post("/api/kiosk/help", page="38650000").status_code == 422
    assert visitor.post("/api/kiosk/help", page="type", code="38650000").status_code == 422


@pytest.mark.browser
def test_a_villager_calls_while_typing_and_sees_that_the_keeper_comes(
    village: Village, keeper: Visitor
) -> None:
    assert keeper.session()["keeper"]
    village.front.help.county_phone = PHONE
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as kiosk,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as counter,
    ):
        sign_in(counter)
        kiosk.click(".collect")
        tap(kiosk, "386512345678")
        with kiosk.expect_request("**/api/kiosk/help") as asked:
            kiosk.click("#help")
        assert json.loads(asked.value.post_data or "") == {"page": "type"}
        expect(kiosk.locator(".wanted h2")).to_contain_text("已叫店主，请等一下")
        number = kiosk.locator(".phone b")
        expect(number).to_have_text(PHONE)
        assert (number.bounding_box() or {"height": 0})["height"] > 60
        assert not must_scroll(kiosk)
        assert too_long(kiosk) == []
        look(kiosk, "called")
        expect(counter.locator("#alerts")).to_contain_text("取件屏有人要帮忙：在输取件码")
        look(counter, "counter")
        counter.keyboard.press("2")
        expect(counter.locator(".help-call")).to_be_visible()
        counter.keyboard.press(".")
        expect(counter.locator("#alerts")).to_be_hidden()
        expect(kiosk.locator(".wanted h2")).to_have_text("店主已看到，马上来")
        expect(kiosk.get_by_role("button", name="不用了")).to_have_count(0)
        look(kiosk, "seen")
        kiosk.get_by_role("button", name="返回").click()
        expect(kiosk.locator(".collect")).to_be_visible()


@pytest.mark.browser
def test_without_a_number_none_is_shown_and_a_call_can_be_taken_back(village: Village) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as kiosk,
    ):
        expect(kiosk.locator(".collect")).to_be_visible()
        kiosk.keyboard.press("+")
        expect(kiosk.locator(".wanted h2")).to_contain_text("已叫店主")
        expect(kiosk.locator(".phone")).to_have_count(0)
        expect(kiosk.locator("main")).not_to_contain_text("县里")
        look(kiosk, "no-phone")
        kiosk.get_by_role("button", name="不用了").click()
        expect(kiosk.locator(".collect")).to_be_visible()
        assert village.front.help.call is None
