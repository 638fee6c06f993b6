"""The county's tables, one module a subject; whoever adds a subject imports its module here."""

from cloud_sync.county.tables.core import (
    ALARMS,
    CELLS,
    FACTS,
    FORK_STORE,
    IS_REFUSED,
    META,
    METADATA,
    PARCELS,
    RESTARTS,
    SCHEMA_VERSION,
    STATIONS,
    SUPPLIES,
)

__all__ = [
    "ALARMS",
    "CELLS",
    "FACTS",
    "FORK_STORE",
    "IS_REFUSED",
    "META",
    "METADATA",
    "PARCELS",
    "RESTARTS",
    "SCHEMA_VERSION",
    "STATIONS",
    "SUPPLIES",
]
