"""Whom the keeper has to ask before a parcel may lie in a cell, and what was said: S4."""

from dataclasses import dataclass

from edge.domain.parcel import IN_CARE, IN_CELL, Parcel
from edge.kernel.masking import short_waybill
from edge.web.places_view import place_of
from edge.web.snapshot import Snapshot, about, moment_text
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One parcel whose addressee has to be asked.

    `said` is what is known of them, `tried` how often nobody was reached and when last; `todo`, if
    any, is what to do first.
    """

    waybill_no: str
    short: str
    carrier: str
    tail: str
    place: str
    said: str
    tries: int
    tried: str
    todo: str


def has_to_be_asked(parcel: Parcel) -> bool:
    """Whether it is here and nobody has agreed to that; of one that goes back nobody is asked."""
    stays = parcel.stage in IN_CARE and parcel.keeping.cause is None
    return stays and parcel.agreement.to_ask


def contact_lines(seen: Snapshot, language: str) -> tuple[ContactLine, ...]:
    """Whoever was never tried first, then whose last try is the longest ago."""
    asked = sorted(filter(has_to_be_asked, seen.state.parcels.values()), key=_turn)
    return tuple(_line(seen, parcel, language) for parcel in asked)


def word_text(seen: Snapshot, parcel: Parcel, language: str) -> str:
    """What holds of a parcel: that somebody is to be asked, or who said what and how."""
    known = parcel.agreement
    if has_to_be_asked(parcel):
        return say("keeper.list.contact", language)
    if known.wish is None or known.how is None or known.giver is None or known.noted_at is None:
        return ""
    word = say(
        "keeper.contact.word",
        language,
        giver=say(f"keeper.giver.{known.giver.value}", language),
        how=say(f"keeper.how.{known.how.value}", language),
        wish=say(f"keeper.wish.{known.wish.value}", language),
    )
    at = known.noted_at
    return f"{word} {about(at)}{moment_text(at.wall_lo_ms, seen.now, language)}"


def _turn(parcel: Parcel) -> tuple[int, int]:
    tried = parcel.agreement.tried_at
    return (tried.wall_lo_ms if tried else 0, parcel.received_at.wall_lo_ms)


def _line(seen: Snapshot, parcel: Parcel, language: str) -> ContactLine:
    known = parcel.agreement
    return ContactLine(
        waybill_no=parcel.waybill_no,
        short=short_waybill(parcel.waybill_no),
        carrier=parcel.carrier,
        tail=parcel.phone_tail or "",
        place=place_of(parcel, language),
        said=say(f"keeper.contact.said.{known.consent.value}", language),
        tries=known.tries,
        tried=_tried(seen, parcel, language),
        todo=_todo(parcel, language),
    )


def _tried(seen: Snapshot, parcel: Parcel, language: str) -> str:
    at = parcel.agreement.tried_at
    if at is None:
        return say("keeper.contact.never", language)
    time = about(at) + moment_text(at.wall_lo_ms, seen.now, language)
    return say("keeper.contact.tries", language, count=parcel.agreement.tries, time=time)


def _todo(parcel: Parcel, language: str) -> str:
    if parcel.cell is not None and parcel.stage in IN_CELL:
        return say("keeper.contact.take_out", language)
    return say("keeper.contact.wrong", language) if parcel.agreement.wrong_number else ""
