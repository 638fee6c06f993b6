"""What a signed-in keeper may ask about long stays, returns and exceptions."""

from fastapi import APIRouter

from edge.domain.return_inputs import (
    BaggingAsked,
    DamageTold,
    ExtensionAsked,
    LoadingAsked,
    RefusalTold,
    ReminderTold,
    ReturnAsked,
    ReturnUndoAsked,
    TroubleTold,
)
from edge.domain.troubles import TroubleState
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, WaybillAsk
from edge.web.return_asks import DamageAsk, RefusedAsk, StayAsk, TroubleAsk
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["returns"])


@router.post("/api/keeper/refused")
@rule(Rule.KEEPER)
async def refused(
    ask: RefusedAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The recipient does not want a parcel."""
    return await tell(
        front,
        lambda at, _fresh: RefusalTold(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, reason=ask.reason
        ),
        language,
    )


@router.post("/api/keeper/damaged")
@rule(Rule.KEEPER)
async def damaged(
    ask: DamageAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A parcel is damaged."""
    return await tell(
        front,
        lambda at, fresh: DamageTold(
            at=at,
            keeper=keeper,
            waybill_no=ask.waybill_no,
            note=ask.note,
            liable=ask.liable,
            fresh=fresh,
        ),
        language,
    )


@router.post("/api/keeper/called")
@rule(Rule.KEEPER)
async def called(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The keeper has called the recipient."""
    return await tell(
        front,
        lambda at, _fresh: ReminderTold(at=at, keeper=keeper, waybill_no=ask.waybill_no),
        language,
    )


@router.post("/api/keeper/extend")
@rule(Rule.KEEPER)
async def extend(
    ask: StayAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A parcel may stay longer."""
    return await tell(
        front,
        lambda at, _fresh: ExtensionAsked(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, days=ask.days, reason=ask.reason
        ),
        language,
    )


@router.post("/api/keeper/return")
@rule(Rule.KEEPER)
async def put_on_list(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A parcel is to go back."""
    return await tell(
        front,
        lambda at, _fresh: ReturnAsked(at=at, keeper=keeper, waybill_no=ask.waybill_no),
        language,
    )


@router.post("/api/keeper/return-undo")
@rule(Rule.KEEPER)
async def take_off_list(
    ask: StayAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A parcel is not to go back after all."""
    return await tell(
        front,
        lambda at, _fresh: ReturnUndoAsked(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, days=ask.days, reason=ask.reason
        ),
        language,
    )


@router.post("/api/keeper/return-bag")
@rule(Rule.KEEPER)
async def bag(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """From its place into the return bag."""
    return await tell(
        front,
        lambda at, fresh: BaggingAsked(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, fresh=fresh
        ),
        language,
    )


@router.post("/api/keeper/handover/returns")
@rule(Rule.KEEPER)
async def load(front: TheFront, keeper: TheKeeper, language: Language) -> AnswerBody:
    """Everything in the return bag goes with the courier who is here."""
    return await tell(front, lambda at, _fresh: LoadingAsked(at=at, keeper=keeper), language)


@router.post("/api/keeper/trouble")
@rule(Rule.KEEPER)
async def note_trouble(
    ask: TroubleAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """More about an exception, or that it is settled."""
    return await tell(
        front,
        lambda at, _fresh: TroubleTold(
            at=at,
            keeper=keeper,
            trouble=ask.trouble,
            subject=ask.subject,
            note=ask.note,
            liable=ask.liable,
            state=TroubleState.SETTLED if ask.settled else TroubleState.OPEN,
        ),
        language,
    )
