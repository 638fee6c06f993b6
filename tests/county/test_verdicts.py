"""Whose facts the county takes: one card of one board, and the history that it has."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from cloud_sync.county.histories.grants import Card
from cloud_sync.county.tables import FACTS, STATIONS, SYNC
from cloud_sync.wire.messages import Welcome
from edge.kernel.ids import StationId
from tests.county.village import County, Village, open_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path) as opened:
        yield opened


@pytest.fixture
def village() -> Village:
    village = started("A", boot=5)
    village.check_in("YT7700123456", 7)
    return village


def started(boot_id: str, *, boot: int) -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.boot, village.boot_id = boot, boot_id
    return village


def restarted(village: Village, boot_id: str) -> Village:
    """The same card after one more start; its journal goes on in the copy."""
    other = village.copy()
    other.boot, other.boot_id = village.boot + 1, boot_id
    return other


def test_a_card_that_starts_again_and_again_is_one_card(county: County, village: Village) -> None:
    county.deliver(village, "n1")
    for number, boot_id in enumerate("BCDEFGH", start=2):
        village = restarted(village, boot_id)
        village.tell("station.started", version="0.1.0")
        assert county.deliver(village, f"n{number}").applied == village.position(village.seq)
    assert county.open_alarms() == set()


@pytest.mark.parametrize("first_is_older", [True, False])
def test_two_copies_of_a_card_are_told_apart_in_whatever_order_they_speak(
    county: County, village: Village, *, first_is_older: bool
) -> None:
    county.deliver(village, "n0")
    older, younger = restarted(village, "B"), restarted(village, "C")
    pair = [older, younger] if first_is_older else [younger, older]
    county.deliver(pair[0], "n1")

    verdicts = [county.welcome(pair[1], nonce).verdict for nonce in ("n2", "n3")]

    assert verdicts == ["clone_suspect", "clone_suspect"]
    assert county.open_alarms() == {("pingshang", "clone_suspect")}


def test_a_copy_that_starts_more_often_takes_the_place_and_the_first_is_the_suspect(
    county: County, village: Village
) -> None:
    county.deliver(village, "n0")
    copy = restarted(restarted(village, "B"), "C")
    assert county.welcome(copy, "n1").verdict == "ok"

    again = county.welcome(restarted(village, "D"), "n2")

    assert (again.verdict, again.session) == ("clone_suspect", "")


def test_a_name_from_before_that_comes_back_with_a_higher_count_is_a_copy(
    county: County, village: Village
) -> None:
    county.deliver(village, "n0")
    county.deliver(restarted(village, "B"), "n1")
    back = restarted(restarted(village, "B"), "A")
    assert county.welcome(back, "n2").verdict == "clone_suspect"


def test_a_late_hello_of_an_earlier_start_costs_nothing_and_alarms_nobody(
    county: County, village: Village
) -> None:
    county.deliver(village, "n0")
    present = restarted(village, "B")
    session = county.welcome(present, "n2").session

    late = county.welcome(village, "n1")

    assert (late.verdict, late.session) == ("clone_suspect", "")
    assert county.open_alarms() == set()
    present.tell("station.started", version="0.1.0")
    assert county.send(present, present.batch(session, village.seq)).note == ""


def test_a_suspect_never_ends_the_talk_of_the_card_that_speaks(
    county: County, village: Village
) -> None:
    county.deliver(village, "n0")
    present, copy = restarted(village, "B"), restarted(village, "C")
    session = county.welcome(present, "n1").session
    for nonce in ("n2", "n3", "n4"):
        county.welcome(copy, nonce)
    present.tell("station.started", version="0.1.0")

    assert county.send(present, present.batch(session, village.seq)).note == ""
    assert ("pingshang", "clone_suspect") in county.open_alarms()


def test_an_old_image_is_a_rollback_even_where_its_starts_are_fewer(
    county: County, village: Village
) -> None:
    county.deliver(village, "n0")
    old = village.cut(3)
    old.boot = 3
    assert [county.welcome(old, nonce).verdict for nonce in ("n1", "n2")] == ["rollback"] * 2
    assert county.open_alarms() == {("pingshang", "rollback")}


@dataclass(frozen=True)
class Enrolled:
    """Fits Card."""

    key_id: str
    machine: str


def enrolled(_connection: Connection, _station: StationId) -> Card | None:
    return Enrolled("ab" * 8, "board one")


@pytest.mark.parametrize(
    ("machine", "verdict"), [("board one", "ok"), ("board two", "reenrol"), ("", "ok")]
)
def test_a_card_in_another_board_must_be_enrolled_anew(
    tmp_path: Path, village: Village, machine: str, verdict: str
) -> None:
    village.machine = machine
    with open_county(tmp_path, card_of=enrolled) as county:
        assert county.welcome(village, "n1").verdict == verdict
        assert (("pingshang", "reenrol") in county.open_alarms()) == (verdict == "reenrol")
        village.machine = "board one"
        assert county.welcome(village, "n2").verdict == "ok"
        assert county.open_alarms() == set()


def test_a_county_that_hears_of_a_newer_one_keeps_silent_until_a_person_decides(
    county: County, village: Village
) -> None:
    village.county_gen = "7-" + "0" * 32
    assert county.ingest.handle(village.station, village.hello()) is None
    assert county.rows(STATIONS) == []
    assert county.open_alarms() == {("", "older_generation")}


@pytest.mark.parametrize("told", ["", "1-" + "0" * 32, "nonsense"])
def test_a_station_that_heard_of_no_newer_county_is_answered(
    county: County, village: Village, told: str
) -> None:
    village.county_gen = told
    assert county.welcome(village).verdict == "ok"


@pytest.mark.parametrize(
    "change",
    [
        {"boot_id": "x" * 65},
        {"machine": "x" * 65},
        {"grant": "x" * 201},
        {"county_gen": "x" * 65},
        {"oldest_seq": -1},
        {"applied_seq": 2**63},
        {"durable_seq": -1},
        {"state_seq": 2**70},
        {"fence": -5},
    ],
)
def test_a_hello_with_something_out_of_bounds_changes_nothing(
    county: County, village: Village, change: dict[str, object]
) -> None:
    hello = msgspec.structs.replace(village.hello(), **change)
    assert county.ingest.handle(village.station, hello) is None
    assert county.rows(SYNC) == []


def test_a_county_that_starts_again_goes_on_in_the_same_session(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.welcome(village, "n0")
        session = county.welcome(village, "n1").session
        county.send(village, village.batch(session, 0, 3))
    with open_county(tmp_path) as county:
        ack = county.send(village, village.batch(session, 3))
        assert (ack.note, ack.applied) == ("", village.position(village.seq))
        assert len(county.rows(FACTS)) == village.seq
        assert county.welcome(village, "n1").session == session
        assert county.ingest.handle(village.station, village.hello("n0")) is None


def test_two_workers_on_one_database_take_turns_in_one_talk(
    county: County, village: Village
) -> None:
    session = county.welcome(village).session
    second = County(folder=county.folder, database=county.database, granting=county.granting)
    for after, worker in enumerate([county, second] * 4):
        if after < village.seq:
            assert worker.send(village, village.batch(session, after, after + 1)).note == ""
    repeated = second.ingest.handle(village.station, village.hello("n1"))
    assert isinstance(repeated, Welcome)
    assert (repeated.session, repeated.applied.seq) == (session, village.seq)
