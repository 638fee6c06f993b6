"""GRANTs that cannot be taken are set aside, and the station goes on as it is."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace as changed

from cloud_sync.wire.grant import pack_grant
from cloud_sync.wire.messages import GrantBody, GrantGap, Position
from edge.daemon.county.grants import GrantError, receive_grant, take_grant
from edge.daemon.county.handover import newest_to_send
from edge.daemon.county.snapshots import SnapshotKeeper
from edge.kernel.ids import KeeperId, Seq
from edge.store.connection import FolderLock
from edge.store.database import Store
from edge.store.new_epoch import GRANT, KNOWN, REFUSED
from tests.daemon.parts import POLICY, station_in
from tests.store.journals import COUNTY, STATION, new_journal

pytestmark = pytest.mark.anyio
DAY_MS: Final = 86_400_000


@pytest.fixture
async def card(tmp_path: Path) -> tuple[Path, GrantBody]:
    """A card with one parcel in its journal, and the GRANT that its county would make of it."""
    folder = new_journal(tmp_path / "card")
    async with station_in(folder) as rig:
        await rig.begin_check_in()
        await SnapshotKeeper(rig.station, rig.store, rig.thread, 30 * DAY_MS).take()
        await rig.check_in()
        snapshot = newest_to_send(rig.store, 0)
        assert snapshot is not None
        seq, digest = rig.store.head()
        body = GrantBody(
            grant="g-2",
            station=STATION,
            epoch=2,
            parent=Position(epoch=1, seq=seq, hash=digest.hex()),
            snapshot_seq=snapshot.at.seq,
            snapshot=snapshot.data,
            tail=rig.store.facts_between(Seq(snapshot.at.seq), 1_000, 10**6),
            fence=3,
            state_seq=0,
            reason="换卡",
            made_ms=1_795_000_000_000,
        )
    return folder, body


def take(folder: Path, body: GrantBody) -> Store:
    """A start with this GRANT waiting."""
    (folder / GRANT).write_bytes(pack_grant(body))
    lock = FolderLock.take(folder)
    take_grant(folder, POLICY, STATION, COUNTY)
    return Store.open(folder, lock)


async def test_a_good_grant_begins_its_epoch(card: tuple[Path, GrantBody]) -> None:
    folder, body = card
    store = take(folder, body)
    assert (store.epoch, store.hash_at(Seq(0))) == (2, bytes.fromhex(body.parent.hash))
    store.close()


async def test_without_a_snapshot_the_whole_first_epoch_does(card: tuple[Path, GrantBody]) -> None:
    folder, body = card
    store = Store.open(folder)
    facts = store.facts_between(Seq(0), 1_000, 10**6)
    store.close()
    store = take(folder, changed(body, snapshot=b"", snapshot_seq=0, tail=facts))
    assert store.epoch == 2
    store.close()


def gap_before(body: GrantBody, nth: int) -> GrantGap:
    """One fact before the nth of the tail is said to be lost."""
    seq = body.snapshot_seq + nth
    return GrantGap(epoch=1, first=seq, last=seq, hash="ab" * 32)


def gap_after(body: GrantBody, digest: str) -> GrantGap:
    seq = body.parent.seq + 1
    return GrantGap(epoch=1, first=seq, last=seq, hash=digest)


def last_of(body: GrantBody, first: int) -> GrantGap:
    """From there up to the parent, whose hash is right."""
    return GrantGap(epoch=1, first=first, last=body.parent.seq, hash=body.parent.hash)


@pytest.mark.parametrize(
    "lacking", [[(2, 3)], [(1, 1)], [(-2, -1)], [(1, 2), (3, 4)], [(2, 2), (-1, -1)]]
)
async def test_facts_that_exist_nowhere_any_more_are_passed_over_where_the_county_says_so(
    card: tuple[Path, GrantBody], lacking: list[tuple[int, int]]
) -> None:
    """By their places in the journal, those below zero counted from its end."""
    folder, body = card
    store = Store.open(folder)
    facts = store.facts_between(Seq(0), 1_000, 10**6)
    whole = range(1, len(facts) + 1)
    lost = [(whole[first - (first > 0)], whole[last - (last > 0)]) for first, last in lacking]
    gaps = [
        GrantGap(epoch=1, first=first, last=last, hash=(store.hash_at(Seq(last)) or b"").hex())
        for first, last in lost
    ]
    store.close()
    kept = [n for n in whole if not any(first <= n <= last for first, last in lost)]
    tail = [facts[n - 1] for n in kept]
    silent = changed(body, snapshot=b"", snapshot_seq=0, tail=tail)
    store = take(folder, silent)
    assert store.epoch == 1, "what is not said to be lost is not passed over"
    store.close()
    store = take(folder, changed(silent, gaps=gaps))
    assert store.epoch == 2
    store.close()


BAD: Final[dict[str, Callable[[GrantBody], Any]]] = {
    "another station": lambda body: changed(body, station="elsewhere"),
    "an epoch that is over": lambda body: changed(body, epoch=0),
    "a fact is missing": lambda body: changed(body, tail=body.tail[1:]),
    "a fact was changed": lambda body: changed(
        body, tail=[body.tail[0].replace(b"station", b"statiom"), *body.tail[1:]]
    ),
    "no fact": lambda body: changed(body, tail=[b"dust", *body.tail[1:]]),
    "no snapshot": lambda body: changed(body, snapshot=b"dust"),
    "a gap that facts fill": lambda body: changed(body, gaps=[gap_before(body, 1)]),
    "a gap before the snapshot": lambda body: changed(body, gaps=[gap_before(body, 0)]),
    "a gap beyond the parent": lambda body: changed(body, gaps=[gap_after(body, "ab" * 32)]),
    "a gap that hides more than it says": lambda body: changed(
        body, tail=body.tail[:-2], gaps=[last_of(body, body.parent.seq)]
    ),
    "a gap that ends before it begins": lambda body: changed(
        body, gaps=[last_of(body, body.parent.seq + 1)]
    ),
    "a gap without a hash": lambda body: changed(body, gaps=[gap_after(body, "dust")]),
    "another parent": lambda body: changed(
        body, parent=Position(epoch=1, seq=body.parent.seq, hash="ab" * 32)
    ),
}


@pytest.mark.parametrize("why", list(BAD))
async def test_a_grant_that_does_not_fit_is_set_aside(
    card: tuple[Path, GrantBody], why: str
) -> None:
    folder, body = card
    store = take(folder, BAD[why](body))
    assert store.epoch == 1
    assert store.head()[0] == body.parent.seq
    store.close()
    assert (folder / REFUSED).exists()
    assert not (folder / GRANT).exists()


@pytest.mark.parametrize("why", list(BAD))
async def test_a_grant_that_does_not_fit_is_not_even_kept(
    card: tuple[Path, GrantBody], why: str
) -> None:
    folder, body = card
    store = Store.open(folder)
    with pytest.raises(GrantError):
        receive_grant(folder, POLICY, store, pack_grant(BAD[why](body)))
    assert not (folder / GRANT).exists()
    receive_grant(folder, POLICY, store, pack_grant(body))
    assert (folder / GRANT).exists()
    store.close()


async def test_dust_is_no_grant(card: tuple[Path, GrantBody]) -> None:
    folder, _body = card
    (folder / GRANT).write_bytes(b"dust")
    lock = FolderLock.take(folder)
    take_grant(folder, POLICY, STATION, COUNTY)
    lock.release()
    assert (folder / REFUSED).read_bytes() == b"dust"


async def test_after_a_power_cut_the_new_epoch_counts_boots_on_and_knows_its_keepers(
    card: tuple[Path, GrantBody], tmp_path: Path
) -> None:
    folder, body = card
    for _start in range(6):
        Store.open(folder).close()
    store = Store.open(folder)
    store.add_first_keeper(KeeperId("李店主"), "a hash")
    store.keep_courier("陈师傅", "another hash")
    receive_grant(folder, POLICY, store, pack_grant(body))
    after_the_cut = tmp_path / "after"
    shutil.copytree(folder, after_the_cut)  # what is on disk now, most of it in the log alone
    ran = store.boot
    store.close()

    lock = FolderLock.take(after_the_cut)
    take_grant(after_the_cut, POLICY, STATION, COUNTY)
    store = Store.open(after_the_cut, lock)
    assert (store.epoch, store.boot) == (2, ran + 1)
    assert store.keepers() == {"李店主": "a hash"}
    assert store.couriers() == {"陈师傅": "another hash"}
    store.close()
    assert not (after_the_cut / KNOWN).exists()


async def test_starts_are_counted_on_from_what_the_county_has_heard_though_their_facts_are_lost(
    card: tuple[Path, GrantBody], tmp_path: Path
) -> None:
    """Else two starts would have one number, and the county would date the facts of both alike."""
    _folder, body = card
    blank = new_journal(tmp_path / "blank")
    store = take(blank, changed(body, boot=41))
    assert (store.epoch, store.boot) == (2, 42)
    store.close()


async def test_keepers_of_a_card_with_another_key_are_those_of_the_county(
    card: tuple[Path, GrantBody], tmp_path: Path
) -> None:
    _folder, body = card
    fresh = new_journal(tmp_path / "fresh")
    store = Store.open(fresh)
    store.add_first_keeper(KeeperId("新人"), "made with a key that goes")
    receive_grant(fresh, POLICY, store, pack_grant(body))
    store.close()
    lock = FolderLock.take(fresh)
    take_grant(fresh, POLICY, STATION, COUNTY)
    store = Store.open(fresh, lock)
    assert store.keepers() == {}
    store.close()
