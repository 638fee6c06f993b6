"""The one HTML page and its own files."""

from pathlib import Path
from typing import Final

import jinja2
import msgspec
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from cloud_sync.county.web.asking import LANGUAGE_COOKIE, Language, TheOffice
from edge.guard import Rule, csrf_of, rule
from edge.words import LANGUAGES
from edge.words.county import WORDS

PAGES: Final = Path(__file__).parent / "pages"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
_FILES: Final = {file.name: file for file in PAGES.glob("*.*") if file.suffix in _TYPES}
_KEEP_S: Final = 365 * 86_400

router = APIRouter(include_in_schema=False)


@router.get("/")
@rule(Rule.LOCAL)
async def page(request: Request, office: TheOffice, language: Language) -> Response:
    """The page; what it shows comes by /events."""
    templates: jinja2.Environment = request.app.state.templates
    at = LANGUAGES.index(language)
    html = templates.get_template("county.html").render(
        lang=language,
        csrf=csrf_of(request),
        simulated=False,  # each station carries its own mark
        county=office.county,
        name=office.name,
        words={key: sentence[at] for key, sentence in WORDS.items()},
    )
    response = HTMLResponse(html)
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=_KEEP_S, samesite="strict")
    return response


@router.get("/pages/{name}")
@rule(Rule.LOCAL)
async def page_file(name: str) -> FileResponse:
    """The style sheet or the script of the page, by exact name."""
    file = _FILES.get(name)
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type=_TYPES[file.suffix])


def as_json(view: object) -> str:
    """One line of JSON; equal views make equal text."""
    return msgspec.json.encode(view).decode()
