"""A start reads the newest snapshot that it can believe, and the facts after it."""

import asyncio
import sqlite3
from pathlib import Path

import msgspec
import pytest

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.snapshot import unpack_snapshot
from edge.daemon.county.grants import epoch_to_tell
from edge.daemon.county.handover import newest_to_send, oldest_to_send, read_handover
from edge.daemon.county.snapshots import FIRST, SnapshotKeeper
from edge.daemon.recovery import recover_state
from edge.domain.inputs import EndedInOrder
from edge.domain.state import State
from edge.domain.state_codec import STATE_SCHEMA, encode_state
from edge.kernel.errors import StoreError
from edge.kernel.ids import WaybillNo
from edge.kernel.time import Instant
from edge.store.connection import DATABASE
from edge.store.database import Store
from edge.store.snapshots import SPACING
from edge.store.verify import verify
from tests.daemon.parts import POLICY, Rig, station_in
from tests.store.journals import new_journal

pytestmark = pytest.mark.anyio
DAY_MS = 86_400_000
LATE = Instant(boot=9, mono_ms=0, wall_lo_ms=1_900_000_000_000, wall_hi_ms=None)


def keeper_of(rig: Rig) -> SnapshotKeeper:
    return SnapshotKeeper(rig.station, rig.store, rig.thread, 30 * DAY_MS)


async def lived(folder: Path, snapshots: int = 2) -> State:
    """Two parcels, a snapshot after each as often as wanted; the state at the end."""
    async with station_in(folder) as rig:
        await rig.begin_check_in()
        keeper = keeper_of(rig)
        for number in range(2):
            await rig.check_in(WaybillNo(f"YT770012345678{number}"))
            if number < snapshots:
                await keeper.take()
        await rig.station.tell(lambda at, _fresh: EndedInOrder(at=at))
        return rig.station.state


def recovered(folder: Path) -> State:
    store = Store.open(folder)
    try:
        return recover_state(store, POLICY)
    finally:
        store.close()


def change(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def prune(folder: Path) -> int:
    store = Store.open(folder)
    head = store.head()[0]
    store.set_cursor(Cursor(county_gen="g", applied_seq=head, durable_seq=head))
    while store.prune(LATE, 900 * DAY_MS, 30 * DAY_MS):
        pass
    base = store.base()[0]
    store.close()
    return base


@pytest.mark.parametrize("snapshots", [0, 1, 2])
async def test_snapshot_and_tail_make_the_same_state_as_the_whole_journal(
    tmp_path: Path, snapshots: int
) -> None:
    state = await lived(new_journal(tmp_path), snapshots)
    assert recovered(tmp_path) == state


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE snapshots SET data = x'00'",
        "UPDATE snapshots SET hash = zeroblob(32)",
        "UPDATE snapshots SET digest = 'x'",
        "DELETE FROM snapshots",
    ],
)
async def test_without_any_good_snapshot_the_whole_journal_is_read(
    tmp_path: Path, damage: str
) -> None:
    state = await lived(new_journal(tmp_path))
    change(tmp_path, damage)
    assert recovered(tmp_path) == state


async def test_a_damaged_snapshot_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    state = await lived(new_journal(tmp_path))
    assert prune(tmp_path) > 0
    change(
        tmp_path,
        "UPDATE snapshots SET data = x'00' WHERE seq = (SELECT max(seq) FROM snapshots)",
    )
    assert recovered(tmp_path) == state


async def test_a_pruned_journal_without_a_snapshot_says_what_to_do(tmp_path: Path) -> None:
    await lived(new_journal(tmp_path))
    prune(tmp_path)
    change(tmp_path, "UPDATE snapshots SET data = x'00'")
    with pytest.raises(StoreError, match="have the county grant a new epoch"):
        recovered(tmp_path)


async def test_a_pruned_journal_starts_and_goes_on(tmp_path: Path) -> None:
    state = await lived(new_journal(tmp_path))
    base = prune(tmp_path)
    assert base > 0
    assert recovered(tmp_path) == state
    async with station_in(tmp_path) as rig:
        await rig.begin_check_in()
        await rig.check_in(WaybillNo("YT7700123456799"))
    report = verify(tmp_path)
    assert (report.problems, report.pruned) == ((), base)


async def test_a_snapshot_is_taken_early_once_and_then_every_so_many_facts(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        task = asyncio.create_task(keeper_of(rig).run())
        await rig.shut_all()
        places = []
        while rig.station.place[0] < FIRST + SPACING + 20:
            for is_open in (True, False):
                await rig.move(1, is_open=is_open)
            await asyncio.sleep(0)
            newest = (await rig.thread.run(rig.store.snapshots.newest_place))[0]
            if newest and newest not in places:
                places.append(newest)
        task.cancel()
        assert len(places) == 2
        assert FIRST <= places[0] < FIRST + 10
        assert SPACING <= places[1] - places[0] < SPACING + 10


async def test_the_last_snapshot_of_a_stop_is_taken_only_if_there_is_news(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.shut_all()
        keeper = keeper_of(rig)
        await keeper.take_last()
        place = rig.station.place
        await keeper.take_last()
        assert rig.station.place == place


async def test_what_is_left_with_the_county_is_enough_for_another_card(tmp_path: Path) -> None:
    state = await lived(new_journal(tmp_path))
    store = Store.open(tmp_path)
    store.keep_courier("陈师傅", "a hash")
    oldest, newest = oldest_to_send(store), newest_to_send(store, 0)
    assert oldest is not None
    assert newest is not None
    assert oldest.at.seq < newest.at.seq
    assert newest_to_send(store, newest.at.seq) is None
    assert newest_to_send(store, newest.at.seq + 9) == newest  # of an epoch before this one
    assert newest_to_send(store, oldest.at.seq) is None  # fresh enough
    handover = read_handover(newest.data)
    assert bytes.fromhex(handover.key) == store.key.secret
    assert handover.at == newest.at
    assert handover.couriers == {"陈师傅": "a hash"}
    body = unpack_snapshot(newest.data)
    assert {parcel.waybill_no for parcel in body.parcels} == set(state.parcels)
    assert msgspec.json.decode(encode_state(state))["schema"] == STATE_SCHEMA
    assert epoch_to_tell(store) is None
    store.close()
