"""Backups when something else is wrong: the database, the file, whoever writes."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, create_engine, event

from cloud_sync.county.database import DATABASE, Database
from cloud_sync.county.durability.backup_round import BackupRound, Plan
from cloud_sync.county.durability.backups import (
    BackupError,
    check_backup,
    make_backup,
    restore_backup,
)
from cloud_sync.county.tables import BACKUP_MARKS, BACKUPS
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId
from tests.county.test_database import fail_at
from tests.county.village import NOON_MS, County, Village, open_county, until

FREE_PAGES_AT = 36
"""Where the header of a SQLite file counts its free pages."""
_Result = TypeVar("_Result")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path / "county") as opened:
        yield opened


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "disk"
    place.mkdir()
    return place


def round_of(county: County, *to: Path, write: Callable[[], None] | None = None) -> BackupRound:
    """A round that asks `write` before each writing."""

    def writing(work: Callable[[Connection], _Result]) -> _Result:
        if write is not None:
            write()
        with county.database.write() as connection:
            return work(connection)

    plan = Plan(to=to, every_hours=6, keep=2)
    return BackupRound(county.folder, plan, write=writing, clock_ms=lambda: NOON_MS)


def test_a_folder_without_a_database_has_nothing_to_copy(tmp_path: Path, place: Path) -> None:
    with pytest.raises(BackupError, match="nothing to copy"):
        make_backup(tmp_path, place, NOON_MS)
    assert list(place.iterdir()) == []


def test_a_county_without_stations_is_backed_up_too(county: County, place: Path) -> None:
    assert round_of(county).back_up(place).marks == ()
    assert (len(county.rows(BACKUPS)), county.rows(BACKUP_MARKS)) == (1, [])


def test_a_backup_that_could_not_be_written_down_is_cleared_away(
    county: County, place: Path
) -> None:
    with fail_at(county.database, 1), pytest.raises(StoreError):
        round_of(county).back_up(place)
    assert list(place.iterdir()) == []


def told_anew(file: Path) -> Path:
    """Its digest as whoever spoilt it would write it."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    file.with_name(f"{file.name}.sha256").write_text(f"{digest}  {file.name}\n")
    return file


def test_a_backup_with_a_page_of_nothing_is_damaged_whatever_its_digest_says(
    county: County, place: Path
) -> None:
    village = Village()
    for _day in range(400):
        village.tell("station.started", version="0.1.0")
    county.deliver(village)
    file = make_backup(county.folder, place, NOON_MS).path
    with closing(sqlite3.connect(file)) as reading:
        (size,) = reading.execute("PRAGMA page_size").fetchone()
        (root,) = reading.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'facts'"
        ).fetchone()
    with file.open("r+b") as spoilt:
        spoilt.seek((root - 1) * size)
        spoilt.write(bytes(size))
    with pytest.raises(BackupError, match=r"damaged|cannot be used"):
        check_backup(told_anew(file))


def miscount_free_pages(file: Path) -> None:
    """Spoil the header of a SQLite file: readable all through, and not as it should be."""
    with file.open("r+b") as spoilt:
        spoilt.seek(FREE_PAGES_AT)
        spoilt.write((7).to_bytes(4, "big"))


def test_a_database_that_can_be_read_and_is_not_as_it_should_be_is_damaged(
    county: County, place: Path, tmp_path: Path
) -> None:
    file = make_backup(county.folder, place, NOON_MS).path
    miscount_free_pages(file)
    with pytest.raises(BackupError, match="is damaged"):
        check_backup(told_anew(file))
    folder = tmp_path / "other"
    with open_county(folder):
        pass
    miscount_free_pages(folder / DATABASE)
    with pytest.raises(StoreError, match="is damaged"):
        Database.open(folder)


def test_a_database_that_cannot_be_made_gives_the_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        # A limit of SQLite's own stands for a disk that is full at once.
        full.setattr("cloud_sync.county.database._writer", small)
        with pytest.raises(StoreError, match="cannot be made"):
            Database.create(tmp_path, CountyId("shangyou"))
    (tmp_path / DATABASE).unlink()
    Database.create(tmp_path, CountyId("shangyou"))


def small(file: Path) -> Engine:
    """An engine whose database may have two pages."""
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def _limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 2")

    return engine


@pytest.mark.parametrize("change", ["DELETE FROM meta", "UPDATE meta SET value = '999'"])
def test_a_database_of_nobody_we_know_is_no_backup(
    county: County, place: Path, change: str
) -> None:
    file = make_backup(county.folder, place, NOON_MS).path
    with closing(sqlite3.connect(file)) as other:
        other.execute(change)
        other.commit()
    with pytest.raises(BackupError, match="no database of this cunyi"):
        check_backup(told_anew(file))


def test_a_backup_that_cannot_be_laid_into_the_folder_leaves_what_is_there(
    county: County, place: Path, tmp_path: Path
) -> None:
    file = make_backup(county.folder, place, NOON_MS).path
    folder = tmp_path / "other"
    with open_county(folder):
        pass
    before = (folder / DATABASE).read_bytes()
    (folder / f"{DATABASE}.new").mkdir()
    with pytest.raises(BackupError, match="was not put back"):
        restore_backup(folder, file)
    assert (folder / DATABASE).read_bytes() == before
    (folder / f"{DATABASE}.new").rmdir()
    assert restore_backup(folder, file) is not None


def test_the_round_makes_what_is_due_by_itself_and_waits_for_whoever_writes(
    county: County, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud_sync.county.durability.backup_round.LOOK_S", 0.01)
    busy = [StoreError("busy"), TimeoutError("busy")]

    def write() -> None:
        if busy:
            raise busy.pop()

    rounds = round_of(county, place, write=write)
    rounds.start()
    try:
        assert until(lambda: len(list(place.glob("*.db"))) == 1)
    finally:
        rounds.stop()
        assert until(lambda: "county-backups" not in [one.name for one in threading.enumerate()])
    assert busy == []
    idle = round_of(county)
    idle.start()
    idle.stop()
