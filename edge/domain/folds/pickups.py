"""Pickup codes, their use and their wrong tries."""

from functools import partial

from immutables import Map

from edge.domain.changing import replace
from edge.domain.facts import (
    PickupAccepted,
    PickupCodeIssued,
    PickupCodeRevoked,
    PickupCodeSealed,
    PickupRefused,
    Purpose,
)
from edge.domain.pickup import DAY_MS, Auth, Credential, WrongTry, of_the_day
from edge.domain.proxy_code import ProxyCode
from edge.domain.proxy_facts import ProxyAccepted
from edge.domain.state import State, Visit, change_proxy, running_ms
from edge.kernel.ids import CredentialId
from edge.kernel.time import Instant


def code_issued(state: State, fact: PickupCodeIssued, _at: Instant) -> State:
    """A new live code. Of the older ones only the last is remembered, to tell that it is old."""
    parcel = state.parcels[fact.waybill_no]
    if parcel.credential is not None:
        state = drop_credential(state, parcel.former)
    credential = Credential(
        credential=fact.credential,
        waybill_no=fact.waybill_no,
        phone_tail=fact.phone_tail,
        code_mac=fact.code_mac,
        token_mac=fact.token_mac,
        live=True,
    )
    same_tail = tuple(sorted({*state.by_tail.get(fact.phone_tail, ()), fact.credential}))
    parcel = replace(parcel, credential=fact.credential, former=parcel.credential or parcel.former)
    return replace(
        state,
        credentials=state.credentials.set(fact.credential, credential),
        by_token=state.by_token.set(fact.token_mac, fact.credential),
        by_tail=state.by_tail.set(fact.phone_tail, same_tail),
        parcels=state.parcels.set(fact.waybill_no, parcel),
    )


def code_sealed(state: State, _fact: PickupCodeSealed, _at: Instant) -> State:
    """As it was: what only the county can read tells the station nothing."""
    return state


def code_revoked(state: State, fact: PickupCodeRevoked, _at: Instant) -> State:
    """Opens nothing any more."""
    dead = replace(state.credentials[fact.credential], live=False, auth=None)
    return replace(state, credentials=state.credentials.set(fact.credential, dead))


def accepted(state: State, fact: PickupAccepted, at: Instant) -> State:
    """Bound to one door until that has settled. The pulse itself is a fact of its own."""
    bound = replace(state.credentials[fact.credential], auth=fact.auth)
    return replace(
        begin_visit(state, fact, at), credentials=state.credentials.set(fact.credential, bound)
    )


def begin_visit(state: State, fact: PickupAccepted | ProxyAccepted, at: Instant) -> State:
    """Somebody stands before a door that is about to open."""
    auth = Auth(
        auth=fact.auth,
        cell=fact.cell,
        purpose=Purpose.PICKUP,
        attempt=0,
        actor="",
        asked_at=at,
        waybill_no=fact.waybill_no,
        credential=fact.credential,
        proof=fact.proof,
    )
    visit = Visit(auth=fact.auth, cell=fact.cell, waybill_no=fact.waybill_no, since=at)
    return replace(state, auths=state.auths.set(fact.auth, auth), visit=visit)


def refused(state: State, fact: PickupRefused, at: Instant) -> State:
    """What a wrong try costs: units of the station, a try of each code that it might have hit."""
    if not fact.charged:
        return state
    now_ms = running_ms(state, at)
    credentials, strangers = state.credentials, state.strangers
    proxies = {code.credential for code in state.proxies}
    for key in fact.credentials:
        if key in proxies:
            state = change_proxy(state, key, partial(_missed, now_ms=now_ms))
            continue
        known = credentials.get(key)
        if known is None:
            strangers = strangers.set(key, (*strangers.get(key, ()), now_ms))
        else:
            wrong = (*of_the_day(known.wrong, now_ms), now_ms)
            credentials = credentials.set(key, replace(known, wrong=wrong))
    recent = {key: of_the_day(tries, now_ms) for key, tries in strangers.items()}
    guesses = [g for g in state.guesses if now_ms - g.ran_ms < DAY_MS]
    return replace(
        state,
        credentials=credentials,
        strangers=Map({key: tries for key, tries in recent.items() if tries}),
        guesses=(*guesses, WrongTry(ran_ms=now_ms, units=fact.charged)),
    )


def _missed(code: ProxyCode, now_ms: int) -> ProxyCode:
    return replace(code, wrong=(*of_the_day(code.wrong, now_ms), now_ms))


def drop_credential(state: State, credential: CredentialId | None) -> State:
    """Forget a code altogether: what it opened answers like a stranger's from here on."""
    gone = None if credential is None else state.credentials.get(credential)
    if gone is None:
        return state
    same_tail = tuple(key for key in state.by_tail[gone.phone_tail] if key != gone.credential)
    by_tail = state.by_tail
    return replace(
        state,
        credentials=state.credentials.delete(gone.credential),
        by_token=state.by_token.delete(gone.token_mac),
        by_tail=by_tail.set(gone.phone_tail, same_tail)
        if same_tail
        else by_tail.delete(gone.phone_tail),
    )
