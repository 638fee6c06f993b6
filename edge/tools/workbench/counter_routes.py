"""The routes of the counter: scale, identity cards, power, labels. All are LOCAL."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from pydantic import Field

from edge.guard import Rule, rule
from edge.kernel.errors import Refused
from edge.tools.workbench.counter import png_of
from edge.tools.workbench.routes import StrictBody, TheDesk

router = APIRouter()


class WeightBody(StrictBody):
    """What lies on the scale."""

    grams: Annotated[int, Field(ge=0, le=100_000)]


class CardBody(StrictBody):
    """A made-up identity card."""

    name: Annotated[str, Field(min_length=1, max_length=15)]
    number: Annotated[str, Field(max_length=40)]


class BatteryBody(StrictBody):
    """How full the battery is, in %."""

    percent: Annotated[int, Field(ge=0, le=100)]


@router.post("/api/scale")
@rule(Rule.LOCAL)
def weigh(ask: WeightBody, desk: TheDesk) -> dict[str, Any]:
    """Put so much on the scale, 0 to take all off."""
    desk.counter.weigh(ask.grams)
    return {"ok": True}


@router.post("/api/card/lay")
@rule(Rule.LOCAL)
def lay_card(ask: CardBody, desk: TheDesk) -> dict[str, Any]:
    """Lay an identity card on the reader."""
    desk.counter.lay_card(ask.name, ask.number)
    return {"ok": True}


@router.post("/api/card/lift")
@rule(Rule.LOCAL)
def lift_card(desk: TheDesk) -> dict[str, Any]:
    """Take the identity card away."""
    desk.counter.lift_card()
    return {"ok": True}


@router.post("/api/battery")
@rule(Rule.LOCAL)
def fill_battery(ask: BatteryBody, desk: TheDesk) -> dict[str, Any]:
    """Put in a battery that is so full."""
    desk.counter.fill_battery(ask.percent)
    return {"ok": True}


@router.get("/labels/{number}.png", response_class=Response)
@rule(Rule.LOCAL)
def label(number: int, desk: TheDesk) -> Response:
    """A label as the printer left it, one dot one pixel."""
    try:
        image = desk.counter.label(number)
    except Refused as cause:
        raise HTTPException(404) from cause
    return Response(png_of(image), media_type="image/png")


@router.post("/api/labels/{number}/scan")
@rule(Rule.LOCAL)
def scan_label(number: int, desk: TheDesk) -> dict[str, Any]:
    """Hold a label before the scanner."""
    return {"ok": True, "text": desk.scan_picture(desk.counter.label(number))}
