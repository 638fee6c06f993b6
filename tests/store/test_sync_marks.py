"""What the tools read of a stopped station's sync: the marks as they lie on the disk."""

import sqlite3
from pathlib import Path

import pytest

from cloud_sync.station.ports import Cursor
from edge.kernel.errors import StoreError
from edge.store.connection import DATABASE
from edge.store.database import Store
from edge.store.sync_marks import SyncMarks, read_sync_marks
from tests.store.journals import fill, new_journal
from tests.store.test_snapshots import prune, with_snapshots


def test_an_empty_journal_has_told_nothing(tmp_path: Path) -> None:
    assert read_sync_marks(new_journal(tmp_path)) == SyncMarks(
        epoch=1,
        head_seq=0,
        oldest_seq=1,
        applied_seq=0,
        durable_seq=0,
        county_gen="",
        state_seq=0,
    )


def test_head_cursor_and_the_oldest_kept_fact_are_those_of_the_disk(tmp_path: Path) -> None:
    store = with_snapshots(tmp_path, county=40)
    prune(store)
    head = store.head()[0]
    store.set_cursor(Cursor(county_gen="3-ab", applied_seq=45, durable_seq=40))
    store.close()
    marks = read_sync_marks(tmp_path)
    assert (marks.head_seq, marks.oldest_seq) == (head, 34)
    assert (marks.county_gen, marks.applied_seq, marks.durable_seq) == ("3-ab", 45, 40)


def test_where_there_is_no_journal_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no journal in"):
        read_sync_marks(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_its_tables_is_an_error_and_the_folder_is_given_back(
    tmp_path: Path,
) -> None:
    fill(new_journal(tmp_path), parcels=1)
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("DROP TABLE county_state_mark")
    connection.close()
    with pytest.raises(StoreError, match="cannot be read"):
        read_sync_marks(tmp_path)
    Store.open(tmp_path).close()
