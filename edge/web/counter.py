"""Signing in and out at the counter, and who this browser is."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from edge.domain.answers import Answer
from edge.guard import Rule, csrf_of, renew_session, rule
from edge.web.asks import AnswerBody, SignInAsk
from edge.web.ruled import (
    Language,
    RuledRoute,
    TheFront,
    TheKeeper,
    TheSession,
    TheSessions,
)
from edge.words import say

router = APIRouter(route_class=RuledRoute, tags=["counter"])


class SessionBody(BaseModel):
    """The token that unsafe requests carry, who is signed in, and whether nobody has a PIN yet."""

    token: str
    keeper: str | None
    first_start: bool


@router.get("/api/session")
@rule(Rule.ANYONE)
async def this_session(
    request: Request, front: TheFront, sessions: TheSessions, session: TheSession
) -> SessionBody:
    """Who this browser is to the station."""
    return SessionBody(
        token=csrf_of(request),
        keeper=sessions.keeper(session),
        first_start=not await front.keeper_exists(),
    )


@router.post("/api/keeper/first")
@rule(Rule.LOCAL)
async def first_keeper(
    ask: SignInAsk,
    request: Request,
    front: TheFront,
    sessions: TheSessions,
    language: Language,
) -> AnswerBody:
    """Set the first keeper's PIN and sign in; refused once there is one."""
    await front.add_first_keeper(ask.keeper, ask.pin)
    await sessions.sign_in(renew_session(request), ask.keeper)
    return _signed(Answer.SIGNED_IN, language)


@router.post("/api/keeper/sign-in")
@rule(Rule.ANYONE)
async def sign_in(
    ask: SignInAsk,
    request: Request,
    front: TheFront,
    sessions: TheSessions,
    language: Language,
) -> AnswerBody:
    """Sign in with a PIN; wrong tries are counted on disk before the answer."""
    await front.check_pin(ask.keeper, ask.pin)
    await sessions.sign_in(renew_session(request), ask.keeper)
    return _signed(Answer.SIGNED_IN, language)


@router.post("/api/keeper/sign-out")
@rule(Rule.KEEPER)
async def sign_out(
    sessions: TheSessions, session: TheSession, _keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Leave the counter."""
    await sessions.sign_out(session)
    return _signed(Answer.SIGNED_OUT, language)


def _signed(which: Answer, language: str) -> AnswerBody:
    return AnswerBody(ok=True, key=which.value, text=say(which.value, language))
