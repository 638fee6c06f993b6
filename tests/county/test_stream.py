"""The state stream: both real ends with a pipe between them that does its worst."""

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.desk import Letter
from cloud_sync.county.ingest.ledger import register
from cloud_sync.county.stream.desk import AGAIN_CAP_MS, AGAIN_MS
from cloud_sync.county.stream.shelf import MAX_ITEMS
from cloud_sync.wire.bodies.state import MAX_BODY, StateBodyError
from cloud_sync.wire.messages import (
    MAX_MESSAGE,
    StateAck,
)
from edge.kernel.ids import StationId
from tests.county.stream_ends import PINGSHANG, Far, Near, exchange, notice, only


@pytest.fixture
def near(tmp_path: Path) -> Iterable[Near]:
    near = Near(tmp_path / "county")
    yield near
    near.database.close()


def test_what_was_said_before_the_station_came_is_stored_when_it_comes(near: Near) -> None:
    near.put(PINGSHANG, "notice", "n1", notice("停电"))
    near.put(PINGSHANG, "config", "hours", {"key": "hours", "value": "7-21"})
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert sorted(far.shelf.bodies()) == ["config/hours", "notice/n1"]
    assert far.shelf.stored == 2


def test_a_new_item_goes_out_at_once_while_the_session_lives(near: Near) -> None:
    far = Far(PINGSHANG)
    assert list(near.desk.welcomed(*far.hello())) == []
    future = near.desk.say(PINGSHANG, "notice", "n1", notice("台风"))
    exchange(near, far, near.desk.tick())
    assert future.result(0) == 1
    assert far.shelf.bodies() == {"notice/n1": notice("台风")}


def test_a_lost_item_is_said_again_later_and_later_until_it_is_stored(near: Near) -> None:
    far = Far(PINGSHANG)
    list(near.desk.welcomed(*far.hello()))
    near.put(PINGSHANG, "notice", "n1", notice("台风"))
    only(near.desk.tick())  # lost
    waits = []
    for _again in range(9):
        waited = 0
        while not (letters := list(near.desk.tick())):
            near.now_ms += 1_000
            waited += 1_000
        waits.append(waited)
    assert waits[0] == AGAIN_MS
    assert waits == sorted(waits)
    assert waits[-1] == AGAIN_CAP_MS
    exchange(near, far, letters)
    near.now_ms += 10 * AGAIN_CAP_MS
    assert list(near.desk.tick()) == []
    assert far.shelf.stored == 1


def test_a_word_of_the_station_ends_the_wait(near: Near) -> None:
    far = Far(PINGSHANG)
    list(near.desk.welcomed(*far.hello()))
    near.put(PINGSHANG, "notice", "n1", notice("台风"))
    only(near.desk.tick())
    for _lost in range(5):
        near.now_ms += AGAIN_CAP_MS
        only(near.desk.tick())
    near.now_ms += AGAIN_MS
    assert list(near.desk.tick()) == []
    exchange(near, far, near.desk.committed(PINGSHANG))
    assert far.shelf.stored == 1


def test_messages_stay_small_and_one_is_in_flight(near: Near) -> None:
    far = Far(PINGSHANG)
    with near.database.write() as connection:
        for number in range(130):
            near.desk.put(connection, PINGSHANG, "notice", f"n{number:03}", notice(f"第{number}条"))
    letters = near.desk.welcomed(*far.hello())
    first = only(letters)
    assert len(first.items) == MAX_ITEMS
    assert list(near.desk.tick()) == []
    assert exchange(near, far, [Letter(PINGSHANG, "dn", first)]) == 3
    assert far.shelf.stored == 130


def test_large_items_are_split_over_messages(near: Near) -> None:
    draw = random.Random(1)
    for number in range(8):  # words without any pattern: nothing compresses
        lines = [
            {
                "name": "".join(draw.choices("价钱表中的字不重复也压不小", k=30)),
                "fen": draw.randrange(10**9),
            }
            for _line in range(100)
        ]
        body = {"service": f"s{number}", "lines": lines}
        assert len(json.dumps(body, ensure_ascii=False).encode()) < MAX_BODY
        near.put(PINGSHANG, "price_list", f"s{number}", body)
    far = Far(PINGSHANG)
    letters = list(near.desk.welcomed(*far.hello()))
    assert len(json.dumps([i.body for i in only(letters).items])) < MAX_MESSAGE
    assert exchange(near, far, letters) > 2
    assert len(far.shelf.holds) == 8


def test_said_to_all_reaches_a_station_that_comes_later(near: Near) -> None:
    near.put(None, "notice", "n1", notice("放假"))
    with near.database.write() as connection:
        register(connection, StationId("shuangxi"), "双溪")
    later = Far(StationId("shuangxi"))
    exchange(near, later, near.desk.welcomed(*later.hello()))
    assert later.shelf.bodies() == {"notice/n1": notice("放假")}


def test_the_same_again_is_no_news_and_a_taken_back_item_is_gone(near: Near) -> None:
    far = Far(PINGSHANG)
    list(near.desk.welcomed(*far.hello()))
    assert near.put(PINGSHANG, "notice", "n1", notice("停电")) == 1
    assert near.put(PINGSHANG, "notice", "n1", notice("停电")) == 0
    exchange(near, far, near.desk.tick())
    near.put(PINGSHANG, "notice", "n1", None)
    exchange(near, far, near.desk.tick())
    assert far.shelf.bodies() == {}
    assert far.shelf.stored == 2
    assert near.items() == []


def test_replaced_items_are_forgotten_once_the_station_has_the_newer(near: Near) -> None:
    far = Far(PINGSHANG)
    list(near.desk.welcomed(*far.hello()))
    for hour in range(5):
        near.put(PINGSHANG, "config", "hours", {"key": "hours", "value": f"{hour}"})
    assert len(near.items()) == 5
    exchange(near, far, near.desk.tick())
    assert [item["seq"] for item in near.items()] == [5]


def test_a_restored_county_says_everything_anew_above_what_the_station_has(near: Near) -> None:
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.put(PINGSHANG, "notice", "kept", notice("留下的"))
    exchange(near, far, near.desk.tick())
    near.back_up()
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.put(PINGSHANG, "notice", "lost", notice("丢了的"))
    exchange(near, far, near.desk.tick())
    near.restore()
    near.put(PINGSHANG, "notice", "new", notice("新的"))  # under the number of the lost one
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert sorted(far.shelf.bodies()) == ["notice/kept", "notice/new"]
    assert far.shelf.stored == 4


def test_a_station_with_a_new_card_gets_everything_again(near: Near) -> None:
    far = Far(PINGSHANG)
    near.put(PINGSHANG, "notice", "n1", notice("停电"))
    exchange(near, far, near.desk.welcomed(*far.hello()))
    blank = Far(PINGSHANG)
    exchange(near, blank, near.desk.welcomed(*blank.hello()))
    assert blank.shelf.bodies() == {"notice/n1": notice("停电")}
    assert blank.shelf.stored == 2


def test_an_old_hello_that_comes_first_after_a_restore_uses_up_no_number_of_the_station_s(
    near: Near,
) -> None:
    """Its number is one behind, and so the next fits whatever the station stored under it."""
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.back_up()
    near.put(PINGSHANG, "notice", "old", notice("停电"))
    exchange(near, far, near.desk.welcomed(*far.hello()))
    old = far.hello()
    near.put(PINGSHANG, "notice", "newer", notice("来电"))
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.restore()
    near.put(PINGSHANG, "revocation", "keeper:x", {"what": "keeper", "id": "x"})
    list(near.desk.welcomed(*old))
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert far.shelf.bodies() == {"revocation/keeper:x": {"what": "keeper", "id": "x"}}


def test_when_nothing_holds_a_restored_county_still_sweeps(near: Near) -> None:
    near.back_up()
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.put(PINGSHANG, "notice", "lost", notice("丢了的"))
    exchange(near, far, near.desk.tick())
    near.restore()
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert far.shelf.bodies() == {}


@pytest.mark.parametrize(
    ("kind", "key", "body"),
    [
        ("gossip", "n1", {"title": "t", "text": ""}),
        ("notice", "", {"title": "t", "text": ""}),
        ("notice", "n1", {"title": "", "text": ""}),
        ("arrival", "YT1", {"waybill_no": "YT7700123", "tail": "13800004711"}),
        ("price_list", "p", {"service": "p", "lines": [{"name": "x", "fen": 1.5}]}),
        ("revocation", "li", {"what": "keeper", "id": "li"}),
    ],
)
def test_what_is_no_item_is_refused_and_gets_no_number(
    near: Near, kind: str, key: str, body: dict[str, Any]
) -> None:
    with pytest.raises(StateBodyError):
        near.put(PINGSHANG, kind, key, body)
    future = near.desk.say(PINGSHANG, kind, key, body)
    assert list(near.desk.tick()) == []
    with pytest.raises(StateBodyError):
        future.result(0)
    assert near.items() == []


def test_a_station_that_this_county_does_not_have_is_told_nothing(near: Near) -> None:
    with pytest.raises(StateBodyError, match="no station"):
        near.put(StationId("nowhere"), "notice", "n1", notice("停电"))


def test_an_ack_of_another_session_or_beyond_all_numbers_changes_nothing(near: Near) -> None:
    far = Far(PINGSHANG)
    near.put(PINGSHANG, "notice", "n1", notice("停电"))
    _station, session, _seq, _heard = hello = far.hello()
    list(near.desk.welcomed(*hello))
    for ack in (
        StateAck(session="another", seq=1),
        StateAck(session=session, seq=2),
        StateAck(session=session, seq=2**60),
        StateAck(session=session, seq=-1),
    ):
        assert list(near.desk.hear(PINGSHANG, ack)) == []
    near.now_ms += AGAIN_MS
    assert only(near.desk.tick()).previous_seq == 0


def test_an_old_card_forgets_what_was_taken_back_since(near: Near) -> None:
    far = Far(PINGSHANG)
    near.put(PINGSHANG, "revocation", "keeper:li", {"what": "keeper", "id": "li"})
    near.put(PINGSHANG, "notice", "n1", notice("停电"))
    exchange(near, far, near.desk.welcomed(*far.hello()))
    old = replace(far.shelf, holds=dict(far.shelf.holds), taken={})
    near.put(PINGSHANG, "notice", "n1", None)
    exchange(near, far, near.desk.tick())
    back = Far(PINGSHANG, old)
    exchange(near, back, near.desk.welcomed(*back.hello()))
    assert sorted(back.shelf.bodies()) == ["revocation/keeper:li"]


LI = {"what": "keeper", "id": "li"}


def test_a_county_that_was_put_back_to_before_a_revocation_lets_nobody_in_again(near: Near) -> None:
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.back_up()
    exchange(near, far, near.desk.welcomed(*far.hello()))
    near.put(PINGSHANG, "revocation", "keeper:li", LI)
    exchange(near, far, near.desk.tick())
    near.restore()
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert sorted(far.shelf.bodies()) == ["revocation/keeper:li"]
    assert near.put(PINGSHANG, "revocation", "keeper:li", None) == 1, "it may not know of it"
    exchange(near, far, near.desk.tick())
    assert far.shelf.bodies() == {}


def test_an_old_card_hears_that_a_revocation_was_taken_back(near: Near) -> None:
    far = Far(PINGSHANG)
    near.put(PINGSHANG, "revocation", "keeper:li", LI)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    old = replace(far.shelf, holds=dict(far.shelf.holds), taken={})
    near.put(PINGSHANG, "revocation", "keeper:li", None)
    exchange(near, far, near.desk.tick())
    assert near.put(PINGSHANG, "revocation", "keeper:li", None) == 0
    back = Far(PINGSHANG, old)
    exchange(near, back, near.desk.welcomed(*back.hello()))
    assert back.shelf.bodies() == {}


@pytest.mark.parametrize(
    ("what", "instead"), [("card", "revoke the keeper"), ("key", "cunyi county revoke STATION")]
)
def test_a_revocation_that_no_station_would_act_on_is_refused_and_says_what_does(
    near: Near, what: str, instead: str
) -> None:
    with pytest.raises(StateBodyError, match=instead):
        near.put(PINGSHANG, "revocation", f"{what}:1", {"what": what, "id": "1"})
    assert near.items() == []
