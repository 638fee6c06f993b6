"""One code for a proxy: what is left to collect by it, and until when it is good."""

from dataclasses import dataclass

from edge.domain.proof import Proof
from edge.domain.proxy_facts import ProxyEnd, Relation
from edge.kernel.ids import AuthId, CredentialId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Expiry, Instant, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyCode:
    """`left` may still be collected by it, `gone` is no longer here. `ended` tells why it is dead;
    one that is dead without a reason has done its work at `ended_at`.

    A pass of the county is one too: it has no digits, is for one parcel, and nothing here made it.
    `visit` is the last showing at the kiosk, `wrong` as that of a pickup code.
    """

    credential: CredentialId
    phone_tail: PhoneTail
    code_mac: Mac
    token_mac: Mac
    made_at: Instant
    until_ms: int
    proxy: str = ""
    relation: Relation = Relation.OTHER
    owner: str = ""
    left: tuple[WaybillNo, ...] = ()
    gone: tuple[WaybillNo, ...] = ()
    agreed: tuple[WaybillNo, ...] = ()
    declined: tuple[WaybillNo, ...] = ()
    live: bool = True
    ended: ProxyEnd | None = None
    ended_at: Instant | None = None
    wrong: tuple[int, ...] = ()
    visit: AuthId | None = None
    proof: Proof | None = None
    shown_at: Instant | None = None
    is_pass: bool = False


def lasts(code: ProxyCode, at: Instant) -> Expiry:
    """Whether the day of this code is over.

    The clock is as good as when the code was made as long as the station has run since. After a
    restart only a trusted one can tell; until then nobody knows, and a keeper has to say. A pass
    was made by another clock: only a trusted one of ours can tell at all.
    """
    told = judge(at, code.until_ms)
    same_boot = at.boot == code.made_at.boot and not code.is_pass
    return Expiry.VALID if told is Expiry.UNSURE and same_boot else told
