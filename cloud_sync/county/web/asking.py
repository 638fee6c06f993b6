"""What every request brings along: whom it asks, and in which language."""

from typing import Annotated, Final, cast

from fastapi import Depends, Request

from cloud_sync.county.office import Glance, Office
from edge.words import LANGUAGES

LANGUAGE_COOKIE: Final = "cunyi_county_language"


def office_of(request: Request) -> Office:
    """The running county behind this app."""
    return cast("Office", request.app.state.office)


def language_of(request: Request) -> str:
    """Asked for in the address, else remembered, else Chinese."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def glance_of(request: Request) -> Glance:
    """The moment and the language of this request."""
    return Glance(now_ms=office_of(request).wall_ms(), language=language_of(request))


TheOffice = Annotated[Office, Depends(office_of)]
Language = Annotated[str, Depends(language_of)]
AtAGlance = Annotated[Glance, Depends(glance_of)]
