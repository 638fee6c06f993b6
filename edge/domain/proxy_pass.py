"""Passes for proxies (代取授权): made on the addressee's phone, signed by the county, read offline.

The first showing makes a code for a proxy of it, which opens no more than one that a keeper made:
what is barred waits for her, and so does all of it while nobody knows what day it is. It has its
one parcel once. A signature cannot be guessed, so a wrong one costs nobody a try.
"""

from edge.domain import proxy_visit
from edge.domain.county_word import EndedPass
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.facts import Fact, Proof, RefusalReason
from edge.domain.parcel import Parcel, Stage
from edge.domain.policy import Policy
from edge.domain.proxies import may_be_authorised
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_facts import ProxyCodeShown, ProxyPassRevoked, ProxyPassTaken
from edge.domain.proxy_inputs import PassScanned
from edge.domain.state import State
from edge.kernel.time import Expiry, Instant, judge


def scan(state: State, told: PassScanned, _policy: Policy) -> Decision:
    """A pass at the scanner. Only the first showing of a good one is a fact of its own."""
    if state.doubted:
        return _no(RefusalReason.ASK_KEEPER)
    if told.flaw is not None:
        return _no(told.flaw)
    known = next((code for code in state.proxies if code.credential == told.credential), None)
    if known is not None:
        return proxy_visit.show(known, told.at, told.fresh.auth, Proof.TOKEN)
    if judge(told.at, told.until_ms) is Expiry.EXPIRED:
        return _no(ProxyAnswer.EXPIRED)
    parcel = None if told.waybill_no is None else state.parcels.get(told.waybill_no)
    return _no(ProxyAnswer.NO_PARCEL) if parcel is None else _take(state, parcel, told)


def _take(state: State, parcel: Parcel, told: PassScanned) -> Decision:
    if parcel.phone_tail is None or not may_be_authorised(state, parcel):
        return _why_not(parcel)
    taken = ProxyPassTaken(
        credential=told.credential,
        waybill_no=parcel.waybill_no,
        phone_tail=parcel.phone_tail,
        until_ms=told.until_ms,
    )
    visit = told.fresh.auth
    shown = ProxyCodeShown(credential=told.credential, visit=visit, proof=Proof.TOKEN)
    reply = Reply(key=ProxyAnswer.SHOWN, ok=True, auth=visit, count=1)
    return Decision(facts=(taken, shown), reply=reply)


def revoked(state: State, ended: tuple[EndedPass, ...], at: Instant) -> tuple[Fact, ...]:
    """The end of each that could still open something; one that has done its work stays so."""
    dead = {code.credential for code in state.proxies if not code.live}
    return tuple(
        ProxyPassRevoked(credential=one.credential, until_ms=one.until_ms)
        for one in ended
        if one.credential not in dead and judge(at, one.until_ms) is not Expiry.EXPIRED
    )


def _why_not(parcel: Parcel) -> Decision:
    """What became of a parcel that no proxy can have."""
    if parcel.stage is Stage.PICKED_UP and parcel.collected_at is not None:
        return _no(RefusalReason.ALREADY_COLLECTED, parcel.collected_at)
    if parcel.stage is Stage.RETURNED:
        return _no(RefusalReason.RETURNED, parcel.ended_at)
    return _no(RefusalReason.ASK_KEEPER)


def _no(key: ProxyAnswer | RefusalReason, at: Instant | None = None) -> Decision:
    return Decision(reply=Reply(key=key, ok=False, at=at))
