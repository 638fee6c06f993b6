"""What the page and other programs may ask. Nothing here changes anything."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_sync.county.office import Glance, Office
from cloud_sync.county.web.asking import AtAGlance, Language, TheOffice
from cloud_sync.county.web.pages import as_json
from cloud_sync.county.web.station_view import look_at_station
from cloud_sync.county.web.trace import read_facts, trace_parcel
from cloud_sync.county.web.wall import look_at_wall
from edge.guard import Rule, csrf_of, problem, rule
from edge.kernel.errors import StoreError
from edge.kernel.ids import StationId, WaybillNo
from edge.words import say

CALM_S: Final = 15.0
"""The page is drawn again at least so often: how long ago things were changes with time alone."""
_BREATH_S: Final = 0.25
"""At most four screens a second: a county in a hurry still leaves a browser time to draw."""
_MOST_FACTS: Final = 1_000
_BIGGEST: Final = 2**63 - 1

StationPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{3,32}$")]
WaybillPath = Annotated[str, Path(pattern=r"^[A-Z0-9-]{6,30}$")]

router = APIRouter()


@router.get("/api/session")
@rule(Rule.LOCAL)
async def session(request: Request) -> dict[str, str]:
    """The token that unsafe requests would need; there are none yet."""
    return {"token": csrf_of(request)}


@router.get("/api/stations")
@rule(Rule.LOCAL)
def stations(office: TheOffice, glance: AtAGlance) -> dict[str, Any]:
    """Every station with its state, worst first."""
    return {"stations": look_at_wall(office, glance)["stations"]}


@router.get("/api/stations/{station}", response_model=None)
@rule(Rule.LOCAL)
def station(
    office: TheOffice, glance: AtAGlance, station: StationPath
) -> dict[str, Any] | Response:
    """One station: cells, devices, queue, how far its journal is here."""
    view = look_at_station(office, glance, StationId(station))
    return view if view is not None else _nothing(glance)


@router.get("/api/facts")
@rule(Rule.LOCAL)
def facts(
    office: TheOffice,
    glance: AtAGlance,
    station: Annotated[str | None, Query(pattern=r"^[a-z0-9-]{3,32}$")] = None,
    after: Annotated[int, Query(ge=0, le=_BIGGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_FACTS)] = 100,
) -> dict[str, Any]:
    """Facts in order of arrival, after a number; `next` is where to go on."""
    only = None if station is None else StationId(station)
    return read_facts(office, glance, station=only, after=after, limit=limit)


@router.get("/api/trace/{waybill_no}", response_model=None)
@rule(Rule.LOCAL)
def trace(
    office: TheOffice, glance: AtAGlance, waybill_no: WaybillPath
) -> dict[str, Any] | Response:
    """A parcel's life by its waybill number, oldest event first."""
    view = trace_parcel(office, glance, WaybillNo(waybill_no))
    return view if view is not None else _nothing(glance)


@router.get("/events", response_class=EventSourceResponse)
@rule(Rule.LOCAL)
async def events(office: TheOffice, language: Language) -> AsyncIterator[ServerSentEvent]:
    """The whole page on connecting and whenever it has become another."""
    sent = ""
    while True:
        version = office.news.version
        glance = Glance(now_ms=office.wall_ms(), language=language)
        text = await to_thread.run_sync(_draw, office, glance)
        if text != sent:
            sent = text
            yield ServerSentEvent(event="screen", raw_data=text)
        await asyncio.sleep(_BREATH_S)
        await office.news.after(version, CALM_S)


@router.get("/healthz")
@rule(Rule.LOCAL)
def health(office: TheOffice) -> JSONResponse:
    """Whether broker and database are well; 503 when one of them is not."""
    try:
        with office.database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        database = office.database.well
    except StoreError:
        database = False
    online, known = office.presence.counts()
    body = {
        "county": office.county,
        "version": office.software,
        "broker": office.link_up,
        "database": database,
        "stations_online": online,
        "stations_known": known,
    }
    return JSONResponse(body, status_code=200 if database and office.link_up else 503)


@router.get("/metrics", response_class=Response)
@rule(Rule.LOCAL)
def metrics(office: TheOffice) -> Response:
    """Prometheus text."""
    office.metrics.look(office.database, office.presence, office.wall_ms())
    text = office.metrics.text()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
@rule(Rule.LOCAL)
async def openapi(request: Request) -> dict[str, Any]:
    """This API as OpenAPI. There is no page for it: it would load from other hosts."""
    described: dict[str, Any] = request.app.openapi()
    return described


def _draw(office: Office, glance: Glance) -> str:
    return as_json(look_at_wall(office, glance))


def _nothing(glance: Glance) -> Response:
    return problem(404, "not_found", say("not_found", glance.language))
