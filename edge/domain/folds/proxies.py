"""Codes for proxies, and what the keeper says to those who show one."""

from edge.domain.changing import replace
from edge.domain.folds.pickups import begin_visit
from edge.domain.proxy_code import ProxyCode, lasts
from edge.domain.proxy_facts import (
    ProxyAccepted,
    ProxyAgreed,
    ProxyAuthorised,
    ProxyCodeIssued,
    ProxyCodeRevoked,
    ProxyCodeShown,
    ProxyDeclined,
    ProxyEnd,
    ProxyPassRevoked,
    ProxyPassTaken,
    ProxyReleased,
)
from edge.domain.state import MOST_DEAD_PROXIES, State, change_proxy
from edge.kernel.ids import CredentialId, Mac, PhoneTail
from edge.kernel.time import Expiry, Instant


def issued(state: State, fact: ProxyCodeIssued, at: Instant) -> State:
    """A new code that is for nothing yet."""
    code = ProxyCode(
        credential=fact.credential,
        phone_tail=fact.phone_tail,
        code_mac=fact.code_mac,
        token_mac=fact.token_mac,
        made_at=at,
        until_ms=fact.until_ms,
    )
    return _with(state, code, at)


def pass_taken(state: State, fact: ProxyPassTaken, at: Instant) -> State:
    """A pass is a code from here on; what is asked for with it comes in facts of its own."""
    code = replace(
        _pass(fact.credential, fact.until_ms, at),
        phone_tail=fact.phone_tail,
        left=(fact.waybill_no,),
    )
    return _with(state, code, at)


def pass_revoked(state: State, fact: ProxyPassRevoked, at: Instant) -> State:
    """Dead, and remembered as that, even where it was never shown."""
    code = next((known for known in state.proxies if known.credential == fact.credential), None)
    dead = replace(
        code or _pass(fact.credential, fact.until_ms, at),
        live=False,
        ended=ProxyEnd.COUNTY,
        ended_at=at,
    )
    if code is None:
        return _with(state, dead, at)
    return change_proxy(state, fact.credential, lambda _code: dead)


def _pass(credential: CredentialId, until_ms: int, at: Instant) -> ProxyCode:
    return ProxyCode(
        credential=credential,
        phone_tail=PhoneTail(""),
        code_mac=Mac(""),
        token_mac=Mac(""),
        made_at=at,
        until_ms=until_ms,
        is_pass=True,
    )


def _with(state: State, code: ProxyCode, at: Instant) -> State:
    """One code more. Of the dead ones the last few are remembered, and each pass until it is over:
    whoever has it could show it again.
    """
    dead = [
        known.credential
        for known in state.proxies
        if not known.live and not (known.is_pass and lasts(known, at) is not Expiry.EXPIRED)
    ]
    forgotten = set(dead[: max(0, len(dead) - MOST_DEAD_PROXIES)])
    kept = tuple(known for known in state.proxies if known.credential not in forgotten)
    return replace(state, proxies=(*kept, code))


def authorised(state: State, fact: ProxyAuthorised, _at: Instant) -> State:
    """For one parcel more."""
    return change_proxy(
        state,
        fact.credential,
        lambda code: replace(
            code,
            left=(*code.left, fact.waybill_no),
            proxy=fact.proxy,
            relation=fact.relation,
            owner=fact.owner,
        ),
    )


def revoked(state: State, fact: ProxyCodeRevoked, at: Instant) -> State:
    """Opens nothing any more."""
    return change_proxy(
        state,
        fact.credential,
        lambda code: replace(code, live=False, ended=fact.reason, ended_at=at),
    )


def shown(state: State, fact: ProxyCodeShown, at: Instant) -> State:
    """Somebody stands at the kiosk with it."""
    return change_proxy(
        state,
        fact.credential,
        lambda code: replace(code, visit=fact.visit, proof=fact.proof, shown_at=at),
    )


def accepted(state: State, fact: ProxyAccepted, at: Instant) -> State:
    """Bound to one door. The pulse itself is a fact of its own."""
    return begin_visit(state, fact, at)


def agreed(state: State, fact: ProxyAgreed, _at: Instant) -> State:
    """Handed out by the keeper, as another fact tells."""
    return change_proxy(
        state,
        fact.credential,
        lambda code: replace(code, agreed=(*code.agreed, fact.waybill_no)),
    )


def declined(state: State, fact: ProxyDeclined, _at: Instant) -> State:
    """Not by this code."""
    return change_proxy(
        state,
        fact.credential,
        lambda code: replace(code, declined=(*code.declined, fact.waybill_no)),
    )


def released(state: State, _fact: ProxyReleased, _at: Instant) -> State:
    """On record; whether the parcel is out is told by another fact."""
    return state
