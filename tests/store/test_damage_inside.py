"""Rows that the chain proves and nobody can read, and files that cannot be made: clear errors."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.kernel.errors import StoreError
from edge.kernel.hashing import chain_hash
from edge.kernel.ids import Epoch, Seq
from edge.store.connection import DATABASE, LOCK, FolderLock, create_database
from edge.store.database import Store
from edge.store.key import FILE_NAME, StationKey
from edge.store.new_epoch import begin_epoch, write_durably
from edge.store.snapshots import SnapshotDamagedError, make_snapshot
from edge.store.verify import MOST_PROBLEMS, export, verify
from tests.store.journals import STATION, check_in, entries, fill, moment, new_journal
from tests.store.test_new_epoch import KEY, new_epoch, old_card
from tests.store.test_snapshots import KEEP_MS, LATER, RAN_MS, prune, with_snapshots


@contextmanager
def by_hand(folder: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(folder / DATABASE, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def rewrite(folder: Path, seq: int, fact: bytes | None = None) -> None:
    """Put another fact in a row and hash the chain anew, as whoever has the file could."""
    with by_hand(folder) as connection:
        if fact is not None:
            connection.execute("UPDATE journal SET fact = ? WHERE seq = ?", (fact, seq))
        rows = connection.execute("SELECT seq, fact FROM journal ORDER BY seq").fetchall()
        before = connection.execute("SELECT hash FROM journal_base").fetchone()[0]
        for place, written in rows:
            before = chain_hash(before, STATION, Epoch(1), Seq(place), bytes(written))
            connection.execute("UPDATE journal SET hash = ? WHERE seq = ?", (before, place))


# -- facts


def test_a_fact_that_the_chain_proves_and_nobody_can_read_is_told_and_stops_the_export(
    tmp_path: Path,
) -> None:
    fill(new_journal(tmp_path), parcels=1)
    rewrite(tmp_path, 3, b"no fact")
    problems = verify(tmp_path).problems
    assert any(told.startswith("fact 3 cannot be read") for told in problems)
    with pytest.raises(StoreError, match="fact 3 cannot be read"):
        list(export(tmp_path))
    Store.open(tmp_path).close()  # the folder was given back


def test_a_fact_in_another_spelling_is_told(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    with by_hand(tmp_path) as connection:
        (fact,) = connection.execute("SELECT fact FROM journal WHERE seq = 2").fetchone()
    rewrite(tmp_path, 2, bytes(fact).replace(b",", b", ", 1))
    assert verify(tmp_path).problems == ("fact 2 is not in canonical form",)


def test_of_many_problems_only_so_many_are_told(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=MOST_PROBLEMS // 8 + 2)
    with by_hand(tmp_path) as connection:
        connection.execute("UPDATE journal SET hash = zeroblob(32)")
    assert len(verify(tmp_path).problems) == MOST_PROBLEMS


def test_the_last_fact_unreadable_is_damage_and_no_start(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    rewrite(tmp_path, 8, b"no fact")
    with pytest.raises(StoreError, match="at fact 8"):
        Store.open(tmp_path)
    FolderLock.take(tmp_path).release()  # it was given back


def test_an_unreadable_fact_that_the_chain_proves_is_not_pruned_away(tmp_path: Path) -> None:
    with_snapshots(tmp_path).close()
    rewrite(tmp_path, 5, b"no fact")
    store = Store.open(tmp_path)
    with pytest.raises(StoreError, match="at fact 5"):
        prune(store)
    store.close()


def test_a_fact_of_a_snapshot_that_tells_no_digest_is_damage(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path)
    seq = store.head()[0]
    store.close()
    with by_hand(tmp_path) as connection:
        (fact,) = connection.execute("SELECT fact FROM journal WHERE seq = ?", (seq,)).fetchone()
    rewrite(tmp_path, seq, bytes(fact).replace(b'"digest"', b'"digets"'))
    store = Store.open(tmp_path)
    with pytest.raises(StoreError, match="tells of a snapshot"):
        store.snapshots.proven()
    store.close()


def test_tables_that_are_gone_make_the_foundation_and_the_look_an_error(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    store = Store.open(tmp_path)
    with by_hand_inside(store) as connection:
        connection.execute("DROP TABLE journal_base")
    with pytest.raises(StoreError, match="could not be read"):
        store.foundation()
    store.close()
    with pytest.raises(StoreError, match="cannot be read"):
        verify(tmp_path)
    FolderLock.take(tmp_path).release()


@contextmanager
def by_hand_inside(store: Store) -> Iterator[sqlite3.Connection]:
    """The store's own connection: while it is open no other gets in."""
    yield store._database.conn  # noqa: SLF001 - to damage tables under an open store


def test_a_file_that_can_be_read_and_is_not_as_it_should_be_is_damage(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    with (tmp_path / DATABASE).open("r+b") as spoilt:
        spoilt.seek(36)  # where the header counts its free pages
        spoilt.write((7).to_bytes(4, "big"))
    with pytest.raises(StoreError, match="is damaged"):
        Store.open(tmp_path)
    FolderLock.take(tmp_path).release()


# -- snapshots


def test_bytes_that_are_as_told_and_no_snapshot_are_damage() -> None:
    snapshot = make_snapshot(b"state", seq=Seq(1), digest=b"d" * 32, ran_ms=0, wall_ms=0)
    assert snapshot.state() == b"state"
    data = b"never compressed"
    rotten = type(snapshot)(
        **{name: getattr(snapshot, name) for name in snapshot.__slots__}
        | {"data": data, "digest": hashlib.sha256(data).hexdigest()}
    )
    with pytest.raises(SnapshotDamagedError, match="fact 1 is damaged"):
        rotten.state()


# -- files that cannot be made


def test_a_lock_that_cannot_be_opened_says_whose_the_folder_must_be(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    with pytest.raises(StoreError, match="must belong to the user"):
        FolderLock.take(tmp_path)


def test_a_database_is_never_made_over_another_nor_where_no_folder_is(tmp_path: Path) -> None:
    file = tmp_path / DATABASE
    file.write_bytes(b"something of value")
    with pytest.raises(StoreError, match="exists already"):
        create_database(file, {})
    assert file.read_bytes() == b"something of value"
    with pytest.raises(StoreError, match="cannot be made"):
        create_database(tmp_path / "nowhere" / DATABASE, {})


def test_a_key_is_never_made_over_another_nor_where_no_folder_is(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    kept = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        StationKey.create(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == kept
    with pytest.raises(StoreError, match="cannot be made"):
        StationKey.create(tmp_path / "nowhere")


def test_a_file_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write_durably(tmp_path, "card", b"GRANT")
    with pytest.raises(StoreError, match="cannot be written"):
        write_durably(tmp_path / "nowhere", "grant", b"GRANT")


# -- what a card may lack, and what a pruning leaves for later


def test_a_card_without_a_key_gets_the_one_of_its_new_epoch(tmp_path: Path) -> None:
    folder = old_card(tmp_path)
    (folder / FILE_NAME).unlink()
    begin_epoch(folder, new_epoch(key=KEY))
    assert (folder / FILE_NAME).read_bytes() == KEY
    assert not list(folder.glob("station-before*"))


def test_the_snapshot_that_an_epoch_began_with_counts_only_as_its_first_fact_tells(
    tmp_path: Path,
) -> None:
    folder = old_card(tmp_path)
    begin_epoch(folder, new_epoch())
    store = Store.open(folder)
    assert [told.seq for told in store.snapshots.proven()] == [0]
    store.commit(entries(*check_in(1)), [], moment(1))  # no word of the epoch
    assert store.snapshots.proven() == []
    store.close()


def test_what_one_portion_does_not_take_the_next_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.store.pruning.PORTION", 10)
    store = with_snapshots(tmp_path)
    assert store.prune(LATER, RAN_MS, KEEP_MS)
    assert store.base()[0] == 10
    prune(store)
    assert store.base()[0] == 33
    store.close()
    assert verify(tmp_path).problems == ()
