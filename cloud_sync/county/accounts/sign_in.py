"""Signing in and out: each try is counted on disk, then looked at, then settled with its line.

Hashing takes its time, so it is done between two transactions; what the first one read is read
again by the second.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row

from cloud_sync.county.accounts import audit, second_factor, sessions, waits
from cloud_sync.county.accounts.audit import AccountAct, Actor, Line, Outcome
from cloud_sync.county.accounts.book import found, plain_name
from cloud_sync.county.accounts.passwords import Hashing
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.second_factor import FactorSafe
from cloud_sync.county.accounts.sessions import Limits, Session
from cloud_sync.county.database import Database
from cloud_sync.county.durability.backup_round import Writer

TOUCH_MS: Final = 60_000
"""So seldom is a sign of life written: a page that looks every second is no load."""
NOBODY: Final = "?"
"""Stands in the trail for a name without an account: it may be a password in the wrong field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What somebody typed, and from which address."""

    name: str
    password: str = field(repr=False)
    address: str
    code: str = field(default="", repr=False)
    earlier: str = field(default="", repr=False)
    """The token that this browser had, if any: that session ends."""


class _Settled(NamedTuple):
    """How a try ends: with a token, or with the key of a refusal."""

    token: str = ""
    refused: str = ""


class SignInDesk:
    """Who is signed in. For any thread; `write` runs its work in the one that may write."""

    def __init__(  # noqa: PLR0913 - the parts of a county, each by name
        self,
        database: Database,
        *,
        write: Writer,
        safe: FactorSafe,
        hashing: Hashing,
        wall_ms: Callable[[], int],
        limits: Limits | None = None,
    ) -> None:
        self._database, self._write = database, write
        self._safe, self._hashing, self._wall_ms = safe, hashing, wall_ms
        self._limits = limits or Limits()

    def sign_in(self, tried: Try) -> str:
        """The token of a new session.

        Raises AccountError: `account.wait` while there is to wait, whatever was typed;
        `account.wrong` for a wrong name or password and a disabled account alike;
        `account.code_needed` and `account.code_wrong` once the password is right.
        """
        name, address = plain_name(tried.name), waits.network_of(tried.address)

        def count(connection: Connection) -> tuple[int, str | None]:
            left_ms = waits.charge(connection, name, address, self._wall_ms())
            row = found(connection, name)
            if row is None or row.disabled_ms is not None:
                return left_ms, None
            return left_ms, row.password_hash

        left_ms, stored = self._write(count)
        if left_ms:
            raise AccountError("account.wait", seconds=-(-left_ms // 1_000))
        right = self._hashing.matches(stored, tried.password)
        checked = stored if right else None
        settled = self._write(lambda connection: self._settle(connection, tried, checked))
        if settled.refused:
            raise AccountError(settled.refused)
        return settled.token

    def who(self, token: str) -> Session | None:
        """Whose token this is, and their role of now; a sign of life of the session."""
        now_ms = self._wall_ms()
        with self._database.read() as connection:
            session = sessions.find(connection, token, now_ms, self._limits)
        if session is not None and abs(now_ms - session.seen_ms) >= TOUCH_MS:
            self._write(lambda connection: sessions.touch(connection, token, now_ms))
        return session

    def sign_out(self, token: str, address: str) -> None:
        """This session ends; a token of none changes nothing."""

        def job(connection: Connection) -> None:
            now_ms = self._wall_ms()
            session = sessions.find(connection, token, now_ms, self._limits)
            sessions.end(connection, token)
            if session is not None:
                by = Actor(session.account, session.role, address)
                line = Line(by=by, act=AccountAct.SIGN_OUT, of=session.account)
                audit.write(connection, line, now_ms)

        self._write(job)

    def sign_out_everywhere(self, account: str, by: Actor) -> int:
        """All sessions of an account end; how many there were."""

        def job(connection: Connection) -> int:
            ended = sessions.end_all(connection, account)
            line = Line(by=by, act=AccountAct.SIGN_OUT_EVERYWHERE, of=account)
            audit.write(connection, line, self._wall_ms())
            return ended

        return self._write(job)

    def _settle(self, connection: Connection, tried: Try, checked: str | None) -> _Settled:
        """The end of a try. `checked` is the hash that the password matched, if it did."""
        now_ms, address = self._wall_ms(), waits.network_of(tried.address)
        row = found(connection, plain_name(tried.name))
        if (wrong := _what_is_wrong(row, checked)) or row is None:
            _refuse(connection, tried, row, wrong, now_ms)
            return _Settled(refused="account.wrong")
        how = "password"
        if row.factor_on:
            if not tried.code:
                waits.refund(connection, row.name, address)
                _refuse(connection, tried, row, "code_needed", now_ms)
                return _Settled(refused="account.code_needed")
            kind = second_factor.accepted(connection, self._safe, row, tried.code, now_ms)
            if not kind:
                _refuse(connection, tried, row, "wrong_code", now_ms)
                return _Settled(refused="account.code_wrong")
            how = f"password, {kind}"
        waits.welcome(connection, row.name, address, now_ms)
        sessions.drop_ended(connection, now_ms, self._limits)
        sessions.end(connection, tried.earlier)
        by = Actor(row.name, row.role, tried.address)
        line = Line(by=by, act=AccountAct.SIGN_IN, of=row.name, reason=how)
        audit.write(connection, line, now_ms)
        return _Settled(token=sessions.begin(connection, row.name, address, now_ms))


def _what_is_wrong(row: Row[Any] | None, checked: str | None) -> str:
    if row is None:
        return "unknown_name"
    if row.disabled_ms is not None:
        return "disabled"
    # Also one that was changed while the old one was looked at.
    return "" if checked == row.password_hash else "wrong_password"


def _refuse(
    connection: Connection, tried: Try, row: Row[Any] | None, reason: str, now_ms: int
) -> None:
    name, role = (NOBODY, "") if row is None else (row.name, row.role)
    line = Line(
        by=Actor(name, role, tried.address),
        act=AccountAct.SIGN_IN,
        of=name,
        outcome=Outcome.REFUSED,
        reason=reason,
    )
    audit.write(connection, line, now_ms)
