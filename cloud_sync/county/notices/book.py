"""The book of notices: what is to be told, what was, and what only the keeper can tell."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, insert, literal, select, update

from cloud_sync.county import alarms
from cloud_sync.county.notices.rules import MOST_TRIES, Rules, again_ms, first_way, next_way
from cloud_sync.county.recipients.phone import PhoneKind
from cloud_sync.county.tables import (
    CONSENTS,
    KEEPINGS,
    NOTICE_PARCELS,
    NOTICE_TRIES,
    NOTICES,
    PARCELS,
    RECIPIENT_PARCELS,
    RECIPIENTS,
)
from cloud_sync.partners.notify.port import Answer, Outcome

ARRIVED: Final = "arrived"
REMINDER: Final = "reminder"
_WAITS: Final = "stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A parcel that waits, and whom for; told of once for each kind."""

    recipient: str
    station: str
    waybill_no: str
    received_ms: int
    kind: str

    @property
    def name(self) -> str:
        """The same for the same stay, also at a county that was put back to an older copy."""
        said = f"{self.station}\0{self.waybill_no}\0{self.received_ms}\0{self.kind}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def untold(connection: Connection) -> list[Stay]:
    """What waits for somebody whom no notice names it to, the oldest first."""
    found = [*connection.execute(_untold(ARRIVED)), *connection.execute(_untold(REMINDER))]
    return [Stay(**row._asdict()) for row in found]


def _untold(kind: str) -> Select[Any]:
    here, listed, told = PARCELS.c, RECIPIENT_PARCELS.c, NOTICE_PARCELS.c
    same = (told.station == here.station) & (told.waybill_no == here.waybill_no)
    same &= (told.received_ms == here.received_ms) & (told.kind == kind)
    wanted = (
        select(
            listed.recipient,
            here.station,
            here.waybill_no,
            here.received_ms,
            literal(kind).label("kind"),
        )
        .join_from(RECIPIENT_PARCELS, PARCELS, here.waybill_no == listed.waybill_no)
        .outerjoin(NOTICE_PARCELS, same)
    )
    for table in (CONSENTS, KEEPINGS):
        mine = (table.c.station == here.station) & (table.c.waybill_no == here.waybill_no)
        wanted = wanted.outerjoin(table, mine)
    # Whoever has not agreed is called by the keeper, whom the law wants to ask.
    asked = CONSENTS.c.consent.is_(None) | (CONSENTS.c.consent == "yes")
    wanted = wanted.where(here.stage == _WAITS, told.notice.is_(None), asked)
    if kind == REMINDER:
        wanted = wanted.where(KEEPINGS.c.overdue_ms.is_not(None))
    return wanted.order_by(here.stored_ms, here.waybill_no)


def write_down(connection: Connection, stays: Iterable[Stay], rules: Rules, now_ms: int) -> None:
    """A notice for each, together with what its addressee is about to be told anyway."""
    for stay in stays:
        notice = _open_notice(connection, stay, now_ms) or _new_notice(
            connection, stay, rules, now_ms
        )
        row = {
            "station": stay.station,
            "waybill_no": stay.waybill_no,
            "received_ms": stay.received_ms,
            "kind": stay.kind,
            "notice": notice,
        }
        connection.execute(insert(NOTICE_PARCELS), row)


def _open_notice(connection: Connection, stay: Stay, now_ms: int) -> str | None:
    notices = NOTICES.c
    mine = (notices.recipient == stay.recipient) & (notices.kind == stay.kind)
    still = (notices.state == "waiting") & (notices.due_ms > now_ms)
    # One that was tried is about to be told by another way, or has just been: it stays as it is.
    tried = select(NOTICE_TRIES.c.notice)
    fresh = notices.notice.not_in(tried.where(NOTICE_TRIES.c.notice == notices.notice))
    found = connection.execute(select(notices.notice).where(mine & still & fresh)).scalar()
    return None if found is None else str(found)


def _new_notice(connection: Connection, stay: Stay, rules: Rules, now_ms: int) -> str:
    wanted = select(RECIPIENTS.c.kind).where(RECIPIENTS.c.recipient == stay.recipient)
    way = first_way(PhoneKind(connection.execute(wanted).scalar_one()))
    row = {
        "notice": stay.name,
        "recipient": stay.recipient,
        "kind": stay.kind,
        "state": "keeper" if way is None else "waiting",
        "due_ms": rules.decent_ms(now_ms + rules.gather_ms),
        "channel": way or "",
        "tries": 0,
        "told_ms": None,
        "why": "masked" if way is None else "",
    }
    connection.execute(insert(NOTICES), row)
    return stay.name


def due(connection: Connection, now_ms: int, most: int) -> list[Row[Any]]:
    """Notices whose moment has come, with their recipients' sealed numbers."""
    notices = NOTICES.c
    wanted = (
        select(NOTICES, RECIPIENTS.c.sealed, RECIPIENTS.c.kind.label("phone_kind"))
        .join_from(NOTICES, RECIPIENTS, RECIPIENTS.c.recipient == notices.recipient)
        .where(notices.state == "waiting", notices.due_ms <= now_ms)
        .order_by(notices.due_ms, notices.notice)
        .limit(most)
    )
    return list(connection.execute(wanted))


def told_of(connection: Connection, notice: str) -> set[str]:
    """The waybills that a notice is about."""
    mine = NOTICE_PARCELS.c.notice == notice
    return set(connection.execute(select(NOTICE_PARCELS.c.waybill_no).where(mine)).scalars())


def settle(
    connection: Connection, row: Row[Any], answer: Answer | None, rules: Rules, now_ms: int
) -> None:
    """What came of a try; no answer: nothing of it waits any more, so nobody was told."""
    if answer is None:
        _change(connection, row.notice, state="moot")
        return
    note_try(connection, row.notice, row.channel, answer.outcome.value, answer.why, now_ms)
    if answer.outcome is Outcome.TAKEN:
        told(connection, row.notice, now_ms)
    elif answer.outcome is Outcome.UNKNOWN and row.tries + 1 < MOST_TRIES:
        later_ms = rules.decent_ms(now_ms + again_ms(row.tries + 1))
        _change(connection, row.notice, tries=row.tries + 1, due_ms=later_ms, why=answer.why)
    else:
        give_way(connection, row, answer.why, rules, now_ms)


def give_way(connection: Connection, row: Row[Any], why: str, rules: Rules, now_ms: int) -> None:
    """A way reached nobody: the next one, at a decent hour; after the last, the keeper."""
    way = next_way(PhoneKind(row.phone_kind), row.channel)
    if way is None:
        _change(connection, row.notice, state="keeper", why=why)
        return
    change = {"channel": way.value, "tries": 0, "due_ms": rules.decent_ms(now_ms)}
    _change(connection, row.notice, state="waiting", told_ms=None, why=why, **change)


def note_try(  # noqa: PLR0913, PLR0917 - the columns of a row
    connection: Connection, notice: str, channel: str, outcome: str, why: str, now_ms: int
) -> None:
    """Keep that this was tried, or that a receipt came."""
    row = {"notice": notice, "channel": channel, "at_ms": now_ms, "outcome": outcome, "why": why}
    connection.execute(insert(NOTICE_TRIES), row)


def told(connection: Connection, notice: str, now_ms: int) -> None:
    """It has reached its addressee."""
    _change(connection, notice, state="told", told_ms=now_ms, why="")


def _change(connection: Connection, notice: str, **columns: Any) -> None:
    connection.execute(update(NOTICES).where(NOTICES.c.notice == notice).values(**columns))


def untellable(connection: Connection) -> dict[str, str]:
    """By station, the parcels that wait for somebody whom only the keeper can tell."""
    told, here = NOTICE_PARCELS.c, PARCELS.c
    same = (told.station == here.station) & (told.waybill_no == here.waybill_no)
    wanted = (
        select(told.station, told.waybill_no)
        .join_from(NOTICE_PARCELS, PARCELS, same & (told.received_ms == here.received_ms))
        .join(NOTICES, NOTICES.c.notice == told.notice)
        .where(NOTICES.c.state == "keeper", NOTICES.c.kind == ARRIVED, here.stage == _WAITS)
        .order_by(told.station, told.waybill_no)
    )
    waiting: dict[str, str] = {}
    for row in connection.execute(wanted):
        waiting[row.station] = f"{waiting.get(row.station, '')} {row.waybill_no}".strip()
    return waiting


def tell_operators(connection: Connection, waiting: dict[str, str], now_ms: int) -> None:
    """An alarm of each such station, and an end of it where the keeper has done her part."""
    for station in alarms.details_of(connection, alarms.UNTOLD).keys() - waiting.keys():
        alarms.clear_alarm(connection, station, alarms.UNTOLD, now_ms)
    for station, detail in waiting.items():
        alarms.raise_alarm(connection, station, alarms.UNTOLD, detail, now_ms)


def forget_notices(connection: Connection) -> None:
    """Whoever's number is forgotten has no notices either."""
    known = select(RECIPIENTS.c.recipient)
    connection.execute(delete(NOTICES).where(NOTICES.c.recipient.not_in(known)))
    kept = select(NOTICES.c.notice)
    for table in (NOTICE_PARCELS, NOTICE_TRIES):
        connection.execute(delete(table).where(table.c.notice.not_in(kept)))
