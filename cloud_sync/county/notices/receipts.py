"""What carriers say later of messages that they took: late, twice, or that nobody was reached."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Row, exists, select

from cloud_sync.county.database import put_meta, read_meta
from cloud_sync.county.notices import book
from cloud_sync.county.notices.rules import Rules
from cloud_sync.county.tables import NOTICE_TRIES, NOTICES, RECIPIENTS
from cloud_sync.partners.notify.port import Arrival, Receipt
from edge.kernel.village_time import DAY_MS

_KNOWN: Final = "notice_receipts"
_MOST_DIGITS: Final = 18
OWED_MS: Final = 3 * DAY_MS
"""So long a receipt may come after its message; later nobody asks for it any more."""
_TAKEN: Final = ("taken", "unknown")


def receipts_known(connection: Connection) -> int:
    """The number of the last receipt that was heard."""
    known = read_meta(connection, _KNOWN)
    return int(known) if known.isdigit() and len(known) <= _MOST_DIGITS else 0


def is_owed(connection: Connection, now_ms: int) -> bool:
    """Whether any message may still get a receipt: a carrier is not asked for nothing."""
    tries, receipts = NOTICE_TRIES.c, NOTICE_TRIES.alias().c
    same = (receipts.notice == tries.notice) & (receipts.channel == tries.channel)
    wanted = (
        select(tries.number)
        .where(tries.outcome.in_(_TAKEN), tries.at_ms > now_ms - OWED_MS)
        .where(~exists().where(same, receipts.outcome.in_(tuple(Arrival))))
        .limit(1)
    )
    return connection.execute(wanted).first() is not None


def hear_receipts(
    connection: Connection, receipts: Iterable[Receipt], rules: Rules, now_ms: int
) -> None:
    """Take them in, and never again: the mark moves in the same transaction."""
    last = receipts_known(connection)
    for receipt in receipts:
        last = max(last, receipt.number)
        _hear(connection, receipt, rules, now_ms)
    put_meta(connection, _KNOWN, str(last))


def _hear(connection: Connection, receipt: Receipt, rules: Rules, now_ms: int) -> None:
    notice, _dash, channel = receipt.key.rpartition("-")
    row = _notice(connection, notice)
    if row is None:
        return  # forgotten meanwhile, or never ours
    before = _outcomes(connection, notice)
    arrival = receipt.arrival.value
    if before.isdisjoint((channel, taken) for taken in _TAKEN):
        return  # nothing went that way
    if (channel, arrival) in before:
        return  # the same receipt once more
    book.note_try(connection, notice, channel, arrival, receipt.why, now_ms)
    if receipt.arrival is Arrival.DELIVERED:
        if row.state in {"waiting", "keeper"}:
            book.told(connection, notice, now_ms)
    elif row.state in {"told", "waiting"} and row.channel == channel and not _reached(before):
        book.give_way(connection, row, receipt.why, rules, now_ms)


def _notice(connection: Connection, notice: str) -> Row[Any] | None:
    wanted = (
        select(NOTICES, RECIPIENTS.c.kind.label("phone_kind"))
        .join_from(NOTICES, RECIPIENTS, RECIPIENTS.c.recipient == NOTICES.c.recipient)
        .where(NOTICES.c.notice == notice)
    )
    return connection.execute(wanted).one_or_none()


def _outcomes(connection: Connection, notice: str) -> set[tuple[str, str]]:
    tries = NOTICE_TRIES.c
    wanted = select(tries.channel, tries.outcome).where(tries.notice == notice)
    return {(row.channel, row.outcome) for row in connection.execute(wanted)}


def _reached(outcomes: set[tuple[str, str]]) -> bool:
    return any(outcome == Arrival.DELIVERED for _channel, outcome in outcomes)
