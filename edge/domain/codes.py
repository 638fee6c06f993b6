"""Issuing pickup codes: clear text goes to one slip, hashes to the journal, the old code dies."""

from dataclasses import replace

from edge.domain import labels
from edge.domain.answers import Answer, Refusal, RevokeReason
from edge.domain.decision import NOTHING, Decision
from edge.domain.effects import QueueSlip, Reply
from edge.domain.facts import (
    Fact,
    ParcelStored,
    PhoneTailNoted,
    PickupCodeIssued,
    PickupCodeRevoked,
    PickupCodeSealed,
)
from edge.domain.inputs import Fresh, PhoneTailGiven, PickupSecret, ReprintAsked
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel, Stage
from edge.domain.pickup import OVER_A_PARCEL
from edge.domain.place_facts import ParcelShelved
from edge.domain.places import Place, emptied, place_of
from edge.domain.policy import Policy
from edge.domain.state import State, auth_at, proxies_at
from edge.kernel.errors import Refused
from edge.kernel.ids import PHONE_TAIL, CellId, KeeperId, PhoneTail, SlotCode, WaybillNo


def find(state: State, waybill_no: WaybillNo, stages: tuple[Stage, ...]) -> Parcel:
    """A parcel. Raises Refused when it is not here, or not in one of `stages`."""
    parcel = state.parcels.get(waybill_no)
    if parcel is None or parcel.stage not in stages:
        raise Refused(Refusal.PARCEL_NOT_HERE)
    return parcel


def require_at_rest(state: State, cell: CellId | None) -> None:
    """Raises Refused while somebody may be taking the parcel out, or nobody knows whether.

    Nobody can be doing so where it lies in no cell.
    """
    auth = None if cell is None else auth_at(state, cell)
    if cell is not None and auth is not None and auth.purpose in OVER_A_PARCEL:
        raise Refused(Refusal.PICKUP_UNDER_WAY, cell=cell)


def has_live_code(state: State, parcel: Parcel) -> bool:
    """Whether a code of this parcel would be taken."""
    return parcel.credential is not None and state.credentials[parcel.credential].live


def revoke(state: State, parcel: Parcel, reason: RevokeReason) -> tuple[Fact, ...]:
    """The end of a parcel's code, if it has a live one."""
    if parcel.credential is None or not has_live_code(state, parcel):
        return ()
    return (PickupCodeRevoked(credential=parcel.credential, reason=reason),)


def store(state: State, parcel: Parcel, cell: CellId, fresh: Fresh) -> Decision:
    """The parcel is in its cell. A code and a slip follow where a phone tail is known.

    A code that is still live stays good: its slip is out already.
    """
    place = Place(cell=cell)
    stored = ParcelStored(waybill_no=parcel.waybill_no, cell=cell)
    issued = first_code(state, parcel, place, fresh)
    facts = (stored, *emptied(state, parcel.waybill_no, place), *issued.facts)
    return Decision(facts=facts, effects=issued.effects)


def shelve(
    state: State, parcel: Parcel, slot: SlotCode, keeper: KeeperId, fresh: Fresh
) -> Decision:
    """The parcel lies on a slot; its code and its slip are as those of a parcel in a cell."""
    place = Place(slot=slot)
    shelved = ParcelShelved(waybill_no=parcel.waybill_no, slot=slot, keeper=keeper)
    issued = first_code(state, parcel, place, fresh)
    facts = (shelved, *emptied(state, parcel.waybill_no, place), *issued.facts)
    return Decision(facts=facts, effects=issued.effects)


def first_code(state: State, parcel: Parcel, place: Place, fresh: Fresh) -> Decision:
    """A code and a slip where it may have one, has none, and a phone tail is known."""
    if parcel.phone_tail is None or has_live_code(state, parcel) or parcel.keeping.refused:
        return NOTHING
    if not parcel.agreement.to_a_code:
        return NOTHING
    secret = draw(state, parcel.phone_tail, fresh)
    if secret is None:
        return NOTHING  # a sensor cannot be refused; the keeper can print again
    return _issue(parcel, place, parcel.phone_tail, secret)


def give_phone_tail(state: State, told: PhoneTailGiven, policy: Policy) -> Decision:
    """Note a phone tail; a parcel in its place gets a new code and slip, on a slot a new label."""
    noted = _note_tail(state, told)
    parcel = state.parcels[told.waybill_no]
    if parcel.phone_tail == told.phone_tail or parcel.stage not in IN_CELL:
        return noted
    parcel = replace(parcel, phone_tail=told.phone_tail)
    label = labels.of_shelf(parcel, parcel.slot, told.at, policy)
    return replace(noted, effects=(*noted.effects, *label))


def _note_tail(state: State, told: PhoneTailGiven) -> Decision:
    if not PHONE_TAIL.fullmatch(told.phone_tail):
        raise Refused(Refusal.WRONG_PHONE_TAIL)
    parcel = find(state, told.waybill_no, IN_CARE)
    noted = PhoneTailNoted(waybill_no=parcel.waybill_no, phone_tail=told.phone_tail)
    same = parcel.phone_tail == told.phone_tail
    no_code = parcel.stage is Stage.RECEIVED or not parcel.agreement.to_a_code
    if no_code or (same and has_live_code(state, parcel)):
        reply = _about(Answer.TAIL_NOTED, parcel)
        # In the keeper's hands again: a code for other digits dies, the next place brings another.
        # Without consent there is none, and the digits alone are noted.
        dead = () if same else revoke(state, parcel, RevokeReason.PHONE_TAIL_CHANGED)
        return Decision(facts=() if same else (*dead, noted), reply=reply)
    anew = _issue_anew(state, parcel, told.phone_tail, told.fresh, RevokeReason.PHONE_TAIL_CHANGED)
    return replace(anew, facts=(noted, *anew.facts))


def reprint(state: State, told: ReprintAsked, _policy: Policy) -> Decision:
    """A new slip has a new code; the old one is revoked."""
    parcel = find(state, told.waybill_no, IN_CELL)
    tail = parcel.phone_tail
    if not parcel.agreement.to_a_code:
        raise Refused(Refusal.NO_CONSENT)
    if tail is None:
        raise Refused(Refusal.PHONE_TAIL_MISSING)
    return _issue_anew(state, parcel, tail, told.fresh, RevokeReason.REPRINTED)


def _issue_anew(
    state: State,
    parcel: Parcel,
    tail: PhoneTail,
    fresh: Fresh,
    reason: RevokeReason,
) -> Decision:
    require_at_rest(state, parcel.cell)
    secret = draw(state, tail, fresh)
    if secret is None:
        raise Refused(Refusal.TRY_AGAIN)
    issued = _issue(parcel, place_of(parcel), tail, secret)
    return Decision(
        facts=(*revoke(state, parcel, reason), *issued.facts),
        effects=issued.effects,
        reply=_about(Answer.SLIP_QUEUED, parcel),
    )


def _about(key: Answer, parcel: Parcel) -> Reply:
    return Reply(key=key, ok=True, cell=parcel.cell, slot=parcel.slot, waybill_no=parcel.waybill_no)


def draw(state: State, tail: PhoneTail, fresh: Fresh) -> PickupSecret | None:
    """The first secret that no remembered code shares, a proxy's neither (F097), or None."""
    taken = {state.credentials[other].code_mac for other in state.by_tail.get(tail, ())}
    taken |= {code.code_mac for code in proxies_at(state, tail)}
    tokens = {code.token_mac for code in state.proxies}
    names = {code.credential for code in state.proxies}
    return next(
        (
            secret
            for secret in fresh.secrets
            if secret.code_mac not in taken
            and secret.token_mac not in {*state.by_token, *tokens}
            and secret.credential not in {*state.credentials, *names}
        ),
        None,
    )


def _issue(parcel: Parcel, place: Place, tail: PhoneTail, secret: PickupSecret) -> Decision:
    issued = PickupCodeIssued(
        credential=secret.credential,
        waybill_no=parcel.waybill_no,
        phone_tail=tail,
        code_mac=secret.code_mac,
        token_mac=secret.token_mac,
    )
    sealed = PickupCodeSealed(
        credential=secret.credential, waybill_no=parcel.waybill_no, sealed=secret.sealed
    )
    slip = QueueSlip(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        phone_tail=tail,
        cell=place.cell,
        slot=place.slot,
        digits=secret.digits,
        token=secret.token,
    )
    return Decision(facts=(issued, sealed) if secret.sealed else (issued,), effects=(slip,))
