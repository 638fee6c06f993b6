"""A signed-in keeper has a label printed once more."""

from fastapi import APIRouter

from edge.domain.label_inputs import BagLabelAsked, ShelfLabelAsked
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, WaybillAsk
from edge.web.handover import SealAsk
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["keeper"])


@router.post("/api/keeper/label")
@rule(Rule.KEEPER)
async def print_shelf_label(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The label of a parcel on a slot, marked 补打."""
    return await tell(
        front,
        lambda at, _fresh: ShelfLabelAsked(at=at, keeper=keeper, waybill_no=ask.waybill_no),
        language,
    )


@router.post("/api/keeper/bag-label")
@rule(Rule.KEEPER)
async def print_bag_label(
    ask: SealAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The label of a bag that goes on from here, marked 补打."""
    told = front.manifests()
    advice = told.bag(ask.seal) if told else None
    return await tell(
        front,
        lambda at, _fresh: BagLabelAsked(at=at, keeper=keeper, seal=ask.seal, advice=advice),
        language,
    )
