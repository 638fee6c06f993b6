"""K13: calling the keeper from the kiosk, taking it back, and answering at the counter."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from edge.daemon.help_desk import KioskPage
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, Ask, answer
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper

router = APIRouter(route_class=RuledRoute, tags=["help"])


class HelpAsk(Ask):
    """Somebody wants the keeper; the page that they were on, and nothing of what they typed."""

    page: Annotated[KioskPage, Field(strict=False)]


class HelpAnswer(Ask):
    """One call as it was shown."""

    serial: Annotated[int, Field(ge=1, le=2**53 - 1)]


class NothingAsk(Ask):
    """No more than the wish itself."""


@router.post("/api/kiosk/help")
@rule(Rule.LOCAL)
async def ask_for_help(ask: HelpAsk, front: TheFront, language: Language) -> AnswerBody:
    """Call the keeper; a call that still waits stays as it is."""
    front.help.ask(ask.page)
    return answer(None, language)


@router.post("/api/kiosk/help-back")
@rule(Rule.LOCAL)
async def take_help_back(_ask: NothingAsk, front: TheFront, language: Language) -> AnswerBody:
    """Nobody is needed any more."""
    front.help.take_back()
    return answer(None, language)


@router.post("/api/keeper/help-seen")
@rule(Rule.KEEPER)
async def help_seen(
    ask: HelpAnswer, front: TheFront, _keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The keeper has seen the call and comes."""
    front.help.answer(ask.serial)
    return answer(None, language)
