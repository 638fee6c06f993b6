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
    assert ("pingshang", "fork") in county.open_alarms()


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
    assert county.open_alarms() == {("pingshang", "corrupt")}
    assert county.send(village, good).applied == village.position(7)
    assert county.open_alarms() == set()


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
    assert ("pingshang", "parked") in county.open_alarms()
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
