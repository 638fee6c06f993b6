"""The journal: gap-free, chained, all or nothing."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import decode, encode
from edge.domain.facts import CheckInBegun, StationStarted
from edge.kernel.errors import StoreError
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import Epoch, KeeperId, Seq
from edge.store.connection import DATABASE, PRAGMAS, FolderLock
from edge.store.database import Store
from edge.store.key import StationKey
from edge.store.verify import verify
from tests.store.journals import STATION, check_in, entries, fill, moment, new_journal, slip


def test_facts_are_numbered_without_gaps_and_chained_from_the_genesis_hash(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    store.commit(entries(*check_in(1)), [], moment(1))
    store.commit(entries(*check_in(2)), [], moment(2))
    facts = list(store.replay())
    assert [envelope.seq for envelope, _ in facts] == list(range(1, 17))
    previous = GENESIS
    for envelope, digest in facts:
        previous = chain_hash(previous, STATION, Epoch(1), Seq(envelope.seq), encode(envelope))
        assert digest == previous
    assert store.head() == (16, previous)
    store.close()


def test_the_envelope_keeps_the_moment_the_actor_and_the_words_of_the_wire(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    store.commit(entries(StationStarted(version="0.1.0")), [], moment(3, store.boot))
    envelope = decode(store.facts_between(Seq(0), 10, 10_000)[0])
    store.close()
    assert (envelope.boot, envelope.mono_ms, envelope.wall_hi) == (1, 3_000, None)
    assert (envelope.kind, envelope.schema, envelope.actor) == ("station.started", 1, "desk")
    assert envelope.body == {"version": "0.1.0"}


def test_the_chain_goes_on_after_a_restart_and_each_restart_is_a_new_boot(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    store = Store.open(tmp_path)
    assert (store.boot, store.head()[0]) == (2, 8)
    store.commit(entries(*check_in(2)), [], moment(2, store.boot))
    assert len(list(store.replay())) == 16
    store.close()
    assert verify(tmp_path).problems == ()


def test_the_wall_clock_floor_is_the_last_facts_moment(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=3)
    store = Store.open(tmp_path)
    assert store.wall_floor_ms == moment(3).wall_lo_ms
    store.close()


def test_facts_are_read_in_portions_but_never_none_where_there_is_one(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=2)
    store = Store.open(tmp_path)
    all_facts = store.facts_between(Seq(0), 100, 1_000_000)
    assert len(all_facts) == 16
    assert store.facts_between(Seq(3), 4, 1_000_000) == all_facts[3:7]
    assert store.facts_between(Seq(3), 100, 1) == all_facts[3:4]
    two = len(all_facts[0]) + len(all_facts[1])
    assert store.facts_between(Seq(0), 100, two) == all_facts[:2]
    assert store.facts_between(Seq(16), 100, 1_000_000) == []
    store.close()


def test_a_hash_is_known_for_every_kept_place_and_for_none_other(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    store = Store.open(tmp_path)
    assert store.hash_at(Seq(0)) == GENESIS
    assert store.hash_at(Seq(8)) == store.head()[1]
    assert store.hash_at(Seq(9)) is None
    store.close()


def test_the_county_cursor_survives_a_restart(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=1)
    store = Store.open(tmp_path)
    assert store.cursor() == Cursor()
    store.set_cursor(Cursor(county_gen="g1", applied_seq=8, durable_seq=5))
    store.close()
    store = Store.open(tmp_path)
    assert store.cursor() == Cursor(county_gen="g1", applied_seq=8, durable_seq=5)
    store.close()


class BreakingConnection(sqlite3.Connection):
    """A connection on a card that fails at one chosen statement, before it or after it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.left = -1
        self.after = False

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        if self.left < 0:
            return super().execute(*arguments)
        self.left -= 1
        if self.left >= 0:
            return super().execute(*arguments)
        if self.after:
            super().execute(*arguments)
        raise sqlite3.OperationalError("disk I/O error")


def breaking_store(folder: Path) -> tuple[Store, BreakingConnection]:
    lock = FolderLock.take(folder)
    connection = sqlite3.connect(
        folder / DATABASE, factory=BreakingConnection, isolation_level=None
    )
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return Store(lock, Database(connection), StationKey.read(folder)), connection


def statements_of_a_commit(folder: Path) -> int:
    store, connection = breaking_store(new_journal(folder))
    connection.left = 1_000
    store.commit(entries(*check_in(2)), [slip(2)], moment(2))
    store.close()
    return 1_000 - connection.left - 1  # the last one is the checkpoint of `close`


@pytest.mark.parametrize("fails", ["before", "after"])
def test_a_decision_that_fails_at_any_statement_is_stored_whole_or_not_at_all(
    tmp_path: Path, fails: str
) -> None:
    after = fails == "after"  # it was carried out, only the answer is an error
    count = statements_of_a_commit(tmp_path / "counted")
    assert count == 19  # BEGIN, eight facts, eight rows of tables, the slip, COMMIT
    for nth in range(count):
        folder = new_journal(tmp_path / str(nth))
        fill(folder, parcels=1)
        store, connection = breaking_store(folder)
        connection.left, connection.after = nth, after
        with pytest.raises(StoreError, match="disk I/O error"):
            store.commit(entries(*check_in(2)), [slip(2)], moment(2))
        connection.left = -1
        store.close()

        store = Store.open(folder)
        whole = after and nth == count - 1  # the commit reached the disk, its answer did not
        assert (store.head()[0], store.print_queue_length()) == ((16, 1) if whole else (8, 0)), nth
        store.close()
        assert verify(folder).problems == (), nth


USES: dict[str, Callable[[Store], object]] = {
    "commit": lambda store: store.commit([], [], moment(9)),
    "replay": lambda store: list(store.replay()),
    "facts_between": lambda store: store.facts_between(Seq(0), 1, 1),
    "hash_at": lambda store: store.hash_at(Seq(1)),
    "rows_after": lambda store: store.rows_after(Epoch(0), Seq(0), 1),
    "tables": lambda store: store.tables(),
    "cursor": lambda store: store.cursor(),
    "set_cursor": lambda store: store.set_cursor(Cursor()),
    "next_print_job": lambda store: store.next_print_job(),
    "print_started": lambda store: store.print_started(1),
    "print_done": lambda store: store.print_done(1),
    "print_queue_length": lambda store: store.print_queue_length(),
    "keeper_count": lambda store: store.keeper_count(),
    "pin_tries": lambda store: store.pin_tries(KeeperId("x")),
    "note_pin_tries": lambda store: store.note_pin_tries(KeeperId("x"), 1, moment(1)),
}


@pytest.mark.parametrize("use", USES)
def test_after_a_failed_commit_the_store_refuses_everything(tmp_path: Path, use: str) -> None:
    # A read would show facts of the open transaction, which may be gone after the restart.
    store, connection = breaking_store(new_journal(tmp_path))
    connection.left = 3
    with pytest.raises(StoreError):
        store.commit(entries(*check_in(1)), [], moment(1))
    connection.left = -1
    with pytest.raises(StoreError, match="could not be stored"):
        USES[use](store)
    store.close()


@pytest.mark.parametrize("use", sorted(set(USES) - {"commit"}))
def test_a_card_that_cannot_be_read_is_a_store_error(tmp_path: Path, use: str) -> None:
    fill(new_journal(tmp_path), parcels=1)
    store, connection = breaking_store(tmp_path)
    connection.left = 0
    with pytest.raises(StoreError, match="disk I/O error"):
        USES[use](store)
    connection.left = -1
    store.close()


def test_a_fact_that_has_no_canonical_bytes_stores_nothing_of_its_decision(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    decision = entries(CheckInBegun(keeper=KeeperId("李")), StationStarted(version="1"))
    decision[1].body["version"] = 0.5
    with pytest.raises(TypeError, match="no float"):
        store.commit(decision, [], moment(1))
    with pytest.raises(StoreError):
        store.facts_between(Seq(0), 10, 10_000)
    store.close()
    store = Store.open(tmp_path)
    assert store.head() == (0, GENESIS)
    store.close()
