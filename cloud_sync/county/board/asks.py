"""What the command line may ask of the running county about village notices."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row

from cloud_sync.county.board import book
from cloud_sync.county.board.book import BoardError, NewNotice
from cloud_sync.county.database import Database
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.stream.desk import StateDesk
from edge.kernel.village_time import DAY_MS, EAST_MS, village_day, village_time

MOST_OVER: Final = 100
"""So many that are over or withdrawn are listed, if anybody asks for these."""
_PATIENCE_S: Final = 60.0
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()


def board_asks(
    desk: StateDesk, database: Database, wall_ms: Callable[[], int]
) -> dict[str, Handler]:
    """The asks of this subject by name."""

    def tell(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """{"ask": "board", "all": bool}."""
        now_ms, most_over = wall_ms(), MOST_OVER if asked.get("all") else 0
        with database.read() as connection:
            rows = book.listed(connection, now_ms, most_over=most_over)
        for row, stations in rows:
            yield _told(row, stations, now_ms)

    def post(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """{"ask": "board_post", "stations": [], "title", "text", "since", "until", "operator"}."""
        now_ms = wall_ms()
        wanted = _wanted(asked, now_ms)

        def job(connection: Connection) -> dict[str, Any]:
            number = book.post(connection, wanted, now_ms)
            row, stations = book.posted(connection, number)
            return _told(row, stations, now_ms)

        yield desk.work(job).result(timeout=_PATIENCE_S)

    def withdraw(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """{"ask": "board_withdraw", "number": ..., "operator": ...}."""
        number, operator = int(asked.get("number", 0)), str(asked.get("operator", ""))

        def job(connection: Connection) -> None:
            book.withdraw(connection, number, operator, wall_ms())

        desk.work(job).result(timeout=_PATIENCE_S)
        yield {"withdrawn": number}

    return {"board": tell, "board_post": post, "board_withdraw": withdraw}


def _wanted(asked: Mapping[str, Any], now_ms: int) -> NewNotice:
    """Its last day is whole; both days are today, or the first one, if nothing is said."""
    first = _day(asked, "since", "--from", village_day(now_ms))
    last = _day(asked, "until", "--until", max(first, village_day(now_ms)))
    return NewNotice(
        stations=tuple(map(str, asked.get("stations", ()))),
        title=str(asked.get("title", "")),
        text=str(asked.get("text", "")),
        since_ms=_midnight(first),
        until_ms=_midnight(last + 1),
        operator=str(asked.get("operator", "")),
    )


def _day(asked: Mapping[str, Any], name: str, option: str, otherwise: int) -> int:
    said = str(asked.get(name) or "")
    if not said:
        return otherwise
    try:
        return date.fromisoformat(said).toordinal() - _FIRST_DAY
    except ValueError as cause:
        raise BoardError(f"{option} {said!r} is no day: write it as 2026-11-25") from cause


def _midnight(day: int) -> int:
    return day * DAY_MS - EAST_MS


def _told(row: Row[Any], stations: list[str], now_ms: int) -> dict[str, Any]:
    return {
        "number": row.notice,
        "stations": [one for one in stations if one != book.ALL],
        "title": row.title,
        "text": row.text,
        "since": _date(row.since_ms),
        "until": _date(row.until_ms - 1),
        "operator": row.operator,
        "state": _state(row, now_ms),
        "withdrawn_by": row.withdrawn_by,
    }


def _state(row: Row[Any], now_ms: int) -> str:
    if row.withdrawn_ms is not None:
        return "withdrawn"
    if row.until_ms <= now_ms:
        return "over"
    return "to come" if row.since_ms > now_ms else "up"


def _date(wall_ms: int) -> str:
    return village_time(wall_ms).date().isoformat()
