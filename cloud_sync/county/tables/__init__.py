"""The county's tables, one module a subject; whoever adds a subject imports its module here."""

from cloud_sync.county.tables.accounts import (
    ACCOUNTS,
    AUDIT_TRAIL,
    KNOWN_ADDRESSES,
    RECOVERY_CODES,
    SESSIONS,
    SIGN_IN_WAITS,
)
from cloud_sync.county.tables.board import VILLAGE_NOTICE_STATIONS, VILLAGE_NOTICES
from cloud_sync.county.tables.commands import CLOCK_SYNCS, COMMANDS
from cloud_sync.county.tables.complaints import COMPLAINT_ANSWERS, COMPLAINTS
from cloud_sync.county.tables.consents import CONSENTS
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
from cloud_sync.county.tables.notices import NOTICE_PARCELS, NOTICE_TRIES, NOTICES
from cloud_sync.county.tables.passes import PASSES
from cloud_sync.county.tables.places import KEEPINGS, LOCKS, SLOTS
from cloud_sync.county.tables.proxies import PROXIES
from cloud_sync.county.tables.recipients import RECIPIENT_PARCELS, RECIPIENTS, SEALED_CODES
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
from cloud_sync.county.tables.trips import BAGS, HANDOVERS, ROUTES, TRIP_BAGS, TRIP_PARCELS, TRIPS

__all__ = [
    "ACCOUNTS",
    "ALARMS",
    "ALARM_NOTES",
    "AUDIT_TRAIL",
    "BACKUPS",
    "BACKUP_MARKS",
    "BAGS",
    "CELLS",
    "CLOCK_SYNCS",
    "CODES",
    "COMMANDS",
    "COMPLAINTS",
    "COMPLAINT_ANSWERS",
    "CONSENTS",
    "DEVICES",
    "EPOCHS",
    "FACTS",
    "FORK_STORE",
    "GAPS",
    "GRANTS",
    "HANDOVERS",
    "IS_REFUSED",
    "KEEPINGS",
    "KNOWN_ADDRESSES",
    "LOCKS",
    "META",
    "METADATA",
    "NOTICES",
    "NOTICE_PARCELS",
    "NOTICE_TRIES",
    "PARCELS",
    "PASSES",
    "PROXIES",
    "RECIPIENTS",
    "RECIPIENT_PARCELS",
    "RECOVERY_CODES",
    "RESTARTS",
    "ROUTES",
    "SCHEMA_VERSION",
    "SEALED_CODES",
    "SESSIONS",
    "SIGN_IN_WAITS",
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
    "TRIP_PARCELS",
    "VILLAGE_NOTICES",
    "VILLAGE_NOTICE_STATIONS",
]
