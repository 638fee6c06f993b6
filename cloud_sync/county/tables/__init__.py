"""The county's tables, one module a subject; whoever adds a subject imports its module here."""

from cloud_sync.county.tables.commands import CLOCK_SYNCS, COMMANDS
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
from cloud_sync.county.tables.identity import CODES, DEVICES
from cloud_sync.county.tables.places import LOCKS, SLOTS
from cloud_sync.county.tables.stream import STATE_COMMON, STATE_ITEMS, STATE_MARKS
from cloud_sync.county.tables.sync import (
    ALARM_NOTES,
    BACKUP_MARKS,
    BACKUPS,
    EPOCHS,
    GAPS,
    GRANTS,
    SNAPSHOT_PIECES,
    SNAPSHOTS,
    SYNC,
)
from cloud_sync.county.tables.trips import BAGS, HANDOVERS, ROUTES, TRIP_BAGS, TRIPS

__all__ = [
    "ALARMS",
    "ALARM_NOTES",
    "BACKUPS",
    "BACKUP_MARKS",
    "BAGS",
    "CELLS",
    "CLOCK_SYNCS",
    "CODES",
    "COMMANDS",
    "DEVICES",
    "EPOCHS",
    "FACTS",
    "FORK_STORE",
    "GAPS",
    "GRANTS",
    "HANDOVERS",
    "IS_REFUSED",
    "LOCKS",
    "META",
    "METADATA",
    "PARCELS",
    "RESTARTS",
    "ROUTES",
    "SCHEMA_VERSION",
    "SLOTS",
    "SNAPSHOTS",
    "SNAPSHOT_PIECES",
    "STATE_COMMON",
    "STATE_ITEMS",
    "STATE_MARKS",
    "STATIONS",
    "SUPPLIES",
    "SYNC",
    "TRIPS",
    "TRIP_BAGS",
]
