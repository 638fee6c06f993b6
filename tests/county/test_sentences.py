"""Every fact and state has its words, and a fact without words still shows what it is."""

from pathlib import Path

import pytest

from cloud_sync.county.commands.audit import NOT_SENT, CommandState
from cloud_sync.county.ingest.mqtt import NO_SHARE
from cloud_sync.county.office import Glance
from cloud_sync.county.tables import FACTS
from cloud_sync.county.web.sentences import ago_text, clock_text, fact_view
from cloud_sync.county.web.trouble import LEVELS
from cloud_sync.wire.bodies.registry import BODIES
from cloud_sync.wire.broker.away import Away
from edge.domain.answers import CellReason, RevokeReason
from edge.domain.cabinet import Occupancy
from edge.domain.facts import Purpose, RefusalReason
from edge.domain.parcel import Stage
from edge.domain.remote import RemoteRefusal
from edge.domain.remote_ledger import RemoteResult
from edge.words import WORDS
from edge.words.devices import WORDS as DEVICE_WORDS
from tests.county.village import NOON_MS, Village, open_county

GLANCE = Glance(now_ms=NOON_MS, language="zh")


@pytest.mark.parametrize("kind", sorted({kind for kind, _schema in BODIES}))
def test_each_kind_of_fact_has_a_sentence(kind: str) -> None:
    assert f"county.fact.{kind}" in WORDS


@pytest.mark.parametrize("note", sorted(DEVICE_WORDS))
def test_each_trouble_of_a_device_is_said_in_a_few_words(note: str) -> None:
    assert len(WORDS[f"county.device_note.{note}"].zh) <= 8


@pytest.mark.parametrize("kind", sorted(LEVELS))
def test_each_trouble_has_a_title_and_says_what_to_do_next(kind: str) -> None:
    assert f"county.alarm.{kind}" in WORDS
    assert len(WORDS[f"county.todo.{kind}"].zh) >= 8


@pytest.mark.parametrize("kind", ["fork", "parked", "ingest_error"])
def test_a_trouble_that_nobody_can_clear_says_that_it_stays(kind: str) -> None:
    assert WORDS[f"county.todo.{kind}"].zh.endswith("这条会留着")
    assert WORDS[f"county.todo.{kind}"].en.endswith("This entry stays")


@pytest.mark.parametrize(
    "key",
    [
        *(f"stage.{stage}" for stage in Stage),
        *(f"cell.{occupancy}" for occupancy in Occupancy),
        *(f"reason.{reason}" for reason in (*CellReason, *RevokeReason, *RefusalReason)),
        *(f"purpose.{purpose}" for purpose in Purpose),
        *(f"reason.{why}" for why in RemoteRefusal),
        *(f"result.{result}" for result in RemoteResult),
        *(f"command.{state}" for state in (*CommandState, NOT_SENT)),
    ],
)
def test_each_word_of_the_station_has_one_at_the_county(key: str) -> None:
    assert f"county.{key}" in WORDS


def test_a_fact_without_a_sentence_shows_its_kind(tmp_path: Path) -> None:
    village = Village()
    village.tell("bill.paid", fen=1_200)
    village.tell("cell.faulted", cell=4, reason="mouse_inside")
    village.tell("journal.judged", verdict="rollback")
    village.tell("door.asked", cell=4, auth="a", attempt=2, purpose="pickup", actor="", reason="")
    with open_county(tmp_path) as county:
        county.deliver(village)
        with county.database.read() as connection:
            rows = list(connection.execute(FACTS.select().order_by(FACTS.c.number)))
    views = [fact_view(row, "坪上村站", GLANCE) for row in rows]

    assert [view["text"] for view in views] == [
        "bill.paid · 看不懂，已原样保存",
        "4 号格停用：mouse_inside",
        "站点的记录和县里比过：少了一段，是旧的",
        "给 4 号门开锁：取件，第 2 次",
    ]
    assert [view["mood"] for view in views] == ["warn", "bad", "quiet", "quiet"]


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "不到 1 分钟"),
        (-5_000, "不到 1 分钟"),
        (60_000, "1 分钟"),
        (3_600_000, "1 小时"),
        (3 * 86_400_000, "3 天"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(ms: int, text: str) -> None:
    assert ago_text(ms, "zh") == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (NOON_MS, "12:00:00"),
        (NOON_MS - 86_400_000, "11-23 12:00"),
        (0, "01-01 08:00"),
        (2**62, "01-01 08:00"),
    ],
)
def test_times_are_shown_as_they_are_in_china_whatever_the_station_says(ms: int, text: str) -> None:
    assert clock_text(ms, NOON_MS) == text


@pytest.mark.parametrize("why", [*(one.value for one in Away if one is not Away.LOST), NO_SHARE])
def test_each_trouble_with_the_broker_has_one_sentence(why: str) -> None:
    assert f"county.link.{why}" in WORDS
