"""Backups on time and on request, in a thread of their own: nobody waits for a slow stick."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, func, select

from cloud_sync.county import alarms
from cloud_sync.county.durability.backups import (
    Backup,
    BackupError,
    make_backup,
    record,
    throw_away,
)
from cloud_sync.county.tables import BACKUPS
from edge.kernel.errors import StoreError

log = structlog.get_logger(__name__)

HOUR_MS: Final = 3_600_000
LOOK_S: Final = 60.0
AGAIN_MS: Final = 600_000
"""A place that failed is tried again after this: a stick may have been put back in."""
_THE_COUNTY: Final = ""
_Result = TypeVar("_Result")


class Writer(Protocol):
    """Runs work in one transaction, in the thread that may write."""

    def __call__(self, work: Callable[[Connection], _Result]) -> _Result:
        """May raise StoreError or TimeoutError, and whatever the work raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where backups go by themselves, how often, and how many stay at each place."""

    to: Sequence[Path]
    every_hours: int
    keep: int


class BackupRound:
    """See the module's docstring. `back_up` and `look` may be called from any thread."""

    def __init__(
        self, folder: Path, plan: Plan, *, write: Writer, clock_ms: Callable[[], int]
    ) -> None:
        self._folder, self._plan = folder, plan
        self._write, self._clock_ms = write, clock_ms
        self._one_at_a_time = threading.Lock()
        self._failed: dict[Path, tuple[int, str]] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="county-backups", daemon=True)

    def start(self) -> None:
        """Make what is due, now and from now on."""
        if self._plan.to:
            self._thread.start()

    def stop(self) -> None:
        """End. A backup in hand goes with the process: half of one is never believed."""
        self._stopping.set()

    def back_up(self, place: Path) -> Backup:
        """Make one now and write it down. Raises BackupError, or StoreError."""
        with self._one_at_a_time:
            backup = make_backup(self._folder, place, self._clock_ms())
            keep, now_ms = self._plan.keep, self._clock_ms()
            try:
                gone = self._write(lambda connection: record(connection, backup, now_ms, keep))
            except BaseException:
                throw_away([backup.path])  # what nobody knows of, nobody would ever clear away
                raise
        throw_away(gone)
        log.info("backup_made", place=backup.place, file=backup.file, stations=len(backup.marks))
        return backup

    def look(self) -> None:
        """Make what is due; what fails raises the alarm and changes nothing else."""
        for place in self._plan.to:
            if self._is_due(place):
                self._try(place)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except (StoreError, TimeoutError) as cause:  # whoever writes is busy, or has ended
                log.warning("backups_wait", reason=str(cause))
            self._stopping.wait(LOOK_S)

    def _is_due(self, place: Path) -> bool:
        now_ms = self._clock_ms()
        if place in self._failed:
            return not 0 <= now_ms - self._failed[place][0] < AGAIN_MS
        wanted = select(func.max(BACKUPS.c.made_ms)).where(BACKUPS.c.place == str(place.resolve()))
        newest = self._write(lambda connection: connection.execute(wanted).scalar())
        if newest is None:
            return True
        # A clock that was set back must not stop the backups.
        return not 0 <= now_ms - newest < self._plan.every_hours * HOUR_MS

    def _try(self, place: Path) -> None:
        now_ms = self._clock_ms()
        try:
            self.back_up(place)
        except BackupError as cause:
            self._failed[place] = (now_ms, str(cause))
            log.error("backup_failed", place=str(place), reason=str(cause))  # noqa: TRY400 - the disk's fault, not ours
        else:
            self._failed.pop(place, None)
        self._write(lambda connection: self._tell(connection, now_ms))

    def _tell(self, connection: Connection, now_ms: int) -> None:
        kind = alarms.BACKUP_FAILED
        if not self._failed:
            alarms.clear_alarm(connection, _THE_COUNTY, kind, now_ms)
            return
        _at, detail = max(self._failed.values())
        alarms.raise_alarm(connection, _THE_COUNTY, kind, detail, now_ms)
