"""A small guarded app that counts what reaches it: nothing refused may change the count."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

import httpx
from fastapi import FastAPI, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from edge.guard import LOOPBACK_HOSTS, Guard, csrf_of, install_errors, renew_session, session_of
from edge.kernel.errors import Refused, StoreError

HOME: Final = "http://localhost:8601"
COOKIE = "cunyi_session"
Hosts = tuple[str, ...]
KEY: Final = bytes(range(32))


class Wish(BaseModel):
    """What a page sends."""

    text: str


@dataclass
class World:
    """What the app has done so far."""

    wishes: list[str] = field(default_factory=list)
    now_s: float = 1_000.0


def make_small_app(
    world: World, key: bytes | None = KEY, cookie: str = COOKIE, hosts: Hosts = LOOPBACK_HOSTS
) -> FastAPI:
    """Every kind of answer that a guarded app gives."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install_errors(app, lambda request: request.query_params.get("lang", "zh"))
    raisers: dict[str, Callable[[], Exception]] = {
        "refused": lambda: Refused("pin_locked", minutes=4),
        "wordless": lambda: Refused("no such word"),
        "stranger": lambda: Refused("not_signed_in"),
        "store": lambda: StoreError("/data is damaged"),
        "bug": lambda: ZeroDivisionError("a bug"),
    }

    @app.get("/api/session")
    def session(request: Request) -> dict[str, str]:
        return {"token": csrf_of(request), "session": session_of(request)}

    @app.post("/api/wish")
    def wish(body: Wish) -> dict[str, int]:
        world.wishes.append(body.text)
        return {"wishes": len(world.wishes)}

    @app.post("/api/sign-in")
    def sign_in(request: Request) -> dict[str, str]:
        return {"session": renew_session(request)}

    @app.get("/fails/{how}")
    def fails(how: str) -> None:
        failure = raisers[how]()
        raise failure

    @app.get("/kept", response_class=EventSourceResponse)
    async def events() -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(event="screen", data={"n": 1})
        await asyncio.Event().wait()

    app.add_middleware(Guard, hosts=hosts, key=key, cookie=cookie, clock=lambda: world.now_s)
    return app


def visit(app: FastAPI, home: str = HOME) -> httpx.AsyncClient:
    """A browser that has not been here before."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=home)


async def headers_of(client: httpx.AsyncClient) -> dict[str, str]:
    """What a page of ours sends along with an act."""
    token = (await client.get("/api/session")).json()["token"]
    return {"Origin": str(client.base_url).rstrip("/"), "X-Cunyi-Token": token}


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and error code."""
    return answer.status_code, answer.json()["error"]["code"]
