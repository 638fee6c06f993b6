"""A small app that shows every shared component once, behind a Guard."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel

from edge.guard import LOOPBACK_HOSTS, Guard, csrf_of, install_errors
from edge.kernel.errors import Refused
from edge.look import STATIC, make_templates

GALLERY: Final = Path(__file__).parent / "gallery"


class Act(BaseModel):
    """What the button sends."""

    text: str


def make_gallery(view_text: str = "第一屏", *, refuse: str = "") -> FastAPI:
    """The app; `view_text` is what it sends to the live screen, `refuse` a reason for each act."""
    app = FastAPI(openapi_url=None)
    templates = make_templates(GALLERY)
    install_errors(app, lambda _request: "zh")

    @app.get("/")
    def page(request: Request, lang: str = "zh", print: str = "") -> HTMLResponse:  # noqa: A002 - the name in the address
        html = templates.get_template("gallery.html").render(
            lang=lang, csrf=csrf_of(request), simulated=True, big=print == "big"
        )
        return HTMLResponse(html)

    @app.get("/api/session")
    def session(request: Request) -> dict[str, str]:
        return {"token": csrf_of(request)}

    @app.get("/healthz")
    def healthz() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/api/act")
    def act(body: Act) -> dict[str, str]:
        if refuse:
            raise Refused(refuse)
        return {"heard": body.text}

    @app.get("/events", response_class=EventSourceResponse)
    async def events() -> AsyncIterator[ServerSentEvent]:
        yield ServerSentEvent(event="screen", data={"text": view_text})
        await asyncio.Event().wait()

    app.mount("/look", StaticFiles(directory=STATIC))
    app.mount("/gallery", StaticFiles(directory=GALLERY))
    app.add_middleware(Guard, hosts=LOOPBACK_HOSTS)
    return app
