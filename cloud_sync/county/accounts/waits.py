"""What slows guessing down: waits for a name at an address, and for an address.

Every try counts as wrong before it is looked at, on disk, so that neither a restart nor many tries
at once give more of them. What strangers do elsewhere is counted elsewhere, so nobody can lock a
colleague out. An address from which an account has signed in well does not wait, for that account,
for what others do wrong at the same address: behind one router sits a whole office.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select, update

from cloud_sync.county.tables import KNOWN_ADDRESSES, SIGN_IN_WAITS

FIRST_MS: Final = 1_000
LONGEST_ADDRESS: Final = 45
"""Of IPv6 with IPv4 in it; what is longer is none."""
FORGOTTEN_MS: Final = 24 * 3_600_000
"""After so long without another, what was wrong counts no more."""
MOST_ROWS: Final = 20_000
KNOWN_MS: Final = 180 * 24 * 3_600_000
MOST_KNOWN: Final = 50
"""Addresses of one account; the one that was not used for longest goes first."""
_ANY_NAME: Final = ""
_HOUSE_BITS: Final = 64
"""One household or machine has so long a prefix of IPv6 and may choose among all its addresses."""
_OF: Final = SIGN_IN_WAITS.c
_KNOWN: Final = KNOWN_ADDRESSES.c


@dataclass(frozen=True, slots=True)
class Rule:
    """So many are free; then each wait is twice the last, up to the longest."""

    free: int
    longest_ms: int

    def wait_ms(self, wrong: int) -> int:
        """How long to wait after so many wrong ones."""
        if wrong <= self.free:
            return 0
        # The longest is reached long before the shift is large.
        return min(self.longest_ms, FIRST_MS << min(wrong - self.free - 1, 30))


FOR_A_NAME: Final = Rule(free=3, longest_ms=15 * 60_000)
FOR_AN_ADDRESS: Final = Rule(free=30, longest_ms=15 * 60_000)


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the first 64 bits, and IPv4 however it is written."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:LONGEST_ADDRESS]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _HOUSE_BITS), strict=False))


def charge(connection: Connection, name: str, address: str, now_ms: int) -> int:
    """Count a try as wrong; or tell how long to wait in ms, and then nothing is counted.

    A try that must wait makes the wait no longer: whoever is impatient is not locked out for good.
    """
    _tidy(connection, now_ms)
    left = _left(connection, _mark(name), address, FOR_A_NAME, now_ms)
    if not _is_known(connection, name, address, now_ms):
        left = max(left, _left(connection, _ANY_NAME, address, FOR_AN_ADDRESS, now_ms))
    if left:
        return left
    for mark in (_mark(name), _ANY_NAME):
        _count(connection, mark, address, now_ms)
    return 0


def refund(connection: Connection, name: str, address: str) -> None:
    """The try was not wrong, but no sign-in either: take it back and nothing that was before it."""
    for mark in (_mark(name), _ANY_NAME):
        wrong = update(SIGN_IN_WAITS).where(_this(mark, address), _OF.wrong > 0)
        connection.execute(wrong.values(wrong=_OF.wrong - 1))


def welcome(connection: Connection, name: str, address: str, now_ms: int) -> None:
    """A good sign-in: this name waits here no more, and the address is known to it from now on."""
    refund(connection, name, address)
    connection.execute(delete(SIGN_IN_WAITS).where(_this(_mark(name), address)))
    mine = (_KNOWN.account == name) & (_KNOWN.address == address)
    connection.execute(delete(KNOWN_ADDRESSES).where(mine))
    row = {"account": name, "address": address, "last_ms": now_ms}
    connection.execute(insert(KNOWN_ADDRESSES), row)
    newest = select(_KNOWN.address).where(_KNOWN.account == name)
    newest = newest.order_by(_KNOWN.last_ms.desc(), _KNOWN.address).limit(MOST_KNOWN)
    rest = (_KNOWN.account == name) & _KNOWN.address.not_in(newest)
    connection.execute(delete(KNOWN_ADDRESSES).where(rest))


def end_waits(connection: Connection, name: str) -> None:
    """Whoever has a new password need not wait for what was wrong with the old one."""
    connection.execute(delete(SIGN_IN_WAITS).where(_OF.name_mark == _mark(name)))


def _tidy(connection: Connection, now_ms: int) -> None:
    late = update(SIGN_IN_WAITS).where(_OF.at_ms > now_ms)
    # A clock that was set back begins a wait again; it would last for as long as the step else.
    connection.execute(late.values(at_ms=now_ms))
    connection.execute(delete(SIGN_IN_WAITS).where(_OF.at_ms <= now_ms - FORGOTTEN_MS))
    newest = select(_OF.at_ms).order_by(_OF.at_ms.desc()).offset(MOST_ROWS).limit(1)
    # Of no row where there are no more than that.
    connection.execute(delete(SIGN_IN_WAITS).where(_OF.at_ms <= newest.scalar_subquery()))


def _is_known(connection: Connection, name: str, address: str, now_ms: int) -> bool:
    mine = select(_KNOWN.last_ms).where(_KNOWN.account == name, _KNOWN.address == address)
    lately = mine.where(_KNOWN.last_ms > now_ms - KNOWN_MS)
    return connection.execute(lately).first() is not None


def _left(connection: Connection, mark: str, address: str, rule: Rule, now_ms: int) -> int:
    row = _row(connection, mark, address)
    return 0 if row is None else max(0, row.at_ms + rule.wait_ms(row.wrong) - now_ms)


def _count(connection: Connection, mark: str, address: str, now_ms: int) -> None:
    again = update(SIGN_IN_WAITS).where(_this(mark, address))
    met = connection.execute(again.values(wrong=_OF.wrong + 1, at_ms=now_ms)).rowcount
    if met == 0:
        row = {"name_mark": mark, "address": address, "wrong": 1, "at_ms": now_ms}
        connection.execute(insert(SIGN_IN_WAITS), row)


def _row(connection: Connection, mark: str, address: str) -> Row[Any] | None:
    wanted: Select[Any] = select(_OF.wrong, _OF.at_ms).where(_this(mark, address))
    return connection.execute(wanted).first()


def _this(mark: str, address: str) -> ColumnElement[bool]:
    return (_OF.name_mark == mark) & (_OF.address == address)


def _mark(name: str) -> str:
    # 32 bits tell names apart that are tried at one address. They do not tell what was tried: some
    # type their password where the name belongs.
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
