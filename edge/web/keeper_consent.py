"""What a signed-in keeper may tell about asking addressees."""

from typing import Literal

from fastapi import APIRouter

from edge.domain.consent_facts import Giver, How, NoContact, Wish
from edge.domain.consent_inputs import ConsentGiven, ContactFailed
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, WaybillAsk
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["keeper"])


class ConsentAsk(WaybillAsk):
    """What was agreed to of one parcel, on which way, and whose word it is."""

    wish: Literal["cell", "shelf", "home", "nowhere"]
    how: Literal["phone", "in_person", "message"]
    giver: Literal["addressee", "family"]


class ContactAsk(WaybillAsk):
    """Why nobody was reached."""

    result: Literal["no_answer", "wrong_number"]


@router.post("/api/keeper/consent")
@rule(Rule.KEEPER)
async def note_consent(
    ask: ConsentAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """What the addressee agreed to, or no longer does."""
    return await tell(
        front,
        lambda at, fresh: ConsentGiven(
            at=at,
            keeper=keeper,
            waybill_no=ask.waybill_no,
            wish=Wish(ask.wish),
            how=How(ask.how),
            giver=Giver(ask.giver),
            fresh=fresh,
        ),
        language,
    )


@router.post("/api/keeper/contact")
@rule(Rule.KEEPER)
async def note_try(
    ask: ContactAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The keeper tried to ask, and reached nobody."""
    return await tell(
        front,
        lambda at, _fresh: ContactFailed(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, result=NoContact(ask.result)
        ),
        language,
    )
