"""Puts the sync office together: for a running county, or on a folder that nobody holds."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.durability.backup_round import BackupRound, Plan, Writer
from cloud_sync.county.histories.grants import Granting
from cloud_sync.county.identity.opening import make_granting
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.settings import CountySettings, read_county_settings
from cloud_sync.county.sync_office import SyncOffice

_Result = TypeVar("_Result")


def make_sync_office(
    settings: CountySettings, database: Database, granting: Granting, write: Writer
) -> SyncOffice:
    """The office of a county with these settings."""
    plan = Plan(
        to=tuple(map(Path, settings.backup.to)),
        every_hours=settings.backup.every_hours,
        keep=settings.backup.keep,
    )
    backups = BackupRound(settings.folder, plan, write=write, clock_ms=granting.now_ms)
    return SyncOffice(
        folder=settings.folder,
        database=database,
        granting=granting,
        backups=backups,
        write=write,
    )


@contextlib.contextmanager
def opened_sync_office(folder: Path) -> Iterator[SyncOffice]:
    """The office of a county that does not run. Raises ConfigError, StoreError."""
    settings = read_county_settings(folder)
    database = Database.open(folder)

    def write(work: Callable[[Connection], _Result]) -> _Result:
        with database.write() as connection:
            return work(connection)

    try:
        granting = make_granting(settings, OwnKeys.read(folder, database.county))
        yield make_sync_office(settings, database, granting, write)
    finally:
        database.close()
