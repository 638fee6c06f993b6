"""Rows of one table for one station: read when asked for, written back together."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, Self

from sqlalchemy import BindParameter, Connection, Dialect, Table, bindparam, insert, select, update

from cloud_sync.county.compiled import Asked, Changed
from cloud_sync.county.statements import row_where

Row = dict[str, Any]

_AT_ONCE: Final = 500
"""Keys in one question: below the fewest variables that any SQLite takes (999)."""


def add(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Insert rows that all name the same columns, with none of SQLAlchemy's work on each value."""
    statement, order = _insert(table, connection.dialect, tuple(rows[0]))
    values = [tuple([row[name] for name in order]) for row in rows] if order else rows
    connection.exec_driver_sql(statement, values)


@lru_cache(maxsize=64)
def _insert(table: Table, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, Sequence[str]]:
    compiled = insert(table).compile(dialect=dialect, column_keys=columns)
    return str(compiled), tuple(compiled.positiontup or ())


@lru_cache(maxsize=256)
def _some(table: Table, key: str, many: int) -> Asked:
    columns = table.c
    keys: list[BindParameter[Any]] = [bindparam(f"key_{number}") for number in range(many)]
    return Asked(
        select(table).where(columns.station == bindparam("station"), columns[key].in_(keys))
    )


@lru_cache(maxsize=64)
def _update(table: Table, key: str) -> Changed:
    columns = table.c
    return Changed(
        update(table)
        .where(
            columns.station == bindparam("new_station"),
            columns[key] == bindparam(f"new_{key}"),
        )
        .values({c.name: bindparam(f"new_{c.name}") for c in columns if not c.primary_key})
    )


class Rows:
    """A little memory in front of a table. Without a connection it is memory alone."""

    def __init__(
        self, table: Table, key: str, station: str, connection: Connection | None = None
    ) -> None:
        self._table, self._key, self._station = table, key, station
        self._connection = connection
        self._rows: dict[Any, Row | None] = {}
        self._stored: set[Any] = set()
        self._changed: set[Any] = set()
        self._complete = connection is None

    def read_all(self) -> Self:
        """Read every row of the station, where they are few."""
        if not self._complete:
            self._read(row_where(self._table, "station"))
            self._complete = True
        return self

    def expect(self, keys: Iterable[Any]) -> None:
        """Read many rows at once: one question each would be most of an ingest's time."""
        wanted = sorted(set(keys) - self._rows.keys())
        for start in range(0, len(wanted), _AT_ONCE):
            self._load(wanted[start : start + _AT_ONCE])

    def get(self, key: Any) -> Row | None:
        """The row as the folds so far have left it, or None."""
        if key not in self._rows and not self._complete:
            self._load([key])
        return self._rows.get(key)

    def put(self, key: Any, **columns: Any) -> None:
        """Change or add one row; a new row must name every column."""
        before = self.get(key) or {"station": self._station, self._key: key}
        self._rows[key] = before | columns
        self._changed.add(key)

    def all(self) -> list[Row]:
        """Every row known here, in order of the key."""
        return [row for _key, row in sorted(self._rows.items()) if row is not None]

    def save(self) -> None:
        """Write what has changed."""
        if self._connection is None or not self._changed:
            return
        known = self._changed & self._stored
        if fresh := self._values(self._changed - known):
            add(self._connection, self._table, fresh)
        if known:
            change = _update(self._table, self._key)
            change.by_each(self._connection, self._values(known, prefix="new_"))
        self._stored |= self._changed
        self._changed.clear()

    def _load(self, keys: list[Any]) -> None:
        self._rows.update(dict.fromkeys(keys))
        many = 1 << (len(keys) - 1).bit_length()  # of few sizes: the last key is asked for again
        filled = keys + keys[-1:] * (many - len(keys))
        given = {f"key_{number}": key for number, key in enumerate(filled)}
        self._read(_some(self._table, self._key, many), **given)

    def _read(self, wanted: Asked, **given: object) -> None:
        if self._connection is None:
            return
        for values in wanted.rows(self._connection, station=self._station, **given):
            row = wanted.named(values)
            self._rows[row[self._key]] = row
            self._stored.add(row[self._key])

    def _values(self, keys: Iterable[Any], prefix: str = "") -> list[Row]:
        rows = (self._rows[key] for key in sorted(keys))
        return [{prefix + name: value for name, value in row.items()} for row in rows if row]
