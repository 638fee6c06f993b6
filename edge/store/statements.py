"""One connection, and what follows when a statement on it fails."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from edge.kernel.errors import StoreError

_NO_VALUES: Final[Mapping[str, Any]] = {}


class Statements:
    """After a failure it refuses everything: only a restart can tell what reached the disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._failed = ""

    def read(self, query: str, values: Mapping[str, Any] = _NO_VALUES) -> list[tuple[Any, ...]]:
        """All rows. Raises StoreError."""
        self.check()
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as cause:
            raise self.fail(f"the store could not be read: {cause}") from cause

    def write(self, statement: str, values: Mapping[str, Any]) -> int:
        """One change, safe once this returns; says how many rows. Raises StoreError."""
        self.check()
        try:
            return self._db.execute(statement, values).rowcount
        except sqlite3.Error as cause:
            raise self.fail(f"the store could not be written: {cause}") from cause

    @contextmanager
    def transaction(self, what: str) -> Iterator[sqlite3.Connection]:
        """Everything inside, or nothing. Raises StoreError with the sentence `what`."""
        self.check()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except sqlite3.Error as cause:
            raise self.fail(f"{what}: {cause}") from cause
        except BaseException as bug:
            # Half of it hangs in the open transaction: nobody may read or go on from it.
            self.fail(f"{what}: {bug!r}")
            raise

    def check(self) -> None:
        """Raises StoreError after a failure."""
        if self._failed:
            raise StoreError(self._failed)

    def fail(self, reason: str) -> StoreError:
        """A failed write or sync may have reached the disk or not: refuse from here on."""
        self._failed = reason
        return StoreError(reason)
