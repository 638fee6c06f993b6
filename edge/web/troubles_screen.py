"""S8, exceptions: what is open and what was settled today, the newest first."""

from dataclasses import dataclass

from edge.domain.trouble_desk import is_open
from edge.domain.troubles import Trouble, TroubleState
from edge.kernel.ids import WaybillNo
from edge.kernel.masking import short_waybill
from edge.web.places_view import place_of
from edge.web.snapshot import Snapshot, about, moment_text, same_day
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleLine:
    """One exception; `place` tells where the parcel lies, should it lie here."""

    trouble: str
    subject: str
    name: str
    word: str
    note: str
    liable: str
    liable_word: str
    at: str
    place: str
    open: bool
    can_reopen: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TroublesView:
    """The page; `open` counts what somebody has to see to."""

    lines: tuple[TroubleLine, ...]
    open: int


def troubles_view(seen: Snapshot, language: str) -> TroublesView:
    """Open ones first, then today's that are settled."""
    known = [(one, is_open(seen.state, one)) for one in reversed(seen.state.troubles)]
    today = seen.now.wall_lo_ms
    shown = [one for one in known if one[1] or same_day(one[0].at.wall_lo_ms, today)]
    ordered = sorted(shown, key=lambda one: not one[1])
    return TroublesView(
        lines=tuple(_line(seen, one, language, is_open=still) for one, still in ordered),
        open=sum(still for _one, still in known),
    )


def _line(seen: Snapshot, one: Trouble, language: str, *, is_open: bool) -> TroubleLine:
    parcel = seen.state.parcels.get(WaybillNo(one.subject))
    bag = one.kind.value.startswith("bag_")
    name = one.subject if bag else short_waybill(one.subject)
    carrier = "" if parcel is None else parcel.carrier
    return TroubleLine(
        trouble=one.kind.value,
        subject=one.subject,
        name=f"{carrier} {name}".strip(),
        word=_first(say(f"county.trouble.{one.kind.value}", language)),
        note=one.note,
        liable=one.liable.value,
        liable_word=say(f"county.liable.{one.liable.value}", language),
        at=about(one.at) + moment_text(one.at.wall_lo_ms, seen.now, language),
        place="" if parcel is None or not is_open else place_of(parcel, language),
        open=is_open,
        can_reopen=one.state is TroubleState.SETTLED,
        state=_first(say(f"county.state.{'open' if is_open else 'settled'}", language)),
    )


def _first(word: str) -> str:
    """A word as a heading begins; the county has it in the middle of a sentence."""
    return word[:1].upper() + word[1:]
