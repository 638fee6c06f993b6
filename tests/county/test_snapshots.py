"""Snapshots come in piece by piece; where facts are missing they say what those led to."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cloud_sync.county import alarms
from cloud_sync.county.histories.snapshots import MAX_PIECES, SnapshotDesk
from cloud_sync.county.tables import (
    ALARM_NOTES,
    CELLS,
    FACTS,
    GAPS,
    PARCELS,
    SNAPSHOT_PIECES,
    SNAPSHOTS,
)
from cloud_sync.wire.messages import SnapshotPiece, SnapshotTaken
from cloud_sync.wire.snapshot import (
    PIECE_BYTES,
    CellPicture,
    ParcelPicture,
    SnapshotBody,
    pack_snapshot,
)
from edge.kernel.errors import StoreError
from tests.county.test_database import everything, fail_at
from tests.county.test_grants import fetch, go_on, old_copy, put_back
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = "YT7700123456"
OTHER = "SF1234567890"


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


def picture(cell: int, waybill_no: str | None, **other: Any) -> CellPicture:
    told: dict[str, Any] = {
        "cell": cell,
        "occupancy": "held" if waybill_no else "free",
        "reason": "",
        "waybill_no": waybill_no,
        "last_waybill_no": None,
        "door": "shut",
        "purpose": "",
        "since_ms": NOON_MS,
    }
    return CellPicture(**told | other)


def parcel(waybill_no: str, cell: int | None, stage: str = "stored") -> ParcelPicture:
    return ParcelPicture(
        waybill_no=waybill_no,
        carrier="顺丰",
        stage=stage,
        cell=cell,
        received_ms=NOON_MS,
        stored_ms=NOON_MS,
        ended_ms=None,
    )


def packed(*, padding: int = 0, cells: Any = (), parcels: Any = ()) -> bytes:
    """A snapshot; padding makes it so many bytes longer, whatever compresses."""
    noise = random.Random(1).randbytes(padding).hex()
    state = msgspec.Raw(msgspec.json.encode({"noise": noise}))
    body = SnapshotBody(state=state, cells=list(cells), parcels=list(parcels))
    return pack_snapshot(body)


def pieces(
    village: Village, session: str, seq: int, data: bytes, gap_from: int = 0
) -> list[SnapshotPiece]:
    parts = [data[start : start + PIECE_BYTES] for start in range(0, len(data), PIECE_BYTES)]
    return [
        SnapshotPiece(
            session=session,
            at=village.position(seq),
            gap_from=gap_from,
            digest=hashlib.sha256(data).hexdigest(),
            index=index,
            count=len(parts),
            data=part,
        )
        for index, part in enumerate(parts)
    ]


def say(county: County, village: Village, piece: SnapshotPiece) -> int | None:
    """The piece that the county wants next, None where it keeps silent."""
    letters = list(SnapshotDesk(county.database, lambda: NOON_MS).hear(village.station, piece))
    if not letters:
        return None
    (letter,) = letters
    assert isinstance(letter.message, SnapshotTaken)
    return letter.message.next


def test_a_snapshot_is_taken_piece_by_piece_in_any_order_and_twice(
    county: County, village: Village
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    data = packed(padding=150_000)
    parts = pieces(village, session, 5, data)

    order = [1, 0, 0, 3, 2]
    wanted = [say(county, village, parts[number]) for number in order]

    assert len(parts) == 4
    assert wanted == [0, 2, 2, 2, 4]
    assert say(county, village, parts[3]) == 4
    (row,) = county.rows(SNAPSHOTS)
    assert (row["seq"], row["data"], row["hash"]) == (5, data, village.hashes[5])
    assert county.rows(SNAPSHOT_PIECES) == []
    assert county.welcome(village, "n3").snapshot_seq == 5


def test_a_newer_snapshot_replaces_an_older_one_and_never_the_other_way(
    county: County, village: Village
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    for seq in (5, 7, 3):
        (piece,) = pieces(village, session, seq, packed(padding=seq))
        assert say(county, village, piece) == 1
    assert [row["seq"] for row in county.rows(SNAPSHOTS)] == [7]


def test_another_snapshot_takes_the_place_of_one_that_is_half_there(
    county: County, village: Village
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    first = pieces(village, session, 5, packed(padding=150_000))
    second = pieces(village, session, 6, packed(padding=100_000))
    say(county, village, first[0])
    assert [say(county, village, piece) for piece in second] == [1, 2, 3]
    assert [row["seq"] for row in county.rows(SNAPSHOTS)] == [6]


def test_a_snapshot_that_was_changed_on_its_way_is_asked_for_anew(
    county: County, village: Village
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    parts = pieces(village, session, 5, packed(padding=60_000))
    bad = msgspec.structs.replace(parts[0], data=b"x" * PIECE_BYTES)
    assert [say(county, village, piece) for piece in (bad, *parts[1:])][-1] == 0
    assert county.rows(SNAPSHOTS) == []
    assert [say(county, village, piece) for piece in parts][-1] == len(parts)


@pytest.mark.parametrize(
    "change",
    [
        {"session": "1" * 32},
        {"count": MAX_PIECES + 1},
        {"count": 0},
        {"index": 1},
        {"index": -1},
        {"digest": "zz"},
        {"data": b""},
        {"data": b"x" * (PIECE_BYTES + 1)},
        {"gap_from": 2},
        {"gap_from": -1},
        {"gap_from": 8},
    ],
)
def test_a_piece_that_does_not_fit_is_ignored(
    county: County, village: Village, change: dict[str, object]
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    (good,) = pieces(village, session, 5, packed())
    assert say(county, village, msgspec.structs.replace(good, **change)) is None
    assert county.rows(SNAPSHOTS) == county.rows(GAPS) == []
    assert say(county, village, good) == 1


@pytest.mark.parametrize("change", [{"seq": 9}, {"hash": "ab" * 32}, {"epoch": 2}])
def test_a_snapshot_of_another_history_is_ignored(
    county: County, village: Village, change: dict[str, object]
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    (good,) = pieces(village, session, 5, packed())
    moved = msgspec.structs.replace(good, at=msgspec.structs.replace(good.at, **change))
    assert say(county, village, moved) is None
    assert county.rows(SNAPSHOTS) == []


@pytest.mark.parametrize(
    "data",
    [
        b"no snapshot",
        packed(cells=[picture(1, None), picture(1, WAYBILL)]),
        packed(cells=[picture(10**30, None)]),
        packed(cells=[picture(1, None, since_ms=-1)]),
        packed(parcels=[parcel(OTHER, 1), parcel(OTHER, 2)]),
        packed(parcels=[parcel("x" * 99, 1)]),
    ],
    ids=["none", "twice", "huge", "early", "parcel-twice", "long"],
)
def test_a_snapshot_that_no_table_could_hold_is_ignored_and_ends_nothing(
    county: County, village: Village, data: bytes
) -> None:
    village.tell("door.forced", cell=1)
    session = county.welcome(village).session
    (piece,) = pieces(village, session, village.seq, data, gap_from=1)
    assert say(county, village, piece) is None
    assert county.database.well
    assert county.send(village, village.batch(session, 0)).applied == village.position(8)


# -- gaps


def after_a_gap(county: County, village: Village) -> str:
    """The county has the first seven facts; the eighth to the thirteenth are nowhere."""
    county.deliver(village)
    village.pick_up(WAYBILL, 7)
    session = county.welcome(village, "n2").session
    pictures: dict[str, Any] = {"cells": [picture(3, OTHER)], "parcels": [parcel(OTHER, 3)]}
    (piece,) = pieces(village, session, village.seq, packed(**pictures), gap_from=8)
    assert say(county, village, piece) == 1
    return session


def test_over_a_gap_the_tables_are_as_the_station_pictures_them_and_a_person_is_told(
    county: County, village: Village
) -> None:
    after_a_gap(county, village)

    assert county.welcome(village, "n3").applied == village.position(13)
    assert [row["cell"] for row in county.rows(CELLS)] == [3]
    stages = {row["waybill_no"]: (row["stage"], row["cell"]) for row in county.rows(PARCELS)}
    assert stages == {OTHER: ("stored", 3), WAYBILL: ("lost_sight", None)}
    (gap,) = county.rows(GAPS)
    assert (gap["first"], gap["last"], gap["settled_ms"]) == (8, 13, NOON_MS)
    assert county.open_alarms() == {("pingshang", "gap")}
    assert len(county.rows(FACTS)) == 7


def test_after_a_gap_facts_go_on_and_late_copies_of_the_first_are_no_fork(
    county: County, village: Village
) -> None:
    session = after_a_gap(county, village)
    village.tell("door.forced", cell=3)
    village.tell("door.shut", cell=3, open_ms=None)

    for _copy in range(2):
        ack = county.send(village, village.batch(session, 13))
        assert (ack.note, ack.applied) == ("", village.position(15))
    assert county.welcome(village, "n3", head=13).verdict == "rollback"
    assert county.welcome(village, "n4").verdict == "ok"
    assert county.open_alarms() == {("pingshang", "gap")}


def test_the_last_piece_over_a_gap_may_come_twice(county: County, village: Village) -> None:
    session = after_a_gap(county, village)
    pictures: dict[str, Any] = {"cells": [picture(3, OTHER)], "parcels": [parcel(OTHER, 3)]}
    (again,) = pieces(village, session, village.seq, packed(**pictures), gap_from=8)
    assert say(county, village, again) == 1
    assert len(county.rows(GAPS)) == 1


def test_a_gap_is_closed_by_a_person_and_says_by_whom(county: County, village: Village) -> None:
    after_a_gap(county, village)
    with county.database.write() as connection:
        said = (connection, "pingshang", "gap", "王工", "数过了", NOON_MS)
        assert alarms.acknowledge(*said)
        assert not alarms.acknowledge(*said)
    assert county.open_alarms() == set()
    (note,) = county.rows(ALARM_NOTES)
    assert (note["who"], note["note"], note["kind"]) == ("王工", "数过了", "gap")


def test_a_snapshot_settles_what_a_forgotten_epoch_left_open(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
    copy = old_copy(tmp_path)
    with open_county(tmp_path) as county:
        village.pick_up(WAYBILL, 7)
        county.deliver(village, "n2")
        fresh = go_on(county, village, county.grant(village), 2, "n3")
    put_back(tmp_path, copy)
    with open_county(tmp_path) as county:
        fresh.check_in(OTHER, 3)
        county.deliver(fresh, "n4")
        session = county.welcome(fresh, "n5").session
        (piece,) = pieces(fresh, session, 1, packed(cells=[picture(7, None)]))
        assert say(county, fresh, piece) == 1

        held = {row["cell"]: row["waybill_no"] for row in county.rows(CELLS)}
        assert held == {3: OTHER, 7: None}
        stages = {row["waybill_no"]: row["stage"] for row in county.rows(PARCELS)}
        assert stages[OTHER] == "stored"
        assert [row["settled_ms"] for row in county.rows(GAPS)] == [NOON_MS]


def test_a_grant_brings_the_newest_snapshot_and_only_the_facts_after_it(
    county: County, village: Village
) -> None:
    county.deliver(village)
    session = county.welcome(village, "n2").session
    data = packed(padding=100_000)
    for piece in pieces(village, session, 5, data):
        say(county, village, piece)
    grant = county.grant(village)

    body = fetch(county, village, grant)

    assert (body.snapshot_seq, body.snapshot) == (5, data)
    assert body.tail == village.facts[5:]


def test_whatever_is_written_of_a_gap_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    for nth in range(1, 60):
        village = Village()
        village.check_in(WAYBILL, 7)
        with open_county(tmp_path / str(nth)) as county:
            county.deliver(village)
            village.pick_up(WAYBILL, 7)
            session = county.welcome(village, "n2").session
            data = packed(cells=[picture(3, OTHER)], parcels=[parcel(OTHER, 3)])
            (piece,) = pieces(village, session, village.seq, data, gap_from=7)
            before = everything(county)
            with fail_at(county.database, nth) as failed:
                try:
                    say(county, village, piece)
                except StoreError:
                    assert failed
            if not failed:
                assert nth > 10
                return
            assert everything(county) == before
    raise AssertionError("it never went through")
