"""The page of trips and what it shows."""

from typing import Any

import jinja2
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cloud_sync.county.office import Office
from cloud_sync.county.web.asking import AtAGlance, Language, TheOffice
from cloud_sync.county.web.trips import look_at_trips
from edge.guard import Rule, csrf_of, rule
from edge.words import LANGUAGES
from edge.words.trips import WORDS

router = APIRouter()


@router.get("/api/trips")
@rule(Rule.LOCAL)
def trips(office: TheOffice, glance: AtAGlance) -> dict[str, Any]:
    """Every trip with its stops, late ones first."""
    return look_at_trips(office, glance)


@router.get("/trips", include_in_schema=False)
@rule(Rule.LOCAL)
async def trips_page(request: Request, office: TheOffice, language: Language) -> Response:
    """The page; what it shows comes by /api/trips."""
    return HTMLResponse(_draw(request, office, language))


def _draw(request: Request, office: Office, language: str) -> str:
    templates: jinja2.Environment = request.app.state.templates
    at = LANGUAGES.index(language)
    return templates.get_template("trips.html").render(
        lang=language,
        csrf=csrf_of(request),
        simulated=False,  # each station carries its own mark
        county=office.county,
        name=office.name,
        words={key: sentence[at] for key, sentence in WORDS.items()},
    )
