"""Who may talk: strangers, new stations, talks that overlap, and heads that tell of a loss."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud_sync.county.tables import ALARMS, FACTS, STATIONS
from tests.county.village import County, Village, open_county

WAYBILL = "YT7700123456"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path) as opened:
        yield opened


@pytest.fixture
def village() -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.check_in(WAYBILL, 7)
    return village


def test_a_station_that_lost_its_newest_facts_is_told_so(county: County, village: Village) -> None:
    county.deliver(village)

    welcome = county.welcome(village.cut(4), "n2")

    assert (welcome.verdict, welcome.applied) == ("rollback", village.position(7))
    assert ("pingshang", "rollback") in county.open_alarms()


def test_a_rollback_that_was_none_after_all_clears_its_alarm(
    county: County, village: Village
) -> None:
    county.deliver(village)
    county.welcome(village.cut(4), "n2")

    assert county.welcome(village, "n3").verdict == "ok"
    assert county.open_alarms() == set()


def test_a_head_with_another_hash_is_a_fork(county: County, village: Village) -> None:
    clone = village.cut(6)
    clone.tell("door.forced", cell=9)
    county.deliver(village)

    assert county.welcome(clone, "n2").verdict == "fork"


def test_an_epoch_that_nobody_granted_is_a_fork(county: County, village: Village) -> None:
    county.deliver(village)
    other = Village(epoch=2)
    other.tell("station.started", version="0.1.0")

    welcome = county.welcome(other, "n2")
    ack = county.send(other, other.batch(welcome.session, 0))

    assert (welcome.verdict, welcome.session, ack.note) == ("fork", "", "stale_session")
    assert len(county.rows(FACTS)) == 7


def test_a_stranger_is_told_so_and_nothing_of_it_is_kept(tmp_path: Path, village: Village) -> None:
    with open_county(tmp_path, accept_new=False) as county:
        welcome = county.welcome(village)
        ack = county.send(village, village.batch(welcome.session, 0))

        assert (welcome.verdict, welcome.session) == ("unknown_station", "")
        assert (ack.applied.seq, ack.note) == (0, "unknown_station")
        assert county.rows(STATIONS) == []
        assert county.rows(FACTS) == []
        assert county.open_alarms() == {("pingshang", "unknown_station")}


def test_invented_station_names_do_not_fill_the_alarms(tmp_path: Path) -> None:
    with open_county(tmp_path, accept_new=False) as county:
        for number in range(250):
            county.welcome(Village(f"made-up-{number}"))

        assert len(county.rows(ALARMS)) == 200


def test_a_new_station_is_taken_in_under_its_own_id_where_that_is_allowed(
    county: County, village: Village
) -> None:
    assert county.welcome(village).verdict == "ok"
    (row,) = county.rows(STATIONS)
    assert (row["station"], row["name"], row["software"], row["cells"]) == (
        "pingshang",
        "pingshang",
        "0.1.0",
        24,
    )


def test_a_batch_of_an_older_talk_changes_nothing(county: County, village: Village) -> None:
    old = county.welcome(village, "n1").session
    fresh = county.welcome(village, "n2").session

    late = county.send(village, village.batch(old, 0))
    assert (late.session, late.note, late.applied.seq) == (old, "stale_session", 0)
    assert county.rows(FACTS) == []
    assert county.send(village, village.batch(fresh, 0)).applied.seq == 7


def test_a_batch_before_any_hello_changes_nothing(county: County, village: Village) -> None:
    county.welcome(village)
    village_two = Village("shexi")
    village_two.tell("station.started", version="0.1.0")

    assert county.send(village_two, village_two.batch("1" * 32, 0)).note == "unknown_station"
    assert county.rows(FACTS) == []


def test_a_hello_that_comes_twice_keeps_the_talk_and_an_older_one_is_not_answered(
    county: County, village: Village
) -> None:
    first = county.welcome(village, "n1")
    assert county.welcome(village, "n1") == first

    county.welcome(village, "n2")
    assert county.ingest.handle(village.station, village.hello("n1")) is None
    assert county.dropped("old_hello") == 1


def test_a_hello_that_comes_again_after_its_batches_is_no_rollback(
    county: County, village: Village
) -> None:
    first = county.welcome(village, "n1", head=2)
    county.send(village, village.batch(first.session, 0))

    again = county.welcome(village, "n1", head=2)

    assert (again.verdict, again.session) == ("ok", first.session)
    assert again.applied == village.position(7)
    assert county.open_alarms() == set()
    assert county.send(village, village.batch(first.session, 7)).note == ""


def test_a_copy_of_a_hello_with_another_history_is_not_taken_for_a_late_one(
    county: County, village: Village
) -> None:
    clone = village.cut(4)
    clone.tell("door.forced", cell=9)
    county.deliver(village)

    assert county.welcome(clone, "n1").verdict == "rollback"
    assert county.open_alarms() == {("pingshang", "rollback")}


def test_an_old_image_that_has_written_since_is_a_rollback_while_it_is_shorter(
    county: County, village: Village
) -> None:
    image = village.cut(4)
    image.tell("station.started", version="0.1.0")  # as every start does, before it says hello
    county.deliver(village)

    assert county.welcome(image, "n2").verdict == "rollback"
    image.tell("door.forced", cell=9)
    image.tell("door.forced", cell=9)
    assert county.welcome(image, "n3").verdict == "fork"


def test_a_rolled_back_station_is_told_so_by_every_copy_of_its_hello(
    county: County, village: Village
) -> None:
    county.deliver(village)

    verdicts = [county.welcome(village.cut(4), "n2").verdict for _ in range(2)]

    assert verdicts == ["rollback", "rollback"]
    assert county.welcome(village.cut(4), "n3").verdict == "rollback"


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "x" * 65},
        {"nonce": ""},
        {"cells": -1},
        {"cells": 10**9},
        {"boot": 10**30},
        {"software": "v" * 65},
    ],
)
def test_a_hello_out_of_bounds_is_dropped_and_counted(
    county: County, village: Village, change: dict[str, object]
) -> None:
    hello = msgspec.structs.replace(village.hello(), **change)

    assert county.ingest.handle(village.station, hello) is None
    assert county.dropped("bad_hello") == 1
    assert county.rows(STATIONS) == []
