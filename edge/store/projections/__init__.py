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
