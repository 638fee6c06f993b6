"""Codes that let a station in: each for one station, once, until it expires."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from cloud_sync.county.tables import CODES
from cloud_sync.wire.trust.enrolment import EnrolmentCode
from cloud_sync.wire.trust.identity import KeyId
from edge.kernel.ids import StationId

LIFE_MS: Final = 15 * 60_000
MOST_WRONG: Final = 10
"""Requests that name a code and do not prove it, before it counts no more."""
_KEPT_MS: Final = 400 * 86_400_000


class LiveCode(NamedTuple):
    """A code that counts now. `used_by` has enrolled with it: its answer may have been lost."""

    name: str
    station: StationId
    mac_key: bytes
    replace: bool
    used_by: KeyId | None


def add_code(  # noqa: PLR0913 - what a row holds, each by name
    connection: Connection,
    code: EnrolmentCode,
    station: StationId,
    *,
    replace: bool,
    made_by: str,
    now_ms: int,
    expires_ms: int,
) -> None:
    """From now on this code lets a station in; any earlier one for it counts no more."""
    mine = (CODES.c.station == station) & CODES.c.mac_key.is_not(None)
    connection.execute(update(CODES).where(mine).values(mac_key=None))
    connection.execute(delete(CODES).where(CODES.c.made_ms < now_ms - _KEPT_MS))
    connection.execute(delete(CODES).where(CODES.c.hash == code.name))
    connection.execute(
        insert(CODES),
        {
            "hash": code.name,
            "station": station,
            "mac_key": code.mac_key,
            "replace": replace,
            "made_ms": now_ms,
            "expires_ms": expires_ms,
            "used_ms": None,
            "used_by": None,
            "tries": 0,
            "made_by": made_by[:40],
        },
    )


def live_code(connection: Connection, name: str, now_ms: int) -> LiveCode | None:
    """The code of this name, if it counts now."""
    columns = CODES.c
    wanted = select(CODES).where(
        columns.hash == name,
        columns.mac_key.is_not(None),
        columns.expires_ms > now_ms,
        columns.tries < MOST_WRONG,
    )
    row = connection.execute(wanted).first()
    if row is None:
        return None
    used_by = None if row.used_by is None else KeyId(row.used_by)
    return LiveCode(row.hash, StationId(row.station), bytes(row.mac_key), row.replace, used_by)


def note_wrong(connection: Connection, name: str) -> None:
    """Somebody named this code and did not prove it."""
    tries = CODES.c.tries + 1
    connection.execute(update(CODES).where(CODES.c.hash == name).values(tries=tries))


def note_used(connection: Connection, name: str, key_id: KeyId, now_ms: int) -> None:
    """This key was let in with it; nobody else will be."""
    values = {"used_ms": now_ms, "used_by": key_id}
    connection.execute(update(CODES).where(CODES.c.hash == name).values(values))
