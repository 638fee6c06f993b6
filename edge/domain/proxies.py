"""Codes for proxies (代取): one recipient's parcels, for one person, today only.

Such a code opens no more than the recipient's own would: where that is dead, it is too. What is
due in cash, valuable, to be signed for or to be looked at waits for the keeper, and so does all of
it once nobody knows what day it is.
"""

from enum import StrEnum

from edge.domain.answers import Refusal
from edge.domain.codes import draw, find, has_live_code
from edge.domain.decision import Decision
from edge.domain.effects import QueueProxySlip, Reply
from edge.domain.facts import Fact
from edge.domain.handing import keeper_must_see
from edge.domain.parcel import Parcel, Stage
from edge.domain.policy import Policy
from edge.domain.proxy_answers import ProxyAnswer, ProxyRefusal
from edge.domain.proxy_code import ProxyCode, lasts
from edge.domain.proxy_facts import ProxyAuthorised, ProxyCodeIssued, ProxyCodeRevoked, ProxyEnd
from edge.domain.proxy_inputs import ProxyRevokeAsked, ProxyWanted
from edge.domain.state import State, live_proxies
from edge.kernel.errors import Refused
from edge.kernel.ids import CredentialId, PhoneTail, WaybillNo
from edge.kernel.time import Expiry, Instant
from edge.kernel.village_time import DAY_MS, EAST_MS, village_day


class Standing(StrEnum):
    """How it stands with one parcel of a code."""

    READY = "ready"
    WAITS = "waits"
    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN = "taken"
    ASK_KEEPER = "ask_keeper"


def make(state: State, told: ProxyWanted, _policy: Policy) -> Decision:
    """A code and its slip; whatever code was made before for one of these parcels dies."""
    if not told.proxy:
        raise Refused(ProxyRefusal.NAME_MISSING)
    waybills = tuple(sorted(set(told.waybills)))
    tail = _tail_of_all(state, waybills)
    secret = draw(state, tail, told.fresh)
    if secret is None:
        raise Refused(Refusal.TRY_AGAIN)
    until_ms = (village_day(told.at.wall_lo_ms) + 1) * DAY_MS - EAST_MS - 1
    issued = ProxyCodeIssued(
        credential=secret.credential,
        phone_tail=tail,
        code_mac=secret.code_mac,
        token_mac=secret.token_mac,
        until_ms=until_ms,
        keeper=told.keeper,
    )
    slip = QueueProxySlip(
        credential=secret.credential,
        proxy=told.proxy,
        owner=told.owner,
        phone_tail=tail,
        count=len(waybills),
        until_ms=until_ms,
        digits=secret.digits,
        token=secret.token,
    )
    return Decision(
        facts=(
            *_replaced(state, waybills),
            issued,
            *(_authorised(told, secret.credential, one) for one in waybills),
        ),
        effects=(slip,),
        reply=Reply(key=ProxyAnswer.QUEUED, ok=True, count=len(waybills)),
    )


def revoke(state: State, told: ProxyRevokeAsked, _policy: Policy) -> Decision:
    """A code that is dead already stays as it is."""
    reply = Reply(key=ProxyAnswer.REVOKED, ok=True)
    if all(code.credential != told.credential for code in live_proxies(state)):
        return Decision(reply=reply)
    end = ProxyCodeRevoked(credential=told.credential, reason=ProxyEnd.KEEPER)
    return Decision(facts=(end,), reply=reply)


def run_out(state: State, at: Instant) -> tuple[Fact, ...]:
    """The end of every code whose day is over for certain."""
    return tuple(
        ProxyCodeRevoked(credential=code.credential, reason=ProxyEnd.DAY_OVER)
        for code in live_proxies(state)
        if lasts(code, at) is Expiry.EXPIRED
    )


def standing(state: State, code: ProxyCode, waybill_no: WaybillNo, at: Instant) -> Standing:
    """How it stands with one parcel of a live code now."""
    parcel = state.parcels.get(waybill_no)
    if waybill_no in code.gone:
        return Standing.TAKEN
    if waybill_no in code.declined:
        return Standing.DECLINED
    if parcel is None or not _may_be_had(state, parcel) or parcel.phone_tail != code.phone_tail:
        return Standing.ASK_KEEPER
    if waybill_no in code.agreed:
        return Standing.AGREED
    sure = lasts(code, at) is Expiry.VALID
    waits = not sure or parcel.cell is None or keeper_must_see(parcel)
    return Standing.WAITS if waits else Standing.READY


def may_be_authorised(state: State, parcel: Parcel) -> bool:
    """Whether a proxy code can be made for it."""
    return parcel.phone_tail is not None and _may_be_had(state, parcel)


def _may_be_had(state: State, parcel: Parcel) -> bool:
    return parcel.stage is Stage.STORED and has_live_code(state, parcel)


def _tail_of_all(state: State, waybills: tuple[WaybillNo, ...]) -> PhoneTail:
    """The phone of their one recipient. Raises Refused where there is not exactly one."""
    parcels = [find(state, waybill_no, (Stage.STORED,)) for waybill_no in waybills]
    tails = {parcel.phone_tail for parcel in parcels}
    tail = next(iter(tails), None)
    if len(tails) != 1:
        raise Refused(ProxyRefusal.NOT_ONE_OWNER)
    if tail is None:
        raise Refused(Refusal.PHONE_TAIL_MISSING)
    if not all(has_live_code(state, parcel) for parcel in parcels):
        raise Refused(ProxyRefusal.NO_CODE_OF_ITS_OWN)
    return tail


def _replaced(state: State, waybills: tuple[WaybillNo, ...]) -> tuple[Fact, ...]:
    return tuple(
        ProxyCodeRevoked(credential=code.credential, reason=ProxyEnd.REPLACED)
        for code in live_proxies(state)
        if set(code.left) & set(waybills)
    )


def _authorised(
    told: ProxyWanted, credential: CredentialId, waybill_no: WaybillNo
) -> ProxyAuthorised:
    return ProxyAuthorised(
        credential=credential,
        waybill_no=waybill_no,
        proxy=told.proxy,
        relation=told.relation,
        owner=told.owner,
    )
