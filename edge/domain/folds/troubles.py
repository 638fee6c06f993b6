"""What went wrong, beside what it means for parcels and bags."""

from dataclasses import replace

from edge.domain.folds import dock
from edge.domain.folds.returns import keep
from edge.domain.handover import require_handover
from edge.domain.keeping import Liable
from edge.domain.return_facts import ParcelDamaged, ParcelRefused, TroubleNoted
from edge.domain.state import State
from edge.domain.trip_facts import HandoverSigned, ParcelMisrouted, ParcelOver, ParcelShort
from edge.domain.troubles import MOST_TROUBLES, Trouble, TroubleKind
from edge.kernel.time import Instant


def refused(state: State, fact: ParcelRefused, at: Instant) -> State:
    """Its recipient does not want it."""
    state = keep(state, fact.waybill_no, lambda one: replace(one, refused=fact.reason))
    return _add(state, TroubleKind.REFUSED, fact.waybill_no, at, note=fact.reason)


def damaged(state: State, fact: ParcelDamaged, at: Instant) -> State:
    """To be shown by the keeper from here on."""
    state = keep(
        state, fact.waybill_no, lambda one: replace(one, damage=fact.note, liable=fact.liable)
    )
    kind = TroubleKind.DAMAGED
    return _add(state, kind, fact.waybill_no, at, note=fact.note, liable=fact.liable)


def over(state: State, fact: ParcelOver, at: Instant) -> State:
    """On no manifest."""
    return _add(state, TroubleKind.OVER, fact.waybill_no, at)


def short(state: State, fact: ParcelShort, at: Instant) -> State:
    """Not in its bag."""
    return _add(state, TroubleKind.SHORT, fact.waybill_no, at, note=fact.seal)


def misrouted(state: State, fact: ParcelMisrouted, at: Instant) -> State:
    """Belongs elsewhere, and lies aside."""
    state = dock.misrouted(state, fact, at)
    return _add(state, TroubleKind.MISROUTED, fact.waybill_no, at, note=f"→ {fact.to}")


def signed(state: State, fact: HandoverSigned, at: Instant) -> State:
    """Bags change hands; what was wrong with some stays to be settled."""
    handover = require_handover(state)
    state = dock.signed(state, fact, at)
    for seal in fact.short:
        state = _add(state, TroubleKind.BAG_SHORT, seal, at)
    for seal in fact.over:
        state = _add(state, TroubleKind.BAG_OVER, seal, at)
    for seal in fact.damaged:
        note = handover.scanned[seal].note
        state = _add(state, TroubleKind.BAG_DAMAGED, seal, at, note=note)
    for seal in fact.misrouted:
        note = f"→ {handover.scanned[seal].to}"
        state = _add(state, TroubleKind.BAG_MISROUTED, seal, at, note=note)
    return state


def noted(state: State, fact: TroubleNoted, _at: Instant) -> State:
    """What the keeper says of it."""
    troubles = tuple(
        replace(one, note=fact.note, liable=fact.liable, state=fact.state)
        if (one.kind, one.subject) == (fact.trouble, fact.subject)
        else one
        for one in state.troubles
    )
    return replace(state, troubles=troubles)


def _add(  # noqa: PLR0913 - each part of a trouble
    state: State,
    kind: TroubleKind,
    subject: str,
    at: Instant,
    *,
    note: str = "",
    liable: Liable = Liable.UNKNOWN,
) -> State:
    """The newest of its kind about a parcel or a bag takes the place of an earlier one."""
    new = Trouble(kind=kind, subject=subject, at=at, note=note, liable=liable)
    others = tuple(o for o in state.troubles if (o.kind, o.subject) != (kind, subject))
    return replace(state, troubles=(*others, new)[-MOST_TROUBLES:])
