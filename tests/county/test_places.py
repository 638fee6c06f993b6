"""Shelves, floor and locked cells in the county's tables, over a snapshot and a rebuilding too."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from cloud_sync.county.histories.pictures import put_up, rebuild
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.tables import CELLS, LOCKS, PARCELS, SLOTS
from cloud_sync.wire.snapshot import CellPicture, ParcelPicture, SnapshotBody
from edge.kernel.ids import StationId, WaybillNo
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = WaybillNo("YT7700123456")
STATION = StationId("pingshang")


def shelf_village() -> Village:
    village = Village()
    village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
    village.tell("parcel.shelved", waybill_no=WAYBILL, slot="B-3-407", keeper="li")
    return village


def parcel_of(county: County) -> dict[str, Any]:
    (row,) = county.rows(PARCELS)
    return row


def test_a_shelved_parcel_waits_in_no_cell(tmp_path: Path) -> None:
    with open_county(tmp_path) as county:
        county.deliver(shelf_village())
        row = parcel_of(county)
        assert (row["stage"], row["cell"], row["ended_ms"]) == ("stored", None, None)
        assert row["stored_ms"] is not None
        assert [(one["waybill_no"], one["slot"]) for one in county.rows(SLOTS)] == [
            (WAYBILL, "B-3-407")
        ]


def test_handed_out_and_back_again(tmp_path: Path) -> None:
    village = shelf_village()
    named: dict[str, Any] = {"waybill_no": WAYBILL, "slot": "B-3-407", "keeper": "li"}
    with open_county(tmp_path) as county:
        village.tell("parcel.handed_out", **named, proof="code")
        county.deliver(village)
        assert (parcel_of(county)["stage"], parcel_of(county)["ended_ms"] is None) == (
            "picked_up",
            False,
        )
        village.tell("parcel.handed_back", **(named | {"slot": "地1"}))
        county.deliver(village, "n2")
        assert (parcel_of(county)["stage"], parcel_of(county)["ended_ms"]) == ("stored", None)
        assert county.rows(SLOTS)[0]["slot"] == "地1"


def test_a_cell_that_a_parcel_left_still_belongs_to_its_trace_when_it_is_freed(
    tmp_path: Path,
) -> None:
    village = Village()
    village.check_in(WAYBILL, 7)
    village.tell("cell.questioned", cell=7, reason="moved_out")
    village.tell(
        "parcel.taken_out",
        waybill_no=WAYBILL,
        cell=7,
        slot=None,
        keeper="li",
        reason="moved_out",
    )
    village.tell("parcel.shelved", waybill_no=WAYBILL, slot="A-1-201", keeper="li")
    village.tell("cell.freed", cell=7)
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert county.trace(WAYBILL)[-1] == village.seq, "the last fact is the freed cell"
        (cell,) = county.rows(CELLS)
        assert (cell["occupancy"], cell["waybill_no"]) == ("free", None)


@pytest.mark.parametrize("unlocked", [False, True])
def test_a_lock_is_kept_apart_from_what_a_cell_holds(tmp_path: Path, *, unlocked: bool) -> None:
    village = Village()
    village.check_in(WAYBILL, 7)
    village.tell("cell.locked", cell=7, keeper="li", reason="锁不好")
    if unlocked:
        village.tell("cell.unlocked", cell=7, keeper="li")
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert county.rows(CELLS)[0]["occupancy"] == "held"
        assert [row["reason"] for row in county.rows(LOCKS)] == ["" if unlocked else "锁不好"]


def test_a_fact_about_a_parcel_whose_beginning_is_unknown_harms_nobody(tmp_path: Path) -> None:
    village = Village()
    named: dict[str, Any] = {"waybill_no": WAYBILL, "keeper": "li"}
    village.tell("parcel.shelved", **named, slot="A-1-201")
    village.tell("parcel.taken_out", **named, cell=9, slot=None, reason="moved_out")
    village.tell("parcel.handed_out", **named, slot="A-1-201", proof="keeper")
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert county.rows(PARCELS) == []
        assert county.open_alarms() == set()


def test_places_are_put_up_from_a_snapshot_and_rebuilt_from_facts(tmp_path: Path) -> None:
    cell = CellPicture(
        cell=7,
        occupancy="free",
        reason="",
        waybill_no=None,
        last_waybill_no=None,
        door="shut",
        purpose="",
        since_ms=NOON_MS,
        locked="锁不好",
    )
    parcel = ParcelPicture(
        waybill_no=WAYBILL,
        carrier="圆通",
        stage="stored",
        cell=None,
        received_ms=NOON_MS,
        stored_ms=NOON_MS,
        ended_ms=None,
        slot="A-1-201",
    )
    other = msgspec.structs.replace(parcel, waybill_no="SF1234567890123", slot="地1")
    body = SnapshotBody(state=msgspec.Raw(b"{}"), cells=[cell], parcels=[parcel, other])
    village = shelf_village()
    with open_county(tmp_path) as county:
        county.deliver(village)
        with county.database.write() as connection:
            put_up(connection, STATION, body, 2, NOON_MS)
        assert [row["slot"] for row in county.rows(SLOTS)] == ["地1", "A-1-201"]
        assert [row["reason"] for row in county.rows(LOCKS)] == ["锁不好"]
        place = Place(epoch=1, seq=village.seq, hash=village.hashes[village.seq])
        with county.database.write() as connection:
            rebuild(connection, STATION, place, NOON_MS)
        assert [row["slot"] for row in county.rows(SLOTS)] == ["B-3-407"]
        assert county.rows(LOCKS) == []


def test_a_picture_without_a_place_is_what_an_older_county_reads() -> None:
    plain = ParcelPicture(
        waybill_no=WAYBILL,
        carrier="圆通",
        stage="stored",
        cell=7,
        received_ms=1,
        stored_ms=1,
        ended_ms=None,
    )
    assert "slot" not in msgspec.to_builtins(plain)
