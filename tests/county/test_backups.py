"""Backups are made while the county works, believed only when read again, and can be put back."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from cloud_sync.county import alarms
from cloud_sync.county.durability.backup_round import AGAIN_MS, HOUR_MS, BackupRound, Plan
from cloud_sync.county.durability.backups import (
    BackupError,
    check_backup,
    make_backup,
    restore_backup,
)
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.tables import BACKUP_MARKS, BACKUPS, FACTS
from edge.kernel.errors import StoreError
from tests.county.test_grants import go_on
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = "YT7700123456"
TWO_COPIES = Durable(rule="backups", copies=2)
_Result = TypeVar("_Result")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path / "county", durable=TWO_COPIES) as opened:
        yield opened


@pytest.fixture
def village() -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.check_in(WAYBILL, 7)
    return village


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("disk-1", "disk-2", "disk-3")]
    for place in made:
        place.mkdir()
    return made


class Clock:
    """A county's clock to turn."""

    def __init__(self) -> None:
        self.now_ms = NOON_MS

    def __call__(self) -> int:
        return self.now_ms


class Shelf:
    """A round of backups of a county, on this thread."""

    def __init__(self, county: County, to: list[Path], *, keep: int = 10) -> None:
        self.county, self.clock = county, Clock()
        plan = Plan(to=to, every_hours=6, keep=keep)
        self.round = BackupRound(county.folder, plan, write=self.write, clock_ms=self.clock)

    def write(self, work: Callable[[Connection], _Result]) -> _Result:
        with self.county.database.write() as connection:
            return work(connection)

    def back_up(self, *places: Path) -> None:
        for place in places:
            self.clock.now_ms += 1
            self.round.back_up(place)


def durable(county: County, village: Village, nonce: str) -> int:
    """What the county tells the station."""
    return county.welcome(village, nonce).durable_seq


def test_a_fact_is_durable_once_it_lies_in_two_backups_at_different_places(
    county: County, village: Village, places: list[Path]
) -> None:
    shelf = Shelf(county, [])
    assert county.deliver(village).durable_seq == 0
    shelf.back_up(places[0])
    shelf.back_up(places[0])
    assert durable(county, village, "n2") == 0  # two copies on one disk are one

    shelf.back_up(places[1])

    assert durable(county, village, "n3") == 7


def test_the_older_of_two_places_says_how_far(
    county: County, village: Village, places: list[Path]
) -> None:
    shelf = Shelf(county, [])
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 3))
    shelf.back_up(places[0])
    county.send(village, village.batch(session, 3, 5))
    shelf.back_up(places[1])
    assert county.send(village, village.batch(session, 5)).durable_seq == 3
    shelf.back_up(places[2])
    assert durable(county, village, "n2") == 5
    shelf.back_up(places[0])
    assert durable(county, village, "n3") == 7


def test_where_one_disk_is_trusted_a_commit_is_enough(tmp_path: Path, village: Village) -> None:
    with open_county(tmp_path) as county:
        assert county.deliver(village).durable_seq == 7


def test_backups_of_the_epoch_before_say_nothing_of_the_new_one(
    county: County, village: Village, places: list[Path]
) -> None:
    county.deliver(village)
    shelf = Shelf(county, [])
    shelf.back_up(*places)
    fresh = go_on(county, village, county.grant(village), 2, "n2")
    assert durable(county, fresh, "n3") == 0
    shelf.back_up(*places)
    assert durable(county, fresh, "n4") == 1


def test_a_backup_taken_while_facts_arrive_is_one_moment_and_whole(
    county: County, places: list[Path]
) -> None:
    village = Village()
    for _number in range(300):
        village.tell("door.forced", cell=1)
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 50))
    made: list[object] = []
    thread = threading.Thread(
        target=lambda: made.extend(
            make_backup(county.folder, places[0], NOON_MS + number) for number in range(5)
        )
    )
    thread.start()
    for after in range(50, 300, 5):
        county.send(village, village.batch(session, after, after + 5))
    thread.join()
    assert len(made) == 5
    for file in places[0].glob("*.db"):
        check_backup(file)


def test_a_target_that_is_gone_or_full_is_an_alarm_and_nothing_else(
    county: County, village: Village, places: list[Path], tmp_path: Path
) -> None:
    pulled, good = tmp_path / "pulled", places[0]
    shelf = Shelf(county, [pulled, good])
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 3))

    shelf.round.look()

    assert county.open_alarms() == {("", "backup_failed")}
    assert not pulled.exists()  # the county's own disk is no stick
    assert [row["place"] for row in county.rows(BACKUPS)] == [str(good)]
    assert county.send(village, village.batch(session, 3)).applied.seq == 7
    pulled.mkdir()
    shelf.round.look()
    assert len(county.rows(BACKUPS)) == 1  # not at once again
    shelf.clock.now_ms += AGAIN_MS
    shelf.round.look()
    assert len(county.rows(BACKUPS)) == 2
    assert county.open_alarms() == set()


def test_a_place_where_nothing_can_be_written_leaves_no_half_backup(
    county: County, village: Village, tmp_path: Path
) -> None:
    county.deliver(village)
    full = Path("/dev/full")  # every write to it fails as on a full disk
    place = tmp_path / "full"
    place.mkdir()
    (place / f".county-{NOON_MS}.db.part").symlink_to(full)
    with pytest.raises(BackupError):
        make_backup(county.folder, place, NOON_MS)
    assert list(place.iterdir()) == []


def test_backups_come_round_by_the_clock_and_old_ones_go(
    county: County, village: Village, places: list[Path]
) -> None:
    county.deliver(village)
    shelf = Shelf(county, places[:2], keep=3)
    for _hour in range(31):
        shelf.round.look()
        shelf.clock.now_ms += HOUR_MS

    assert {place.name: len(list(place.glob("*.db"))) for place in places} == {
        "disk-1": 3,
        "disk-2": 3,
        "disk-3": 0,
    }
    assert len(county.rows(BACKUPS)) == len(county.rows(BACKUP_MARKS)) == 6
    shelf.clock.now_ms -= 100 * HOUR_MS
    shelf.round.look()
    assert max(row["made_ms"] for row in county.rows(BACKUPS)) > shelf.clock.now_ms
    assert shelf.clock.now_ms not in {row["made_ms"] for row in county.rows(BACKUPS)}


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_backup_that_is_not_what_was_written_is_not_put_back(
    tmp_path: Path, village: Village, places: list[Path]
) -> None:
    folder = tmp_path / "county"
    with open_county(folder) as county:
        county.deliver(village)
        good = make_backup(folder, places[0], NOON_MS).path
        bad = make_backup(folder, places[1], NOON_MS).path
    spoil(bad)
    before = (folder / "county.db").read_bytes()

    with pytest.raises(BackupError, match="not what was written"):
        restore_backup(folder, bad)
    with pytest.raises(BackupError):
        restore_backup(folder, tmp_path / "nothing.db")
    bad.with_name(f"{bad.name}.sha256").unlink()
    with pytest.raises(BackupError):
        restore_backup(folder, bad)

    assert (folder / "county.db").read_bytes() == before
    assert restore_backup(folder, good) == folder / "county.aside-1.db"


def test_a_backup_whose_places_and_facts_do_not_fit_is_torn(
    county: County, village: Village, places: list[Path]
) -> None:
    county.deliver(village)
    with county.database.write() as connection:
        connection.execute(FACTS.update().where(FACTS.c.seq == 7).values(hash=b"x" * 32))
    with pytest.raises(BackupError, match="torn"):
        make_backup(county.folder, places[0], NOON_MS)
    assert list(places[0].iterdir()) == []


def test_the_drill_everything_that_was_durable_survives_and_stations_send_the_rest(
    tmp_path: Path, village: Village, places: list[Path]
) -> None:
    folder = tmp_path / "county"
    with open_county(folder, durable=TWO_COPIES) as county:
        county.deliver(village)
        Shelf(county, []).back_up(*places[:2])
        village.pick_up(WAYBILL, 7)
        county.deliver(village, "n2")
        first = county.database.generation
        told = durable(county, village, "n3")
    shutil.rmtree(folder)  # the disk is gone
    folder.mkdir()
    (backup,) = places[1].glob("*.db")

    assert restore_backup(folder, backup) is None

    with open_county(folder, durable=TWO_COPIES) as county:
        assert county.database.restored
        assert county.database.generation.split("-")[0] > first.split("-")[0]
        welcome = county.welcome(village, "n4")
        assert welcome.applied.seq == told == 7
        assert county.send(village, village.batch(welcome.session, 7)).applied.seq == 13
        assert [row["fact"] for row in county.rows(FACTS)] == village.facts


def test_nothing_is_put_back_under_a_county_that_runs(
    county: County, village: Village, places: list[Path]
) -> None:
    county.deliver(village)
    backup = make_backup(county.folder, places[0], NOON_MS)
    with pytest.raises(StoreError, match="held by another cunyi county"):
        restore_backup(county.folder, backup.path)


def test_the_database_that_was_there_is_kept_with_its_log(
    tmp_path: Path, village: Village, places: list[Path]
) -> None:
    folder = tmp_path / "county"
    with open_county(folder) as county:
        session = county.welcome(village).session
        county.send(village, village.batch(session, 0, 3))
        backup = make_backup(folder, places[0], NOON_MS).path
        county.send(village, village.batch(session, 3))
        for end in ("", "-wal"):
            shutil.copy(folder / f"county.db{end}", tmp_path / f"killed.db{end}")
    for end in ("", "-wal"):
        shutil.copy(tmp_path / f"killed.db{end}", folder / f"county.db{end}")

    aside = restore_backup(folder, backup)

    assert aside is not None
    with sqlite3.connect(aside) as connection:
        assert connection.execute("SELECT count(*) FROM facts").fetchone() == (7,)
    connection.close()
    with open_county(folder) as county:
        assert len(county.rows(FACTS)) == 3
    assert restore_backup(folder, backup) == folder / "county.aside-2.db"


@pytest.mark.parametrize("how", ["over", "renamed", "whole folder"])
def test_however_an_older_copy_comes_back_a_new_generation_begins(
    tmp_path: Path, village: Village, how: str
) -> None:
    folder = tmp_path / "county"
    with open_county(folder) as county:
        county.deliver(village)
        first = county.database.generation
    shutil.copytree(folder, tmp_path / "copy")
    if how == "over":
        with open_county(folder) as county:
            assert not county.database.restored
        shutil.copyfile(tmp_path / "copy" / "county.db", folder / "county.db")
    if how == "renamed":
        (tmp_path / "copy" / "county.db").replace(folder / "county.db")
    if how == "whole folder":
        folder = tmp_path / "copy"
    with open_county(folder) as county:
        assert county.database.restored
        assert county.database.generation != first


def test_of_two_counties_on_copies_of_a_folder_the_first_learns_that_it_must_be_silent(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path / "one") as one:
        one.deliver(village)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with open_county(tmp_path / "one") as one, open_county(tmp_path / "two") as two:
        village.county_gen = two.welcome(village, "n2").county_gen
        assert one.ingest.handle(village.station, village.hello("n3")) is None
        assert one.open_alarms() == {("", alarms.OLDER_GENERATION)}
        assert two.welcome(village, "n4").verdict == "ok"
