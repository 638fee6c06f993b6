"""Shelves, floor, marks and people who wait at the counter, as the keeper's page shows them."""

from dataclasses import dataclass

from edge.domain.handing import call_of
from edge.domain.parcel import IN_CELL, Parcel, Stage
from edge.kernel.masking import short_waybill, yuan_text
from edge.web.snapshot import Snapshot
from edge.web.wording import place_text
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotBox:
    """One slot in use."""

    slot: str
    name: str
    waybill_no: str
    parcel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """Somebody has shown the right code of a parcel that only the keeper hands out."""

    waybill_no: str
    text: str
    parcel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is to be minded about a parcel: in words, and what must be seen at its handing out."""

    text: str
    flags: tuple[str, ...]
    cash_due_fen: int
    yuan: str
    to_sign: bool
    code_shown: bool


def place_of(parcel: Parcel, language: str) -> str:
    """Where it lies, or that it is in the keeper's hands."""
    in_hand = parcel.in_hand
    return (
        say("place.hand", language) if in_hand else place_text(parcel.cell, parcel.slot, language)
    )


def marks_of(seen: Snapshot, parcel: Parcel, language: str) -> Marks:
    """All that is to be minded."""
    yuan = yuan_text(parcel.cash_due_fen) if parcel.cash_due_fen else ""
    words = [say(f"keeper.flag.{flag.value}", language) for flag in parcel.flags]
    words += [
        say(f"county.stay.{name}", language)
        for name, told in (("damaged", parcel.keeping.damage), ("refused", parcel.keeping.refused))
        if told
    ]
    if yuan:
        words.append(say("keeper.flag.cash.short", language, yuan=yuan))
    return Marks(
        text=" · ".join(words),
        flags=tuple(flag.value for flag in parcel.flags),
        cash_due_fen=parcel.cash_due_fen,
        yuan=yuan,
        to_sign=parcel.to_sign_for,
        code_shown=call_of(seen.state, parcel, seen.now) is not None,
    )


def slot_boxes(seen: Snapshot, language: str) -> tuple[SlotBox, ...]:
    """Slots in use, by their names."""
    parcels = seen.state.parcels
    return tuple(
        SlotBox(
            slot=slot,
            name=place_text(None, slot, language),
            waybill_no=waybill_no,
            parcel=_who(parcels[waybill_no]),
        )
        for slot, waybill_no in sorted(seen.state.slots.items())
    )


def call_cards(seen: Snapshot, language: str) -> tuple[CallCard, ...]:
    """Who waits, the longest first."""
    waiting = [
        (call.at.mono_ms, parcel)
        for waybill_no in seen.state.calls
        if (parcel := seen.state.parcels[waybill_no]).stage in IN_CELL
        and (call := call_of(seen.state, parcel, seen.now)) is not None
    ]
    return tuple(
        CallCard(
            waybill_no=parcel.waybill_no,
            text=say("keeper.call", language, place=place_of(parcel, language)),
            parcel=_who(parcel),
        )
        for _since, parcel in sorted(waiting, key=lambda one: one[0])
    )


def can_undo_release(seen: Snapshot, parcel: Parcel) -> bool:
    """Whether a handing out from a slot may still be taken back."""
    if parcel.stage is not Stage.PICKED_UP or parcel.slot is None or parcel.ended_at is None:
        return False
    age_ms = seen.now.since_ms(parcel.ended_at)
    return age_ms is not None and age_ms <= seen.policy.put_back_ms


def _who(parcel: Parcel) -> str:
    return f"{parcel.carrier} {short_waybill(parcel.waybill_no)}".strip()
