"""村里的通知: what the county posts for whole villages, in its book and by command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud_sync.county.board.asks import board_asks
from cloud_sync.county.board.book import (
    MOST_AT_STATION,
    MOST_DAYS,
    MOST_TEXT,
    MOST_TITLE,
    BoardError,
    NewNotice,
    current_at,
    listed,
    post,
    withdraw,
)
from cloud_sync.county.database import Database
from cloud_sync.county.tables import VILLAGE_NOTICE_STATIONS, VILLAGE_NOTICES
from edge.cli import app
from edge.kernel.ids import StationId
from edge.kernel.village_time import DAY_MS
from tests.county.stream_ends import PINGSHANG, Near
from tests.county.test_stream_asked import running
from tests.county.village import NOON_MS

GOOD = NewNotice(
    stations=("pingshang",),
    title="停电",
    text="明天八点到十二点停电。\n冰箱里的东西请早处理。",
    since_ms=NOON_MS,
    until_ms=NOON_MS + DAY_MS,
    operator="王芳",
)


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Near]:
    near = Near(tmp_path / "county", (PINGSHANG, StationId("shexi")))
    yield near
    near.database.close()


def posted(database: Database, notice: NewNotice = GOOD, now_ms: int = NOON_MS) -> int:
    with database.write() as connection:
        return post(connection, notice, now_ms)


def refused(database: Database, notice: NewNotice) -> str:
    with (
        pytest.raises(BoardError) as trouble,
        database.write() as connection,
    ):
        post(connection, notice, NOON_MS)
    return str(trouble.value)


def standing(database: Database, station: str, now_ms: int = NOON_MS) -> list[int]:
    with database.read() as connection:
        return [row.notice for row in current_at(connection, {station}, now_ms)[station]]


def kept(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(VILLAGE_NOTICES.select()).all())


def test_r24_a_notice_stands_for_its_days_at_its_stations_the_newest_first(near: Near) -> None:
    here = posted(near.database)
    later = posted(near.database, replace(GOOD, since_ms=NOON_MS + 1, title="明天起"))
    everywhere = posted(near.database, replace(GOOD, stations=(), title="赶集"))
    assert standing(near.database, "pingshang", NOON_MS - 1) == []
    assert standing(near.database, "pingshang") == [everywhere, here]
    assert standing(near.database, "shexi") == [everywhere]
    last = GOOD.until_ms - 1
    assert standing(near.database, "pingshang", last) == [everywhere, later, here]
    assert standing(near.database, "pingshang", last + 1) == []


def test_r24_what_was_withdrawn_stands_no_more_and_says_by_whom(near: Near) -> None:
    number = posted(near.database)
    with near.database.write() as connection:
        withdraw(connection, number, "李强", NOON_MS + 5)
    assert standing(near.database, "pingshang") == []
    with near.database.read() as connection:
        ((row, stations),) = listed(connection, NOON_MS, most_over=1)
        assert listed(connection, NOON_MS, most_over=0) == []
    assert (row.withdrawn_by, row.withdrawn_ms, row.text) == ("李强", NOON_MS + 5, GOOD.text)
    assert stations == ["pingshang"]


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (replace(GOOD, title=" \n "), "the title of a notice is missing: write it"),
        (replace(GOOD, title="长" * (MOST_TITLE + 1)), "has 41 letters: make it 40 at most"),
        (replace(GOOD, text="\x1b"), "the text of a notice is missing: write it"),
        (replace(GOOD, text="长" * (MOST_TEXT + 1)), "has 401 letters: make it 400 at most"),
        (replace(GOOD, operator=""), "the name of who posts it is missing"),
        (replace(GOOD, until_ms=GOOD.since_ms), "let --until be the day of --from or later"),
        (replace(GOOD, since_ms=1, until_ms=NOON_MS), "let --until be today or later"),
        (replace(GOOD, since_ms=NOON_MS - MOST_DAYS * DAY_MS - 1), "look at the year of --from"),
        (replace(GOOD, until_ms=NOON_MS + MOST_DAYS * DAY_MS + 1), "look at the year of --until"),
        (replace(GOOD, stations=("pingshang", "nowhere")), "no station nowhere: take its id from"),
    ],
)
def test_r24_what_is_no_notice_is_refused_with_the_next_step_and_not_kept(
    near: Near, notice: NewNotice, words: str
) -> None:
    assert words in refused(near.database, notice)
    assert kept(near.database) == 0


def test_r24_the_longest_that_may_be_written_is_kept_whole(near: Near) -> None:
    longest = replace(
        GOOD,
        title="长" * MOST_TITLE,
        text="长" * MOST_TEXT,
        since_ms=NOON_MS - MOST_DAYS * DAY_MS,
        until_ms=NOON_MS + MOST_DAYS * DAY_MS,
    )
    assert posted(near.database, longest) == 1
    with near.database.read() as connection:
        (row,) = current_at(connection, ["pingshang"], NOON_MS)["pingshang"]
    assert (row.title, row.text) == (longest.title, longest.text)


def test_r24_what_moves_a_terminal_is_not_kept_and_a_title_is_one_line(near: Near) -> None:
    posted(near.database, replace(GOOD, title="停\r\n电", text="a\x1b[2J\r\nb"))
    with near.database.read() as connection:
        (row,) = current_at(connection, ["pingshang"], NOON_MS)["pingshang"]
    assert (row.title, row.text) == ("停 电", "a [2J\nb")


def test_r24_posted_twice_it_is_one_but_withdrawn_it_may_be_posted_anew(near: Near) -> None:
    first = posted(near.database)
    assert posted(near.database, replace(GOOD, stations=("pingshang", "pingshang"))) == first
    assert posted(near.database, replace(GOOD, stations=("shexi",))) == 2, "somebody else's"
    with near.database.write() as connection:
        withdraw(connection, first, "王芳", NOON_MS)
    assert posted(near.database) == 3, "no number is given twice"


def test_r24_a_station_has_so_many_at_most_until_one_is_withdrawn_or_over(near: Near) -> None:
    database = near.database
    for number in range(MOST_AT_STATION):
        stations = () if number % 2 else ("pingshang",)
        posted(database, replace(GOOD, title=f"第{number}条", stations=stations))
    full = "pingshang has 10 notices that are not over: withdraw one first"
    assert full in refused(database, replace(GOOD, title="再一条"))
    assert full in refused(database, replace(GOOD, title="再一条", stations=()))
    assert posted(database, replace(GOOD, title="再一条", stations=("shexi",))) == 11
    with database.write() as connection:
        withdraw(connection, 1, "王芳", NOON_MS)
    assert posted(database, replace(GOOD, title="再一条")) == 12
    tomorrow = replace(GOOD, title="又一条", until_ms=NOON_MS + 2 * DAY_MS)
    assert posted(database, tomorrow, NOON_MS + DAY_MS) == 13


@pytest.mark.parametrize(
    ("number", "operator", "now_ms", "words"),
    [
        (2, "王芳", NOON_MS, "there is no notice 2: see `cunyi county board list`"),
        (10**30, "王芳", NOON_MS, "there is no notice 1000"),
        (1, " ", NOON_MS, "say who withdraws it"),
        (1, "长" * 41, NOON_MS, "in 40 letters at most"),
        (1, "王芳", GOOD.until_ms, "notice 1 is over already"),
    ],
)
def test_r24_what_cannot_be_withdrawn_says_why(
    near: Near, number: int, operator: str, now_ms: int, words: str
) -> None:
    posted(near.database)
    with pytest.raises(BoardError, match=words), near.database.write() as connection:
        withdraw(connection, number, operator, now_ms)
    assert standing(near.database, "pingshang") == [1]


# -- by command


def cunyi(*words: str) -> str:
    done = CliRunner().invoke(app, ["county", "board", *words])
    return done.output + str(done.exception or "")


@contextmanager
def county(near: Near, now_ms: int = NOON_MS) -> Iterator[str]:
    with running(near, board_asks(near.desk, near.database, lambda: now_ms)):
        yield str(near.folder)


WORDS = ("--title", "停电", "--text", "明天停电。\n请早做饭。", "--operator", "王芳")


def test_r24_by_command_an_operator_posts_lists_and_withdraws(near: Near) -> None:
    with county(near) as folder:
        said = cunyi("post", folder, *WORDS)
        today = "1  2026-11-24 to 2026-11-24  all stations  up\n"
        assert f"Posted:\n{today}    停电\n    明天停电。\n    请早做饭。\n" in said
        stations = ("--station", "shexi", "--station", "pingshang")
        days = ("--from", "2026-11-26", "--until", "2026-11-28")
        said = cunyi("post", folder, *WORDS, *stations, *days)
        assert "2  2026-11-26 to 2026-11-28  pingshang, shexi  to come\n" in said
        said = cunyi("list", folder)
        assert said.index("2  2026-11-26") < said.index(today)
        assert "2 not over.\n" in said
        assert "Withdrawn: 1." in cunyi("withdraw", folder, "1", "--operator", "李强")
        assert "withdrawn already, by 李强" in cunyi("withdraw", folder, "1", *WORDS[4:])
        assert "no notice 7" in cunyi("withdraw", folder, "7", *WORDS[4:])
        assert "all stations" not in cunyi("list", folder)
        said = cunyi("list", folder, "--all")
        assert "1  2026-11-24 to 2026-11-24  all stations  withdrawn by 李强" in said
        assert "1 not over.\n" in said
    with county(near, NOON_MS + 5 * DAY_MS) as folder:
        assert "2  2026-11-26 to 2026-11-28  pingshang, shexi  over" in cunyi(
            "list", folder, "--all"
        )
        assert "\n0 not over.\n" in "\n" + cunyi("list", folder)


def test_r24_days_are_the_villages_and_a_last_day_is_whole(near: Near) -> None:
    before_midnight = NOON_MS + DAY_MS // 2 - 1
    with county(near, before_midnight) as folder:
        assert "2026-11-24 to 2026-11-24" in cunyi("post", folder, *WORDS)
        assert "2026-11-25 to 2026-11-25" in cunyi("post", folder, *WORDS, "--from", "2026-11-25")
        assert "2026-11-01 to 2026-11-24" in cunyi("post", folder, *WORDS, "--from", "2026-11-01")
    assert standing(near.database, "pingshang", before_midnight) == [3, 1]
    assert standing(near.database, "pingshang", before_midnight + 1) == [2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "24.11."), "--from '24.11.' is no day: write it as 2026-11-25"),
        (("--until", "2026-11-31"), "--until '2026-11-31' is no day"),
        (("--until", "2026-11-23", "--from", "2026-11-20"), "let --until be today or later"),
        (("--until", "2026-11-23"), "let --until be the day of --from or later"),
        (("--from", "0001-01-01"), "look at the year of --from"),
        (("--until", "9999-12-31"), "look at the year of --until"),
        (("--station", "nowhere"), "no station nowhere"),
    ],
)
def test_r24_days_and_places_that_are_none_are_refused_by_command(
    near: Near, words: tuple[str, ...], said: str
) -> None:
    with county(near) as folder:
        assert said in cunyi("post", folder, *WORDS, *words)
    assert kept(near.database) == 0
    with near.database.read() as connection:
        assert connection.execute(VILLAGE_NOTICE_STATIONS.select()).all() == []
