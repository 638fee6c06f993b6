"""Routes whose rule is also their lock: an endpoint marked KEEPER answers nobody else."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from edge.daemon.front import Front
from edge.guard import Rule, problem, session_of
from edge.guard.hosts import is_local
from edge.kernel.ids import KeeperId
from edge.web.sessions import KeeperSessions
from edge.words import LANGUAGES, say

_KEEPERS_PATH = "/keeper"

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class RuledRoute(APIRoute):
    """Reads the endpoint's rule before the body: a stranger's request is not even parsed."""

    def get_route_handler(self) -> _Handler:
        """The usual handler behind its rule. Raises LookupError for an endpoint without one."""
        handler = super().get_route_handler()
        which = getattr(self.endpoint, "__cunyi_rule__", None)
        if which is None:
            raise LookupError(f"{self.path} has no rule")
        if which is Rule.LOCAL:
            return _for_this_machine(handler)
        return _for_keepers(handler) if which is Rule.KEEPER else handler


def _for_this_machine(handler: _Handler) -> _Handler:
    async def handle(request: Request) -> Response:
        if not is_local(request.scope.get("client")):
            return problem(403, "not_local", say("not_local", language_of(request)))
        return await handler(request)

    return handle


def _for_keepers(handler: _Handler) -> _Handler:
    async def handle(request: Request) -> Response:
        sessions, session = sessions_of(request), session_of(request)
        await sessions.sweep()
        keeper = sessions.keeper(session)
        if keeper is None:
            words = say("not_signed_in", language_of(request))
            return problem(401, "not_signed_in", words)
        if request.method != "GET":
            sessions.touch(session)
        request.state.keeper = keeper
        return await handler(request)

    return handle


def front_of(request: Request) -> Front:
    """The running station behind this app."""
    return cast("Front", request.app.state.front)


def sessions_of(request: Request) -> KeeperSessions:
    """Who is signed in."""
    return cast("KeeperSessions", request.app.state.sessions)


def keeper_of(request: Request) -> KeeperId:
    """The signed-in keeper of this request; only routes ruled KEEPER have one."""
    return cast("KeeperId", request.state.keeper)


def language_of(request: Request) -> str:
    """Asked for in the address, else remembered, else Chinese."""
    wanted = request.query_params.get("lang") or request.cookies.get(cookie_of(request, "language"))
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def cookie_of(request: Request, what: str) -> str:
    """The cookie that remembers something for the kiosk or for the counter, each for itself."""
    room = "keeper" if _KEEPERS_PATH in request.url.path else "kiosk"
    return f"cunyi_{room}_{what}"


TheFront = Annotated[Front, Depends(front_of)]
TheSessions = Annotated[KeeperSessions, Depends(sessions_of)]
TheKeeper = Annotated[KeeperId, Depends(keeper_of)]
TheSession = Annotated[str, Depends(session_of)]
Language = Annotated[str, Depends(language_of)]
