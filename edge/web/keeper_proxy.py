"""What a signed-in keeper may ask about proxies. Names are masked here and go no further."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, Field

from edge.domain.place_facts import Seen
from edge.domain.proxy_facts import Relation
from edge.domain.proxy_inputs import ProxyAnswered, ProxyRevokeAsked, ProxyWanted
from edge.guard import Rule, rule
from edge.kernel.ids import CredentialId
from edge.kernel.masking import masked_name
from edge.web.asks import AnswerBody, Ask, MaybeName, PersonName, Waybill
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["keeper"])
MOST_PARCELS = 20
"""Of one code: a kiosk's screen and a keeper's look take no more."""
Credential = Annotated[CredentialId, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


def _once_each(waybills: list[Waybill]) -> list[Waybill]:
    if len(set(waybills)) != len(waybills):
        raise ValueError("a parcel twice")
    return waybills


class ProxyAsk(Ask):
    """Who comes today, for whom and for what."""

    waybills: Annotated[
        list[Waybill],
        Field(min_length=1, max_length=MOST_PARCELS),
        AfterValidator(_once_each),
    ]
    name: PersonName
    relation: Literal["family", "neighbour", "other"]
    owner: MaybeName = ""


class ProxyRevokeAsk(Ask):
    """A code that is to open nothing any more."""

    credential: Credential


class ProxyAnswerAsk(ProxyRevokeAsk):
    """The keeper's word on one parcel that waits for it, and what she has seen."""

    waybill_no: Waybill
    agreed: bool
    seen: Annotated[list[Literal["id", "paid", "signed"]], Field(max_length=3)]


@router.post("/api/keeper/proxy")
@rule(Rule.KEEPER)
async def make_code(
    ask: ProxyAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A code for a proxy, good once and today; its slip is printed."""
    return await tell(
        front,
        lambda at, fresh: ProxyWanted(
            at=at,
            keeper=keeper,
            waybills=tuple(ask.waybills),
            proxy=masked_name(ask.name),
            relation=Relation(ask.relation),
            owner=masked_name(ask.owner),
            fresh=fresh,
        ),
        language,
    )


@router.post("/api/keeper/proxy/revoke")
@rule(Rule.KEEPER)
async def revoke_code(
    ask: ProxyRevokeAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Take a proxy's code back."""
    return await tell(
        front,
        lambda at, _fresh: ProxyRevokeAsked(at=at, keeper=keeper, credential=ask.credential),
        language,
    )


@router.post("/api/keeper/proxy/answer")
@rule(Rule.KEEPER)
async def answer_proxy(
    ask: ProxyAnswerAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """同意 or 不同意: a parcel that waits is handed to the proxy, or not."""
    return await tell(
        front,
        lambda at, fresh: ProxyAnswered(
            at=at,
            keeper=keeper,
            credential=ask.credential,
            waybill_no=ask.waybill_no,
            agreed=ask.agreed,
            seen=frozenset(map(Seen, ask.seen)),
            fresh=fresh,
        ),
        language,
    )
