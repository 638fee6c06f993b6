"""Databases of one process share what SQLAlchemy compiled, and are made as it would make them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import bindparam, create_engine, insert, select, text

from cloud_sync.county.compiled import COMPILED, Asked
from cloud_sync.county.database import DATABASE, Database
from cloud_sync.county.ingest import ledger
from cloud_sync.county.tables import META, METADATA
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId, StationId


def words_in(file: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(
            "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()


def test_a_new_file_has_the_tables_and_indexes_that_sqlalchemy_would_make(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    engine = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    METADATA.create_all(engine)
    engine.dispose()
    assert words_in(tmp_path / DATABASE) == words_in(tmp_path / "other.db")


def test_a_second_county_of_a_process_compiles_nothing_that_the_first_did(tmp_path: Path) -> None:
    def asks(folder: Path, county: str) -> int:
        folder.mkdir()
        Database.create(folder, CountyId(county))
        with closing(Database.open(folder)) as database, database.write() as connection:
            ledger.register(connection, "qingshan-01", county)
            assert ledger.place_of(connection, StationId("qingshan-01")) == ledger.START
            assert ledger.has_room(connection)
        return len(COMPILED)

    COMPILED.clear()
    first = asks(tmp_path / "one", "shangyou")
    assert first > 0
    assert asks(tmp_path / "two", "dexing") == first


ABOVE = Asked(
    select(META.c.name, META.c.value)
    .where(META.c.name > bindparam("above"))
    .order_by(META.c.name)
    .limit(2)
)


def test_a_question_asked_of_the_driver_has_the_answer_of_its_own_transaction(
    tmp_path: Path,
) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    with closing(Database.open(tmp_path)) as database:
        with database.write() as connection:
            connection.execute(insert(META), [{"name": f"x{n}", "value": str(n)} for n in range(4)])
            assert ABOVE.rows(connection, above="x0") == [("x1", "1"), ("x2", "2")]
            assert ABOVE.first(connection, above="x2") == ("x3", "3")
            assert ABOVE.first(connection, above="x3") is None
        with pytest.raises(KeyError, match="above"), database.read() as connection:
            ABOVE.rows(connection)


def test_a_question_that_the_driver_cannot_answer_is_the_database_s_error(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    with closing(Database.open(tmp_path)) as database:
        with database.write() as connection:
            connection.execute(text("ALTER TABLE meta RENAME TO elsewhere"))
        with pytest.raises(StoreError, match="no such table"), database.read() as connection:
            ABOVE.rows(connection, above="")
        assert database.well
        with pytest.raises(StoreError, match="no such table"), database.write() as connection:
            ABOVE.rows(connection, above="")
        assert not database.well
