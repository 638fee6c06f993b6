"""What a signed-in keeper may ask about places, marks and cells off the offer."""

from typing import Annotated

from fastapi import APIRouter, Path

from edge.domain.inputs import (
    CellLockAsked,
    CellUnlockAsked,
    FlagsGiven,
    HandOutUndone,
    MoveAsked,
    PlaceAsked,
)
from edge.domain.place_facts import Choice, Flag
from edge.guard import Rule, rule
from edge.web.asks import (
    AnswerBody,
    Cell,
    FlagsAsk,
    LockCellAsk,
    PlaceAsk,
    WaybillAsk,
)
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["keeper"])
CellPath = Annotated[Cell, Path()]


@router.post("/api/keeper/place")
@rule(Rule.KEEPER)
async def choose_place(
    ask: PlaceAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Where the parcel in hand is to lie, or the next one."""
    choice = None if ask.choice is None else Choice(ask.choice)
    return await tell(
        front,
        lambda at, fresh: PlaceAsked(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, choice=choice, fresh=fresh
        ),
        language,
    )


@router.post("/api/keeper/move")
@rule(Rule.KEEPER)
async def move(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Take a parcel from its place, to put it elsewhere."""
    return await tell(
        front,
        lambda at, fresh: MoveAsked(at=at, keeper=keeper, waybill_no=ask.waybill_no, fresh=fresh),
        language,
    )


@router.post("/api/keeper/flags")
@rule(Rule.KEEPER)
async def flag(ask: FlagsAsk, front: TheFront, keeper: TheKeeper, language: Language) -> AnswerBody:
    """What is to be minded about a parcel."""
    return await tell(
        front,
        lambda at, fresh: FlagsGiven(
            at=at,
            keeper=keeper,
            waybill_no=ask.waybill_no,
            flags=tuple(map(Flag, ask.flags)),
            cash_due_fen=ask.cash_due_fen,
            fresh=fresh,
        ),
        language,
    )


@router.post("/api/keeper/undo-release")
@rule(Rule.KEEPER)
async def undo_release(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A parcel that was handed out from its slot came back."""
    return await tell(
        front,
        lambda at, _fresh: HandOutUndone(at=at, keeper=keeper, waybill_no=ask.waybill_no),
        language,
    )


@router.post("/api/keeper/cells/{cell}/lock")
@rule(Rule.KEEPER)
async def lock_cell(
    cell: CellPath, ask: LockCellAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Take a cell off the offer, with a reason."""
    return await tell(
        front,
        lambda at, fresh: CellLockAsked(
            at=at, keeper=keeper, cell=cell, reason=ask.reason.strip(), fresh=fresh
        ),
        language,
    )


@router.post("/api/keeper/cells/{cell}/unlock")
@rule(Rule.KEEPER)
async def unlock_cell(
    cell: CellPath, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Offer a cell again."""
    return await tell(
        front, lambda at, _fresh: CellUnlockAsked(at=at, keeper=keeper, cell=cell), language
    )
