"""Tables that screens and exports read, folded from facts in the transaction that stores them."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final

from cloud_sync.wire.envelope import Envelope
from edge.store.projections.cells import CELL_FOLDS
from edge.store.projections.parcels import PARCEL_FOLDS

Fold = Callable[[sqlite3.Connection, Envelope], Any]
TABLES: Final = ("parcels", "cells")

_FOLDS: Final[tuple[Mapping[str, Fold], ...]] = (PARCEL_FOLDS, CELL_FOLDS)


def project(connection: sqlite3.Connection, envelope: Envelope) -> None:
    """Fold one fact into every table that cares about its kind."""
    for folds in _FOLDS:
        if fold := folds.get(envelope.kind):
            fold(connection, envelope)


def read_tables(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of its first column."""
    return {
        table: connection.execute(
            f"SELECT * FROM {table} ORDER BY 1"  # noqa: S608 - table names are our constants
        ).fetchall()
        for table in TABLES
    }
