"""How a station's journal stands, on the county's page: positions, backups, gaps, what to do."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import insert, update

from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.county.tables import ALARMS, BACKUP_MARKS, BACKUPS, GAPS, SNAPSHOTS, STATIONS
from edge.words import WORDS, say
from tests.county.offices import OpenOffice, pingshang
from tests.county.village import NOON_MS
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.web.support.fingers import too_small


def panel(web: httpx.Client, language: str = "zh") -> dict[str, Any]:
    view: dict[str, Any] = web.get(f"/api/stations/pingshang?lang={language}").json()["sync"]
    return view


def judge(served: OpenOffice, verdict: str) -> None:
    """The county has judged so."""
    with served.county.database.write() as connection:
        connection.execute(update(STATIONS).values(verdict=verdict))
    served.office.news.tell()


def back_up(served: OpenOffice, place: str, seq: int) -> None:
    """A verified backup holds the journal up to there."""
    with served.county.database.write() as connection:
        number = connection.execute(
            insert(BACKUPS).values(
                place=place, file="f", digest="d", made_ms=NOON_MS, verified_ms=NOON_MS
            )
        ).lastrowid
        connection.execute(
            insert(BACKUP_MARKS).values(backup=number, station="pingshang", epoch=1, seq=seq)
        )


def test_a_station_that_has_sent_nothing_yet(web: httpx.Client) -> None:
    assert panel(web)["lines"] == ["还没有收到记录"]


def test_positions_and_what_waits_in_words(served: OpenOffice, web: httpx.Client) -> None:
    village = pingshang()
    served.hear(village, waiting=3)
    seen = panel(web)
    assert seen["lines"] == [
        f"已存到第 {village.seq} 条",
        "站上还有 3 条待上传",
        "还没有快照",
    ]
    assert (seen["trouble"], seen["todo"], seen["gaps"]) == ("", "", [])


def test_what_lies_in_backups_is_told_where_backups_count(
    served: OpenOffice, web: httpx.Client
) -> None:
    village = pingshang()
    served.hear(village)
    served.office.durable = Durable(rule="backups", copies=2)
    assert panel(web)["lines"][0] == f"已存到第 {village.seq} 条，其中 0 条已有 2 份备份"
    back_up(served, "/mnt/a", 5)
    back_up(served, "/mnt/b", 4)
    assert panel(web)["lines"][0] == f"已存到第 {village.seq} 条，其中 4 条已有 2 份备份"
    assert panel(web, "en")["lines"][0] == (
        f"Committed up to record {village.seq}, 4 of them in 2 backups"
    )


def test_the_age_of_the_snapshot_and_the_gaps(served: OpenOffice, web: httpx.Client) -> None:
    served.hear(pingshang())
    with served.county.database.write() as connection:
        connection.execute(
            insert(SNAPSHOTS).values(
                station="pingshang",
                epoch=1,
                seq=5,
                hash=b"h",
                digest="d",
                made_ms=NOON_MS - 2 * 3_600_000,
                data=b"",
            )
        )
        connection.execute(
            insert(GAPS).values(
                station="pingshang", epoch=1, first=6, last=8, hash=b"h", made_ms=NOON_MS
            )
        )
    seen = panel(web)
    assert "快照到第 5 条，2 小时前收到" in seen["lines"]
    assert seen["gaps"] == ["第 6 到 8 条没有了，按快照接着记：要人清点核对"]


def test_a_gap_calls_for_a_count_until_somebody_has_put_on_record_what_was_found(
    served: OpenOffice, web: httpx.Client
) -> None:
    served.hear(pingshang())
    told = {"station": "pingshang", "kind": "gap", "detail": "", "times": 1, "since_ms": NOON_MS}
    with served.county.database.write() as connection:
        connection.execute(
            insert(GAPS).values(
                station="pingshang", epoch=1, first=6, last=8, hash=b"h", made_ms=NOON_MS
            )
        )
        connection.execute(insert(ALARMS).values(**told, last_ms=NOON_MS))
    assert panel(web)["gaps"] == ["第 6 到 8 条没有了，按快照接着记：要人清点核对"]
    with served.county.database.write() as connection:
        connection.execute(update(ALARMS).values(cleared_ms=NOON_MS))
    seen = panel(web)
    assert (seen["gaps"], seen["lines"][-1]) == ([], "第 6 到 8 条没有了，已有人核对过")


def test_what_was_said_down_and_is_not_there_yet(served: OpenOffice, web: httpx.Client) -> None:
    village = pingshang()
    served.hear(village)
    desk = StateDesk(served.county.database, mono_ms=lambda: 0, wall_ms=lambda: NOON_MS)
    desk.say(village.station, "notice", "n1", {"title": "停电", "text": ""})
    list(desk.tick())
    assert "下发的还有 1 条没到站" in panel(web)["lines"]
    generation = served.county.database.generation
    list(desk.welcomed(village.station, "s", 1, generation))
    list(desk.welcomed(village.station, "s2", 2, generation))
    assert "下发的都已到站" in panel(web)["lines"]


@pytest.mark.parametrize("verdict", ["rollback", "fork", "clone_suspect", "reenrol", "new_epoch"])
def test_a_verdict_says_what_is_so_and_what_to_do(
    served: OpenOffice, web: httpx.Client, verdict: str
) -> None:
    served.hear(pingshang())
    judge(served, verdict)
    seen = panel(web)
    assert seen["trouble"] == WORDS[f"county.sync.say.{verdict}"].zh
    assert seen["todo"] == say(f"county.sync.todo.{verdict}", "zh", station="pingshang")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(390, 844), (800, 480)])
def test_on_a_phone_what_is_urgent_stands_first_and_nothing_sticks_out(
    served: OpenOffice, width: int, height: int
) -> None:
    served.hear(pingshang(), waiting=3, devices={"lock-board-1": "device.silent"})
    judge(served, "rollback")
    with (
        open_chromium() as browser,
        open_page(browser, served.address, width=width, height=height) as page,
    ):
        expect(page.locator("#sync .trouble")).to_contain_text("cunyi county grant pingshang")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        alarms, tiles = (
            page.locator(".alarms").bounding_box(),
            page.locator("#tiles").bounding_box(),
        )
        assert alarms is not None
        assert tiles is not None
        assert alarms["y"] + alarms["height"] <= tiles["y"]
        assert too_small(page) == []
        assert_accessible(page)
        save_screen(page, f"county-sync-{width}")


@pytest.mark.browser
def test_the_panel_in_a_browser(served: OpenOffice) -> None:
    village = pingshang()
    served.hear(village, waiting=3)
    served.office.durable = Durable(rule="backups", copies=2)
    judge(served, "rollback")
    with (
        open_chromium() as browser,
        open_page(browser, served.address, width=1280, height=800) as page,
    ):
        expect(page.locator("#sync")).to_contain_text("站上还有 3 条待上传")
        expect(page.locator("#sync .trouble")).to_contain_text("站点的记录比这里旧")
        assert_accessible(page)
        save_screen(page, "county-sync-1280")
