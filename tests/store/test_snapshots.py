"""Snapshots, and pruning by them: nothing goes that the county, a proof or a later start needs."""

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Final

import apsw
import pytest

from cloud_sync.station.ports import Cursor
from edge.domain.journal_facts import SnapshotNoted
from edge.kernel.errors import StoreError
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import Seq
from edge.kernel.time import Instant
from edge.store.connection import DATABASE, FolderLock
from edge.store.database import Store
from edge.store.key import StationKey
from edge.store.snapshots import SnapshotDamagedError, make_snapshot
from edge.store.verify import export, verify
from tests.store.card import Card
from tests.store.journals import check_in, entries, fill, moment, new_journal
from tests.store.test_power_cut import OnCardDatabase, opened

DAY_MS: Final = 86_400_000
KEEP_MS: Final = 30 * DAY_MS
LATER: Final = Instant(
    boot=9, mono_ms=0, wall_lo_ms=1_795_000_000_000 + 100 * DAY_MS, wall_hi_ms=None
)
RAN_MS: Final = 100 * DAY_MS
IMAGES: Final = 120


def snap(store: Store, *, ran_ms: int = 0, number: int = 50, tell: bool = True) -> Seq:
    """Keep a snapshot of the present place, and tell of it."""
    seq, digest = store.head()
    snapshot = make_snapshot(
        b"what is known after %d" % seq, seq=seq, digest=digest, ran_ms=ran_ms, wall_ms=seq
    )
    store.snapshots.add(snapshot)
    if tell:
        told = SnapshotNoted(seq=seq, digest=snapshot.digest, ran_ms=ran_ms)
        store.commit(entries(told), [], moment(number))
    return seq


def with_snapshots(folder: Path, *, county: int = 10_000) -> Store:
    """Facts 1 to 50 with snapshots after 16, 33 and 50; the county has the first `county`."""
    store = Store.open(new_journal(folder))
    for half in range(3):
        for number in (2 * half + 1, 2 * half + 2):
            store.commit(entries(*check_in(number)), [], moment(number))
        snap(store, ran_ms=half, number=2 * half + 2)
    known = min(county, store.head()[0])
    store.set_cursor(Cursor(county_gen="g", applied_seq=known, durable_seq=known))
    return store


def prune(store: Store, now: Instant = LATER, ran_ms: int = RAN_MS) -> None:
    while store.prune(now, ran_ms, KEEP_MS):
        pass


# -- snapshots


def test_a_snapshot_counts_once_the_chain_has_told_its_digest(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    untold = snap(store, tell=False)
    assert [told.seq for told in store.snapshots.proven()] == [16, 33, 50]
    assert store.snapshots.newest_place() == (untold, 0)
    store.close()


def test_a_snapshot_comes_back_as_it_was_and_a_damaged_one_is_an_error(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    store.close()
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("UPDATE snapshots SET data = x'00' WHERE seq = 33")
    connection.commit()
    connection.close()
    store = Store.open(tmp_path)
    whole, broken = store.snapshots.read(Seq(16)), store.snapshots.read(Seq(33))
    assert whole is not None
    assert broken is not None
    assert whole.state() == b"what is known after 16"
    with pytest.raises(SnapshotDamagedError, match="at fact 33 is damaged"):
        broken.state()
    assert store.snapshots.read(Seq(17)) is None
    store.close()
    assert verify(tmp_path).problems == ("the snapshot at fact 33 is not what fact 34 tells",)


def test_a_snapshot_of_another_journal_is_a_problem(tmp_path: Path) -> None:
    with_snapshots(tmp_path).close()
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("UPDATE snapshots SET hash = zeroblob(32) WHERE seq = 16")
    connection.commit()
    connection.close()
    assert verify(tmp_path).problems == ("the snapshot at fact 16 belongs to another journal",)


def test_of_many_snapshots_only_the_spaced_and_the_newest_stay(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    for number in range(1, 9):
        store.commit(entries(*check_in(number)), [], moment(number))
        snap(store, ran_ms=number * DAY_MS // 3, number=number)
    # The first, one a day of running time after it, and the newest.
    assert [told.seq for told in store.snapshots.proven()] == [8, 35, 53, 62, 71]
    store.close()


# -- pruning


def test_old_facts_go_and_the_journal_is_as_provable_as_before(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    hash_33 = store.hash_at(Seq(33))
    head, tables = store.head(), store.tables()
    prune(store)
    assert store.base() == (33, hash_33)
    assert (store.head(), store.tables()) == (head, tables)
    assert (store.hash_at(Seq(33)), store.hash_at(Seq(32))) == (hash_33, None)
    assert [envelope.seq for envelope, _ in store.replay()] == list(range(34, 52))
    assert [told.seq for told in store.snapshots.proven()] == [33, 50]
    assert store.facts_between(Seq(33), 1, 10_000)
    store.close()
    report = verify(tmp_path)
    assert (report.problems, report.facts, report.pruned) == ((), 18, 33)
    assert len(list(export(tmp_path))) == 18


def test_a_fact_changed_after_the_pruning_is_found(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    prune(store)
    store.close()
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("UPDATE journal SET fact = CAST(fact || ' ' AS BLOB) WHERE seq = 34")
    connection.commit()
    connection.close()
    assert "fact 34 does not fit the chain" in verify(tmp_path).problems
    store = Store.open(tmp_path)
    with pytest.raises(StoreError, match="at fact 34"):
        list(store.replay())
    store.close()


@pytest.mark.parametrize(("county", "base"), [(0, 0), (15, 0), (16, 16), (32, 16), (33, 33)])
def test_nothing_goes_beyond_what_the_county_has_for_good(
    tmp_path: Path, county: int, base: int
) -> None:
    store = with_snapshots(tmp_path, county=county)
    prune(store)
    assert store.base()[0] == base
    store.close()


def test_durable_never_means_more_than_applied(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    store.set_cursor(Cursor(county_gen="g", applied_seq=16, durable_seq=51))
    prune(store)
    assert store.base()[0] == 16
    store.close()


def test_a_clock_that_jumps_makes_nothing_old(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    prune(store, now=LATER, ran_ms=KEEP_MS - 1)  # the wall says a hundred days, we ran less
    assert store.base()[0] == 0
    prune(store, now=moment(100), ran_ms=RAN_MS)  # we ran for long, the wall says it was now
    assert store.base()[0] == 0
    prune(store, now=LATER, ran_ms=KEEP_MS)  # the first snapshot is as old as that
    assert store.base()[0] == 16
    store.close()


def test_the_last_proven_snapshot_alone_covers_nothing(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    store.commit(entries(*check_in(1)), [], moment(1))
    snap(store)
    store.set_cursor(Cursor(county_gen="g", applied_seq=9, durable_seq=9))
    prune(store)
    assert store.base() == (0, GENESIS)
    store.close()


def test_a_damaged_fact_is_never_pruned_away(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    store.close()
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("UPDATE journal SET fact = CAST(fact || ' ' AS BLOB) WHERE seq = 5")
    connection.commit()
    connection.close()
    store = Store.open(tmp_path)
    with pytest.raises(StoreError, match="at fact 5"):
        prune(store)
    store.close()
    assert verify(tmp_path).pruned == 0


def test_a_journal_that_was_not_pruned_opens_as_before_and_fills_on(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=2)
    store = Store.open(tmp_path)
    assert store.base() == (0, GENESIS)
    assert store.wall_floor_ms == moment(2).wall_lo_ms
    store.close()


# -- power cuts


def _lead_to_pruning(folder: Path, card: Card, dice: random.Random, cut_at: int | None) -> None:
    card.put(folder / DATABASE)
    connection = opened(card)
    card.cut_at = cut_at
    database: Any = OnCardDatabase(connection)
    try:
        store = Store(FolderLock.take(folder / "elsewhere"), database, StationKey.read(folder))
        snap(store, ran_ms=3, number=7)
        prune(store)
        snap(store, ran_ms=4, number=8)
    except (apsw.Error, StoreError):
        pass
    card.leave(folder, dice)
    card.cut_at = None
    database.close()


@pytest.mark.slow
def test_a_power_cut_in_a_snapshot_or_in_a_pruning_costs_no_fact_and_no_proof(
    tmp_path: Path,
) -> None:
    model = tmp_path / "model"
    store = with_snapshots(model)
    head = store.head()[0]
    store.close()

    def copy(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(model, folder)
        (folder / "elsewhere").mkdir()
        return folder

    whole = Card()
    _lead_to_pruning(copy("whole"), whole, random.Random(0), None)
    bases = set()
    for seed in range(IMAGES):
        dice = random.Random(seed)
        folder = copy(f"image-{seed}")
        _lead_to_pruning(folder, Card(), dice, dice.randint(1, whole.accesses))
        report = verify(folder)
        assert report.problems == (), seed
        store = Store.open(folder)
        base = store.base()[0]
        bases.add(base)
        assert base <= 50
        assert head <= store.head()[0] <= head + 2
        assert next(told.seq for told in store.snapshots.proven()) >= base
        prune(store)
        store.close()
        assert verify(folder).problems == (), seed
        shutil.rmtree(folder)
    assert bases == {0, 50}
