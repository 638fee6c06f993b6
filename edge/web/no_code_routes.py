"""K6 没有码: a villager without a code asks for the keeper, and the keeper puts the card away."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, Ask, Digits4, answer
from edge.web.hamlet_asks import HamletName, named_here
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper

router = APIRouter(route_class=RuledRoute, tags=["no code"])


class NoCodeAsk(Ask):
    """A village of the station's list, or none, and the last four digits of a phone."""

    hamlet: HamletName
    phone_tail: Digits4


class NoCodeSeen(Ask):
    """One card as it was shown."""

    serial: Annotated[int, Field(ge=1, le=2**53 - 1)]


@router.post("/api/kiosk/no-code")
@rule(Rule.LOCAL)
async def ask_without_code(ask: NoCodeAsk, front: TheFront, language: Language) -> AnswerBody:
    """Lay a card before the keeper. No parcel is looked for, so that no answer tells of one."""
    front.no_code.ask(named_here(ask.hamlet, front.policy), ask.phone_tail)
    return answer(None, language)


@router.post("/api/keeper/no-code-seen")
@rule(Rule.KEEPER)
async def put_away(
    ask: NoCodeSeen, front: TheFront, _keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The keeper is done with a card."""
    front.no_code.put_away(ask.serial)
    return answer(None, language)
