"""The two HTML pages and their own files."""

from pathlib import Path
from typing import Final

import jinja2
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from markupsafe import Markup

from edge.daemon.front import Front
from edge.guard import Rule, csrf_of, rule
from edge.web.as_json import as_json
from edge.web.ruled import (
    Language,
    RuledRoute,
    TheFront,
    TheSession,
    TheSessions,
    cookie_of,
)
from edge.words import LANGUAGES
from edge.words.consent import WORDS as CONSENT_WORDS
from edge.words.dock import WORDS as DOCK_WORDS
from edge.words.hamlets import WORDS as HAMLET_WORDS
from edge.words.keeper import WORDS as KEEPER_WORDS
from edge.words.keeper_places import WORDS as KEEPER_PLACES
from edge.words.keeper_returns import WORDS as KEEPER_RETURNS
from edge.words.kiosk import WORDS as KIOSK_WORDS
from edge.words.labels import WORDS as LABEL_WORDS
from edge.words.proxy import WORDS as PROXY_WORDS
from edge.words.tracking import WORDS as TRACK_WORDS

PAGES: Final = Path(__file__).parent / "pages"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES: Final = {file.name: file for file in PAGES.glob("*.*") if file.suffix in _TYPES}
PRINTS: Final = ("normal", "big", "huge")
"""Sizes of the kiosk's print; the counter has the first two."""
_KEEP_S: Final = 365 * 86_400
_AT_KIOSK: Final = (KIOSK_WORDS, TRACK_WORDS, PROXY_WORDS, HAMLET_WORDS)
_AT_COUNTER: Final = (
    KEEPER_WORDS,
    KEEPER_PLACES,
    KEEPER_RETURNS,
    DOCK_WORDS,
    CONSENT_WORDS,
    PROXY_WORDS,
    HAMLET_WORDS,
    LABEL_WORDS,
)

router = APIRouter(route_class=RuledRoute, include_in_schema=False)


@router.get("/")
@rule(Rule.LOCAL)
async def home() -> RedirectResponse:
    """The kiosk is what stands in the village."""
    return RedirectResponse("/kiosk", status_code=307)


@router.get("/kiosk")
@rule(Rule.LOCAL)
async def kiosk_page(request: Request, front: TheFront, language: Language) -> Response:
    """The kiosk page; its content comes by /api/kiosk/screen and /events/kiosk."""
    return _page(request, "kiosk.html", front, language)


@router.get("/keeper")
@rule(Rule.ANYONE)
async def keeper_page(
    request: Request,
    front: TheFront,
    sessions: TheSessions,
    session: TheSession,
    language: Language,
) -> Response:
    """The keeper's page, or first start, or signing in."""
    if sessions.keeper(session) is not None:
        name = "keeper.html"
    else:
        name = "sign_in.html" if await front.keeper_exists() else "first_start.html"
    return _page(request, name, front, language)


@router.get("/pages/{name}")
@rule(Rule.ANYONE)
async def page_file(name: str) -> FileResponse:
    """A style sheet or script of these pages, by exact name."""
    file = FILES.get(name)
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type=_TYPES[file.suffix])


def _page(request: Request, name: str, front: Front, language: str) -> Response:
    size = _print_of(request)
    templates: jinja2.Environment = request.app.state.templates
    html = templates.get_template(name).render(
        lang=language,
        csrf=csrf_of(request),
        simulated=front.simulated,
        big="" if size == PRINTS[0] else size,
        words=_words(name, language),
    )
    response = HTMLResponse(html)
    response.set_cookie(
        cookie_of(request, "language"), language, max_age=_KEEP_S, samesite="strict"
    )
    response.set_cookie(cookie_of(request, "print"), size, max_age=_KEEP_S, samesite="strict")
    return response


def _print_of(request: Request) -> str:
    wanted = request.query_params.get("print") or request.cookies.get(cookie_of(request, "print"))
    known = PRINTS if request.url.path == "/kiosk" else PRINTS[:2]
    return next((size for size in known if size == wanted), PRINTS[0])


def _words(page: str, language: str) -> Markup:
    rooms = _AT_KIOSK if page == "kiosk.html" else _AT_COUNTER
    table = {key: said for room in rooms for key, said in room.items()}
    at = LANGUAGES.index(language)
    text = as_json({key: sentence[at] for key, sentence in table.items()})
    # Inside a script element only this could end it early.
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - our own words, "<" escaped
