"""The trail: who did what, of what, from where, when, and what came of it. It only grows.

A line is written in the transaction of what it tells of, so that neither is there without the
other. Nothing here changes or removes one, and a test looks that nothing else does.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, String, insert, select

from cloud_sync.county.tables import AUDIT_TRAIL
from cloud_sync.county.written import clean
from edge.kernel.village_time import village_time

MARK_OF_UTF8: Final = "\ufeff"
"""Excel takes a file without it for one of the local code page."""
COLUMNS: Final = (
    "number",
    "time",
    "who",
    "role",
    "act",
    "subject",
    "address",
    "outcome",
    "reason",
)
LONGEST: Final = MappingProxyType(
    {
        column.name: column.type.length or 0
        for column in AUDIT_TRAIL.c
        if isinstance(column.type, String)
    }
)
"""Letters that fit a column."""
AT_THE_MACHINE: Final = "machine"
"""The role and the address of whoever holds the county's folder and needs no account."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; the wide ones where it is Chinese."""
_OF: Final = AUDIT_TRAIL.c


class AccountAct(StrEnum):
    """What the trail tells of accounts; whatever else somebody does is an `Act` of `rights`."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_OUT_EVERYWHERE = "sign_out_everywhere"
    ADD_ACCOUNT = "add_account"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of an act
    CHANGE_ROLE = "change_role"
    DISABLE_ACCOUNT = "disable_account"
    BEGIN_FACTOR = "begin_factor"
    CONFIRM_FACTOR = "confirm_factor"
    REMOVE_FACTOR = "remove_factor"


class Outcome(StrEnum):
    """What came of an act."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as what, and from which address."""

    name: str
    role: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the trail. `of` is what it was done to: an account, a station and cell."""

    by: Actor
    act: StrEnum
    of: str
    outcome: Outcome = Outcome.DONE
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines somebody wants; what is empty or None leaves none out. `to_ms` is outside."""

    who: str = ""
    act: str = ""
    from_ms: int | None = None
    to_ms: int | None = None


def write(connection: Connection, line: Line, now_ms: int) -> None:
    """Add a line, in the transaction of what it tells of. What is too long is cut."""
    told = {
        "who": line.by.name,
        "role": line.by.role,
        "act": line.act.value,
        "subject": line.of,
        "address": line.by.address,
        "outcome": line.outcome.value,
        "reason": line.reason,
    }
    row = {name: " ".join(clean(text).split())[: LONGEST[name]] for name, text in told.items()}
    connection.execute(insert(AUDIT_TRAIL), {**row, "at_ms": now_ms})


def listed(connection: Connection, wanted: Wanted, most: int) -> list[Row[Any]]:
    """So many of these lines, the newest first."""
    newest = _matching(wanted).order_by(_OF.number.desc()).limit(most)
    return list(connection.execute(newest).all())


def exported(connection: Connection, wanted: Wanted) -> Iterator[str]:
    """These lines as CSV for a spreadsheet, the oldest first; each text ends its line."""
    yield MARK_OF_UTF8 + _csv_line(COLUMNS)
    for row in connection.execute(_matching(wanted).order_by(_OF.number)):
        when = village_time(row.at_ms).isoformat(sep=" ", timespec="seconds")
        cells = (row.who, row.role, row.act, row.subject, row.address, row.outcome, row.reason)
        yield _csv_line((str(row.number), when, *cells))


def _matching(wanted: Wanted) -> Select[Any]:
    lines = select(AUDIT_TRAIL)
    if wanted.who:
        lines = lines.where(_OF.who == wanted.who)
    if wanted.act:
        lines = lines.where(_OF.act == wanted.act)
    if wanted.from_ms is not None:
        lines = lines.where(_OF.at_ms >= wanted.from_ms)
    if wanted.to_ms is not None:
        lines = lines.where(_OF.at_ms < wanted.to_ms)
    return lines


def _csv_line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: str) -> str:
    # Whoever is in the trail chose some of its words; a spreadsheet would carry them out.
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
