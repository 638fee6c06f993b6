"""What the command line may ask of the running county about accounts and the trail."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from cloud_sync.county.accounts import audit, book, second_factor
from cloud_sync.county.accounts.audit import AT_THE_MACHINE, Actor, Line, Wanted
from cloud_sync.county.accounts.passwords import Hashing
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.rights import Act
from cloud_sync.county.accounts.second_factor import FactorSafe
from cloud_sync.county.database import Database
from cloud_sync.county.durability.backup_round import Writer
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.written import clean
from edge.kernel.village_time import DAY_MS, EAST_MS, village_time

MOST_LINES: Final = 10_000
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()
_Result = TypeVar("_Result")


class _Asks:
    """The answers, each by the method of its name."""

    def __init__(
        self,
        database: Database,
        write: Writer,
        safe: FactorSafe,
        wall_ms: Callable[[], int],
        hashing: Hashing,
    ) -> None:
        self._database, self._write, self._safe = database, write, safe
        self._wall_ms, self._hashing = wall_ms, hashing

    def accounts(self, _asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        with self._database.read() as connection:
            rows = book.listed(connection)
        for row in rows:
            yield {
                "name": row.name,
                "role": row.role,
                "second_factor": row.factor_on,
                "since": _minute(row.made_ms),
                "disabled": "" if row.disabled_ms is None else _minute(row.disabled_ms),
            }

    def add(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, role = book.account_name(_text(asked, "name")), book.role_named(_text(asked, "role"))
        hashed = self._hashing.hashed(_text(asked, "password"), name)
        by = _by(asked)
        self._do(lambda connection, now_ms: book.add(connection, name, role, hashed, by, now_ms))
        yield {"account": name}

    def password(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, by = book.account_name(_text(asked, "name")), _by(asked)
        hashed = self._hashing.hashed(_text(asked, "password"), name)
        self._do(lambda connection, now: book.change_password(connection, name, hashed, by, now))
        yield {"account": name}

    def role(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, role, by = _text(asked, "name"), book.role_named(_text(asked, "role")), _by(asked)
        self._do(lambda connection, now: book.change_role(connection, name, role, by, now))
        yield {"account": name}

    def disable(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, by = _text(asked, "name"), _by(asked)
        self._do(lambda connection, now_ms: book.disable(connection, name, by, now_ms))
        yield {"account": name}

    def totp(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, by = _text(asked, "name"), _by(asked)
        drawn = self._do(
            lambda connection, now: second_factor.begin(connection, self._safe, name, by, now)
        )
        yield {"secret": drawn.secret, "address": drawn.address}

    def totp_confirm(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, code, by = _text(asked, "name"), _text(asked, "code"), _by(asked)
        codes = self._do(
            lambda connection, now: second_factor.confirm(
                connection, self._safe, name, code, by, now
            )
        )
        yield {"recovery_codes": codes}

    def totp_off(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        name, by = _text(asked, "name"), _by(asked)
        self._do(lambda connection, now_ms: second_factor.remove(connection, name, by, now_ms))
        yield {"account": name}

    def trail(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        wanted, most = _wanted(asked), max(1, min(int(asked.get("most", 100)), MOST_LINES))
        with self._database.read() as connection:
            rows = audit.listed(connection, wanted, most)
        for row in rows:
            yield {
                "at": _minute(row.at_ms),
                "who": row.who,
                "role": row.role,
                "act": row.act,
                "subject": row.subject,
                "address": row.address,
                "outcome": row.outcome,
                "reason": row.reason,
            }

    def export(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        wanted, by = _wanted(asked), _by(asked)
        line = Line(by=by, act=Act.EXPORT, of="audit_trail")
        self._do(lambda connection, now_ms: audit.write(connection, line, now_ms))
        with self._database.read() as connection:
            for text in audit.exported(connection, wanted):
                yield {"text": text}

    def _do(self, job: Callable[[Connection, int], _Result]) -> _Result:
        return self._write(lambda connection: job(connection, self._wall_ms()))


def account_asks(
    database: Database,
    *,
    write: Writer,
    safe: FactorSafe,
    wall_ms: Callable[[], int],
    hashing: Hashing | None = None,
) -> dict[str, Handler]:
    """The asks of this subject by name."""
    asks = _Asks(database, write, safe, wall_ms, hashing or Hashing())
    return {
        "accounts": asks.accounts,
        "account_add": asks.add,
        "account_password": asks.password,
        "account_role": asks.role,
        "account_disable": asks.disable,
        "account_totp": asks.totp,
        "account_totp_confirm": asks.totp_confirm,
        "account_totp_off": asks.totp_off,
        "audit": asks.trail,
        "audit_export": asks.export,
    }


def _text(asked: Mapping[str, Any], name: str) -> str:
    return str(asked.get(name) or "")


def _by(asked: Mapping[str, Any]) -> Actor:
    """Whoever holds the folder says who they are; they could change the file itself."""
    name = " ".join(clean(_text(asked, "operator")).split())
    if not 1 <= len(name) <= book.MOST_NAME:
        raise AccountError("account.operator_missing", letters=book.MOST_NAME)
    return Actor(name, AT_THE_MACHINE, AT_THE_MACHINE)


def _wanted(asked: Mapping[str, Any]) -> Wanted:
    """Both days are whole days of the village."""
    last = _midnight(asked, "until", "--until")
    return Wanted(
        who=_text(asked, "who"),
        act=_text(asked, "act"),
        from_ms=_midnight(asked, "since", "--from"),
        to_ms=None if last is None else last + DAY_MS,
    )


def _midnight(asked: Mapping[str, Any], name: str, option: str) -> int | None:
    said = _text(asked, name)
    if not said:
        return None
    try:
        day = date.fromisoformat(said).toordinal() - _FIRST_DAY
    except ValueError as cause:
        raise AccountError("account.day_unread", option=option) from cause
    return day * DAY_MS - EAST_MS


def _minute(wall_ms: int) -> str:
    return village_time(wall_ms).isoformat(timespec="minutes")
