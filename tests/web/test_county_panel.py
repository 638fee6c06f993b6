"""The county on the counter: how it stands, its notices, and what it knows of a parcel."""

from typing import Any

import pytest
from playwright.sync_api import expect

from edge.daemon.front import LinkView, RoomView
from edge.web.county_panel import kept_text, verdict_of
from edge.words import WORDS
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.fingers import tap, too_small
from tests.web.support.village import Village, eventually

WAYBILL = "YT7700123456789"
NOTICE = {"title": "明天停电", "text": "9 点到 17 点检修线路，请备好电池。", "until_ms": 0}
DAY = RoomView(free_bytes=900_000, daily_bytes=1_000)


def panel(keeper: Visitor, language: str = "zh") -> dict[str, Any]:
    view: dict[str, Any] = keeper.get(f"/api/keeper/screen?lang={language}")["county"]
    return view


@pytest.mark.parametrize(
    ("waiting", "room", "text"),
    [
        (12, DAY, "本站 12 条待上传，够存 900 天"),
        (12, None, "本站 12 条待上传"),
        (0, DAY, "都已上传，断网也够存 900 天"),
        (3, RoomView(free_bytes=10**12, daily_bytes=1_000), "本站 3 条待上传，够存 10 年以上"),
        (3, RoomView(free_bytes=10**9, daily_bytes=0), "本站 3 条待上传，够存 10 年以上"),
        (3, RoomView(free_bytes=0, daily_bytes=10), "本站 3 条待上传，够存 0 天"),
    ],
)
def test_what_waits_and_how_long_there_is_room(
    waiting: int, room: RoomView | None, text: str
) -> None:
    assert kept_text(waiting, room, "zh") == text


def test_every_verdict_says_what_is_so_and_what_to_do() -> None:
    known = (
        "rollback",
        "fork",
        "clone_suspect",
        "new_epoch",
        "reenrol",
        "unknown_station",
        "not_enrolled",
        "refused",
    )
    for verdict in known:
        assert verdict_of(LinkView(online=False, waiting=0, verdict=verdict)) == verdict
    assert verdict_of(LinkView(online=False, waiting=0, verdict="of tomorrow")) == "refused"
    assert verdict_of(LinkView(online=False, waiting=0)) == "offline"
    assert verdict_of(LinkView(online=True, waiting=0)) == "ok"
    for verdict in (*known, "offline", "ok"):
        assert {f"sync.say.{verdict}", f"sync.todo.{verdict}"} <= WORDS.keys()


def test_the_card_tells_since_when_the_county_is_away(village: Village, keeper: Visitor) -> None:
    village.set_link(online=True)
    eventually(lambda: panel(keeper)["ok"], "the link to rise")
    village.county.room = DAY
    village.set_link(online=False, waiting=12)
    eventually(lambda: not panel(keeper)["ok"], "the link to fall")
    seen = panel(keeper)
    assert (seen["verdict"], seen["wants"]) == ("offline", False)
    assert seen["says"].endswith("起连不上县中心")
    assert seen["kept"] == "本站 12 条待上传，够存 900 天"
    assert "Everything works" in panel(keeper, "en")["todo"]


def test_only_what_does_not_heal_by_itself_wants_somebody(
    village: Village, keeper: Visitor
) -> None:
    village.set_link(online=True)
    eventually(lambda: panel(keeper)["ok"], "the link to rise")
    assert not panel(keeper)["wants"]
    village.set_verdict("reenrol")
    eventually(lambda: panel(keeper)["wants"], "the verdict")


def test_a_notice_is_shown_until_the_keeper_has_read_it(village: Village, keeper: Visitor) -> None:
    village.say("notice", "n1", NOTICE)
    (seen,) = panel(keeper)["notices"]
    assert (seen["title"], seen["unread"], panel(keeper)["unread"]) == ("明天停电", True, 1)
    keeper.ask("/api/keeper/notice-read", notice="n1", seq=seen["seq"])
    (seen,) = panel(keeper)["notices"]
    assert (seen["unread"], panel(keeper)["unread"]) == (False, 0)


def test_a_notice_that_has_changed_meanwhile_is_not_read(village: Village, keeper: Visitor) -> None:
    village.say("notice", "n1", NOTICE)
    village.say("notice", "n1", {**NOTICE, "title": "后天停电"})
    answer = keeper.post("/api/keeper/notice-read", notice="n1", seq=1)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "notice_gone")
    assert panel(keeper)["unread"] == 1


def test_a_revoked_keeper_is_out_at_once_and_cannot_come_back(
    village: Village, keeper: Visitor
) -> None:
    village.say("revocation", f"keeper:{KEEPER}", {"what": "keeper", "id": KEEPER})
    assert keeper.http.get("/api/keeper/screen").status_code == 401
    eventually(lambda: village.state.desk.keeper is None, "the desk is left")
    keeper.refresh_token()
    again = keeper.post("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "keeper_revoked")
    wrong = keeper.post("/api/keeper/sign-in", keeper=KEEPER, pin="999999")
    assert wrong.json()["error"]["code"] == "pin_wrong"
    village.say("revocation", f"keeper:{KEEPER}", None)
    assert keeper.post("/api/keeper/sign-in", keeper=KEEPER, pin=PIN).status_code == 200


@pytest.mark.parametrize(
    ("answer", "known", "line"),
    [
        (None, False, "县里没回答，不知道在哪。等会儿再问。"),
        ({"places": "nowhere"}, False, "县里没回答，不知道在哪。等会儿再问。"),
        ({"places": []}, True, "全县各站都没有收过这件。"),
        (
            {
                "places": [
                    {
                        "station": "s-1",
                        "name": "双溪村站",
                        "stage": "stored",
                        "since_ms": 1_795_492_800_000,
                    }
                ]
            },
            True,
            "双溪村站：在柜，待取，11-24 12:00",
        ),
    ],
)
def test_where_a_parcel_is(
    village: Village, keeper: Visitor, answer: dict[str, Any] | None, *, known: bool, line: str
) -> None:
    if answer is not None:  # else it is offline, which is unknown at once
        village.county.open()
        village.county.answer = answer
    told = keeper.ask("/api/keeper/where", waybill_no=WAYBILL)
    assert told["known"] is known
    assert told["lines"][0].startswith(line[:12])


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 480)])
def test_the_card_the_notice_and_the_question_in_a_browser(
    village: Village, width: int, height: int
) -> None:
    village.county.room = DAY
    village.say("notice", "n1", NOTICE)
    village.set_verdict("rollback", waiting=12)
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        tap(page, PIN)
        page.click("#again")
        tap(page, PIN)
        page.get_by_role("button", name="设好，开始用").click()
        expect(page.locator(".notice")).to_contain_text("明天停电")
        first = page.locator("aside .rows > li").first  # before any notice: it cannot wait
        expect(first).to_contain_text("请打县里电话，别再换卡。")
        save_screen(page, f"keeper-notice-{width}")
        assert_accessible(page)
        assert too_small(page) == []
        page.get_by_role("button", name="知道了").click()
        expect(page.locator(".notice")).to_have_count(0)
        page.keyboard.press("5")
        expect(page.locator(".county")).to_contain_text("本站 12 条待上传，够存 900 天")
        expect(page.locator(".county")).to_contain_text("请打县里电话，别再换卡。")
        expect(page.locator(".notice")).to_contain_text("明天停电")
        save_screen(page, f"keeper-county-{width}")
        assert_accessible(page)
        assert too_small(page) == []
        page.keyboard.press("3")
        page.get_by_role("searchbox").fill(WAYBILL)
        ask = page.get_by_role("button", name="问县里：这件在哪个站？")
        ask.click()
        expect(page.locator(".told")).to_contain_text("不知道在哪")
        save_screen(page, f"keeper-where-{width}")
        assert_accessible(page)
        assert too_small(page) == []
