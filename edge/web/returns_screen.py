"""S7, what stays for too long and what goes back: the oldest first, each with its next step."""

from dataclasses import dataclass
from typing import Final

from edge.domain.door import Door
from edge.domain.keeping import Reminder
from edge.domain.loading import going, in_bag
from edge.domain.overdue import is_overdue
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel, Stage
from edge.domain.state import door_of
from edge.domain.storage_time import day_of
from edge.kernel.masking import short_waybill
from edge.web.places_view import place_of
from edge.web.snapshot import Snapshot, about, moment_text
from edge.words import say

_IN_USE: Final = (Door.ASKED, Door.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class StayLine:
    """One parcel; `kind` is overdue, to_return or bagged, and the flags say which buttons fit."""

    waybill_no: str
    name: str
    tail: str
    place: str
    kind: str
    word: str
    day: str
    why: str
    history: tuple[str, ...]
    can_call: bool
    can_extend: bool
    can_return: bool
    can_bag: bool
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnsView:
    """The page, and what a van at the door may take along. `note`: no clock counts days now."""

    lines: tuple[StayLine, ...]
    overdue: int
    to_return: int
    bagged: int
    note: str
    loaded: tuple[str, ...]
    loadable: int


def returns_view(seen: Snapshot, language: str) -> ReturnsView:
    """Everything that is overdue, on the list, or in the return bag."""
    parcels = sorted(
        (p for p in seen.state.parcels.values() if _kind(p)),
        key=lambda p: (_since(p), p.waybill_no),
    )
    kinds = [_kind(parcel) for parcel in parcels]
    handover = seen.state.dock.handover
    loaded = [p.waybill_no for p in going(seen.state, handover)] if handover else []
    unsure = seen.now.wall_hi_ms is None
    return ReturnsView(
        lines=tuple(_line(seen, parcel, language) for parcel in parcels),
        overdue=sum(is_overdue(p) for p in parcels),
        to_return=kinds.count("to_return"),
        bagged=kinds.count("bagged"),
        note=say("keeper.returns.no_clock", language) if unsure else "",
        loaded=tuple(loaded),
        loadable=len(in_bag(seen.state)) - len(loaded) if handover else 0,
    )


def _kind(parcel: Parcel) -> str:
    """Empty for a parcel that is none of this page's."""
    if parcel.stage is Stage.BAGGED:
        return "bagged"
    if parcel.stage in IN_CARE and parcel.keeping.cause is not None:
        return "to_return"
    return "overdue" if is_overdue(parcel) else ""


def _line(seen: Snapshot, parcel: Parcel, language: str) -> StayLine:
    kind, keeping = _kind(parcel), parcel.keeping
    stays = parcel.stage in IN_CELL
    day = day_of(parcel.stored_at or parcel.received_at, seen.now)
    bagged = say("keeper.returns.in_bag", language)
    return StayLine(
        waybill_no=parcel.waybill_no,
        name=f"{parcel.carrier} {short_waybill(parcel.waybill_no)}".strip(),
        tail=parcel.phone_tail or "",
        place=bagged if kind == "bagged" else place_of(parcel, language),
        kind=kind,
        word=say(f"keeper.returns.{kind}", language),
        day=about(seen.now) + say("keeper.returns.day", language, day=day),
        why=say(f"county.cause.{keeping.cause}", language) if keeping.cause else "",
        history=_history(seen, parcel, language),
        can_call=kind == "overdue",
        can_extend=kind == "overdue",
        can_return=kind == "overdue",
        can_bag=kind == "to_return" and not _in_use(seen, parcel),
        can_undo=kind == "bagged" or (kind == "to_return" and (stays or parcel.in_hand)),
    )


def _history(seen: Snapshot, parcel: Parcel, language: str) -> tuple[str, ...]:
    keeping, told = parcel.keeping, []
    if keeping.damage:
        told.append(say("keeper.returns.damage", language, note=keeping.damage))
    if keeping.refused:
        told.append(say("keeper.returns.refused", language, reason=keeping.refused))
    told += [_reminder(seen, one, language) for one in keeping.reminders]
    if (promise := keeping.promise) is not None:
        when = _when(seen, promise.since.wall_lo_ms, language)
        told.append(say("keeper.returns.promise", language, when=when, days=promise.days))
    return tuple(told)


def _reminder(seen: Snapshot, one: Reminder, language: str) -> str:
    when = about(one.at) + _when(seen, one.at.wall_lo_ms, language)
    return say(f"keeper.returns.reminded.{one.way.value}", language, when=when)


def _when(seen: Snapshot, wall_ms: int, language: str) -> str:
    return moment_text(wall_ms, seen.now, language)


def _in_use(seen: Snapshot, parcel: Parcel) -> bool:
    return parcel.cell is not None and door_of(seen.state, parcel.cell).door in _IN_USE


def _since(parcel: Parcel) -> int:
    return (parcel.stored_at or parcel.received_at).wall_lo_ms
