"""Tables that screens and exports read, folded from facts in the transaction that stores them.

Each has a twin, as it was before the first fact that the journal still keeps.
"""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final

from cloud_sync.wire.envelope import Envelope
from edge.store.projections.cells import cell_folds
from edge.store.projections.parcels import parcel_folds
from edge.store.projections.trips import bag_folds, handover_folds

Fold = Callable[[sqlite3.Connection, Envelope], Any]
TABLES: Final = ("parcels", "cells", "bags", "handovers")
_Folds = tuple[Mapping[str, Fold], ...]

_NOW: Final[_Folds] = (
    parcel_folds("parcels"),
    cell_folds("cells"),
    bag_folds("bags"),
    handover_folds("handovers"),
)
_BASE: Final[_Folds] = (
    parcel_folds("base_parcels"),
    cell_folds("base_cells"),
    bag_folds("base_bags"),
    handover_folds("base_handovers"),
)


def project(connection: sqlite3.Connection, envelope: Envelope) -> None:
    """Fold one fact into every table that cares about its kind."""
    _fold(_NOW, connection, envelope)


def project_base(connection: sqlite3.Connection, envelope: Envelope) -> None:
    """Fold a fact that is about to be pruned into the tables of the base."""
    _fold(_BASE, connection, envelope)


def _fold(folds: _Folds, connection: sqlite3.Connection, envelope: Envelope) -> None:
    for table in folds:
        if fold := table.get(envelope.kind):
            fold(connection, envelope)


def read_tables(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of its first column."""
    return {table: _rows(connection, table) for table in TABLES}


def read_base_tables(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The same, as they were before the first fact that is kept."""
    return {table: _rows(connection, f"base_{table}") for table in TABLES}


def begin_tables(connection: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Fill an empty table."""
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - our own constants
        connection.executemany(statement, rows)


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    query = f"SELECT * FROM {table} ORDER BY 1"  # noqa: S608 - table names are our constants
    return connection.execute(query).fetchall()
