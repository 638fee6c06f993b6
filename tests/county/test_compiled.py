"""Databases of one process share what SQLAlchemy compiled, and are made as it would make them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, create_engine, insert, select, text, update

from cloud_sync.county.compiled import COMPILED, Asked, Changed
from cloud_sync.county.database import DATABASE, Database
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.rows import Rows
from cloud_sync.county.statements import row_where
from cloud_sync.county.tables import META, METADATA, PARCELS, STATIONS
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


RENAME = Changed(
    update(META).where(META.c.name == bindparam("its_name")).values(value=bindparam("value"))
)


def test_a_change_tells_how_many_rows_it_met_and_is_made_once_for_each(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    with closing(Database.open(tmp_path)) as database:
        with database.write() as connection:
            connection.execute(insert(META), [{"name": f"x{n}", "value": str(n)} for n in range(3)])
            assert RENAME.by(connection, its_name="x0", value="new") == 1
            assert RENAME.by(connection, its_name="nobody", value="new") == 0
            RENAME.by_each(
                connection, [{"its_name": f"x{n}", "value": f"{n} too"} for n in (1, 2, 3)]
            )
        with database.read() as connection:
            assert ABOVE.rows(connection, above="w") == [("x0", "new"), ("x1", "1 too")]
            assert ABOVE.first(connection, above="x1") == ("x2", "2 too")


NOTHING = {"its_name": "x", "value": None}


@pytest.mark.parametrize(
    "change",
    [lambda at: RENAME.by(at, **NOTHING), lambda at: RENAME.by_each(at, [NOTHING])],
    ids=["once", "for each"],
)
def test_a_change_that_the_driver_refuses_changes_nothing(
    tmp_path: Path, change: Callable[[Connection], object]
) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    with closing(Database.open(tmp_path)) as database:
        with database.write() as connection:
            connection.execute(insert(META), {"name": "x", "value": "1"})
        with pytest.raises(StoreError, match="NOT NULL"), database.write() as connection:
            change(connection)
        with database.read() as connection:
            assert ABOVE.first(connection, above="w") == ("x", "1")


def test_a_row_by_its_names_has_flags_as_python_has_them(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    with closing(Database.open(tmp_path)) as database, database.write() as connection:
        ledger.register(connection, "qingshan-01", "青山")
        asked = row_where(STATIONS, "station")
        row = asked.first(connection, station="qingshan-01")
        assert row is not None
        told = asked.named(row)
        assert (told["name"], told["parted"], told["simulated"]) == ("青山", False, False)
        assert isinstance(told["parted"], bool)
        theirs = connection.execute(select(STATIONS)).mappings().one()
        assert told == dict(theirs)


@pytest.mark.parametrize("many", [1, 2, 3, 5, 700])
def test_so_many_rows_are_read_by_their_keys_and_no_others(tmp_path: Path, many: int) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    blank = dict.fromkeys((column.name for column in PARCELS.columns if not column.nullable), 0)
    rows = [
        {**blank, "station": "qingshan-01", "waybill_no": f"SF{number:04d}"}
        for number in range(many + 3)
    ]
    wanted = [str(row["waybill_no"]) for row in rows[:many]]
    with closing(Database.open(tmp_path)) as database, database.write() as connection:
        connection.execute(insert(PARCELS), rows)
        memory = Rows(PARCELS, "waybill_no", "qingshan-01", connection)
        memory.expect([*wanted, "SF9999"])
        assert [row["waybill_no"] for row in memory.all()] == wanted
        assert memory.get("SF9999") is None
