"""Rows of one table for one station: read when asked for, written back together."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, insert, select, update

Row = dict[str, Any]

_AT_ONCE: Final = 500
"""Keys in one question: below the fewest variables that any SQLite takes (999)."""


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

    def expect(self, keys: Iterable[Any]) -> None:
        """Read many rows at once: one question each would be most of an ingest's time."""
        wanted = sorted(set(keys) - self._rows.keys())
        for start in range(0, len(wanted), _AT_ONCE):
            self._load(wanted[start : start + _AT_ONCE])

    def get(self, key: Any) -> Row | None:
        """The row as the folds so far have left it, or None."""
        if key not in self._rows:
            self._load([key])
        return self._rows[key]

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
            self._connection.execute(insert(self._table), fresh)
        if known:
            self._connection.execute(self._update(), self._values(known, prefix="new_"))
        self._stored |= self._changed
        self._changed.clear()

    def _load(self, keys: list[Any]) -> None:
        self._rows.update(dict.fromkeys(keys))
        if self._connection is None:
            return
        columns = self._table.c
        wanted = select(self._table).where(
            columns.station == self._station, columns[self._key].in_(keys)
        )
        for row in self._connection.execute(wanted).mappings():
            self._rows[row[self._key]] = dict(row)
            self._stored.add(row[self._key])

    def _update(self) -> Any:
        columns = self._table.c
        return (
            update(self._table)
            .where(
                columns.station == bindparam("new_station"),
                columns[self._key] == bindparam(f"new_{self._key}"),
            )
            .values({c.name: bindparam(f"new_{c.name}") for c in columns if not c.primary_key})
        )

    def _values(self, keys: Iterable[Any], prefix: str = "") -> list[Row]:
        rows = (self._rows[key] for key in sorted(keys))
        return [{prefix + name: value for name, value in row.items()} for row in rows if row]
