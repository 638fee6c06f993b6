"""A proxy at the kiosk: the code is shown, then doors open one after another; the keeper's word."""

from typing import Final

from edge.domain.answers import Answer
from edge.domain.codes import find, require_at_rest
from edge.domain.decision import Decision
from edge.domain.door import IN_MOTION, Door
from edge.domain.effects import Reply
from edge.domain.facts import Fact, Proof, Purpose, RefusalReason
from edge.domain.handing import from_slot, what_was_seen
from edge.domain.parcel import Stage
from edge.domain.policy import Policy
from edge.domain.proxies import Standing, standing
from edge.domain.proxy_answers import ProxyAnswer, ProxyRefusal
from edge.domain.proxy_code import ProxyCode, lasts
from edge.domain.proxy_facts import (
    ProxyAccepted,
    ProxyAgreed,
    ProxyCodeShown,
    ProxyDeclined,
    ProxyEnd,
)
from edge.domain.proxy_inputs import ProxyAnswered, ProxyOpenAsked
from edge.domain.pulse import KIOSK, Opening, by_keeper, pulse, require_shut
from edge.domain.state import State, auth_at, door_of, live_proxies
from edge.kernel.errors import Refused
from edge.kernel.ids import AuthId, CellId
from edge.kernel.time import Expiry, Instant

VISIT_MS: Final = 600_000
"""Who has shown a code opens its doors within ten minutes, or shows it again."""
SAME_SHOW_MS: Final = 60_000
"""A code that is held up again and again is one fact a minute, so that it cannot fill the disk."""
CALL_MS: Final = 1_800_000
"""Whose parcel waits for the keeper is before her within half an hour, or shows the code again."""


def show(code: ProxyCode, at: Instant, visit: AuthId, proof: Proof) -> Decision:
    """The right code at the kiosk. It spends nothing: each parcel can be had by it once."""
    if not code.live or lasts(code, at) is Expiry.EXPIRED:
        return Decision(reply=_why_dead(code))
    if set(code.left) <= set(code.declined):
        return _no(ProxyAnswer.NOT_AGREED)
    count = len(code.left)
    if code.visit is not None and _shown_within(code, at, SAME_SHOW_MS):
        reply = Reply(key=ProxyAnswer.SHOWN, ok=True, auth=code.visit, count=count)
        return Decision(reply=reply)
    shown = ProxyCodeShown(credential=code.credential, visit=visit, proof=proof)
    reply = Reply(key=ProxyAnswer.SHOWN, ok=True, auth=visit, count=count)
    return Decision(facts=(shown,), reply=reply)


def open_next(state: State, told: ProxyOpenAsked, _policy: Policy) -> Decision:
    """The next door of a showing, once the one before is shut."""
    code = next((one for one in live_proxies(state) if one.visit == told.visit), None)
    fresh_enough = code is not None and _shown_within(code, told.at, VISIT_MS)
    if code is None or code.proof is None or not fresh_enough:
        return _no(ProxyAnswer.SHOW_AGAIN)
    if lasts(code, told.at) is Expiry.EXPIRED:
        return _no(ProxyAnswer.EXPIRED)
    if state.doubted:
        return _no(RefusalReason.ASK_KEEPER)
    if busy := _door_in_motion(state, code):
        return _no(RefusalReason.DOOR_IN_USE, busy)
    for waybill_no in code.left:
        cell = state.parcels[waybill_no].cell
        if cell is not None and standing(state, code, waybill_no, told.at) is Standing.READY:
            accepted = ProxyAccepted(
                credential=code.credential,
                waybill_no=waybill_no,
                cell=cell,
                auth=told.fresh.auth,
                proof=code.proof,
            )
            return _through_door(state, accepted)
    return _no(ProxyAnswer.WAITS)


def answer(state: State, told: ProxyAnswered, policy: Policy) -> Decision:
    """The keeper agrees, and hands it out in the same step, or she does not."""
    code = next((one for one in live_proxies(state) if one.credential == told.credential), None)
    waits = code is not None and is_waiting(state, code, told.at)
    if code is None or code.proof is None or not waits or told.waybill_no not in code.left:
        raise Refused(ProxyRefusal.NOT_WAITING)
    if standing(state, code, told.waybill_no, told.at) is not Standing.WAITS:
        raise Refused(ProxyRefusal.NOT_WAITING)
    if not told.agreed:
        no = ProxyDeclined(
            credential=code.credential, waybill_no=told.waybill_no, keeper=told.keeper
        )
        reply = Reply(key=ProxyAnswer.DECLINED, ok=True, waybill_no=told.waybill_no)
        return Decision(facts=(no,), reply=reply)
    return _hand_to_proxy(state, code.proof, told, policy)


def is_waiting(state: State, code: ProxyCode, at: Instant) -> bool:
    """Whether a proxy stands there and something of this code waits for the keeper's word."""
    return (
        code.live
        and _shown_within(code, at, CALL_MS)
        and any(standing(state, code, one, at) is Standing.WAITS for one in code.left)
    )


def _hand_to_proxy(state: State, proof: Proof, told: ProxyAnswered, policy: Policy) -> Decision:
    parcel = find(state, told.waybill_no, (Stage.STORED,))
    agreed = ProxyAgreed(
        credential=told.credential, waybill_no=parcel.waybill_no, keeper=told.keeper
    )
    before: tuple[Fact, ...] = (agreed, *what_was_seen(parcel, told.keeper, told.seen))
    if parcel.cell is None:
        return from_slot(state, parcel, told.keeper, proof, before)
    require_at_rest(state, parcel.cell)
    require_shut(state, parcel.cell, policy)
    opening = Opening(
        cell=parcel.cell,
        auth=told.fresh.auth,
        purpose=Purpose.RELEASE,
        actor=by_keeper(told.keeper),
        waybill_no=parcel.waybill_no,
    )
    return pulse(opening, before=before)


def _through_door(state: State, accepted: ProxyAccepted) -> Decision:
    door = door_of(state, accepted.cell).door
    if door is Door.UNKNOWN:
        return _no(RefusalReason.DOOR_UNSEEN, accepted.cell)
    if door is not Door.SHUT:
        return _no(RefusalReason.DOOR_IN_USE, accepted.cell)
    opening = Opening(
        cell=accepted.cell,
        auth=accepted.auth,
        purpose=Purpose.PICKUP,
        actor=KIOSK,
        waybill_no=accepted.waybill_no,
    )
    return pulse(opening, before=(accepted,))


def _door_in_motion(state: State, code: ProxyCode) -> CellId | None:
    """The door of this code that somebody still has to shut."""
    for cell, door in state.doors.items():
        auth = auth_at(state, cell)
        if auth is not None and door.door in IN_MOTION and auth.credential == code.credential:
            return cell
    return None


def _shown_within(code: ProxyCode, at: Instant, ms: int) -> bool:
    age_ms = None if code.shown_at is None else at.since_ms(code.shown_at)
    return age_ms is not None and age_ms < ms


def _why_dead(code: ProxyCode) -> Reply:
    if code.live or code.ended is ProxyEnd.DAY_OVER:
        return Reply(key=ProxyAnswer.EXPIRED, ok=False)
    if code.ended is None:
        return Reply(key=RefusalReason.ALREADY_COLLECTED, ok=False, at=code.ended_at)
    return Reply(key=ProxyAnswer.DEAD, ok=False)


def _no(key: Answer | ProxyAnswer | RefusalReason, cell: CellId | None = None) -> Decision:
    return Decision(reply=Reply(key=key, ok=False, cell=cell))
