"""R72 in a real browser: one number key for a village, and today's parcels by village on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from edge.kernel.ids import WaybillNo
from tests.support.browser import open_chromium, open_page
from tests.web.support.at_counter import begin, keep_look, sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import beyond, turn_to
from tests.web.support.hamlets import HAMLETS, live_in
from tests.web.support.parcels import TAIL, check_in, shut
from tests.web.support.village import Village, eventually, open_village

pytestmark = pytest.mark.browser
NUMBERS = [WaybillNo(f"YT770012300000{n}") for n in range(1, 7)]


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station that serves natural villages."""
    with open_village(tmp_path / "station", cells=8, shelves="B") as opened:
        live_in(opened, *HAMLETS[:3])
        yield opened


def look(page: Page, name: str) -> None:
    """As any page of the counter should be, and with nothing past an edge."""
    keep_look("hamlets", page, name)
    assert beyond(page) == []


def put_in(village: Village, page: Page, waybill_no: WaybillNo) -> None:
    """A scan, a push of the door and four digits: all that a parcel needs."""
    lay_in(village, page, waybill_no)
    page.keyboard.type(TAIL)
    eventually(lambda: village.state.parcels[waybill_no].phone_tail, "the digits")


def lay_in(village: Village, page: Page, waybill_no: WaybillNo) -> None:
    """Its door is shut, and its digits are asked for."""
    village.gun.scan(waybill_no)
    eventually(lambda: waybill_no in village.state.parcels, "the parcel")
    cell = village.state.parcels[waybill_no].cell
    assert cell is not None
    shut(village, cell)
    expect(page.locator(".target")).to_contain_text("尾号")


def hamlet_of(village: Village, waybill_no: WaybillNo) -> str:
    return village.state.parcels[waybill_no].hamlet


def until_hamlet(village: Village, hamlet: str) -> None:
    eventually(lambda: hamlet_of(village, NUMBERS[0]) == hamlet, "the village")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 480)])
def test_r72_one_number_key_after_the_digits_notes_the_village_and_none_is_needed(
    village: Village, width: int, height: int
) -> None:
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        begin(page)
        put_in(village, page, NUMBERS[0])
        card = page.locator(".village-card")
        expect(card).to_contain_text("哪个村的？")
        look(page, "one-key")
        page.keyboard.press("2")
        eventually(lambda: hamlet_of(village, NUMBERS[0]) == HAMLETS[1], "the village")
        expect(card).to_be_hidden()
        page.keyboard.press("2")  # the next parcel's place again, as before
        expect(page.locator('.places [aria-pressed="true"]')).to_contain_text("中格")
        page.keyboard.press("2")
        expect(page.locator('.places [aria-pressed="true"]')).to_have_count(0)
        put_in(village, page, NUMBERS[1])
        expect(card).to_be_visible()
        page.keyboard.press("0")
        expect(card).to_be_hidden()
        put_in(village, page, NUMBERS[2])
        expect(card).to_be_visible()
        put_in(village, page, NUMBERS[3])  # the next scan leaves it
        page.keyboard.press("1")
        eventually(lambda: hamlet_of(village, NUMBERS[3]) == HAMLETS[0], "the village")
    assert [hamlet_of(village, no) for no in NUMBERS[1:3]] == ["", ""]


def test_r72_a_hand_quicker_than_the_station_means_the_village_and_no_place(
    village: Village,
) -> None:
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", may_lose_link=True) as page,
    ):
        begin(page)
        lay_in(village, page, NUMBERS[0])
        page.route("**/api/keeper/phone-tail", hold)
        page.keyboard.type(TAIL)
        page.keyboard.press("1")
        until_hamlet(village, HAMLETS[0])
        expect(page.locator('.places [aria-pressed="true"]')).to_have_count(0)
        waiting.pop().continue_()
        eventually(lambda: village.state.parcels[NUMBERS[0]].phone_tail, "the digits")
        lay_in(village, page, NUMBERS[1])
        page.keyboard.type(TAIL)
        eventually(lambda: page.title() and waiting, "the digits on their way")
        expect(page.locator(".village-card")).to_be_visible()
        waiting.pop().abort()  # the station does not answer: the digits are asked for again
        expect(page.locator(".village-card")).to_be_hidden()
        expect(page.locator(".target")).to_contain_text("尾号")


def test_r72_without_a_list_of_villages_nothing_is_asked(village: Village) -> None:
    live_in(village)
    with open_chromium() as browser, open_page(browser, f"{village.address}/keeper") as page:
        begin(page)
        put_in(village, page, NUMBERS[0])
        expect(page.locator(".places button").first).to_be_visible()
        expect(page.locator(".village-card")).to_be_hidden()
        turn_to(page, "hamlets")
        expect(page.locator(".by-village")).to_contain_text("还没写自然村")
        expect(page.locator(".by-village")).to_contain_text("未分村")
        look(page, "no-list")


@pytest.mark.parametrize(("language", "size"), [("zh", "normal"), ("zh", "big"), ("en", "big")])
def test_r72_todays_parcels_by_village_are_large_enough_to_read_out_and_printed_by_a_key(
    village: Village, keeper: Visitor, language: str, size: str
) -> None:
    for waybill_no, hamlet in zip(NUMBERS, (0, 0, 1, None), strict=False):
        check_in(village, keeper, waybill_no)
        if hamlet is not None:
            told = {"waybill_no": waybill_no, "hamlet": HAMLETS[hamlet]}
            assert keeper.ask("/api/keeper/hamlet", **told)["ok"]
    start = f"{village.address}/keeper?lang={language}&print={size}"
    with (
        open_chromium() as browser,
        open_page(browser, start, width=1280, height=800) as page,
    ):
        sign_in(page)
        expect(page.locator(".target")).to_be_visible()
        page.keyboard.press("0")
        page.keyboard.press("*")
        groups = page.locator(".hamlet")
        expect(groups).to_have_count(4)
        expect(groups.first).to_contain_text(HAMLETS[0])
        expect(groups.first.locator("li")).to_have_count(2)
        expect(groups.first.locator("li").first).to_contain_text(TAIL)
        letters = groups.first.locator("li b").first
        assert letters.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 26
        look(page, f"list-{language}-{size}")
        slips = len(village.paper.slips)
        page.keyboard.press("2")
        eventually(lambda: len(village.paper.slips) == slips + 1, "one list")
        assert HAMLETS[1] in village.paper.words()
        page.keyboard.press("Enter")
        eventually(lambda: len(village.paper.slips) == slips + 4, "a list for each that has any")
        assert "未分村" in village.paper.words()


def test_r72_a_parcels_village_can_be_mended_in_the_list(village: Village, keeper: Visitor) -> None:
    check_in(village, keeper, NUMBERS[0])
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=1280, height=800) as page,
    ):
        sign_in(page)
        turn_to(page, "parcels")
        for key, hamlet in (("1", HAMLETS[0]), ("3", HAMLETS[2]), ("4", "")):
            page.get_by_role("button", name="村 …0001").click()
            look(page, "mend")
            page.keyboard.press(key)
            expect(page.locator("#dialog")).to_be_hidden()
            until_hamlet(village, hamlet)
