"""Where is my parcel: typed or scanned at the kiosk, with the county and without it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from cloud_sync.county.questions.parcels import STEPS, TOLD
from edge.words import WORDS
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import cut_off, must_scroll, tap, too_small
from tests.web.support.parcels import TAIL, WAYBILL, check_in, shut
from tests.web.support.village import Village, eventually, open_village

DAY_MS: Final = 86_400_000
ELSEWHERE: Final = "YT7709876543210"
SIZES: Final = [(800, 480), (1280, 800), (390, 844)]


def step(station: str, name: str, kind: str, at_ms: int, *, sure: bool = True) -> dict[str, Any]:
    return {"station": station, "name": name, "step": kind, "at_ms": at_ms, "sure": sure}


def answers(village: Village, *steps: dict[str, Any]) -> None:
    """The county knows this much."""
    village.county.open()
    village.county.answer = {"steps": list(steps)}


def track(visitor: Visitor, waybill_no: str = WAYBILL) -> dict[str, Any]:
    return visitor.ask("/api/kiosk/track", waybill_no=waybill_no)


@pytest.fixture
def stranger(village: Village) -> Iterator[Visitor]:
    """Somebody at the kiosk, who has not signed in."""
    with Visitor(village.address) as visitor:
        yield visitor


def test_offline_it_is_this_stations_record_alone_and_says_so(
    village: Village, keeper: Visitor, stranger: Visitor
) -> None:
    cell = check_in(village, keeper)
    told = track(stranger)
    assert (told["title"], told["note"]) == ("本站可取", "断网，仅本站记录")
    assert [line["text"] for line in told["lines"]] == ["放进柜里，等您取", "到站，店主收下"]
    assert told["number"] == "YT77 0012 3456 789"
    released = keeper.ask("/api/keeper/release", waybill_no=WAYBILL)
    assert released["ok"]
    shut(village, cell)
    told = track(stranger)
    assert (told["title"], told["lines"][0]["text"]) == ("已取走", "已取走")
    said = str(told)
    assert TAIL not in said
    assert village.paper.code() not in said


def test_what_nobody_here_has_seen_is_not_called_nowhere_while_offline(stranger: Visitor) -> None:
    told = track(stranger)
    assert (told["known"], told["title"], told["lines"]) == (False, "本站没有这件", [])
    assert "断网" in told["next_step"]


def test_online_the_whole_way_through_the_county_is_told(
    village: Village, keeper: Visitor, stranger: Visitor
) -> None:
    check_in(village, keeper)
    now_ms = village.front.now().wall_lo_ms
    answers(
        village,
        step("zhen-hub", "镇中转站", "parcel.misrouted", now_ms - DAY_MS),
        step(village.front.station_id, village.front.station_name, "parcel.received", 1),
        step("zhen-hub", "镇中转站", "parcel.of_a_newer_county", now_ms - DAY_MS),
    )
    told = track(stranger)
    assert [line["station"] for line in told["lines"]] == [
        village.front.station_name,
        village.front.station_name,
        "镇中转站",
    ]
    assert (told["title"], told["note"]) == ("本站可取", "")


@pytest.mark.parametrize(
    ("kind", "title", "next_step"),
    [
        ("parcel.stored", "在双溪村站", "请到双溪村站取。"),
        ("parcel.handed_out", "已取走", "不是您取的？请告诉店主。"),
        ("parcel.misrouted", "还不能取", "到了会有小票。着急请问店主。"),
        ("parcel.short", "正在查找", "请问店主。"),
    ],
)
def test_each_state_says_one_next_step(
    village: Village, stranger: Visitor, kind: str, title: str, next_step: str
) -> None:
    answers(village, step("shuangxi", "双溪村站", kind, 1_795_492_800_000, sure=False))
    told = track(stranger, ELSEWHERE)
    assert (told["title"], told["next_step"]) == (title, next_step)
    assert told["lines"][0]["time"] == "≈11-24 12:00"
    english = stranger.ask("/api/kiosk/track?lang=en", waybill_no=ELSEWHERE)
    assert english["title"].isascii() or "双溪" in english["title"]


def test_a_county_without_a_record_says_so(village: Village, stranger: Visitor) -> None:
    answers(village)
    assert track(stranger, ELSEWHERE)["title"] == "县里没有这件"
    village.county.answer = {"steps": "none of these"}
    assert track(stranger, ELSEWHERE)["title"] == "本站没有这件", "an answer that none can read"


@pytest.mark.parametrize("number", ["", "hello", "http://a.b/c", "一二三四五六七"])
def test_what_is_no_waybill_number_is_refused(stranger: Visitor, number: str) -> None:
    answer = stranger.post("/api/kiosk/track", waybill_no=number)
    assert answer.status_code == 422, answer.text


def test_a_waybill_under_the_scanner_is_followed_unless_it_is_checked_in(
    village: Village, keeper: Visitor, stranger: Visitor
) -> None:
    village.gun.scan(ELSEWHERE)
    eventually(lambda: stranger.get("/api/kiosk/screen")["notice"], "the notice")
    assert stranger.get("/api/kiosk/screen")["notice"]["waybill_no"] == ELSEWHERE
    check_in(village, keeper)
    assert stranger.get("/api/kiosk/screen")["notice"] is None
    assert stranger.ask("/api/kiosk/scan", text=ELSEWHERE)["waybill_no"] == ELSEWHERE


def test_that_the_addressee_was_told_stands_in_the_trace_and_moves_nothing(
    village: Village, keeper: Visitor, stranger: Visitor
) -> None:
    check_in(village, keeper)
    here, name = village.front.station_id, village.front.station_name
    later_ms = village.front.now().wall_lo_ms + DAY_MS
    answers(village, step(here, name, "parcel.stored", later_ms), step(here, name, TOLD, later_ms))
    told = track(stranger)
    assert [line["text"] for line in told["lines"]].count("已通知收件人") == 1
    assert told["title"] == "本站可取"


def test_every_step_that_the_county_tells_has_its_sentence() -> None:
    assert {f"track.step.{kind}" for kind in (*STEPS, TOLD)} == {
        key for key in WORDS if key.startswith("track.step.")
    }


def look(page: Page, name: str) -> None:
    """Keep a picture; nothing inaccessible, too small or beyond the screen."""
    size = page.viewport_size or {"width": 0, "height": 0}
    save_screen(page, f"track-{name}-{size['width']}")
    assert_accessible(page)
    assert too_small(page) == []
    assert cut_off(page) == []
    if size["width"] > size["height"]:
        assert not must_scroll(page), name


@pytest.mark.browser
@pytest.mark.parametrize("dress", ["", "lang=en", "print=big", "lang=en&print=big"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_somebody_looks_up_a_parcel_by_finger_by_keys_and_by_scanner(
    tmp_path: Path, width: int, height: int, dress: str
) -> None:
    kind = dress.replace("&", "-").replace("=", "-") or "zh"
    with (
        open_village(tmp_path / "station") as village,
        open_chromium() as browser,
        open_page(browser, f"{village.address}/kiosk?{dress}", width=width, height=height) as page,
    ):
        at_ms = village.front.now().wall_lo_ms
        answers(
            village,
            step("zhen-hub", "镇中转站", "parcel.misrouted", at_ms - 2 * DAY_MS),
            step("shuangxi", "双溪村站", "parcel.received", at_ms - 60_000),
            step("shuangxi", "双溪村站", "parcel.stored", at_ms),
        )
        look(page, f"{kind}-home")
        page.locator("button.track").click()
        page.locator(".letters button").first.click()
        tap(page, ELSEWHERE[2:])
        expect(page.locator(".waybill")).to_have_text("YT77 0987 6543 210")
        look(page, f"{kind}-typing")
        page.locator(".entry button.main").click()
        expect(page.locator(".tracked h2")).to_contain_text("双溪村站")
        expect(page.locator(".steps li")).to_have_count(3)
        look(page, f"{kind}-way")
        page.keyboard.press("*")
        page.keyboard.type(ELSEWHERE)
        page.keyboard.press("Enter")
        expect(page.locator(".tracked h2")).to_contain_text("双溪村站")
        page.keyboard.press("Enter")
        expect(page.locator(".collect")).to_be_visible()
        page.keyboard.press("*")
        page.keyboard.type("ABCDEFGH")
        page.keyboard.press("Enter")
        expect(page.locator(".tries")).not_to_be_empty()
        look(page, f"{kind}-wrong")
        village.gun.scan(WAYBILL)
        expect(page.locator(".tracked h2")).to_be_visible()
        expect(page.locator(".tracked .number")).to_have_text("YT77 0012 3456 789")
