"""The routes of the workbench. All are LOCAL: whoever is at this machine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast

import jinja2
import msgspec
from fastapi import APIRouter, Body, Depends, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from edge.guard import Rule, csrf_of, rule
from edge.kernel.errors import Refused
from edge.tools.workbench.counter import png_of
from edge.tools.workbench.desk import Desk
from edge.tools.workbench.view import bench_view
from edge.words import LANGUAGES, say
from edge.words.workbench import WORDS

PAGES: Final = Path(__file__).parent / "pages"
LANGUAGE_COOKIE: Final = "cunyi_language"
"""The station's pages use the same name: one browser, one language."""
_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
_FILES: Final = {file.name: file for file in PAGES.iterdir() if file.suffix in _TYPES}
_LOOK_EVERY_S: Final = 0.1
_KEEP_S: Final = 365 * 86_400
_LONGEST_CODE: Final = 4_096
"""Longer than any label, so that an oversized code can be tried."""

router = APIRouter()


class StrictBody(BaseModel):
    """What comes in: no other keys, no other types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ScanBody(StrictBody):
    """A code to hold before the scanner."""

    text: Annotated[str, Field(min_length=1, max_length=_LONGEST_CODE)]


class PutInBody(StrictBody):
    """What to put in; nothing for the parcel at hand."""

    thing: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class FaultBody(StrictBody):
    """Which fault to switch."""

    name: Annotated[str, Field(max_length=40)]
    on: bool
    channel: int | None = None


def language_of(request: Request) -> str:
    """Asked for in the address, else remembered, else Chinese."""
    wanted = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def _desk_of(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


TheDesk = Annotated[Desk, Depends(_desk_of)]
Language = Annotated[str, Depends(language_of)]


@router.get("/", response_class=HTMLResponse)
@rule(Rule.LOCAL)
def page(request: Request, desk: TheDesk, language: Language) -> Response:
    """The bench as a person sees it."""
    templates: jinja2.Environment = request.app.state.templates
    html = templates.get_template("workbench.html").render(
        lang=language,
        csrf=csrf_of(request),
        simulated=False,  # the title says it in large letters
        words=_words(language),
        channels=desk.bench.cabinet.channels,
    )
    response = HTMLResponse(html)
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=_KEEP_S, samesite="strict")
    return response


@router.get("/pages/{name}")
@rule(Rule.LOCAL)
def page_file(name: str) -> FileResponse:
    """A style sheet or script of the page, by exact name."""
    file = _FILES.get(name)
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type=_TYPES[file.suffix])


@router.get("/healthz")
@rule(Rule.LOCAL)
def healthz() -> dict[str, bool]:
    """Whether the bench is up."""
    return {"ok": True}


@router.get("/api/session")
@rule(Rule.LOCAL)
def session(request: Request) -> dict[str, str]:
    """The token that every act must carry."""
    return {"token": csrf_of(request)}


@router.get("/api/bench")
@rule(Rule.LOCAL)
def bench(desk: TheDesk, language: Language) -> dict[str, Any]:
    """Everything as it is now."""
    return bench_view(desk, language)


@router.get("/events", response_class=EventSourceResponse)
@rule(Rule.LOCAL)
async def events(desk: TheDesk, language: Language) -> AsyncIterator[ServerSentEvent]:
    """Everything, now and whenever it has become different."""
    sent = ""
    while not desk.closing.is_set():
        text = msgspec.json.encode(bench_view(desk, language)).decode()
        if text != sent:
            sent = text
            yield ServerSentEvent(event="screen", raw_data=text)
        await asyncio.sleep(_LOOK_EVERY_S)


@router.get("/papers/{number}.png", response_class=Response)
@rule(Rule.LOCAL)
def paper(number: int, desk: TheDesk) -> Response:
    """A slip as the printer left it, one dot one pixel."""
    try:
        image = desk.paper(number)
    except Refused as cause:
        raise HTTPException(404) from cause
    return Response(png_of(image), media_type="image/png")


@router.post("/api/papers/{number}/scan")
@rule(Rule.LOCAL)
def scan_paper(number: int, desk: TheDesk) -> dict[str, Any]:
    """Hold a slip before the scanner."""
    return {"ok": True, "text": desk.scan_slip(number)}


@router.post("/api/scan")
@rule(Rule.LOCAL)
def scan(ask: ScanBody, desk: TheDesk) -> dict[str, Any]:
    """Hold a label before the scanner."""
    desk.scan(ask.text)
    return {"ok": True}


@router.post("/api/doors/{channel}/{act}")
@rule(Rule.LOCAL)
def act_at_door(
    channel: int,
    act: Literal["open", "put-in", "take-out", "push-shut"],
    desk: TheDesk,
    language: Language,
    ask: Annotated[PutInBody | None, Body()] = None,
) -> dict[str, Any]:
    """What a person does at one door."""
    cabinet = desk.bench.cabinet
    taken: tuple[str, ...] = ()
    match act:
        case "open":
            cabinet.force_open(channel)
        case "put-in":
            desk.put_in(
                channel,
                ask.thing if ask else None,
                lambda n: say("bench.parcel", language, count=n),
            )
        case "take-out":
            taken = cabinet.take_out(channel)
        case "push-shut":
            cabinet.push_shut(channel)
    return {"ok": True, "taken": list(taken)}


@router.post("/api/faults")
@rule(Rule.LOCAL)
def switch_fault(ask: FaultBody, desk: TheDesk) -> dict[str, Any]:
    """Break or mend something."""
    desk.switch_fault(ask.name, on=ask.on, channel=ask.channel)
    return {"ok": True}


@router.post("/api/faults/mend-all")
@rule(Rule.LOCAL)
def mend_all(desk: TheDesk) -> dict[str, Any]:
    """Mend everything."""
    desk.bench.faults.mend_all()
    return {"ok": True}


def _words(language: str) -> Markup:
    """For each key what to say, and the English below it where the page is Chinese."""
    table = {
        key: [sentence.en, ""] if language == "en" else [sentence.zh, sentence.en]
        for key, sentence in WORDS.items()
    }
    # Inside a script element nothing is unescaped, but "<" could end it.
    return Markup(msgspec.json.encode(table).decode().replace("<", "\\u003c"))  # noqa: S704 - ours
