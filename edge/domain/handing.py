"""Parcels that only the keeper hands out: from a slot, against cash, or against a signature.

A right code shown at the kiosk spends nothing: it puts a card before the keeper, and stands for the
proof when the parcel is handed out soon after.
"""

from typing import Final

from edge.domain import labels
from edge.domain.answers import Answer, Refusal, RevokeReason
from edge.domain.codes import find, revoke
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.facts import Fact, Proof, RefusalReason
from edge.domain.inputs import HandOutUndone, ReleaseAsked
from edge.domain.parcel import Parcel, Stage
from edge.domain.pickup import Call, Credential
from edge.domain.place_facts import (
    HandoverSeen,
    ParcelCalled,
    ParcelHandedBack,
    ParcelHandedOut,
    Seen,
)
from edge.domain.places import free_slot, slot_of
from edge.domain.policy import Policy
from edge.domain.proxy_answers import ProxyRefusal
from edge.domain.proxy_facts import ProxyReleased
from edge.domain.state import State
from edge.kernel.errors import Refused
from edge.kernel.ids import KeeperId, SlotCode
from edge.kernel.masking import yuan_text
from edge.kernel.time import Instant

CALL_MS: Final = 1_800_000
"""Who has shown a code is before the keeper within half an hour, or shows it again."""
SAME_CALL_MS: Final = 60_000
"""A code that is held up again and again is one call a minute, so that it cannot fill the disk."""


def keeper_must_see(parcel: Parcel) -> bool:
    """Whether it is handed out against money or a signature, or has to be looked at together:
    then no kiosk opens its door.
    """
    return bool(parcel.cash_due_fen) or parcel.to_sign_for or parcel.for_keeper_only


def call_keeper(
    state: State, parcel: Parcel, known: Credential, at: Instant, proof: Proof
) -> Decision:
    """The right code of such a parcel: one reason for the person, a card for the keeper."""
    last = state.calls.get(parcel.waybill_no)
    age_ms = None if last is None else at.since_ms(last.at)
    again = age_ms is not None and age_ms < SAME_CALL_MS
    called = ParcelCalled(waybill_no=parcel.waybill_no, credential=known.credential, proof=proof)
    return Decision(facts=() if again else (called,), reply=_why(parcel))


def call_of(state: State, parcel: Parcel, at: Instant) -> Call | None:
    """The code that was shown for a parcel a while ago at most."""
    call = state.calls.get(parcel.waybill_no)
    age_ms = None if call is None else at.since_ms(call.at)
    return call if age_ms is not None and age_ms < CALL_MS else None


def what_was_seen(parcel: Parcel, keeper: KeeperId, seen: frozenset[Seen]) -> tuple[Fact, ...]:
    """What the keeper saw, as a fact. Raises Refused when that is not enough for this parcel."""
    if parcel.cash_due_fen and Seen.PAID not in seen:
        raise Refused(Refusal.NOT_PAID, yuan=yuan_text(parcel.cash_due_fen))
    if parcel.to_sign_for and Seen.SIGNED not in seen:
        raise Refused(Refusal.NOT_SIGNED)
    if not seen:
        return ()
    told = HandoverSeen(
        waybill_no=parcel.waybill_no,
        keeper=keeper,
        seen=tuple(sorted(seen)),
        paid_fen=parcel.cash_due_fen if Seen.PAID in seen else 0,
    )
    return (told,)


def who_gets_it(parcel: Parcel, told: ReleaseAsked) -> tuple[Fact, ...]:
    """Who came for the addressee, as a fact. Raises Refused unless both are named, and the phone
    digits are known that the keeper has asked the proxy for.
    """
    if told.proxy is None:
        return ()
    if not told.proxy.name or not told.proxy.owner:
        raise Refused(ProxyRefusal.NAME_MISSING)
    if parcel.phone_tail is None:
        raise Refused(Refusal.PHONE_TAIL_MISSING)
    if parcel.phone_tail != told.proxy.phone_tail:
        raise Refused(Refusal.WRONG_PHONE_TAIL)
    released = ProxyReleased(
        waybill_no=parcel.waybill_no,
        proxy=told.proxy.name,
        relation=told.proxy.relation,
        owner=told.proxy.owner,
        keeper=told.keeper,
    )
    return (released,)


def hand_out(state: State, parcel: Parcel, told: ReleaseAsked) -> Decision:
    """From its slot into the person's hands, by a code that was shown or with papers seen."""
    call = call_of(state, parcel, told.at)
    before = (*who_gets_it(parcel, told), *what_was_seen(parcel, told.keeper, told.seen))
    if call is None and Seen.ID not in told.seen:
        raise Refused(Refusal.ID_NOT_SEEN)
    proof = Proof.KEEPER if call is None else call.proof
    revoked = revoke(state, parcel, RevokeReason.RELEASED) if call is None else ()
    return from_slot(state, parcel, told.keeper, proof, (*before, *revoked))


def from_slot(
    state: State, parcel: Parcel, keeper: KeeperId, proof: Proof, before: tuple[Fact, ...]
) -> Decision:
    """Off its slot and out of our care, after the facts that explain it."""
    slot = slot_of(state, parcel.waybill_no)
    handed = ParcelHandedOut(waybill_no=parcel.waybill_no, slot=slot, keeper=keeper, proof=proof)
    return Decision(
        facts=(*before, handed),
        reply=Reply(key=Answer.HANDED_OUT, ok=True, waybill_no=parcel.waybill_no, slot=slot),
    )


def undo_hand_out(state: State, told: HandOutUndone, policy: Policy) -> Decision:
    """It came back within ten minutes: onto its old slot, or another should that be in use."""
    parcel = find(state, told.waybill_no, (Stage.PICKED_UP,))
    age_ms = None if parcel.ended_at is None else told.at.since_ms(parcel.ended_at)
    if parcel.slot is None or age_ms is None or age_ms > policy.put_back_ms:
        return Decision(reply=Reply(key=Answer.TOO_LATE, ok=False))
    slot: SlotCode | None = parcel.slot
    if parcel.slot in state.slots:
        slot = free_slot(state, None, told.at, policy)
    if slot is None:
        return Decision(reply=Reply(key=Answer.NO_FREE_SLOT, ok=False))
    back = ParcelHandedBack(waybill_no=parcel.waybill_no, slot=slot, keeper=told.keeper)
    reply = Reply(key=Answer.HANDED_BACK, ok=True, waybill_no=parcel.waybill_no, slot=slot)
    moved = slot != parcel.slot
    label = labels.of_shelf(parcel, slot if moved else None, told.at, policy)
    return Decision(facts=(back,), effects=label, reply=reply)


def _why(parcel: Parcel) -> Reply:
    if parcel.cash_due_fen:
        return Reply(key=RefusalReason.PAY_FIRST, ok=False, fen=parcel.cash_due_fen)
    if parcel.to_sign_for:
        return Reply(key=RefusalReason.SIGN_FIRST, ok=False)
    if parcel.for_keeper_only:
        return Reply(key=RefusalReason.SEE_KEEPER, ok=False)
    return Reply(key=Answer.AT_SHELF, ok=True, slot=parcel.slot)
