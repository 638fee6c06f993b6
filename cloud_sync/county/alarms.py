"""What the sync itself noticed: one row a station and kind, counted, cleared when it is over."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from cloud_sync.county.compiled import Changed
from cloud_sync.county.tables import ALARM_NOTES, ALARMS

FORK: Final = "fork"
ROLLBACK: Final = "rollback"
UNKNOWN_STATION: Final = "unknown_station"
PARKED: Final = "parked"
RESTORED: Final = "restored"
CORRUPT: Final = "corrupt"
INGEST_ERROR: Final = "ingest_error"
CLONE_SUSPECT: Final = "clone_suspect"
REENROL: Final = "reenrol"
GAP: Final = "gap"
BACKUP_FAILED: Final = "backup_failed"
OLDER_GENERATION: Final = "older_generation"
RETAINED: Final = "retained"
"""Somebody left a message for a station at the broker. None of ours does."""
RETAINED_HERE: Final = "retained_here"
"""The same for the county."""

UNTOLD: Final = "untold"
"""Parcels wait for somebody whom no message reaches."""

MAX_STRANGERS: Final = 200
"""Alarms about stations that are not ours: beyond this somebody is playing with names."""

_CLEAR: Final = Changed(
    update(ALARMS)
    .where(
        ALARMS.c.station == bindparam("its_station"),
        ALARMS.c.kind == bindparam("its_kind"),
        ALARMS.c.cleared_ms.is_(None),
    )
    .values(cleared_ms=bindparam("now_ms"))
)
"""Built once: each batch clears what it can."""


def raise_alarm(connection: Connection, station: str, kind: str, detail: str, now_ms: int) -> bool:
    """Note a trouble, or that it is still there. False when there are too many of strangers."""
    mine = (ALARMS.c.station == station) & (ALARMS.c.kind == kind)
    before = connection.execute(select(ALARMS).where(mine)).first()
    if before is None:
        if kind == UNKNOWN_STATION and _strangers(connection) >= MAX_STRANGERS:
            return False
        connection.execute(
            insert(ALARMS),
            {
                "station": station,
                "kind": kind,
                "detail": detail[:200],
                "times": 1,
                "since_ms": now_ms,
                "last_ms": now_ms,
                "cleared_ms": None,
            },
        )
        return True
    since = before.since_ms if before.cleared_ms is None else now_ms
    connection.execute(
        update(ALARMS)
        .where(mine)
        .values(
            detail=detail[:200],
            times=ALARMS.c.times + 1,
            since_ms=since,
            last_ms=now_ms,
            cleared_ms=None,
        )
    )
    return True


def clear_alarm(connection: Connection, station: str, kind: str, now_ms: int) -> None:
    """The trouble is over; the row stays for whoever asks later."""
    clear_alarms(connection, station, (kind,), now_ms)


def clear_alarms(connection: Connection, station: str, kinds: Iterable[str], now_ms: int) -> None:
    """Several troubles are over."""
    over = [{"its_station": station, "its_kind": kind, "now_ms": now_ms} for kind in kinds]
    _CLEAR.by_each(connection, over)


def details_of(connection: Connection, kind: str) -> dict[str, str]:
    """What is said of each station that has this trouble now."""
    mine = (ALARMS.c.kind == kind) & ALARMS.c.cleared_ms.is_(None)
    rows = connection.execute(select(ALARMS.c.station, ALARMS.c.detail).where(mine))
    return {row.station: row.detail for row in rows}


def acknowledge(  # noqa: PLR0913, PLR0917 - which alarm, who and what they found
    connection: Connection, station: str, kind: str, who: str, note: str, now_ms: int
) -> bool:
    """A person looked after a trouble that does not end by itself; False where there is none."""
    mine = (ALARMS.c.station == station) & (ALARMS.c.kind == kind) & ALARMS.c.cleared_ms.is_(None)
    row = connection.execute(select(ALARMS.c.since_ms).where(mine)).first()
    if row is None:
        return False
    said = {"who": who[:40], "note": note[:200], "noted_ms": now_ms}
    connection.execute(
        insert(ALARM_NOTES), {"station": station, "kind": kind, "since_ms": row.since_ms, **said}
    )
    clear_alarm(connection, station, kind, now_ms)
    return True


def _strangers(connection: Connection) -> int:
    wanted = select(func.count()).select_from(ALARMS).where(ALARMS.c.kind == UNKNOWN_STATION)
    return int(connection.execute(wanted).scalar_one())
