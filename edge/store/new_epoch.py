"""A journal that begins anew by a GRANT: the old one is set aside, never deleted.

Every step may be cut off by a power cut and done again:

1. `journal.next` is made whole from the GRANT, and only then gets that name.
2. The key of the codes is put in place; the one before it is kept beside it.
3. The old journal moves to `journal-epoch<N>.db`.
4. `journal.next` becomes `journal.db`; and when that is safe, `grant.new` goes, and with it
   `grant.known`.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.kernel.errors import StoreError
from edge.store.connection import DATABASE, create_database
from edge.store.key import FILE_NAME as KEY_FILE
from edge.store.projections import TABLES, begin_tables
from edge.store.snapshots import Snapshot, insert

GRANT: Final = "grant.new"
KNOWN: Final = "grant.known"
"""What the daemon knew when the GRANT came: after a power cut the old file alone may lag behind."""
REFUSED: Final = "grant.refused"
NEXT: Final = "journal.next"
_BUILDING: Final = "journal.building"
_KEY_NEXT: Final = "station.key.next"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEpoch:
    """All that the new journal begins with. `key` is None where the present one stays."""

    station: str
    county: str
    epoch: int
    boot: int
    grant: str
    began: Mapping[str, str]
    snapshot: Snapshot
    tables: Mapping[str, list[tuple[Any, ...]]]
    keepers: Mapping[str, str]
    key: bytes | None
    couriers: Mapping[str, str] = field(default_factory=dict)


def write_durably(folder: Path, name: str, data: bytes) -> None:
    """A whole file under this name, or none; safe once this returns. Raises StoreError."""
    path, part = folder / name, folder / f"{name}.part"
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync(folder)
    except OSError as cause:
        raise StoreError(f"{path} cannot be written: {cause.strerror}") from cause


def meta_on_disk(folder: Path) -> dict[str, str]:
    """What the folder's journal says of itself, empty where its file cannot be read."""
    return _meta(folder / DATABASE)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What goes from one journal into the next beside the GRANT: PIN hashes, and the boot."""

    boot: int
    keepers: dict[str, str]
    couriers: dict[str, str] = {}


def known_on_disk(folder: Path) -> Known:
    """What the daemon last knew of itself: as it wrote beside the GRANT, else from its file."""
    boot = int(_meta(folder / DATABASE).get("boot", "0"))
    keepers = keepers_on_disk(folder)
    couriers = _pairs(folder / DATABASE, "SELECT courier, pin_hash FROM couriers")
    try:
        known = msgspec.json.decode((folder / KNOWN).read_bytes(), type=Known)
    except (OSError, msgspec.DecodeError, ValueError, RecursionError):
        return Known(boot=boot, keepers=keepers, couriers=couriers)
    return Known(
        boot=max(boot, known.boot),
        keepers={**keepers, **known.keepers},
        couriers={**couriers, **known.couriers},
    )


def keepers_on_disk(folder: Path) -> dict[str, str]:
    """PIN hashes by name in the folder's journal, as far as it can be read."""
    return _pairs(folder / DATABASE, "SELECT keeper, pin_hash FROM keepers")


def has_key(folder: Path, key: bytes) -> bool:
    """Whether the folder's codes are made with this key."""
    file = folder / KEY_FILE
    return file.exists() and file.read_bytes() == key


def begin_epoch(folder: Path, new: NewEpoch) -> None:
    """Put the new journal in the old one's place, by a caller that holds the folder.

    May be called again after any failure. Raises StoreError.
    """
    with _told(folder):
        if _meta(folder / DATABASE).get("grant") != new.grant:
            if _meta(folder / NEXT).get("grant") != new.grant:
                _build(folder, new)
            _change_key(folder, new)
            _set_aside(folder)
            (folder / NEXT).replace(folder / DATABASE)
            _sync(folder)
        for name in (GRANT, KNOWN):  # in this order: the second is of no use without the first
            (folder / name).unlink(missing_ok=True)
        _sync(folder)


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as cause:
        raise StoreError(f"the new journal in {folder} cannot be made: {cause}") from cause


def _build(folder: Path, new: NewEpoch) -> None:
    building = folder / _BUILDING
    for leftover in (building, folder / f"{_BUILDING}-wal", folder / NEXT):
        leftover.unlink(missing_ok=True)
    meta = {
        "station": new.station,
        "county": new.county,
        "epoch": str(new.epoch),
        "boot": str(new.boot),
        "grant": new.grant,
        **new.began,
    }
    create_database(building, meta, lambda connection: _fill(connection, new))
    with building.open("rb") as file:
        os.fsync(file.fileno())
    building.replace(folder / NEXT)
    _sync(folder)


def _fill(connection: sqlite3.Connection, new: NewEpoch) -> None:
    connection.execute("UPDATE journal_base SET seq = 0, hash = :hash", {"hash": new.snapshot.hash})
    insert(connection, new.snapshot)
    for table in TABLES:
        begin_tables(connection, table, new.tables[table])
        begin_tables(connection, f"base_{table}", new.tables[table])
    connection.executemany("INSERT INTO keepers VALUES (?, ?)", new.keepers.items())
    connection.executemany("INSERT INTO couriers VALUES (?, ?)", new.couriers.items())


def _change_key(folder: Path, new: NewEpoch) -> None:
    key = folder / KEY_FILE
    if new.key is None or has_key(folder, new.key):
        return
    if key.exists():
        shutil.copyfile(key, folder / _KEY_NEXT)  # a name of its own until it is whole
        _keep(folder / _KEY_NEXT, folder / f"station-before-epoch{new.epoch}.key")
    write_durably(folder, KEY_FILE, new.key)


def _set_aside(folder: Path) -> None:
    old = folder / DATABASE
    if not old.exists():
        return
    name = f"journal-epoch{_meta(old).get('epoch', '-unknown')}"
    number, aside = 1, folder / f"{name}.db"
    while aside.exists():
        number += 1
        aside = folder / f"{name}-{number}.db"
    log = folder / f"{DATABASE}-wal"
    if log.exists():
        log.replace(folder / f"{aside.name}-wal")
    old.replace(aside)
    _sync(folder)


def _keep(fresh: Path, kept: Path) -> None:
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    if kept.exists():
        fresh.unlink()
    else:
        fresh.replace(kept)


def _meta(file: Path) -> dict[str, str]:
    return _pairs(file, "SELECT name, value FROM meta")


def _pairs(file: Path, query: str) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        # Immutable: neither the log nor a lock is touched, and what we ask for never changes.
        connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
        try:
            return dict(connection.execute(query).fetchall())
        finally:
            connection.close()
    except sqlite3.Error:
        return {}


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
