"""The county's database: one holder, never half a write, never a newer file touched."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import OperationalError

from cloud_sync.county.database import Database
from cloud_sync.county.folder import GENERATION
from cloud_sync.county.settings import NewCounty, make_county
from cloud_sync.county.tables import CELLS, FACTS, META, METADATA, PARCELS, STATIONS
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId
from tests.county.village import County, Village, open_county
from tests.support.statements import each_statement

WAYBILL = "YT7700123456"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Database.create(tmp_path, CountyId("shangyou"))
    return tmp_path


@contextmanager
def open_database(folder: Path) -> Iterator[Database]:
    database = Database.open(folder)
    try:
        yield database
    finally:
        database.close()


def change_schema(folder: Path, number: int) -> None:
    connection = sqlite3.connect(folder / "county.db")
    connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (str(number),))
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def test_a_second_county_on_the_same_folder_is_told_who_holds_it(folder: Path) -> None:
    with open_database(folder), pytest.raises(StoreError, match="held by another cunyi county"):
        Database.open(folder)


def test_the_folder_is_free_again_after_the_end_and_after_a_failed_start(folder: Path) -> None:
    change_schema(folder, 99)
    with pytest.raises(StoreError):
        Database.open(folder)
    change_schema(folder, 1)
    with open_database(folder) as database:
        assert database.county == "shangyou"


def test_only_the_owner_can_read_what_the_county_keeps(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    make_county(
        folder,
        NewCounty(
            county="shangyou",
            name="上犹县",
            broker="mqtt://127.0.0.1:1883",
            web_port=8602,
        ),
    )
    database = Database.open(folder)
    modes = {file.name: file.stat().st_mode & 0o077 for file in folder.glob("county.db*")}
    assert folder.stat().st_mode & 0o077 == 0
    assert "county.db-wal" in modes
    assert set(modes.values()) == {0}
    database.close()


def test_a_newer_database_is_refused_and_not_one_byte_of_it_changes(folder: Path) -> None:
    change_schema(folder, 99)
    before = hashlib.sha256((folder / "county.db").read_bytes()).hexdigest()

    with pytest.raises(StoreError, match="schema 99, newer than this cunyi knows"):
        Database.open(folder)
    assert hashlib.sha256((folder / "county.db").read_bytes()).hexdigest() == before


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 100])
def test_a_file_that_is_no_county_database_is_named(folder: Path, content: bytes) -> None:
    (folder / "county.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"county\.db"):
        Database.open(folder)


def test_every_commit_reaches_the_disk_before_it_returns(folder: Path) -> None:
    with open_database(folder) as database, database.write() as connection:
        journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
    assert (journal, synchronous) == ("wal", 2)


def test_a_reader_cannot_write(folder: Path) -> None:
    with (
        open_database(folder) as database,
        pytest.raises(StoreError, match="could not be read"),
        database.read() as connection,
    ):
        connection.execute(insert(META), {"name": "x", "value": "y"})


def test_an_older_copy_put_back_begins_a_new_life_of_the_database(folder: Path) -> None:
    with open_database(folder) as database:
        first = database.generation
        assert not database.restored
    old = (folder / "county.db").read_bytes()
    (folder / GENERATION).write_text("7-" + "0" * 32, encoding="ascii")

    (folder / "county.db").write_bytes(old)
    with open_database(folder) as database:
        second = database.generation
        assert database.restored
    with open_database(folder) as database:
        assert database.generation == second
        assert not database.restored

    assert (first.split("-")[0], second.split("-")[0]) == ("1", "8")


@pytest.mark.parametrize("beside", [None, "", "nonsense", "\xff"])
def test_a_generation_file_that_is_lost_or_spoilt_counts_as_a_restore(
    folder: Path, beside: str | None
) -> None:
    if beside is None:
        (folder / GENERATION).unlink()
    else:
        (folder / GENERATION).write_bytes(beside.encode("latin-1"))
    with open_database(folder) as database:
        assert database.restored
        assert database.generation.startswith("2-")


def everything(county: County) -> dict[str, list[dict[str, Any]]]:
    return {table.name: county.rows(table) for table in METADATA.sorted_tables}


def test_whichever_write_of_a_batch_fails_nothing_half_remains_and_the_resend_heals(
    tmp_path: Path,
) -> None:
    village = Village()
    village.check_in(WAYBILL, 7)
    village.tell("bill.paid", fen=1)
    failures = 0
    for nth in range(1, 100):
        with open_county(tmp_path / str(nth)) as county:
            session = county.welcome(village).session
            county.send(village, village.batch(session, 0, 3))
            before = everything(county)
            with fail_at(county.database, nth) as failed:
                try:
                    county.send(village, village.batch(session, 3))
                except StoreError:
                    assert failed
            if not failed:
                break
            failures += 1
            assert everything(county) == before
            with pytest.raises(StoreError):
                county.send(village, village.batch(session, 3))
        with open_county(tmp_path / str(nth)) as county:
            county.deliver(village, "n2")
            assert [row["fact"] for row in county.rows(FACTS)] == village.facts
            assert county.rows(PARCELS)[0]["stage"] == "stored"
            assert county.rows(CELLS)[0]["occupancy"] == "held"
            assert county.rows(STATIONS)[0]["seq"] == village.seq
    assert failures >= 6


@contextmanager
def fail_at(database: Database, nth: int) -> Iterator[list[str]]:
    """Let the nth statement or commit from here on fail as a full disk does."""
    calls = 0
    failed: list[str] = []

    def count(what: str) -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            failed.append(what)
            raise OperationalError(what, {}, sqlite3.OperationalError("disk I/O error"))

    def before_commit(_connection: Any) -> None:
        count("COMMIT")

    event.listen(database.writer, "commit", before_commit)
    try:
        with each_statement(lambda words, _values: count(words), database.writer):
            yield failed
    finally:
        event.remove(database.writer, "commit", before_commit)


def test_an_index_that_an_older_software_did_not_make_is_added(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    file, name = tmp_path / "county.db", "parcels_by_stage"
    with closing(sqlite3.connect(file)) as older:
        older.execute(f"DROP INDEX {name}")
        older.commit()
    Database.open(tmp_path).close()
    with closing(sqlite3.connect(file)) as newer:
        here = {row[0] for row in newer.execute("SELECT name FROM sqlite_master")}
    assert name in here


def test_a_file_that_somebody_else_is_writing_ends_all_writing(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    with (
        closing(Database.open(tmp_path)) as database,
        closing(sqlite3.connect(tmp_path / "county.db", isolation_level=None)) as other,
    ):
        with closing(database.writer.raw_connection()) as mine:
            mine.cursor().execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"written: .*is locked"), database.write():
            pass
        other.execute("ROLLBACK")
        assert not database.well
        with pytest.raises(StoreError, match="locked"), database.write():
            pass


def names(connection: Connection) -> set[str]:
    return set(connection.execute(select(META.c.name)).scalars())


def test_many_views_at_once_each_keep_theirs_and_the_next_ones_see_what_came(folder: Path) -> None:
    with open_database(folder) as database:
        for turn in range(2):
            with ExitStack() as stack:
                views = [stack.enter_context(database.read()) for _ in range(6)]
                before = names(views[0])
                with database.write() as connection:
                    connection.execute(insert(META), {"name": f"turn {turn}", "value": ""})
                assert names(views[0]) == before
            with database.read() as connection:
                assert names(connection) == before | {f"turn {turn}"}


def test_no_view_that_was_given_back_keeps_the_log_from_being_folded_in(folder: Path) -> None:
    with open_database(folder) as database:
        with database.read() as connection:
            assert next(iter(connection.execute(select(META)))), "and the rest is never asked for"
        with database.write() as connection:
            connection.execute(insert(META), {"name": "later", "value": ""})
        with closing(sqlite3.connect(folder / "county.db")) as other:
            blocked, _frames, _moved = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not blocked


def test_a_view_in_which_something_went_wrong_serves_again(folder: Path) -> None:
    with open_database(folder) as database:
        with pytest.raises(KeyError), database.read() as connection:
            _ = dict.fromkeys(names(connection))["no such name"]
        with pytest.raises(StoreError), database.read() as connection:
            connection.execute(text("SELECT nonsense"))
        with database.read() as connection:
            assert "county" in names(connection)
        assert database.well


def test_a_view_that_outlives_its_database_is_closed_when_it_ends(folder: Path) -> None:
    database = Database.open(folder)
    with database.read() as connection:
        database.close()
        assert "county" in names(connection)
    assert connection.closed
