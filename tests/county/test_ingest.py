"""The county takes facts in once, in order, by their hashes, and answers after its commit."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from cloud_sync.county.tables import ALARMS, CELLS, FACTS, FORK_STORE, PARCELS, STATIONS
from cloud_sync.wire.messages import Batch
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


def open_alarms(county: County) -> set[tuple[str, str]]:
    rows = county.rows(ALARMS)
    return {(row["station"], row["kind"]) for row in rows if row["cleared_ms"] is None}


def test_facts_in_order_are_committed_with_their_bytes_and_acknowledged_by_hash(
    county: County, village: Village
) -> None:
    ack = county.deliver(village)

    assert ack.applied == village.position(7)
    assert ack.note == ""
    assert [row["fact"] for row in county.rows(FACTS)] == village.facts
    assert [row["hash"] for row in county.rows(FACTS)] == village.hashes[1:]


def test_a_parcel_and_its_cell_stand_in_the_tables_with_the_facts(
    county: County, village: Village
) -> None:
    county.deliver(village)

    (parcel,) = county.rows(PARCELS)
    assert (parcel["waybill_no"], parcel["stage"], parcel["cell"]) == (WAYBILL, "stored", 7)
    (cell,) = county.rows(CELLS)
    assert (cell["cell"], cell["occupancy"], cell["door"]) == (7, "held", "shut")
    assert cell["waybill_no"] == WAYBILL


def test_doors_belong_to_the_parcel_behind_them_even_when_reopened_after_the_pickup(
    county: County, village: Village
) -> None:
    village.pick_up(WAYBILL, 7)
    village.door(7, "put_back")
    county.deliver(village)

    mine = [row["seq"] for row in county.rows(FACTS) if row["waybill_no"] == WAYBILL]
    assert mine == list(range(2, village.seq + 1))


def test_a_batch_that_comes_twice_changes_nothing_and_gets_the_present_answer(
    county: County, village: Village
) -> None:
    session = county.welcome(village).session
    first = county.send(village, village.batch(session, 0))
    before = county.rows(FACTS), county.rows(CELLS), county.rows(PARCELS)

    second = county.send(village, village.batch(session, 0))

    assert second == first
    assert (county.rows(FACTS), county.rows(CELLS), county.rows(PARCELS)) == before


def test_a_batch_that_overlaps_adds_only_what_is_new(county: County, village: Village) -> None:
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 5))

    ack = county.send(village, village.batch(session, 2))

    assert ack.applied.seq == 7
    assert [row["seq"] for row in county.rows(FACTS)] == [1, 2, 3, 4, 5, 6, 7]


def test_after_a_gap_the_answer_says_where_to_go_on(county: County, village: Village) -> None:
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 2))

    ack = county.send(village, village.batch(session, 4))

    assert (ack.applied, ack.note) == (village.position(2), "gap")
    assert len(county.rows(FACTS)) == 2


def test_another_fact_under_a_known_number_is_kept_apart_and_never_merged(
    county: County, village: Village
) -> None:
    clone = village.cut(3)
    clone.tell("door.forced", cell=9)
    clone.tell("cell.faulted", cell=9, reason="forced")
    county.deliver(village)
    session = county.welcome(village, "n2").session

    ack = county.send(clone, clone.batch(session, 2))

    assert (ack.applied, ack.note) == (village.position(7), "fork")
    assert [row["fact"] for row in county.rows(FORK_STORE)] == clone.facts[3:]
    assert [row["fact"] for row in county.rows(FACTS)] == village.facts
    assert ("pingshang", "fork") in open_alarms(county)


def test_a_clone_that_goes_on_from_its_own_past_is_a_fork_too(
    county: County, village: Village
) -> None:
    clone = village.cut(3)
    clone.tell("door.forced", cell=9)
    county.deliver(village)
    session = county.welcome(village, "n2").session
    clone.tell("door.shut", cell=9, open_ms=None)

    ack = county.send(clone, clone.batch(session, 4))

    assert ack.note == "fork"
    assert [row["fact"] for row in county.rows(FORK_STORE)] == clone.facts[4:]


def test_a_fork_that_repeats_itself_fills_nothing(county: County, village: Village) -> None:
    clone = village.cut(3)
    clone.tell("door.forced", cell=9)
    county.deliver(village)
    session = county.welcome(village, "n2").session

    for _ in range(3):
        county.send(clone, clone.batch(session, 2))

    assert len(county.rows(FORK_STORE)) == 1
    (alarm,) = [row for row in county.rows(ALARMS) if row["kind"] == "fork"]
    assert alarm["times"] == 3


def test_a_station_that_lost_its_newest_facts_is_told_so(county: County, village: Village) -> None:
    county.deliver(village)

    welcome = county.welcome(village.cut(4), "n2")

    assert (welcome.verdict, welcome.applied) == ("rollback", village.position(7))
    assert ("pingshang", "rollback") in open_alarms(county)


def test_a_rollback_that_was_none_after_all_clears_its_alarm(
    county: County, village: Village
) -> None:
    county.deliver(village)
    county.welcome(village.cut(4), "n2")

    assert county.welcome(village, "n3").verdict == "ok"
    assert open_alarms(county) == set()


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

    assert (welcome.verdict, ack.note) == ("fork", "fork")
    assert len(county.rows(FACTS)) == 7


def test_a_byte_changed_on_the_way_is_seen_before_anything_is_stored(
    county: County, village: Village
) -> None:
    session = county.welcome(village).session
    good = village.batch(session, 0)
    facts = [bytes(fact) for fact in good.facts]
    facts[3] = facts[3].replace(b'"cell":7', b'"cell":8')
    bad = msgspec.structs.replace(good, facts=[msgspec.Raw(fact) for fact in facts])

    ack = county.send(village, bad)

    assert (ack.applied.seq, ack.note) == (0, "corrupt")
    assert county.rows(FACTS) == []
    assert open_alarms(county) == {("pingshang", "corrupt")}
    assert county.send(village, good).applied == village.position(7)
    assert open_alarms(county) == set()


def test_a_wrong_previous_hash_is_no_continuation(county: County, village: Village) -> None:
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 3))
    good = village.batch(session, 3)
    lie = msgspec.structs.replace(good.previous, hash="ab" * 32)

    ack = county.send(village, msgspec.structs.replace(good, previous=lie, last=""))

    assert (ack.applied.seq, ack.note) == (3, "fork")
    assert len(county.rows(FACTS)) == 3


@pytest.mark.parametrize(
    ("kind", "schema", "body"),
    [
        ("bill.paid", 1, {"fen": 1_200}),
        ("parcel.stored", 9, {"waybill_no": WAYBILL, "cell": 7}),
        ("parcel.stored", 1, {"waybill_no": "; drop", "cell": 7}),
        ("parcel.stored", 1, {"waybill_no": WAYBILL, "cell": 7, "colour": "red"}),
        ("door.opened", 1, {}),
    ],
)
def test_a_fact_that_nobody_here_understands_is_parked_and_the_line_goes_on(
    county: County, village: Village, kind: str, schema: int, body: dict[str, object]
) -> None:
    village.tell(kind, schema=schema, **body)
    village.pick_up(WAYBILL, 7)

    ack = county.deliver(village)

    assert ack.applied == village.position(village.seq)
    (parked,) = [row for row in county.rows(FACTS) if row["parked"]]
    assert parked["fact"] == village.facts[7]
    assert ("pingshang", "parked") in open_alarms(county)
    assert county.rows(PARCELS)[0]["stage"] == "picked_up"


@pytest.mark.parametrize(
    "fact",
    [
        b"[]",
        b'"no envelope"',
        b'{"epoch":1,"seq":99}',
        b"[" * 5_000 + b"]" * 5_000,
        (
            b'{"actor":"","body":{},"boot":1,"epoch":1,"kind":"x","mono_ms":1,"schema":1,"seq":3,'
            b'"wall_hi":null,"wall_lo":99999999999999999999999}'
        ),
        (
            b'{"actor":"","body":{},"boot":1,"epoch":1,"kind":"\\u0000","mono_ms":1,"schema":1,'
            b'"seq":3,"wall_hi":null,"wall_lo":1}'
        ),
        (
            b'{"actor":"","body":{},"boot":1,"epoch":1,"kind":"x","mono_ms":1,"schema":1,"seq":77,'
            b'"wall_hi":null,"wall_lo":1}'
        ),
    ],
    ids=["list", "text", "half", "deep", "far-future", "control-character", "other-place"],
)
def test_bytes_that_are_no_fact_are_kept_as_they_came_and_the_line_goes_on(
    county: County, fact: bytes
) -> None:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.tell("keeper.signed_in", keeper="li")
    village.tell_bytes(fact)
    village.tell("keeper.signed_out", keeper="li")

    assert county.deliver(village).applied == village.position(4)
    (parked,) = [row for row in county.rows(FACTS) if row["parked"]]
    assert (parked["seq"], parked["fact"], parked["kind"]) == (3, fact, "unreadable")


def test_a_stranger_is_told_so_and_nothing_of_it_is_kept(tmp_path: Path, village: Village) -> None:
    with open_county(tmp_path, accept_new=False) as county:
        welcome = county.welcome(village)
        ack = county.send(village, village.batch(welcome.session, 0))

        assert (welcome.verdict, welcome.session) == ("unknown_station", "")
        assert (ack.applied.seq, ack.note) == (0, "unknown_station")
        assert county.rows(STATIONS) == []
        assert county.rows(FACTS) == []
        assert open_alarms(county) == {("pingshang", "unknown_station")}


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


@pytest.mark.parametrize(
    "change", [{"seq": -1}, {"seq": 2**63 - 1}, {"hash": "zz"}, {"hash": "AB" * 32}, {"epoch": -1}]
)
def test_a_batch_from_nowhere_is_dropped_and_counted(
    county: County, village: Village, change: dict[str, object]
) -> None:
    good = village.batch(county.welcome(village).session, 0)
    bad = msgspec.structs.replace(good, previous=msgspec.structs.replace(good.previous, **change))

    assert county.ingest.handle(village.station, bad) is None
    assert county.dropped("bad_batch") == 1


def test_an_empty_batch_is_answered_with_the_present_place(
    county: County, village: Village
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session

    ack = county.send(village, Batch(session=session, previous=village.position(7), facts=[]))

    assert (ack.applied, ack.note) == (village.position(7), "")


def test_answers_name_the_life_of_the_database(county: County, village: Village) -> None:
    welcome = county.welcome(village)
    ack = county.send(village, village.batch(welcome.session, 0))

    assert welcome.county_gen == ack.county_gen == county.database.generation
    with county.database.read() as connection:
        assert connection.execute(select(STATIONS.c.seq)).scalar_one() == 7
