"""K15 by ear: dialect and loudness reach the loudspeaker, and go with who chose them."""

import pytest
from playwright.sync_api import expect

from edge.daemon.devices.voice_choice import VoiceChoice
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.browserless import Visitor
from tests.web.support.ear import Ear
from tests.web.support.fingers import beyond, must_scroll, too_long, too_small
from tests.web.support.village import Village, eventually


@pytest.fixture
def ear(village: Village) -> Ear:
    """The station's loudspeaker at 60, with recordings in Gan and Hakka."""
    made = Ear()
    village.front.voice = VoiceChoice(made, 60, ("gan", "hakka"))
    return made


def test_a_choice_is_heard_at_once_in_its_dialect_and_loudness(visitor: Visitor, ear: Ear) -> None:
    visitor.ask("/api/kiosk/voice", dialect="gan", loudness="loud")
    visitor.ask("/api/kiosk/voice", dialect="hakka", loudness="soft")
    visitor.ask("/api/kiosk/voice", dialect="mandarin", loudness="usual", aloud=False)
    assert ear.tuned == [("gan", 100), ("hakka", 30), ("", 60)]
    assert ear.heard == [("take_and_shut",)] * 2
    shown = visitor.get("/api/kiosk/screen")["voice"]
    assert shown == {
        "dialects": ["mandarin", "gan", "hakka"],
        "dialect": "mandarin",
        "loudness": "usual",
    }


def test_a_voice_that_is_not_there_is_refused(village: Village, visitor: Visitor, ear: Ear) -> None:
    other = visitor.post("/api/kiosk/voice", dialect="wu", loudness="soft")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "no_such_voice")
    assert ear.tuned == []
    village.front.voice = VoiceChoice()
    assert visitor.get("/api/kiosk/screen")["voice"] is None
    mute = visitor.post("/api/kiosk/voice", dialect="mandarin", loudness="soft")
    assert mute.json()["error"]["code"] == "no_such_voice"


@pytest.mark.browser
def test_a_villager_chooses_how_the_station_speaks(village: Village, ear: Ear) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        page.click("#display")
        page.get_by_role("button", name="客家话").click()
        chosen = page.get_by_role("button", name="客家话", pressed=True)
        expect(chosen).to_be_visible()
        page.get_by_role("button", name="大", exact=True).click()
        expect(page.get_by_role("button", name="大", exact=True, pressed=True)).to_be_visible()
        save_screen(page, "display-voice")
        assert_accessible(page)
        assert [*too_small(page), *beyond(page), *too_long(page)] == []
        assert not must_scroll(page)
        page.locator("footer .main").click()
        page.click(".collect")
        expect(page.locator(".boxes").first).to_be_visible()
    assert ear.tuned == [("hakka", 60), ("hakka", 100)]
    assert ear.heard[0] == ("choose_print",)
    assert ear.heard[-1] == ("type_code",)


@pytest.mark.browser
def test_k2_each_digit_that_is_typed_is_said_and_nothing_else_of_it(
    village: Village, ear: Ear
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk") as page,
    ):
        page.click(".collect")
        expect(page.locator(".boxes").first).to_be_visible()
        for key in ("3", "Backspace", "0", "7"):
            page.keyboard.press(key)
        page.get_by_role("button", name="9", exact=True).click()
        eventually(lambda: len(ear.heard) == 5, "four digits after the sentence of the page")
    assert ear.heard == [("type_code",), ("n3",), ("n0",), ("n7",), ("n9",)]


@pytest.mark.parametrize("digit", [-1, 10, "7", None, 1.5])
def test_what_is_no_digit_is_not_said(visitor: Visitor, ear: Ear, digit: object) -> None:
    assert visitor.post("/api/kiosk/digit", digit=digit).status_code == 422
    assert ear.heard == []


def test_without_a_loudspeaker_a_digit_is_no_error(visitor: Visitor) -> None:
    assert visitor.post("/api/kiosk/digit", digit=7).status_code == 200


@pytest.mark.browser
def test_the_next_person_hears_the_usual_voice(village: Village, ear: Ear) -> None:
    village.front.choose_voice("gan", village.front.voice.loudness, aloud=False)
    with (
        open_chromium() as browser,
        open_page(browser) as page,
    ):
        page.clock.install()
        page.goto(f"{village.address}/kiosk")
        expect(page.locator(".collect")).to_be_visible()
        page.clock.run_for(95_000)
        page.wait_for_url("**/kiosk?lang=zh&print=normal", timeout=40_000)
        expect(page.locator(".collect")).to_be_visible()
    assert ear.tuned == [("gan", 60), ("", 60)]
    assert ear.heard == []
