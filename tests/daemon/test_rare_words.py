"""What the county says and nobody could have meant, and snapshots that nobody can read."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace as changed

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import decode, encode
from cloud_sync.wire.grant import pack_grant
from cloud_sync.wire.messages import (
    GrantBody,
    LiveCommand,
    MessageError,
    Position,
    StateItem,
    StateItems,
)
from cloud_sync.wire.snapshot import pack_snapshot, unpack_snapshot
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.grants import GrantError, receive_grant
from edge.daemon.county.handover import newest_to_send, oldest_to_send, read_handover
from edge.daemon.county.remote_desk import RemoteDesk
from edge.daemon.county.snapshots import SnapshotKeeper
from edge.daemon.devices.pumps import pump_doors, pump_scanner
from edge.daemon.devices.scans import ScanReader
from edge.domain.inputs import KeeperEntered
from edge.domain.state import State
from edge.kernel.ids import CellId, KeeperId, Seq, WaybillNo
from edge.store.connection import DATABASE
from edge.store.database import Store
from edge.store.key import StationKey
from edge.store.new_epoch import GRANT
from hardware.ports import DoorReading
from tests.daemon.devices import HandScanner, StubbornBank
from tests.daemon.parts import POLICY, Rig, station_in
from tests.store.journals import STATION, new_journal

pytestmark = pytest.mark.anyio
DAY_MS: Final = 86_400_000


def damage(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute(statement)
    connection.commit()
    connection.close()


async def lived(folder: Path, snapshots: int) -> None:
    """A parcel for each snapshot."""
    async with station_in(folder) as rig:
        await rig.begin_check_in()
        for number in range(snapshots):
            await rig.check_in(WaybillNo(f"YT770012345678{number}"))
            await SnapshotKeeper(rig.station, rig.store, rig.thread, 30 * DAY_MS).take()


# -- snapshots


async def test_of_damaged_snapshots_none_is_sent_and_the_older_good_one_is(
    tmp_path: Path,
) -> None:
    folder = new_journal(tmp_path)
    await lived(folder, 2)
    store = Store.open(folder)
    first, last = (told.seq for told in store.snapshots.proven())
    oldest, newest = oldest_to_send(store), newest_to_send(store, 0)
    assert oldest is not None
    assert newest is not None
    assert (oldest.at.seq, newest.at.seq) == (first, last)
    store.close()
    damage(folder, "UPDATE snapshots SET data = x'00' WHERE seq < 20")
    assert first < 20 < last
    store = Store.open(folder)
    oldest = oldest_to_send(store)
    assert oldest is not None
    assert oldest.at.seq == last
    store.close()
    damage(folder, "UPDATE snapshots SET data = x'00'")
    store = Store.open(folder)
    assert oldest_to_send(store) is None
    assert newest_to_send(store, 0) is None
    store.close()


async def test_old_portions_of_the_journal_are_pruned_until_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.store.pruning.PORTION", 5)
    monkeypatch.setattr("edge.daemon.county.snapshots.REST_S", 0)
    async with station_in(new_journal(tmp_path)) as rig:
        keeper = SnapshotKeeper(rig.station, rig.store, rig.thread, DAY_MS)
        await rig.begin_check_in()
        await rig.check_in()
        await keeper.take()
        await keeper.prune()
        assert (await rig.thread.run(rig.store.base))[0] == 0
        rig.clock.mono_ms += 40 * DAY_MS
        await rig.check_in(WaybillNo("YT7700123456780"))
        await keeper.take()
        rig.clock.mono_ms += 40 * DAY_MS
        await rig.check_in(WaybillNo("YT7700123456781"))
        await keeper.take()
        head = rig.station.place[0]
        told = Cursor(county_gen="g", applied_seq=head, durable_seq=head)
        await rig.thread.run(rig.store.set_cursor, told)
        await keeper.prune()
        assert (await rig.thread.run(rig.store.base))[0] > 5


# -- GRANTs


@pytest.fixture
async def card(tmp_path: Path) -> tuple[Path, GrantBody]:
    """A card, and a GRANT of a snapshot and a fact after it."""
    folder = new_journal(tmp_path / "card")
    async with station_in(folder) as rig:
        await rig.begin_check_in()
        await SnapshotKeeper(rig.station, rig.store, rig.thread, DAY_MS).take()
        snapshot = newest_to_send(rig.store, 0)
        assert snapshot is not None
        seq, digest = rig.store.head()
        tail = rig.store.facts_between(Seq(snapshot.at.seq), 1_000, 10**6)
    body = GrantBody(
        grant="g-2",
        station=STATION,
        epoch=2,
        parent=Position(epoch=1, seq=seq, hash=digest.hex()),
        snapshot_seq=snapshot.at.seq,
        snapshot=snapshot.data,
        tail=tail,
        fence=3,
        state_seq=0,
        reason="换卡",
        made_ms=1_795_000_000_000,
    )
    return folder, body


def handing_over(body: GrantBody, **other: Any) -> GrantBody:
    """The same with something else in its snapshot."""
    handover = changed(read_handover(body.snapshot), **other)
    state = msgspec.Raw(msgspec.json.encode(handover))
    return changed(
        body, snapshot=pack_snapshot(changed(unpack_snapshot(body.snapshot), state=state))
    )


def of_an_unknown_kind(body: GrantBody) -> GrantBody:
    fact = changed(decode(body.tail[0]), kind="of.nobody", body={})
    return changed(body, tail=[encode(fact)])


UNFIT: Final[dict[str, Callable[[GrantBody], GrantBody]]] = {
    "snapshot has no key": lambda body: handing_over(body, key="no digits"),
    "has no key": lambda body: handing_over(body, key="ab"),
    "snapshot cannot be read": lambda body: handing_over(body, state=msgspec.Raw(b"{}")),
    "not a station's snapshot": lambda body: changed(
        body,
        snapshot=pack_snapshot(changed(unpack_snapshot(body.snapshot), state=msgspec.Raw(b"[]"))),
    ),
    "fact .* cannot be read": of_an_unknown_kind,
}


@pytest.mark.parametrize("why", list(UNFIT))
async def test_a_grant_of_what_no_station_handed_over_is_not_kept(
    card: tuple[Path, GrantBody], why: str
) -> None:
    folder, body = card
    store = Store.open(folder)
    with pytest.raises(GrantError, match=why):
        receive_grant(folder, POLICY, store, pack_grant(UNFIT[why](body)))
    receive_grant(folder, POLICY, store, pack_grant(body))
    assert (folder / GRANT).exists()
    store.close()


def test_what_is_no_snapshot_of_a_station_is_none() -> None:
    with pytest.raises(MessageError, match="not a snapshot"):
        read_handover(b"dust")


# -- live commands


def command(rig: Rig, name: str, **other: Any) -> LiveCommand:
    good = LiveCommand(
        command=name,
        station=STATION,
        epoch=rig.store.epoch,
        seq=rig.station.state.remote.fence + 1,
        nonce="n",
        action="open",
        cell=1,
        parcel_tail="",
        not_after_ms=rig.clock.now().wall_lo_ms + 60_000,
        operator="王某",
        reason="村民手机丢了",
        approvals=["王某"],
    )
    return changed(good, **other)


async def test_a_command_under_way_is_told_of_at_its_end_and_at_no_other_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.domain.folds.remote.MOST_SEEN", 2)
    told: list[tuple[str, str]] = []
    async with station_in(new_journal(tmp_path)) as rig:
        rig.clock.trusted = True
        await rig.shut_all()
        desk = RemoteDesk(rig.station, station_id=STATION, epoch=lambda: rig.store.epoch)
        desk.tell_with(lambda name, result: told.append((name, result)))
        assert await desk.take(command(rig, "m-1"), lambda: True) == ""
        await rig.station.tell(lambda at, _fresh: KeeperEntered(at=at, keeper=KeeperId("李店主")))
        assert told == []
        await rig.move(1, is_open=True)
        assert told == [("m-1", "opened")]
        await rig.move(1, is_open=False)
        assert await desk.take(command(rig, "m-2", cell=2), lambda: True) == ""
        for name in ("m-3", "m-4"):  # two newer ones: the ledger has forgotten the one under way
            assert (await desk.take(command(rig, name), lambda: False)).startswith("refused:")
        await rig.move(2, is_open=True)
        assert told == [("m-1", "opened")]


async def test_a_command_that_no_fact_can_hold_is_answered_by_silence(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        rig.clock.trusted = True
        await rig.shut_all()
        head = rig.station.place
        desk = RemoteDesk(rig.station, station_id=STATION, epoch=lambda: rig.store.epoch)
        assert await desk.take(command(rig, "m-1", operator="王" * 100_000), lambda: True) == ""
        assert rig.station.place == head


# -- the county's word


async def test_of_the_countys_word_only_its_keys_are_handed_on(tmp_path: Path) -> None:
    cards: list[str] = []
    async with station_in(new_journal(tmp_path)) as rig:
        board = CountyBoard(rig.station, rig.store, rig.thread, on_keys=cards.append)
        await board.load()
        notice = StateItem(
            seq=1, kind="notice", key="n", body={"title": "停电", "text": "", "until_ms": 0}
        )
        keys = StateItem(seq=2, kind="county_keys", key="card", body={"card": "a card"})
        await board.keep(StateItems(session="s", previous_seq=0, items=[notice], sweep=0))
        assert cards == []
        await board.keep(StateItems(session="s", previous_seq=1, items=[keys], sweep=0))
        assert cards == ["a card"]


# -- devices


def test_what_a_device_says_after_the_end_reaches_nobody(tmp_path: Path) -> None:
    bank, scanner = StubbornBank(), HandScanner()

    async def live() -> int:
        async with station_in(new_journal(tmp_path)) as rig:
            pump_doors(rig.station, bank, {11: CellId(1)})
            pump_scanner(rig.station, scanner, ScanReader(rig.store.key, lambda: rig.station.state))
            return rig.station.place[0]

    asyncio.run(live())
    bank.move(11, DoorReading.OPEN)
    scanner.scan("YT7700123456780")


def test_letters_that_become_ours_as_capitals_are_no_code_of_ours(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    reader = ScanReader(StationKey.read(tmp_path), State)
    assert reader.read("sf7700123456780") is not None
    assert "ſf7700123456780".upper() == "SF7700123456780"
    assert reader.read("ſf7700123456780") is None
