"""For machines: health, metrics and the description of this API."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from edge.guard import Rule, rule
from edge.web.ruled import RuledRoute, TheFront

router = APIRouter(route_class=RuledRoute, tags=["machine"])


class DeviceBody(BaseModel):
    """One device, e.g. for a county's monitoring."""

    name: str
    present: bool
    simulated: bool
    note: str


class LinkBody(BaseModel):
    """The county link: `waiting` facts are not there yet."""

    online: bool
    waiting: int


class HealthBody(BaseModel):
    """Answered with 200 while the store answers, whatever trouble devices and link are in."""

    station: str
    version: str
    simulated: bool
    link: LinkBody
    devices: list[DeviceBody]


@router.get("/healthz")
@rule(Rule.LOCAL)
async def health(front: TheFront) -> HealthBody:
    """Asks the store something small; a store that fails answers 503."""
    await front.keeper_exists()
    link = front.link()
    return HealthBody(
        station=front.station_id,
        version=front.software,
        simulated=front.simulated,
        link=LinkBody(online=link.online, waiting=link.waiting),
        devices=[
            DeviceBody(name=d.name, present=d.present, simulated=d.simulated, note=d.note)
            for d in front.devices()
        ],
    )


@router.get("/metrics", response_class=Response)
@rule(Rule.LOCAL)
async def metrics(front: TheFront) -> Response:
    """Prometheus text."""
    return Response(front.metrics(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
@rule(Rule.LOCAL)
async def openapi(request: Request) -> dict[str, Any]:
    """This API as OpenAPI. There is no page for it: it would load from other hosts."""
    described: dict[str, Any] = request.app.openapi()
    return described
