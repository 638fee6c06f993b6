"""Parcels that stay for too long: first they are overdue and reminded of, then they are to return.

Only a trusted clock counts days (edge.domain.storage_time). Without one nothing happens, and
nothing is lost: it happens once a clock is trusted again. A parcel is never on the list of returns
on the day of its first reminder, however late that was.
"""

from collections.abc import Iterator
from typing import Final

from edge.domain.decision import NOTHING, Decision
from edge.domain.effects import OverdueLine, QueueOverdueList
from edge.domain.facts import Fact
from edge.domain.keeping import Cause, Way
from edge.domain.parcel import IN_CELL, Parcel
from edge.domain.policy import Policy
from edge.domain.return_facts import ParcelOverdue, ParcelReminded, ParcelToReturn
from edge.domain.state import State
from edge.domain.storage_time import certainly_not, day_of, over
from edge.kernel.ids import KeeperId
from edge.kernel.time import Instant

MOST_LINES: Final = 40
"""Of one printed list; the page has them all."""
_NOBODY: Final = KeeperId("")
"""The keeper of what the station does by itself."""
_NOTICE_DAYS: Final = 1
"""Between the first reminder and the list of returns."""


def come_due(state: State, at: Instant, policy: Policy) -> Decision:
    """What the calendar brings about at this moment, and one printed list of it."""
    due = [(parcel, _to_return(parcel, at, policy)) for parcel in _due(state, at, policy)]
    if not due:
        return NOTHING
    facts = [fact for parcel, back in due for fact in _facts(parcel, policy, back=back)]
    oldest = sorted(due, key=lambda one: (_since(one[0]), one[0].waybill_no))
    lines = tuple(_line(parcel, at, back=back) for parcel, back in oldest[:MOST_LINES])
    printed = QueueOverdueList(lines=lines, left=max(0, len(due) - MOST_LINES), at=at)
    return Decision(facts=tuple(facts), effects=(printed,))


def is_due(state: State, at: Instant, policy: Policy) -> bool:
    """Whether the calendar brings anything about at this moment; asked after every input."""
    return next(_due(state, at, policy), None) is not None


def is_overdue(parcel: Parcel) -> bool:
    """Whether it lies here and has done so for too long."""
    return parcel.stage in IN_CELL and parcel.keeping.overdue_at is not None


def _due(state: State, at: Instant, policy: Policy) -> Iterator[Parcel]:
    if at.wall_hi_ms is None:
        return
    here = [content.waybill_no for content in state.cells.values()]
    for waybill_no in (*here, *state.slots.values()):
        parcel = state.parcels[waybill_no] if waybill_no else None
        if parcel is None or parcel.stage not in IN_CELL or parcel.keeping.cause is not None:
            continue
        if _to_remind(parcel, at, policy) or _to_return(parcel, at, policy):
            yield parcel


def _to_remind(parcel: Parcel, at: Instant, policy: Policy) -> bool:
    return parcel.keeping.overdue_at is None and _stayed(parcel, policy.remind_days, at)


def _to_return(parcel: Parcel, at: Instant, policy: Policy) -> bool:
    reminded_at = parcel.keeping.overdue_at
    return (
        reminded_at is not None
        and _stayed(parcel, policy.return_days, at)
        and over(reminded_at, None, _NOTICE_DAYS, at)
    )


def _stayed(parcel: Parcel, days: int, at: Instant) -> bool:
    """Whether it has lain here for so many days for certain, and no promise holds it here."""
    since, keeping = parcel.stored_at, parcel.keeping
    if since is None or certainly_not(since, days, at):
        return False
    promise = keeping.promise
    return over(since, keeping.stored_by_ms, days, at) and (
        promise is None or over(promise.since, keeping.promised_by_ms, promise.days, at)
    )


def _facts(parcel: Parcel, policy: Policy, *, back: bool) -> tuple[Fact, ...]:
    waybill_no = parcel.waybill_no
    if back:
        return (ParcelToReturn(waybill_no=waybill_no, cause=Cause.OVERDUE, keeper=_NOBODY),)
    return (
        ParcelOverdue(waybill_no=waybill_no, days=policy.remind_days),
        ParcelReminded(waybill_no=waybill_no, way=Way.LIST, keeper=_NOBODY),
    )


def _line(parcel: Parcel, at: Instant, *, back: bool) -> OverdueLine:
    return OverdueLine(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        phone_tail=parcel.phone_tail,
        cell=parcel.cell,
        slot=parcel.slot,
        day=day_of(parcel.stored_at or parcel.received_at, at),
        to_return=back,
    )


def _since(parcel: Parcel) -> int:
    return (parcel.stored_at or parcel.received_at).wall_lo_ms
