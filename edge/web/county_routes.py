"""What a keeper may tell and ask the county: that a notice is read, and where a parcel is."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from cloud_sync.wire.bodies.question import Place
from edge.guard import Rule, rule
from edge.kernel.time import Instant
from edge.web.asks import AnswerBody, Ask, WaybillAsk, answer
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.snapshot import moment_text
from edge.words import WORDS, say

router = APIRouter(route_class=RuledRoute, tags=["keeper"])


class NoticeAsk(Ask):
    """One notice as it was shown."""

    notice: Annotated[str, Field(min_length=1, max_length=200)]
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]


@router.post("/api/keeper/notice-read")
@rule(Rule.KEEPER)
async def notice_read(
    ask: NoticeAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The keeper has read a notice of the county."""
    await front.read_notice(keeper, ask.notice, ask.seq)
    return answer(None, language)


@router.post("/api/keeper/where")
@rule(Rule.KEEPER)
async def where(
    ask: WaybillAsk, front: TheFront, language: Language
) -> dict[str, list[str] | bool]:
    """Which stations of the county have or had a parcel. Not `known` is no "nowhere"."""
    places = await front.where_is(ask.waybill_no)
    if places is None:
        return {"known": False, "lines": [say("keeper.where.unknown", language)]}
    if not places:
        return {"known": True, "lines": [say("keeper.where.nowhere", language)]}
    return {"known": True, "lines": [_line(place, front.now(), language) for place in places]}


def _line(place: Place, now: Instant, language: str) -> str:
    key = f"county.stage.{place.stage}"
    stage = say(key, language) if key in WORDS else place.stage
    since = moment_text(place.since_ms, now, language)
    return say("keeper.where.line", language, station=place.name, stage=stage, since=since)
