"""Tamper and damage: whatever was changed, replay stops and verify tells where."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cloud_sync.station.ports import Cursor
from edge.kernel.errors import StoreError
from edge.store.database import Store
from edge.store.verify import export, verify
from tests.store.journals import fill, new_journal

FACTS = 24


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Three parcels, 24 facts."""
    fill(new_journal(tmp_path), parcels=3)
    return tmp_path


@contextmanager
def by_hand(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file opened behind the store's back."""
    connection = sqlite3.connect(folder / "journal.db", isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def replay_stops(folder: Path) -> str:
    store = Store.open(folder)
    with pytest.raises(StoreError) as caught:
        list(store.replay())
    store.close()
    return str(caught.value)


def test_a_whole_journal_is_clean(journal: Path) -> None:
    report = verify(journal)
    assert (report.facts, report.epoch, report.problems) == (FACTS, 1, ())
    store = Store.open(journal)
    assert store.head()[1].hex() == report.head
    store.close()


@pytest.mark.parametrize("column", ["fact", "hash"])
@pytest.mark.parametrize("seq", [1, 12, FACTS])
def test_any_changed_byte_of_a_fact_or_its_hash_is_found(
    journal: Path, column: str, seq: int
) -> None:
    query = f"SELECT {column} FROM journal WHERE seq = {seq}"  # noqa: S608 - our own words
    change = f"UPDATE journal SET {column} = ? WHERE seq = {seq}"  # noqa: S608 - our own words
    with by_hand(journal) as connection:
        whole = connection.execute(query).fetchone()[0]
    undetected = []
    store = Store.open(journal)
    connection = store._database.conn  # noqa: SLF001 - to damage rows under an open store
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1 :]
        connection.execute(change, (damaged,))
        try:
            list(store.replay())
        except StoreError:
            continue
        undetected.append(place)
    store.close()
    assert undetected == []
    found = verify(journal).problems
    assert f"fact {seq} does not fit the chain" in found


def test_a_changed_byte_in_the_file_itself_is_found(journal: Path) -> None:
    file = journal / "journal.db"
    whole = file.read_bytes()
    start = whole.index(b'"waybill_no":"YT0000000000002"')
    for place in range(start, start + 30):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        assert "the journal is damaged at fact" in replay_stops(journal), place
        assert verify(journal).problems, place


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("DELETE FROM journal WHERE seq = 7", "fact 7 is missing, 8 follows"),
        ("DELETE FROM journal WHERE seq = 1", "fact 1 is missing, 2 follows"),
        ("UPDATE journal SET epoch = 2 WHERE seq = 24", "fact 24 does not fit the chain"),
        ("UPDATE journal SET seq = 25 WHERE seq = 24", "fact 24 is missing, 25 follows"),
    ],
)
def test_a_row_that_is_gone_or_moved_is_found(journal: Path, change: str, problem: str) -> None:
    with by_hand(journal) as connection:
        connection.execute(change)
    assert "the journal is damaged at fact" in replay_stops(journal)
    assert problem in verify(journal).problems


def test_a_renamed_kind_is_found(journal: Path) -> None:
    with by_hand(journal) as connection:
        connection.execute("UPDATE journal SET kind = 'door.shut' WHERE seq = 5")
    assert "fact 5 is not what its row says" in verify(journal).problems


def test_a_cut_tail_below_the_countys_position_is_found(journal: Path) -> None:
    store = Store.open(journal)
    store.set_cursor(Cursor(county_gen="g1", applied_seq=24, durable_seq=20))
    store.close()
    with by_hand(journal) as connection:
        connection.execute("DELETE FROM journal WHERE seq > 22")
    assert "after fact 22: the county has 24 facts" in replay_stops(journal)
    problems = verify(journal).problems
    assert "the county has 24 facts, this journal only 22: it was cut" in problems


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE parcels SET stage = 'picked_up'", "parcels"),
        ("DELETE FROM cells WHERE cell = 2", "cells"),
        ("UPDATE cells SET occupancy = 'free'", "cells"),
    ],
)
def test_a_table_that_the_facts_do_not_explain_is_found(
    journal: Path, change: str, table: str
) -> None:
    with by_hand(journal) as connection:
        connection.execute(change)
    assert verify(journal).problems == (f"table {table} is not what the journal says",)


def test_an_export_shows_every_fact_but_no_keyed_hash(journal: Path) -> None:
    facts = list(export(journal))
    assert [fact["seq"] for fact in facts] == list(range(1, FACTS + 1))
    issued = [fact for fact in facts if fact["kind"] == "pickup.code_issued"]
    assert [set(fact["body"]) for fact in issued] == [
        {"credential", "waybill_no", "phone_tail"}
    ] * 3
    assert facts[-1]["hash"] == verify(journal).head


def test_an_export_that_is_broken_off_gives_the_folder_back(journal: Path) -> None:
    facts = export(journal)
    next(facts)
    facts.close()  # type: ignore[attr-defined]  # a generator, shown as an iterator
    Store.open(journal).close()


def test_there_is_nothing_to_verify_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no journal in"):
        verify(tmp_path)
