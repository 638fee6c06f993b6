"""Pickup codes, their use and their wrong tries."""

from dataclasses import replace

from immutables import Map

from edge.domain.facts import (
    PickupAccepted,
    PickupCodeIssued,
    PickupCodeRevoked,
    PickupRefused,
    Purpose,
)
from edge.domain.pickup import DAY_MS, Auth, Credential, WrongTry
from edge.domain.state import State, Visit, running_ms
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
    same_tail = state.by_tail.get(fact.phone_tail, frozenset()) | {fact.credential}
    parcel = replace(parcel, credential=fact.credential, former=parcel.credential or parcel.former)
    return replace(
        state,
        credentials=state.credentials.set(fact.credential, credential),
        by_token=state.by_token.set(fact.token_mac, fact.credential),
        by_tail=state.by_tail.set(fact.phone_tail, same_tail),
        parcels=state.parcels.set(fact.waybill_no, parcel),
    )


def code_revoked(state: State, fact: PickupCodeRevoked, _at: Instant) -> State:
    """Opens nothing any more."""
    dead = replace(state.credentials[fact.credential], live=False, auth=None)
    return replace(state, credentials=state.credentials.set(fact.credential, dead))


def accepted(state: State, fact: PickupAccepted, at: Instant) -> State:
    """Bound to one door until that has settled. The pulse itself is a fact of its own."""
    bound = replace(state.credentials[fact.credential], auth=fact.auth)
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
    return replace(
        state,
        credentials=state.credentials.set(fact.credential, bound),
        auths=state.auths.set(fact.auth, auth),
        visit=visit,
    )


def refused(state: State, fact: PickupRefused, at: Instant) -> State:
    """What a wrong try costs: units of the station, a try of each code that it might have hit."""
    if not fact.charged:
        return state
    now_ms = running_ms(state, at)
    credentials, strangers = state.credentials, state.strangers
    for key in fact.credentials:
        known = credentials.get(key)
        if known is None:
            strangers = strangers.set(key, (*strangers.get(key, ()), now_ms))
        else:
            wrong = (*_of_today(known.wrong, now_ms), now_ms)
            credentials = credentials.set(key, replace(known, wrong=wrong))
    recent = {key: _of_today(tries, now_ms) for key, tries in strangers.items()}
    guesses = tuple(g for g in state.guesses if now_ms - g.ran_ms < DAY_MS)
    return replace(
        state,
        credentials=credentials,
        strangers=Map({key: tries for key, tries in recent.items() if tries}),
        guesses=(*guesses, WrongTry(ran_ms=now_ms, units=fact.charged)),
    )


def drop_credential(state: State, credential: CredentialId | None) -> State:
    """Forget a code altogether: what it opened answers like a stranger's from here on."""
    gone = None if credential is None else state.credentials.get(credential)
    if gone is None:
        return state
    same_tail = state.by_tail[gone.phone_tail] - {gone.credential}
    by_tail = state.by_tail
    return replace(
        state,
        credentials=state.credentials.delete(gone.credential),
        by_token=state.by_token.delete(gone.token_mac),
        by_tail=by_tail.set(gone.phone_tail, same_tail)
        if same_tail
        else by_tail.delete(gone.phone_tail),
    )


def _of_today(tries: tuple[int, ...], now_ms: int) -> tuple[int, ...]:
    return tuple(ran_ms for ran_ms in tries if now_ms - ran_ms < DAY_MS)
