"""Collecting a parcel: by QR, by typed code, from the keeper's hands, and opening once more.

Only a refusal that costs tries is a fact: it must be on disk before its answer (A02). Any other is
an answer and no more, or whoever holds up rubbish to the scanner could fill the disk.
"""

import hmac
from typing import Final

from edge.domain import proxy_visit
from edge.domain.answers import Answer, CellReason
from edge.domain.cabinet import Occupancy
from edge.domain.codes import find, require_at_rest
from edge.domain.decision import Decision
from edge.domain.door import MOST_PULSES, Door
from edge.domain.effects import Reply
from edge.domain.facts import (
    PickupAccepted,
    PickupRefused,
    Proof,
    Purpose,
    RefusalReason,
)
from edge.domain.guesses import affordable, targets
from edge.domain.handing import (
    call_keeper,
    hand_out,
    keeper_must_see,
    what_was_seen,
    who_gets_it,
)
from edge.domain.inputs import CodeTyped, PutBackAsked, ReleaseAsked, TokenScanned
from edge.domain.parcel import IN_CELL, Parcel, Stage
from edge.domain.pickup import Auth, Credential
from edge.domain.policy import Policy
from edge.domain.pulse import (
    KIOSK,
    Opening,
    by_keeper,
    can_pulse_again,
    door_answer,
    pulse,
    pulse_again,
    require_shut,
)
from edge.domain.settlement import question
from edge.domain.state import State, cell_of, door_of
from edge.kernel.ids import CellId
from edge.kernel.time import Instant

SAME_SCAN_MS: Final = 5_000
"""A scanner that reads twice is one request (F044)."""


def scan_token(state: State, told: TokenScanned, _policy: Policy) -> Decision:
    """A pickup QR. 128 bits cannot be guessed, so a wrong one costs nobody anything."""
    if state.doubted:
        return _refuse(RefusalReason.ASK_KEEPER)
    key = state.by_token.get(told.token_mac)
    proxy = next((code for code in state.proxies if code.token_mac == told.token_mac), None)
    if proxy is not None:
        return proxy_visit.show(proxy, told.at, told.fresh.auth, Proof.TOKEN)
    if key is None:
        return _refuse(RefusalReason.UNKNOWN_TOKEN)
    return _present(state, state.credentials[key], told, Proof.TOKEN)


def type_code(state: State, told: CodeTyped, policy: Policy) -> Decision:
    """A phone tail and eight digits. Until the units are there, the digits are not looked at."""
    if state.doubted:
        return _refuse(RefusalReason.ASK_KEEPER)
    aimed_at = targets(state, told.phone_tail, told.at, policy)
    units = len(aimed_at.credentials)
    if not units:
        return _refuse(RefusalReason.LOCKED_OUT)
    if not affordable(state, units, told.at, policy):
        return _refuse(RefusalReason.STATION_BUSY_GUESSING)
    # Every code of the tail is compared, each in constant time: the answer's delay tells nothing.
    fitting = [
        known for known in aimed_at.remembered if hmac.compare_digest(known.code_mac, told.code_mac)
    ]
    for known in fitting:
        # A live code that is locked out answers like a wrong one, or a guesser would learn it.
        if not known.live or known.credential in aimed_at.credentials:
            return _present(state, known, told, Proof.CODE)
    proxies = [
        code for code in aimed_at.proxies if hmac.compare_digest(code.code_mac, told.code_mac)
    ]
    for code in proxies:
        if not code.live or code.credential in aimed_at.credentials:
            return proxy_visit.show(code, told.at, told.fresh.auth, Proof.CODE)
    refused = PickupRefused(
        reason=RefusalReason.WRONG_CODE,
        proof=Proof.CODE,
        charged=units,
        credentials=aimed_at.credentials,
    )
    reply = Reply(key=refused.reason, ok=False, tries_left=aimed_at.tries_left - 1)
    return Decision(facts=(refused,), reply=reply)


def release(state: State, told: ReleaseAsked, policy: Policy) -> Decision:
    """The keeper hands a parcel out: through its door, or from its slot."""
    parcel = find(state, told.waybill_no, IN_CELL)
    cell = parcel.cell
    if cell is None:
        return hand_out(state, parcel, told)
    require_at_rest(state, cell)
    require_shut(state, cell, policy)
    opening = Opening(
        cell=cell,
        auth=told.fresh.auth,
        purpose=Purpose.RELEASE,
        actor=by_keeper(told.keeper),
        waybill_no=parcel.waybill_no,
    )
    before = (*who_gets_it(parcel, told), *what_was_seen(parcel, told.keeper, told.seen))
    return pulse(opening, before=before)


def put_back(state: State, told: PutBackAsked, policy: Policy) -> Decision:
    """The same door once more, under the same authorisation and as its second pulse (F032).

    Nobody asks whether the person forgot the parcel inside or brings a wrong one back. So whoever
    needed two pulses to get the parcel out asks the keeper. From the pulse on the cell is out of
    use: only a look can tell what is inside.
    """
    auth = state.auths.get(told.auth)
    parcel = state.parcels.get(auth.waybill_no) if auth and auth.waybill_no else None
    if auth is None or parcel is None or parcel.ended_by != auth.auth or parcel.ended_at is None:
        return Decision(reply=Reply(key=Answer.TOO_LATE, ok=False))
    age_ms = told.at.since_ms(parcel.ended_at)
    if age_ms is None or age_ms > policy.put_back_ms:
        return Decision(reply=Reply(key=Answer.TOO_LATE, ok=False))
    content = cell_of(state, auth.cell)
    untouched = (
        content.occupancy is Occupancy.FREE
        and content.emptied_of == parcel.waybill_no
        and door_of(state, auth.cell).door is Door.SHUT
    )
    if auth.attempt >= MOST_PULSES or not untouched:
        return Decision(reply=Reply(key=Answer.ASK_KEEPER, ok=False, cell=auth.cell))
    again = Opening(
        cell=auth.cell,
        auth=auth.auth,
        purpose=Purpose.PUT_BACK,
        actor=auth.actor,
        waybill_no=parcel.waybill_no,
        attempt=MOST_PULSES,
    )
    return pulse(again, after=question(state, auth.cell, CellReason.PUT_BACK))


def _present(
    state: State, known: Credential, told: CodeTyped | TokenScanned, proof: Proof
) -> Decision:
    parcel = state.parcels[known.waybill_no]
    if not known.live:
        return _refuse_dead(parcel, known)
    if parcel.stage is not Stage.STORED:
        return _refuse(RefusalReason.ASK_KEEPER)
    if parcel.cell is None or keeper_must_see(parcel):
        return call_keeper(state, parcel, known, told.at, proof)
    return _through_door(state, known, parcel.cell, told, proof)


def _through_door(
    state: State, known: Credential, cell: CellId, told: CodeTyped | TokenScanned, proof: Proof
) -> Decision:
    door = door_of(state, cell).door
    if door is Door.UNKNOWN:
        return _refuse(RefusalReason.DOOR_UNSEEN, cell=cell)
    under_way = state.auths.get(known.auth) if known.auth else None
    if under_way is not None:
        return _present_again(state, under_way, told)
    if door is not Door.SHUT:
        return _refuse(RefusalReason.DOOR_IN_USE, cell=cell)
    accepted = PickupAccepted(
        credential=known.credential,
        waybill_no=known.waybill_no,
        cell=cell,
        auth=told.fresh.auth,
        proof=proof,
    )
    opening = Opening(
        cell=cell,
        auth=told.fresh.auth,
        purpose=Purpose.PICKUP,
        actor=KIOSK,
        waybill_no=known.waybill_no,
    )
    return pulse(opening, before=(accepted,))


def _present_again(state: State, auth: Auth, told: CodeTyped | TokenScanned) -> Decision:
    """The code of a pickup that is under way. Showing it to a silent door is the human retry."""
    age_ms = told.at.since_ms(auth.asked_at)
    if age_ms is not None and age_ms < SAME_SCAN_MS:
        return Decision(reply=door_answer(auth.purpose, auth.cell, auth.auth, auth.waybill_no))
    if can_pulse_again(state, auth.cell):
        return pulse_again(auth)
    return _refuse(RefusalReason.DOOR_IN_USE, cell=auth.cell)


def _refuse_dead(parcel: Parcel, known: Credential) -> Decision:
    """A code that has done its work, or was replaced by another."""
    if parcel.credential != known.credential or parcel.stage is Stage.UNDONE:
        return _refuse(RefusalReason.REVOKED)
    if parcel.stage is Stage.PICKED_UP and parcel.collected_at is not None:
        return _refuse(RefusalReason.ALREADY_COLLECTED, at=parcel.collected_at)
    if parcel.stage is Stage.RETURNED:
        return _refuse(RefusalReason.RETURNED, at=parcel.ended_at)
    return _refuse(RefusalReason.ASK_KEEPER)


def _refuse(
    reason: RefusalReason, *, cell: CellId | None = None, at: Instant | None = None
) -> Decision:
    return Decision(reply=Reply(key=reason, ok=False, cell=cell, at=at))
