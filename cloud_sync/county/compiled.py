"""What SQLAlchemy has compiled, once for all databases of a process.

An engine keeps what it compiled for itself, under its own dialect. A process that opens one county
after another, as the simulator and the tests do, would compile every statement again for each.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Index, Select, Update
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.util import LRUCache

from cloud_sync.county.tables import METADATA

DRIVER: Final = "sqlite+cunyi"
"""The beginning of a database's address, for SQLAlchemy."""
COMPILED: Final = LRUCache[object, object](1_000)
"""For an engine's execution options. Threads may share it."""


class AlikeDialect(SQLiteDialect_pysqlite):
    """SQLite's words. Any two are equal, so that one finds what another has compiled."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        """Every database here is opened in the same way."""
        return isinstance(other, AlikeDialect)

    def __hash__(self) -> int:
        """As equals have it."""
        return hash(AlikeDialect)


registry.register("sqlite.cunyi", __name__, AlikeDialect.__name__)


class _Spoken:
    """A statement that comes with every message: put into words once, and said to the driver.

    To say it through SQLAlchemy takes five times as long as SQLite takes to do it. Raises
    SQLAlchemyError, as any other statement does.
    """

    def __init__(self, statement: Select[Any] | Update) -> None:
        compiled = statement.compile(dialect=AlikeDialect())
        self._words = str(compiled)
        self._order = tuple(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def _values(self, given: Mapping[str, object]) -> list[object]:
        values = {**self._fixed, **given}
        return [values[name] for name in self._order]

    def _error(self, cause: sqlite3.Error) -> OperationalError:
        return OperationalError(self._words, {}, cause)


class Asked(_Spoken):
    """A question. Rows are plain tuples in the order of its columns; a flag in them is 0 or 1."""

    def __init__(self, question: Select[Any]) -> None:
        super().__init__(question)
        self.columns: Final = tuple(column.name for column in question.selected_columns)
        self._flags = tuple(
            column.name for column in question.selected_columns if isinstance(column.type, Boolean)
        )

    def rows(self, connection: Connection, **given: object) -> list[tuple[Any, ...]]:
        """All that answers it; `given` are its parameters."""
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._words, self._values(given))
            return list(cursor.fetchall())
        except sqlite3.Error as cause:
            raise self._error(cause) from cause

    def first(self, connection: Connection, **given: object) -> tuple[Any, ...] | None:
        """For a question that one row answers, if any."""
        return next(iter(self.rows(connection, **given)), None)

    def named(self, row: Sequence[Any]) -> dict[str, Any]:
        """One of its rows by the names of its columns, with flags as they are in Python."""
        found = dict(zip(self.columns, row, strict=True))
        for name in self._flags:
            found[name] = bool(found[name])
        return found


class Changed(_Spoken):
    """A change of rows that are there."""

    def __init__(self, change: Update) -> None:
        super().__init__(change)

    def by(self, connection: Connection, **given: object) -> int:
        """Make it; returns how many rows it met."""
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._words, self._values(given))
        except sqlite3.Error as cause:
            raise self._error(cause) from cause
        return int(cursor.rowcount)

    def by_each(self, connection: Connection, many: Iterable[Mapping[str, object]]) -> None:
        """Make it once for each of these."""
        values = [self._values(given) for given in many]
        try:
            connection.connection.cursor().executemany(self._words, values)
        except sqlite3.Error as cause:
            raise self._error(cause) from cause


@cache
def schema_words() -> tuple[str, ...]:
    """What makes all tables and indexes in an empty file."""
    dialect, tables = AlikeDialect(), METADATA.sorted_tables
    made: list[CreateTable | CreateIndex] = [
        *(CreateTable(table) for table in tables),
        *(CreateIndex(index) for table in tables for index in sorted(table.indexes, key=_name)),
    ]
    return tuple(str(one.compile(dialect=dialect)) for one in made)


def _name(index: Index) -> str:
    return str(index.name)
