"""The book of accounts. Each change ends what it must end and writes its line, in one transaction.

Whether `by` may do it is for whoever calls to ask of `rights`, and to write down where not: a
refusal undoes its transaction, and a line in it would be lost.
"""

import re
import unicodedata
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from cloud_sync.county.accounts import audit
from cloud_sync.county.accounts.audit import AccountAct, Actor, Line
from cloud_sync.county.accounts.passwords import PasswordHash
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.rights import Role
from cloud_sync.county.accounts.sessions import end_all
from cloud_sync.county.accounts.waits import end_waits
from cloud_sync.county.tables import ACCOUNTS

MOST_NAME: Final = 40
_NAME: Final = re.compile(r"[\w.·@-]{1,40}")
_OF: Final = ACCOUNTS.c


def plain_name(text: str) -> str:
    """A name as it is looked for: no wide letters, no capitals, no spaces around it."""
    return unicodedata.normalize("NFKC", text[: 4 * MOST_NAME]).strip().casefold()


def account_name(text: str) -> str:
    """A name as it is kept. Raises AccountError for one that will not do."""
    name = plain_name(text)
    if not _NAME.fullmatch(name):
        raise AccountError("account.name_unfit", letters=MOST_NAME)
    return name


def role_named(text: str) -> Role:
    """Raises AccountError for what is no role."""
    if text not in set(Role):
        raise AccountError("account.role_unknown", roles=", ".join(Role))
    return Role(text)


def add(  # noqa: PLR0913, PLR0917 - a row has so many words, and none of them belongs to another
    connection: Connection, name: str, role: Role, hashed: PasswordHash, by: Actor, now_ms: int
) -> None:
    """A new account. Raises AccountError where the name was ever given: the trail names one."""
    kept = account_name(name)
    if found(connection, kept) is not None:
        raise AccountError("account.name_taken", name=kept)
    row = {"name": kept, "role": role.value, "password_hash": hashed, "made_ms": now_ms}
    factor = {"factor": None, "factor_on": False, "factor_step": 0}
    connection.execute(insert(ACCOUNTS), row | factor | {"disabled_ms": None})
    _tell(connection, by, AccountAct.ADD_ACCOUNT, kept, now_ms, role.value)


def change_password(
    connection: Connection, name: str, hashed: PasswordHash, by: Actor, now_ms: int
) -> None:
    """From now on this password; all sessions and waits of the account end."""
    row = account_of(connection, name)
    _change(connection, row.name, password_hash=hashed)
    end_waits(connection, row.name)
    end_all(connection, row.name)
    _tell(connection, by, AccountAct.CHANGE_PASSWORD, row.name, now_ms)


def change_role(connection: Connection, name: str, role: Role, by: Actor, now_ms: int) -> None:
    """From now on this role; all sessions end. Raises AccountError for the last admin's."""
    row = account_of(connection, name)
    if role != Role.ADMIN:
        _spare_the_last_admin(connection, row)
    _change(connection, row.name, role=role.value)
    end_all(connection, row.name)
    _tell(connection, by, AccountAct.CHANGE_ROLE, row.name, now_ms, f"{row.role} to {role.value}")


def disable(connection: Connection, name: str, by: Actor, now_ms: int) -> None:
    """Nobody signs in with it any more, for good. Raises AccountError for the last admin's."""
    row = account_of(connection, name)
    _spare_the_last_admin(connection, row)
    _change(connection, row.name, disabled_ms=now_ms)
    end_all(connection, row.name)
    _tell(connection, by, AccountAct.DISABLE_ACCOUNT, row.name, now_ms)


def listed(connection: Connection) -> list[Row[Any]]:
    """All accounts by name, without what only a sign-in needs."""
    columns = (_OF.name, _OF.role, _OF.factor_on, _OF.made_ms, _OF.disabled_ms)
    wanted: Select[Any] = select(*columns).order_by(_OF.name)
    return list(connection.execute(wanted).all())


def found(connection: Connection, name: str) -> Row[Any] | None:
    """The account of a plain name, disabled ones too."""
    return connection.execute(select(ACCOUNTS).where(_OF.name == name)).first()


def account_of(connection: Connection, name: str) -> Row[Any]:
    """An account that may be changed. Raises AccountError for one that is not there or disabled."""
    row = found(connection, plain_name(name))
    if row is None:
        raise AccountError("account.unknown", name=name)
    if row.disabled_ms is not None:
        raise AccountError("account.disabled", name=row.name)
    return row


def _spare_the_last_admin(connection: Connection, row: Row[Any]) -> None:
    others = select(func.count()).select_from(ACCOUNTS)
    others = others.where(
        _OF.role == Role.ADMIN.value, _OF.disabled_ms.is_(None), _OF.name != row.name
    )
    if row.role == Role.ADMIN and connection.execute(others).scalar_one() == 0:
        raise AccountError("account.last_admin")


def _change(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(ACCOUNTS).where(_OF.name == name).values(**values))


def _tell(  # noqa: PLR0913, PLR0917 - a line has so many words
    connection: Connection, by: Actor, act: AccountAct, name: str, now_ms: int, reason: str = ""
) -> None:
    audit.write(connection, Line(by=by, act=act, of=name, reason=reason), now_ms)
