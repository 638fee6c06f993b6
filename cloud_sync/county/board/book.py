"""The book of village notices: each stands for its days, and can be withdrawn once."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from cloud_sync.county.stream.shelf import every_station
from cloud_sync.county.tables import VILLAGE_NOTICE_STATIONS, VILLAGE_NOTICES
from cloud_sync.county.written import clean
from edge.kernel.errors import CunyiError
from edge.kernel.village_time import DAY_MS

MOST_TITLE: Final = 40
MOST_TEXT: Final = 400
MOST_NAME: Final = 40
MOST_DAYS: Final = 366
"""From today, either way: whatever is farther off has a wrong year in it."""
MOST_AT_STATION: Final = 10
"""That are not over: nobody reads more."""
ALL: Final = ""
"""Stands for every station."""
_HIGHEST: Final = 2**31 - 1
_SEE_LIST: Final = "see `cunyi county board list`"
_OF: Final = VILLAGE_NOTICES.c
_AT: Final = VILLAGE_NOTICE_STATIONS.c


class BoardError(CunyiError):
    """It cannot be posted or withdrawn so; nothing was kept. The sentence says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What somebody wants posted; no stations means all of them."""

    stations: tuple[str, ...]
    title: str
    text: str
    since_ms: int
    until_ms: int
    operator: str


def post(connection: Connection, wanted: NewNotice, now_ms: int) -> int:
    """Keep one and tell its number; the same one again keeps that. Raises BoardError."""
    words = {
        "title": " ".join(clean(wanted.title).split()),
        "text": clean(wanted.text),
        "operator": clean(wanted.operator),
        "since_ms": wanted.since_ms,
        "until_ms": wanted.until_ms,
    }
    stations = sorted(set(wanted.stations)) or [ALL]
    _well_said(words)
    _in_time(wanted, now_ms)
    _known(connection, stations)
    if (already := _same(connection, words, stations)) is not None:
        return already
    _room_for(connection, stations, now_ms)
    number = int(connection.execute(select(func.coalesce(func.max(_OF.notice), 0))).scalar_one())
    row = {"notice": number + 1, "made_ms": now_ms, "withdrawn_ms": None, "withdrawn_by": ""}
    connection.execute(insert(VILLAGE_NOTICES), row | words)
    connection.execute(
        insert(VILLAGE_NOTICE_STATIONS),
        [{"notice": number + 1, "station": s, "until_ms": wanted.until_ms} for s in stations],
    )
    return number + 1


def withdraw(connection: Connection, number: int, operator: str, now_ms: int) -> None:
    """Take one down, for good. Raises BoardError."""
    name = clean(operator)
    if not 1 <= len(name) <= MOST_NAME:
        raise BoardError(f"say who withdraws it, in {MOST_NAME} letters at most")
    mine = _OF.notice == (number if 0 < number <= _HIGHEST else 0)
    row = connection.execute(select(VILLAGE_NOTICES).where(mine)).first()
    if row is None:
        raise BoardError(f"there is no notice {number}: {_SEE_LIST}")
    if row.withdrawn_ms is not None:
        raise BoardError(f"notice {number} is withdrawn already, by {row.withdrawn_by}")
    if row.until_ms <= now_ms:
        raise BoardError(f"notice {number} is over already: nothing is left to withdraw")
    gone = {"withdrawn_ms": now_ms, "withdrawn_by": name}
    connection.execute(update(VILLAGE_NOTICES).where(mine).values(**gone))


def current_at(
    connection: Connection, stations: Collection[str], now_ms: int
) -> dict[str, list[Row[Any]]]:
    """What stands at each of these stations now, the newest first."""
    wanted = _standing(now_ms).where(_OF.since_ms <= now_ms, _AT.station.in_([*stations, ALL]))
    rows = connection.execute(wanted.order_by(_OF.notice.desc())).all()
    return {one: [row for row in rows if row.station in {one, ALL}] for one in stations}


def listed(
    connection: Connection, now_ms: int, *, most_over: int
) -> list[tuple[Row[Any], list[str]]]:
    """Each with its stations, the newest first: those not over, then so many of the others."""
    over = (_OF.until_ms <= now_ms) | _OF.withdrawn_ms.is_not(None)
    newest = select(VILLAGE_NOTICES).order_by(_OF.notice.desc())
    rows = [
        *connection.execute(newest.where(~over)),
        *connection.execute(newest.where(over).limit(most_over)),
    ]
    return [(row, _stations_of(connection, row.notice)) for row in rows]


def posted(connection: Connection, number: int) -> tuple[Row[Any], list[str]]:
    """One that was posted, with its stations."""
    row = connection.execute(select(VILLAGE_NOTICES).where(_OF.notice == number)).one()
    return row, _stations_of(connection, number)


def _standing(now_ms: int) -> Select[Any]:
    same = _OF.notice == _AT.notice
    wanted = select(VILLAGE_NOTICES, _AT.station).join_from(
        VILLAGE_NOTICE_STATIONS, VILLAGE_NOTICES, same
    )
    return wanted.where(_AT.until_ms > now_ms, _OF.withdrawn_ms.is_(None))


def _stations_of(connection: Connection, number: int) -> list[str]:
    wanted = select(_AT.station).where(_AT.notice == number).order_by(_AT.station)
    return list(connection.execute(wanted).scalars())


def _well_said(words: Mapping[str, Any]) -> None:
    for name, what, most in (
        ("title", "the title of a notice", MOST_TITLE),
        ("text", "the text of a notice", MOST_TEXT),
        ("operator", "the name of who posts it", MOST_NAME),
    ):
        if not words[name]:
            raise BoardError(f"{what} is missing: write it")
        if len(words[name]) > most:
            raise BoardError(f"{what} has {len(words[name])} letters: make it {most} at most")


def _in_time(wanted: NewNotice, now_ms: int) -> None:
    if wanted.until_ms <= wanted.since_ms:
        raise BoardError("it ends before it begins: let --until be the day of --from or later")
    if wanted.until_ms <= now_ms:
        raise BoardError("its last day is over already: let --until be today or later")
    if wanted.since_ms < now_ms - MOST_DAYS * DAY_MS:
        raise BoardError("it began more than a year ago: look at the year of --from")
    if wanted.until_ms > now_ms + MOST_DAYS * DAY_MS:
        raise BoardError("it ends more than a year from now: look at the year of --until")


def _known(connection: Connection, stations: Collection[str]) -> None:
    known = {ALL, *every_station(connection)}
    if strangers := [one for one in stations if one not in known]:
        raise BoardError(
            f"this county has no station {', '.join(strangers)}: take its id from [[stations]] of "
            "county.toml, or name none for all"
        )


def _same(connection: Connection, words: Mapping[str, Any], stations: list[str]) -> int | None:
    alike = select(_OF.notice).where(_OF.withdrawn_ms.is_(None))
    alike = alike.where(*(VILLAGE_NOTICES.c[name] == value for name, value in words.items()))
    for number in connection.execute(alike).scalars().all():
        if _stations_of(connection, number) == stations:
            return int(number)
    return None


def _room_for(connection: Connection, stations: list[str], now_ms: int) -> None:
    own: Counter[str] = Counter()
    for row in connection.execute(_standing(now_ms)):
        own[row.station] += 1
    for_all = own.pop(ALL, 0)
    places = [*every_station(connection)] if stations == [ALL] else stations
    if full := [one for one in places if own[one] + for_all >= MOST_AT_STATION]:
        raise BoardError(
            f"{full[0]} has {MOST_AT_STATION} notices that are not over: withdraw one first, "
            f"{_SEE_LIST}"
        )
