"""Whatever the pipe does, the tables end as if every batch had come once and in order."""

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table

from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.tables import ALARMS, CELLS, FACTS, PARCELS, STATIONS
from cloud_sync.wire.envelope import decode
from tests.county.village import County, Village, open_county

TABLES = (FACTS, CELLS, PARCELS, STATIONS)


def busy_village() -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    for cell in (3, 4, 5):
        village.check_in(f"YT770012345{cell}", cell)
    village.pick_up("YT7700123453", 3)
    village.tell("bill.paid", fen=1_200)
    village.door(3, "put_back")
    village.tell("parcel.put_back", waybill_no="YT7700123453", cell=3)
    village.tell("cell.questioned", cell=3, reason="put_back")
    village.tell("parcel.missing", waybill_no="YT7700123454", cell=4, keeper="li")
    village.check_in("YT7700123454", 6)
    return village


def tables(county: County) -> list[list[dict[str, Any]]]:
    # `number` is the order of arrival; with one writer it is the same, so it is compared too.
    return [county.rows(table) for table in TABLES]


@pytest.fixture(scope="module")
def in_order() -> list[list[dict[str, Any]]]:
    village = busy_village()
    with TemporaryDirectory() as folder, open_county(Path(folder)) as county:
        county.deliver(village)
        return tables(county)


_events = st.lists(
    st.tuples(
        st.sampled_from(["batch", "batch", "batch", "hello", "restart"]),
        st.integers(0, 40),
        st.integers(0, 12),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(events=_events)
def test_lost_doubled_and_reordered_batches_end_in_the_same_tables(
    events: list[tuple[str, int, int]], in_order: list[list[dict[str, Any]]]
) -> None:
    village = busy_village()
    with TemporaryDirectory() as name:
        folder = Path(name)
        nonces = (f"n{number}" for number in count())
        waiting = [*events, ("restart", 0, 0)]
        while waiting:
            with open_county(folder) as county:
                session = county.welcome(village, next(nonces)).session
                while waiting:
                    what, after, length = waiting.pop(0)
                    if what == "restart":
                        break
                    if what == "hello":
                        session = county.welcome(village, next(nonces)).session
                        continue
                    after = min(after, village.seq)
                    upto = min(after + length, village.seq)
                    ack = county.send(village, village.batch(session, after, upto))
                    assert ack.applied == village.position(ack.applied.seq)
        with open_county(folder) as county:
            county.deliver(village, next(nonces))
            assert tables(county) == in_order
            kinds = {row["kind"] for row in county.rows(ALARMS)}
            assert kinds == {"parked"}


def test_a_county_that_dies_after_its_commit_and_before_its_answer_doubles_nothing(
    tmp_path: Path, in_order: list[list[dict[str, Any]]]
) -> None:
    village = busy_village()
    with open_county(tmp_path) as county:
        session = county.welcome(village).session
        county.send(village, village.batch(session, 0))  # the answer is lost with the process

    with open_county(tmp_path) as county:
        late = county.send(village, village.batch(session, 0))
        assert (late.applied, late.note) == (village.position(village.seq), "")
        welcome = county.welcome(village, "n2")
        again = county.send(village, village.batch(welcome.session, 0))
        assert (welcome.applied, again.applied) == (village.position(village.seq),) * 2
        assert tables(county) == in_order


def test_the_tables_are_the_fold_of_the_facts(tmp_path: Path) -> None:
    village = busy_village()
    with open_county(tmp_path) as county:
        session = county.welcome(village).session
        for after in range(village.seq):
            county.send(village, village.batch(session, after, after + 1))
        refolded = Tables(village.station)
        for row in county.rows(FACTS):
            if not row["parked"]:
                refolded.fold(decode(row["fact"]))

        assert refolded.cells.all() == county.rows(CELLS)
        assert refolded.parcels.all() == county.rows(PARCELS)


def test_the_tables_say_what_the_facts_said() -> None:
    folded = Tables("pingshang")
    for fact in busy_village().facts:
        folded.fold(decode(fact))

    stages = {row["waybill_no"]: (row["stage"], row["cell"]) for row in folded.parcels.all()}
    assert stages == {
        "YT7700123453": ("keeper_assist", 3),
        "YT7700123454": ("stored", 6),
        "YT7700123455": ("stored", 5),
    }
    cells = {
        row["cell"]: (row["occupancy"], row["door"], row["reason"]) for row in folded.cells.all()
    }
    assert cells[3] == ("questioned", "shut", "put_back")
    assert cells[5] == ("held", "shut", "")


@pytest.mark.parametrize("table", [CELLS, PARCELS], ids=lambda table: table.name)
def test_two_stations_never_share_a_row(tmp_path: Path, table: Table) -> None:
    ours, theirs = busy_village(), Village("shexi")
    theirs.check_in("YT7700123455", 5)
    with open_county(tmp_path) as county:
        county.deliver(ours)
        before = county.rows(table)
        county.deliver(theirs)
        assert [row for row in county.rows(table) if row["station"] == "pingshang"] == before
