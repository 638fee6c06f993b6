"""Sessions: a random token in the browser, its hash here, and two limits by the county's clock."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from cloud_sync.county.accounts.rights import Role
from cloud_sync.county.tables import ACCOUNTS, SESSIONS

TOKEN_BYTES: Final = 32
_OF: Final = SESSIONS.c


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts without a sign of life, and how long with one."""

    idle_ms: int = 30 * 60_000
    absolute_ms: int = 12 * 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in; the role is the account's of now."""

    account: str
    role: Role
    address: str
    made_ms: int
    seen_ms: int


def begin(connection: Connection, account: str, address: str, now_ms: int) -> str:
    """A new session; its token is told this once and kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"token_hash": _hash(token), "account": account, "address": address}
    connection.execute(insert(SESSIONS), row | {"made_ms": now_ms, "seen_ms": now_ms})
    return token


def find(connection: Connection, token: str, now_ms: int, limits: Limits) -> Session | None:
    """Whose token it is; None where it ended, by a limit too, or where the account is disabled."""
    columns = (_OF.account, ACCOUNTS.c.role, _OF.address, _OF.made_ms, _OF.seen_ms)
    wanted = select(*columns).join_from(SESSIONS, ACCOUNTS, ACCOUNTS.c.name == _OF.account)
    wanted = wanted.where(_OF.token_hash == _hash(token), ACCOUNTS.c.disabled_ms.is_(None))
    row = connection.execute(wanted).first()
    if row is None:
        return None
    # A clock that was set back by more than that must not make a session last for longer.
    if abs(now_ms - row.seen_ms) >= limits.idle_ms or now_ms - row.made_ms >= limits.absolute_ms:
        return None
    return Session(
        account=row.account,
        role=Role(row.role),
        address=row.address,
        made_ms=row.made_ms,
        seen_ms=row.seen_ms,
    )


def touch(connection: Connection, token: str, now_ms: int) -> None:
    """A sign of life. One that has ended stays so."""
    mine = update(SESSIONS).where(_OF.token_hash == _hash(token))
    connection.execute(mine.values(seen_ms=now_ms))


def end(connection: Connection, token: str) -> None:
    """This one ends; one that is not there ends as well."""
    connection.execute(delete(SESSIONS).where(_OF.token_hash == _hash(token)))


def end_all(connection: Connection, account: str) -> int:
    """All of an account end; how many there were."""
    return connection.execute(delete(SESSIONS).where(_OF.account == account)).rowcount


def drop_ended(connection: Connection, now_ms: int, limits: Limits) -> None:
    """Forget those that a limit has ended."""
    ended = (_OF.made_ms <= now_ms - limits.absolute_ms) | (_OF.seen_ms <= now_ms - limits.idle_ms)
    connection.execute(delete(SESSIONS).where(ended))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
