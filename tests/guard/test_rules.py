"""A rule on every route: the walk finds each one that has none, wherever it hides."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from edge.guard import LOOPBACK_HOSTS, Guard, Rule, rule, ruled_routes, unruled
from edge.look import STATIC


@rule(Rule.KEEPER)
async def ruled() -> str:
    return "ok"


async def forgotten() -> str:
    return "oh"


async def _bare_app(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("oh")(scope, receive, send)


def _app() -> FastAPI:
    return FastAPI(docs_url=None, redoc_url=None)


def test_an_app_with_a_rule_on_each_route_is_clean() -> None:
    app = _app()
    app.get("/a")(ruled)
    app.mount("/look", StaticFiles(directory=STATIC))
    assert unruled(app) == []
    assert ruled_routes(app) == [
        ("GET,HEAD /openapi.json", Rule.ANYONE),
        ("GET /a", Rule.KEEPER),
        ("MOUNT /look", Rule.ANYONE),
    ]


def test_a_forgotten_rule_is_found() -> None:
    app = _app()
    app.post("/a")(forgotten)
    assert unruled(app) == ["POST /a"]


def test_a_forgotten_rule_is_found_behind_two_prefixes() -> None:
    inner, outer, app = APIRouter(), APIRouter(), _app()
    inner.delete("/c")(forgotten)
    inner.get("/d")(ruled)
    outer.include_router(inner, prefix="/b")
    app.include_router(outer, prefix="/a")
    assert unruled(app) == ["DELETE /a/b/c"]


def test_a_forgotten_rule_is_found_in_a_mounted_app() -> None:
    app = _app()
    app.mount("/sub", Starlette(routes=[Mount("/deep", routes=[Route("/x", forgotten)])]))
    assert unruled(app) == ["GET,HEAD /sub/deep/x"]


def test_a_mounted_app_that_shows_no_routes_is_found() -> None:
    app = _app()
    app.mount("/bare", _bare_app)
    assert unruled(app) == ["MOUNT /bare"]


def test_a_websocket_without_a_rule_is_found() -> None:
    app = _app()
    app.websocket("/ws")(forgotten)
    assert unruled(app) == ["APIWebSocketRoute /ws"]


def test_pages_that_load_scripts_from_elsewhere_are_found() -> None:
    assert [name.split()[1] for name in unruled(FastAPI())] == [
        "/docs",
        "/docs/oauth2-redirect",
        "/redoc",
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("client", "status"),
    [
        (("127.0.0.1", 4711), 200),
        (("::1", 4711), 200),
        (("10.0.0.5", 4711), 403),
        (("fe80::1", 4711), 403),
        (("unix", 0), 403),
    ],
)
async def test_an_app_for_this_machine_alone_turns_everybody_else_away(
    client: tuple[str, int], status: int
) -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/")
    @rule(Rule.LOCAL)
    def home() -> dict[str, bool]:
        return {"ok": True}

    app.add_middleware(Guard, hosts=LOOPBACK_HOSTS, local_only=True)
    transport = httpx.ASGITransport(app, client=client)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        assert (await browser.get("/")).status_code == status
