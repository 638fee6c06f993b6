"""What a signed-in keeper may tell and ask about natural villages."""

from fastapi import APIRouter

from edge.domain.hamlet_inputs import HamletGiven, HamletListAsked
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, Ask, WaybillAsk
from edge.web.hamlet_asks import HamletName
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["keeper"])


class HamletAsk(WaybillAsk):
    """One parcel and the village that it is for; an empty one takes a wrong word back."""

    hamlet: HamletName


class HamletListAsk(Ask):
    """Whose list is to be printed; null for a list of each village."""

    hamlet: HamletName | None


@router.post("/api/keeper/hamlet")
@rule(Rule.KEEPER)
async def note_hamlet(
    ask: HamletAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The village that a parcel is for."""
    return await tell(
        front,
        lambda at, _fresh: HamletGiven(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, hamlet=ask.hamlet
        ),
        language,
    )


@router.post("/api/keeper/hamlet-list")
@rule(Rule.KEEPER)
async def print_lists(
    ask: HamletListAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Today's parcels of one village on paper, or of each."""
    return await tell(
        front,
        lambda at, _fresh: HamletListAsked(at=at, keeper=keeper, hamlet=ask.hamlet),
        language,
    )
