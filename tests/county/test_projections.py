"""The county's tables say what the station's own state says, folded from the same facts."""

import random
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.tables import CELLS, PARCELS
from edge.domain.cabinet import Occupancy
from edge.domain.door import Door, DoorState
from edge.domain.state import State
from edge.kernel.ids import Seq, WaybillNo
from tests.county.village import County, Village, open_county
from tests.daemon.parts import Rig, station_in
from tests.daemon.test_walks import Day
from tests.store.journals import new_journal

WAYBILL = "YT7700123456"


def door_word(door: DoorState) -> str:
    """What a page calls a door: one that was told left open has a word of its own."""
    return "left_open" if door.left_open_told and door.door is Door.OPEN else door.door


def cells_of(state: State) -> dict[int, tuple[Any, ...]]:
    return {
        cell: (c.occupancy, c.reason, c.waybill_no, door_word(state.doors[cell]))
        for cell, c in state.cells.items()
    }


def parcels_of(state: State) -> dict[str, tuple[Any, ...]]:
    def wall(at: Any) -> int | None:
        return None if at is None else int(at.wall_lo_ms)

    return {
        waybill_no: (
            p.stage,
            p.carrier,
            p.cell,
            wall(p.received_at),
            wall(p.stored_at),
            wall(p.ended_at),
        )
        for waybill_no, p in state.parcels.items()
    }


def told_cells(county: County) -> dict[int, tuple[Any, ...]]:
    return {
        row["cell"]: (row["occupancy"], row["reason"], row["waybill_no"], row["door"])
        for row in county.rows(CELLS)
    }


def told_parcels(county: County) -> dict[str, tuple[Any, ...]]:
    return {
        row["waybill_no"]: (
            row["stage"],
            row["carrier"],
            row["cell"],
            row["received_ms"],
            row["stored_ms"],
            row["ended_ms"],
        )
        for row in county.rows(PARCELS)
    }


async def bring(rig: Rig, village: Village, county: County, nonce: str) -> None:
    """Everything that is new in the station's journal reaches the county."""
    while facts := await rig.thread.run(rig.store.facts_between, Seq(village.seq), 100, 1_000_000):
        for fact in facts:
            village.tell_bytes(fact)
    county.deliver(village, nonce)


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(8))
async def test_after_random_days_and_restarts_the_county_knows_what_the_station_knows(
    tmp_path: Path, seed: int
) -> None:
    new_journal(tmp_path / "station")
    village = Village()
    with open_county(tmp_path / "county") as county:
        for part in range(2):
            async with station_in(tmp_path / "station") as rig:
                await bring(rig, village, county, f"start{part}")
                assert told_cells(county).items() <= cells_of(rig.station.state).items()
                await rig.begin_check_in()
                await Day(rig, random.Random(1_000 + seed * 2 + part)).live()
                await bring(rig, village, county, f"end{part}")
                state = rig.station.state
                assert told_cells(county) == cells_of(state)
                assert told_parcels(county) == parcels_of(state)
                lasts = {row["cell"]: row["last_waybill_no"] for row in county.rows(CELLS)}
                for cell, content in state.cells.items():
                    if content.occupancy is Occupancy.FREE:
                        assert content.emptied_of in {None, lasts[cell]}


@pytest.fixture
def village() -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.check_in(WAYBILL, 7)
    return village


def test_a_restart_of_the_station_makes_every_door_unknown_and_moves_no_alarms_moment(
    tmp_path: Path, village: Village
) -> None:
    village.tell("door.forced", cell=8)
    village.tell("cell.questioned", cell=8, reason="forced")
    with open_county(tmp_path) as county:
        county.deliver(village)
        before = {row["cell"]: row["since_ms"] for row in county.rows(CELLS)}
        village.tell("station.started", version="0.1.0")
        county.deliver(village, "n2")

        assert [row["door"] for row in county.rows(CELLS)] == ["unknown", "unknown"]
        assert {row["cell"]: row["since_ms"] for row in county.rows(CELLS)} == before


@pytest.mark.parametrize(
    ("kind", "body", "stage"),
    [
        (
            "parcel.picked_up",
            {"cell": 7, "auth": "a1", "proof": "code", "actor": ""},
            "picked_up",
        ),
        ("parcel.missing", {"cell": 7, "keeper": "li"}, "missing"),
        ("parcel.check_in_undone", {"keeper": "li"}, "undone"),
    ],
)
def test_no_cell_counts_a_parcel_that_has_left_and_the_freed_cell_stays_in_its_trace(
    tmp_path: Path, village: Village, kind: str, body: dict[str, Any], stage: str
) -> None:
    village.tell(kind, waybill_no=WAYBILL, **body)
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert [row["waybill_no"] for row in county.rows(CELLS)] == [None]
        assert [row["stage"] for row in county.rows(PARCELS)] == [stage]

        village.tell("cell.freed", cell=7)
        village.tell("cell.freed", cell=7)
        county.deliver(village, "n2")
        traced = county.trace(WaybillNo(WAYBILL))
    assert traced == list(range(2, village.seq))


def test_a_doubted_parcel_is_the_keepers_and_a_later_break_in_is_not_part_of_an_old_trace(
    tmp_path: Path, village: Village
) -> None:
    village.tell("cell.questioned", cell=7, reason="pickup_interrupted")
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert county.rows(PARCELS)[0]["stage"] == "stored"  # the pickup may simply be repeated

        village.tell("cell.questioned", cell=7, reason="forced")
        county.deliver(village, "n2")
        assert county.rows(PARCELS)[0]["stage"] == "keeper_assist"

        village.pick_up(WAYBILL, 7)
        village.door(7, "put_back")
        whole = village.seq
        village.tell("door.forced", cell=7)
        village.tell("door.left_open", cell=7, open_ms=60_000)
        county.deliver(village, "n3")
        assert county.trace(WaybillNo(WAYBILL)) == list(range(2, whole + 1))
        assert county.rows(CELLS)[0]["door"] == "forced"
