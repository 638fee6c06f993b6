"""What SQLAlchemy has compiled, once for all databases of a process.

An engine keeps what it compiled for itself, under its own dialect. A process that opens one county
after another, as the simulator and the tests do, would compile every statement again for each.
"""

import sqlite3
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Index, Select
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


class Asked:
    """A question that comes with every message: put into words once, and asked of the driver.

    To ask it through SQLAlchemy takes five times as long as SQLite takes to answer. Rows are plain
    tuples in the order of the question's columns, and a flag in them is 0 or 1. Raises
    SQLAlchemyError, as any other question does.
    """

    def __init__(self, question: Select[Any]) -> None:
        compiled = question.compile(dialect=AlikeDialect())
        self._words = str(compiled)
        self._order = tuple(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def rows(self, connection: Connection, **given: object) -> list[tuple[Any, ...]]:
        """All that answers it; `given` are its parameters."""
        values = self._fixed | given
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._words, [values[name] for name in self._order])
            return list(cursor.fetchall())
        except sqlite3.Error as cause:
            raise OperationalError(self._words, given, cause) from cause

    def first(self, connection: Connection, **given: object) -> tuple[Any, ...] | None:
        """For a question that one row answers, if any."""
        return next(iter(self.rows(connection, **given)), None)


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
