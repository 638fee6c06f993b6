"""What a person does about stations at the county: the running county is asked, else its folder."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cloud_sync.county.database import Database
from cloud_sync.county.identity.opening import identity_asks, login_name, opened_office
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.local_socket import NotRunningError, ask_county


def expect(
    folder: Path, station: str, *, code: str, replace: bool, minutes: int
) -> tuple[str, str]:
    """Let whoever proves the code in; the code, and where the county's pages are."""
    said = _one(
        folder,
        "expect",
        station=station,
        code=code,
        replace=replace,
        minutes=minutes,
        made_by=login_name(),
    )
    return str(said["code"]), str(said["url"])


def answer_request(folder: Path, request: bytes) -> bytes:
    """The answer to a request that was carried here. Raises CunyiError."""
    said = _one(folder, "enrol", request=request.decode(errors="replace"))
    return str(said["answer"]).encode()


def revoke(folder: Path, station: str, reason: str) -> None:
    """Shut a station's device out. Raises CunyiError."""
    _one(folder, "revoke", station=station, reason=reason)


def device_lines(folder: Path) -> Iterator[str]:
    """Every device, a line each."""
    for one in _ask(folder, "devices"):
        who = f"{one['station']:<20} {one['key']} {one['state']:<9}"
        days = f"{_day(one['enrolled_ms'])} .. {_day(one['not_after_ms'])}"
        yield " ".join((who, days, *one["hosts"]))


def rotate_key(folder: Path, *, forget_old: bool) -> int:
    """A new key for the county's messages, or the end of the old one; the card's new number.

    Raises StoreError while the county runs.
    """
    database = Database.open(folder)  # holds the folder
    try:
        keys = OwnKeys.read(folder, database.county)
        changed = keys.forget_old_identity() if forget_old else keys.change_identity()
    finally:
        database.close()
    return changed.card.number


def _one(folder: Path, ask: str, **rest: Any) -> dict[str, Any]:
    return next(iter(list(_ask(folder, ask, **rest))))


def _ask(folder: Path, ask: str, **rest: Any) -> Iterator[dict[str, Any]]:
    try:
        yield from ask_county(folder, ask, **rest)
    except NotRunningError:
        with opened_office(folder) as office:
            yield from identity_asks(office)[ask](rest)


def _day(ms: int) -> str:
    return f"{dt.datetime.fromtimestamp(ms / 1_000, tz=dt.UTC):%Y-%m-%d}"
