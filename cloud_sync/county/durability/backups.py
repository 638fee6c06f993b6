"""Backups of the database: made while the county runs, read again, and only then believed.

A copy is taken through a connection that only reads, so that no failing target ever hurts the
county. The finished file stands alone (no log beside it); FILE.sha256 says what it must be.
"""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from cloud_sync.county.database import DATABASE
from cloud_sync.county.folder import FolderLock, sync_folder, write_durably
from cloud_sync.county.tables import BACKUP_MARKS, BACKUPS, SCHEMA_VERSION
from edge.kernel.errors import CunyiError

_PART: Final = 1 << 20


class BackupError(CunyiError):
    """A backup could not be made or is not whole; the database itself is untouched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Up to where a station's journal stands in a backup."""

    station: str
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One that was read again and found whole."""

    place: str
    file: str
    digest: str
    made_ms: int
    marks: tuple[Mark, ...]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.place) / self.file


def make_backup(folder: Path, place: Path, now_ms: int) -> Backup:
    """Copy the county's database to a place. Raises BackupError, and leaves no half of one."""
    source = folder / DATABASE
    if not source.exists():
        raise BackupError(f"{source} is missing: there is nothing to copy")
    if not place.is_dir():  # a stick that was pulled leaves a path on the county's own disk
        raise BackupError(f"{place} is no folder. Connect the disk, or make the folder")
    name = f"county-{now_ms}.db"
    part = place / f".{name}.part"
    try:
        _copy(source, part)
        marks = _examined(part)
        digest = _digest(part)
        write_durably(place / f"{name}.sha256", f"{digest}  {name}\n".encode())
        part.replace(place / name)
        sync_folder(place)
    except BackupError:
        _clear_away(part, place / f"{name}.sha256")
        raise
    except (OSError, sqlite3.Error) as cause:
        _clear_away(part, place / f"{name}.sha256")
        raise BackupError(f"no backup in {place}: {cause}") from cause
    return Backup(place=str(place.resolve()), file=name, digest=digest, made_ms=now_ms, marks=marks)


def _clear_away(*files: Path) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def check_backup(file: Path) -> str:
    """The digest of a backup that is what it was. Raises BackupError for any other."""
    try:
        told = file.with_name(f"{file.name}.sha256").read_text(encoding="ascii").split()
        digest = _digest(file)
        if told[:1] != [digest]:
            raise BackupError(f"{file} is not what was written: take another backup")
        _examined(file)
    except (OSError, ValueError, sqlite3.Error) as cause:
        raise BackupError(f"{file} cannot be used: {cause}") from cause
    return digest


def _copy(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    address = f"file:{source.absolute()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=5.0)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)  # in one step: one view of the database, whatever is written now
        writing.execute("PRAGMA journal_mode = DELETE")
    handle = os.open(target, os.O_RDONLY)
    try:
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)  # what is read now comes from there
    finally:
        os.close(handle)


def _examined(file: Path) -> tuple[Mark, ...]:
    """Every station's place, each proven by the fact that stands there."""
    address = f"file:{file.absolute()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as reading:
        damage = reading.execute("PRAGMA quick_check").fetchone()[0]
        if damage != "ok":
            raise BackupError(f"{file} is damaged: {damage}")
        number = reading.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
        if number is None or int(number[0]) > SCHEMA_VERSION:
            raise BackupError(f"{file} is no database of this cunyi")
        rows = reading.execute(
            "SELECT s.station, s.epoch, s.seq, s.hash, f.hash FROM stations s LEFT JOIN facts f"
            " ON f.station = s.station AND f.epoch = s.epoch AND f.seq = s.seq"
        ).fetchall()
    torn = [row[0] for row in rows if row[4] is not None and row[4] != row[3]]
    if torn:
        raise BackupError(f"{file} is torn: places and facts of {torn[:3]} do not fit")
    return tuple(Mark(station=row[0], epoch=row[1], seq=row[2]) for row in rows)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(_PART):
            digest.update(chunk)
    return digest.hexdigest()


# -- what the county remembers of them


def record(connection: Connection, backup: Backup, now_ms: int, keep: int) -> list[Path]:
    """Write a verified one down; returns what is older than the newest `keep` of its place."""
    told = {
        "place": backup.place,
        "file": backup.file,
        "digest": backup.digest,
        "made_ms": backup.made_ms,
        "verified_ms": now_ms,
    }
    number = connection.execute(insert(BACKUPS).returning(BACKUPS.c.backup), told).scalar_one()
    marks = [
        {"backup": number, "station": mark.station, "epoch": mark.epoch, "seq": mark.seq}
        for mark in backup.marks
    ]
    if marks:
        connection.execute(insert(BACKUP_MARKS), marks)
    columns = BACKUPS.c
    older = (
        select(columns.backup, columns.file)
        .where(columns.place == backup.place)
        .order_by(columns.made_ms.desc(), columns.backup.desc())
        .offset(max(1, keep))
    )
    gone = connection.execute(older).all()
    numbers = [row.backup for row in gone]
    connection.execute(delete(BACKUP_MARKS).where(BACKUP_MARKS.c.backup.in_(numbers)))
    connection.execute(delete(BACKUPS).where(columns.backup.in_(numbers)))
    return [Path(backup.place) / row.file for row in gone]


def throw_away(files: list[Path]) -> None:
    """Make room; what cannot be removed stays."""
    for file in files:
        _clear_away(file, file.with_name(f"{file.name}.sha256"))


# -- putting one back


def restore_backup(folder: Path, file: Path) -> Path | None:
    """Put a backup in the database's place; returns where the old one lies now, if there was one.

    The next start begins a new generation, and every station sends again what the backup lacks.
    Raises BackupError, or StoreError while a county holds the folder.
    """
    lock = FolderLock.take(folder)
    try:
        check_backup(file)
        return _put_back(folder, file)
    except (OSError, shutil.Error) as cause:
        raise BackupError(f"{file} was not put back: {cause}") from cause
    finally:
        lock.release()


def _put_back(folder: Path, file: Path) -> Path | None:
    database, fresh = folder / DATABASE, folder / f"{DATABASE}.new"
    shutil.copyfile(file, fresh)
    fresh.chmod(0o600)
    handle = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    ends = [end for end in ("", "-wal", "-shm") if Path(f"{database}{end}").exists()]
    aside = _free_name(folder)
    for end in ends:  # the log goes after its file: it must never meet another one
        Path(f"{database}{end}").replace(f"{aside}{end}")
    sync_folder(folder)
    fresh.replace(database)
    sync_folder(folder)
    return aside if ends else None


def _free_name(folder: Path) -> Path:
    number = 1
    while any(folder.glob(f"county.aside-{number}.db*")):
        number += 1
    return folder / f"county.aside-{number}.db"
