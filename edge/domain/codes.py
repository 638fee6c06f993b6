"""Issuing pickup codes: clear text goes to one slip, hashes to the journal, the old code dies."""

from dataclasses import replace

from edge.domain.answers import Answer, Refusal, RevokeReason
from edge.domain.decision import Decision
from edge.domain.effects import QueueSlip, Reply
from edge.domain.facts import (
    Fact,
    ParcelStored,
    PhoneTailNoted,
    PickupCodeIssued,
    PickupCodeRevoked,
)
from edge.domain.inputs import Fresh, PhoneTailGiven, PickupSecret, ReprintAsked
from edge.domain.parcel import IN_CARE, IN_CELL, Parcel, Stage
from edge.domain.pickup import OVER_A_PARCEL
from edge.domain.policy import Policy
from edge.domain.state import State, auth_at
from edge.kernel.errors import Refused
from edge.kernel.ids import PHONE_TAIL, CellId, PhoneTail, WaybillNo


def find_parcel(
    state: State, waybill_no: WaybillNo, stages: tuple[Stage, ...]
) -> tuple[Parcel, CellId]:
    """A parcel and its cell. Raises Refused when it is not here, or not in one of `stages`."""
    parcel = state.parcels.get(waybill_no)
    if parcel is None or parcel.stage not in stages or parcel.cell is None:
        raise Refused(Refusal.PARCEL_NOT_HERE)
    return parcel, parcel.cell


def require_at_rest(state: State, cell: CellId) -> None:
    """Raises Refused while somebody may be taking the parcel out, or nobody knows whether."""
    auth = auth_at(state, cell)
    if auth is not None and auth.purpose in OVER_A_PARCEL:
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
    stored = ParcelStored(waybill_no=parcel.waybill_no, cell=cell)
    if parcel.phone_tail is None or has_live_code(state, parcel):
        return Decision(facts=(stored,))
    secret = _draw(state, parcel.phone_tail, fresh)
    if secret is None:
        return Decision(facts=(stored,))  # a sensor cannot be refused; the keeper can print again
    issued = _issue(parcel, cell, parcel.phone_tail, secret)
    return Decision(facts=(stored, *issued.facts), effects=issued.effects)


def give_phone_tail(state: State, told: PhoneTailGiven, _policy: Policy) -> Decision:
    """Note a phone tail; a parcel in its cell gets a new code and slip."""
    if not PHONE_TAIL.fullmatch(told.phone_tail):
        raise Refused(Refusal.WRONG_PHONE_TAIL)
    home = find_parcel(state, told.waybill_no, IN_CARE)
    parcel, cell = home
    noted = PhoneTailNoted(waybill_no=parcel.waybill_no, phone_tail=told.phone_tail)
    same = parcel.phone_tail == told.phone_tail
    if parcel.stage is Stage.RECEIVED or (same and has_live_code(state, parcel)):
        reply = Reply(key=Answer.TAIL_NOTED, ok=True, cell=cell, waybill_no=parcel.waybill_no)
        return Decision(facts=() if same else (noted,), reply=reply)
    anew = _issue_anew(state, home, told.phone_tail, told.fresh, RevokeReason.PHONE_TAIL_CHANGED)
    return replace(anew, facts=(noted, *anew.facts))


def reprint(state: State, told: ReprintAsked, _policy: Policy) -> Decision:
    """A new slip has a new code; the old one is revoked."""
    home = find_parcel(state, told.waybill_no, IN_CELL)
    tail = home[0].phone_tail
    if tail is None:
        raise Refused(Refusal.PHONE_TAIL_MISSING)
    return _issue_anew(state, home, tail, told.fresh, RevokeReason.REPRINTED)


def _issue_anew(
    state: State,
    home: tuple[Parcel, CellId],
    tail: PhoneTail,
    fresh: Fresh,
    reason: RevokeReason,
) -> Decision:
    parcel, cell = home
    require_at_rest(state, cell)
    secret = _draw(state, tail, fresh)
    if secret is None:
        raise Refused(Refusal.TRY_AGAIN)
    issued = _issue(parcel, cell, tail, secret)
    return Decision(
        facts=(*revoke(state, parcel, reason), *issued.facts),
        effects=issued.effects,
        reply=Reply(key=Answer.SLIP_QUEUED, ok=True, cell=cell, waybill_no=parcel.waybill_no),
    )


def _draw(state: State, tail: PhoneTail, fresh: Fresh) -> PickupSecret | None:
    """The first secret that no remembered code shares (F097), or None."""
    taken = {state.credentials[other].code_mac for other in state.by_tail.get(tail, ())}
    return next(
        (
            secret
            for secret in fresh.secrets
            if secret.code_mac not in taken
            and secret.token_mac not in state.by_token
            and secret.credential not in state.credentials
        ),
        None,
    )


def _issue(parcel: Parcel, cell: CellId, tail: PhoneTail, secret: PickupSecret) -> Decision:
    issued = PickupCodeIssued(
        credential=secret.credential,
        waybill_no=parcel.waybill_no,
        phone_tail=tail,
        code_mac=secret.code_mac,
        token_mac=secret.token_mac,
    )
    slip = QueueSlip(
        waybill_no=parcel.waybill_no,
        carrier=parcel.carrier,
        phone_tail=tail,
        cell=cell,
        digits=secret.digits,
        token=secret.token,
    )
    return Decision(facts=(issued,), effects=(slip,))
