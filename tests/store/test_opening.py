"""Opening a folder: one holder, one connection, and a clear word for everything that is wrong."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from edge.kernel.errors import StoreError
from edge.store.connection import FolderHeldError, FolderLock
from edge.store.database import Store
from edge.store.verify import verify
from tests.store.journals import COUNTY, STATION, fill, new_journal

_OPEN_ELSEWHERE = """
import sys
from pathlib import Path
from edge.store.database import Store
Store.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_store_on_the_folder_is_refused_and_names_the_holder(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    pid = (tmp_path / "daemon.lock").read_text().strip()
    with pytest.raises(StoreError, match=rf"held by another cunyi \(process {pid}\)"):
        Store.open(tmp_path)
    with pytest.raises(FolderHeldError):
        verify(tmp_path)
    store.close()
    Store.open(tmp_path).close()


def test_another_process_holding_the_folder_is_named_and_its_death_frees_it(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OPEN_ELSEWHERE, str(new_journal(tmp_path))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(FolderHeldError, match=str(other.pid)):
            Store.open(tmp_path)
        other.kill()
        other.wait()
    Store.open(tmp_path).close()


def test_no_second_connection_can_read_or_write_the_file(tmp_path: Path) -> None:
    # Below SQLite 3.51.3 two connections that checkpoint can damage the file: there is only one.
    store = Store.open(new_journal(tmp_path))
    code = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0.1)
for statement in ("SELECT count(*) FROM journal", "DELETE FROM meta", "PRAGMA wal_checkpoint"):
    try:
        print(connection.execute(statement).fetchall())
    except sqlite3.OperationalError as error:
        print(error)
"""
    heard = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "journal.db")],
        capture_output=True,
        check=True,
        text=True,
    )
    assert heard.stdout.splitlines() == ["database is locked"] * 3
    store.close()


def test_the_settings_that_survive_a_power_cut_are_in_force(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    connection: sqlite3.Connection = store._database.conn  # noqa: SLF001 - no port shows pragmas
    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("locking_mode", "journal_mode", "synchronous", "secure_delete")
    }
    assert found == {
        "locking_mode": "exclusive",
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
    }
    store.close()


def test_a_newer_schema_is_refused_and_no_byte_of_the_file_changes(tmp_path: Path) -> None:
    file = new_journal(tmp_path) / "journal.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = file.read_bytes()
    for look in (Store.open, verify):
        with pytest.raises(StoreError, match=r"has schema 99, newer than this cunyi knows \(6\)"):
            look(tmp_path)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob("journal.db-*"))


def test_a_newer_schema_is_seen_even_when_only_the_log_knows_it(tmp_path: Path) -> None:
    file = new_journal(tmp_path / "new") / "journal.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")  # not yet folded into the file
    killed = tmp_path / "killed"
    shutil.copytree(tmp_path / "new", killed)
    connection.close()
    with pytest.raises(StoreError, match="has schema 99, newer"):
        Store.open(killed)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = new_journal(tmp_path) / "journal.db"
    for content in (b"", b"SQLite format 3\0", b"not a database at all" * 100):
        file.write_bytes(content)
        with pytest.raises(StoreError, match="is not a database"):
            Store.open(tmp_path)
        assert file.read_bytes() == content


def test_a_file_with_a_broken_page_is_refused_as_damaged(tmp_path: Path) -> None:
    fill(new_journal(tmp_path), parcels=40)
    file = tmp_path / "journal.db"
    content = bytearray(file.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 12] = b"\xff" * 12
    file.write_bytes(content)
    for look in (Store.open, verify):
        with pytest.raises(StoreError, match=r"is damaged|cannot be opened"):
            look(tmp_path)
    FolderLock.take(tmp_path).release()  # nobody kept the folder


def test_a_missing_or_damaged_key_is_a_clear_error_and_frees_the_folder(tmp_path: Path) -> None:
    key = new_journal(tmp_path) / "station.key"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(StoreError, match="Codes cannot be checked without it"):
        Store.open(tmp_path)
    key.write_bytes(kept[:31])
    with pytest.raises(StoreError, match=r"station\.key is damaged"):
        Store.open(tmp_path)
    key.write_bytes(kept)
    Store.open(tmp_path).close()


def test_a_missing_folder_or_database_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cunyi station init"):
        Store.open(tmp_path / "nowhere")
    (new_journal(tmp_path) / "journal.db").unlink()
    with pytest.raises(StoreError, match="cunyi station init"):
        Store.open(tmp_path)


@pytest.mark.parametrize("there", ["station.key", "journal.db"])
def test_making_a_station_over_another_changes_nothing(tmp_path: Path, there: str) -> None:
    new_journal(tmp_path)
    gone = {"station.key": "journal.db", "journal.db": "station.key"}[there]
    (tmp_path / gone).unlink()
    before = (tmp_path / there).read_bytes()
    with pytest.raises(StoreError, match=rf"{there} exists already"):
        Store.create(tmp_path, COUNTY, STATION)
    assert (tmp_path / there).read_bytes() == before
    assert not (tmp_path / gone).exists()


def test_a_station_that_could_not_be_made_leaves_nothing_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.store.connection.PRAGMAS", ("journal_mode = WAL", "no sense"))
    with pytest.raises(StoreError, match="cannot be made"):
        Store.create(tmp_path, COUNTY, STATION)
    monkeypatch.undo()
    Store.create(tmp_path, COUNTY, STATION)
    Store.open(tmp_path).close()


def test_only_the_owner_can_read_what_the_station_keeps(tmp_path: Path) -> None:
    store = Store.open(new_journal(tmp_path))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    store.close()
    assert set(modes) == {"daemon.lock", "journal.db", "journal.db-wal", "station.key"}
    assert set(modes.values()) == {0o600}
