"""Which role may do what: a table, and one question to it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What an account is for; each has one."""

    OPERATOR = "operator"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    READ_ONLY = "read_only"


class Act(StrEnum):
    """What somebody may want to do at the county."""

    WATCH = "watch"
    OPEN_DOOR = "open_door"
    BULK_OPEN = "bulk_open"
    DISABLE_CELL = "disable_cell"
    REPRINT = "reprint"
    ACKNOWLEDGE_ALARM = "acknowledge_alarm"
    POST_NOTICE = "post_notice"
    ANSWER_COMPLAINT = "answer_complaint"
    REVEAL_PERSONAL_DATA = "reveal_personal_data"
    MANAGE_ACCOUNTS = "manage_accounts"
    CHANGE_SETTINGS = "change_settings"
    SEE_AUDIT = "see_audit"
    SEE_MONEY = "see_money"
    SETTLE_MONEY = "settle_money"
    EXPORT = "export"


_WATCHING: Final = frozenset({Act.WATCH})
_DAILY: Final = _WATCHING | {
    Act.OPEN_DOOR,
    Act.DISABLE_CELL,
    Act.REPRINT,
    Act.ACKNOWLEDGE_ALARM,
    Act.POST_NOTICE,
    Act.ANSWER_COMPLAINT,
}
# What touches many doors at once, or a person's number, is not for whoever has the morning shift.
_WATCHFUL: Final = _DAILY | {
    Act.BULK_OPEN,
    Act.REVEAL_PERSONAL_DATA,
    Act.SEE_AUDIT,
    Act.SEE_MONEY,
    Act.EXPORT,
}
RIGHTS: Final[Mapping[Role, frozenset[Act]]] = MappingProxyType(
    {
        Role.READ_ONLY: _WATCHING,
        Role.OPERATOR: _DAILY,
        Role.SUPERVISOR: _WATCHFUL,
        # Whoever settles money opens no doors and makes no accounts, and the other way round.
        Role.FINANCE: _WATCHING | {Act.SEE_MONEY, Act.SETTLE_MONEY, Act.EXPORT},
        Role.ADMIN: _WATCHFUL | {Act.MANAGE_ACCOUNTS, Act.CHANGE_SETTINGS},
    }
)


def may(role: str, act: Act) -> bool:
    """Whether somebody of this role may do it. A role that nobody knows may do nothing."""
    return role in RIGHTS and act in RIGHTS[Role(role)]
