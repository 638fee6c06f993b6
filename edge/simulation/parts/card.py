"""What ails the card of a machine: it stalls, is full, cannot be written, or lies about syncs.

Errors are SQLite's own wherever it can be brought to have them: a page limit for a full card, a
limit of file size for a write that fails, `query_only` for a file system that went read-only.
"""

import contextlib
import resource
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from edge.kernel.errors import StoreError
from edge.simulation.ground.chance import Dice
from edge.simulation.parts.disk import LOG, Image, image_of
from edge.store.database import Store

_R = TypeVar("_R")
_NO_LIMIT: Final = 2**30
_SOME_BYTES: Final = 700
LIES: Final = 12
"""So many statements' worth of syncs a lying card may have kept to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The card hangs for so long, before it has done the work or after."""

    seconds: float
    done_first: bool


class Card:
    """See the module's docstring. It outlives the processes of its machine."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.stall: Stall | None = None
        """What the next call meets."""
        self.stalls, self.breaks = 0.0, 0.0
        """In which share of all calls it hangs for a moment, or a write fails."""
        self.full = False
        self.read_only = False
        self.bad_write = self.bad_sync = False
        """The next write, or the next sync, fails."""
        self.lies = False
        self.hurt = False
        """Whether the daemon that runs now has met an error."""
        self._kept: deque[Image] = deque(maxlen=LIES)

    def heal(self) -> None:
        """Nothing ails it any more."""
        self.stall, self.stalls, self.breaks = None, 0.0, 0.0
        self.full = self.read_only = self.bad_write = self.bad_sync = self.lies = False

    def begins(self) -> None:
        """A daemon starts on it: by then all that was written is safe, even on a card that lies."""
        self.hurt = False
        self._kept.clear()

    def next_stall(self) -> Stall | None:
        """Whether this call hangs."""
        if self.stalls and self.stall is None and self.dice.chance(self.stalls):
            self.stall = Stall(
                seconds=self.dice.between(0.2, 6.0), done_first=self.dice.chance(0.5)
            )
        stall, self.stall = self.stall, None
        return stall

    def refuse_open(self) -> None:
        """Raises StoreError, as the lock file does on a file system that cannot be written."""
        if self.read_only:
            self.hurt = True
            raise StoreError("daemon.lock cannot be opened (Read-only file system)")

    def carry_out(self, folder: Path, store: Store | None, call: Callable[[], _R]) -> _R:
        """One call of a store, as the card is. Raises what the store makes of an error."""
        if self.breaks and self.dice.chance(self.breaks):
            self.bad_write, self.bad_sync = (
                (True, False) if self.dice.chance(0.5) else (False, True)
            )
        connection = None if store is None else connection_of(store)
        if self.lies:
            self._kept.append(image_of(folder))
        if connection is None:
            with self._writes_fail(folder):
                return self._told(call)
        before = connection.total_changes
        with self._limits(connection), self._writes_fail(folder):
            result = self._told(call)
        if store is not None and self.bad_sync and connection.total_changes != before:
            self.bad_sync, self.hurt = False, True
            raise store.fail("a decision could not be stored: disk I/O error")
        return result

    def _told(self, call: Callable[[], _R]) -> _R:
        try:
            return call()
        except StoreError:
            self.hurt = self.hurt or self.full or self.read_only or self.bad_write
            self.bad_write = False
            raise

    @contextlib.contextmanager
    def _limits(self, connection: sqlite3.Connection) -> Iterator[None]:
        if not (self.full or self.read_only):
            yield
            return
        if self.full:
            connection.execute("PRAGMA max_page_count = 1")  # SQLite takes: as many as there are
        if self.read_only:
            connection.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA max_page_count = {_NO_LIMIT}")
            connection.execute("PRAGMA query_only = OFF")

    @contextlib.contextmanager
    def _writes_fail(self, folder: Path) -> Iterator[None]:
        """The kernel refuses every write beyond the beginning of the next frame."""
        if not self.bad_write:
            yield
            return
        log = folder / LOG
        size = (log.stat().st_size if log.exists() else 0) + _SOME_BYTES
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    def confess(self) -> Image | None:
        """After a cut: what a card that lied really has, None where it did not."""
        return self.dice.one_of(self._kept) if self.lies and self._kept else None


class Film:
    """Images of a store's files, one before each statement that may write."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder, self._connection = folder, connection
        self.images: list[Image] = []
        connection.set_trace_callback(self._look)

    def _look(self, _statement: str) -> None:
        if not self._connection.in_transaction:
            self.images.append(image_of(self._folder))

    def so_far(self) -> list[Image]:
        """What was seen since the last time, up to now."""
        images, self.images = [*self.images, image_of(self._folder)], []
        return images

    def end(self) -> list[Image]:
        """Look no more."""
        self._connection.set_trace_callback(None)
        return self.so_far()


def connection_of(store: Store) -> sqlite3.Connection:
    """The one connection that a store has."""
    connection: sqlite3.Connection = store._database.conn  # noqa: SLF001 - the card lies below it
    return connection
