"""What the kiosk may ask. Whoever stands there may ask it; a code or a QR is the proof."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_sync.wire.trust.proxy_pass import PASS
from edge.daemon.chance import TOKEN
from edge.domain.effects import Reply
from edge.domain.inputs import CodeTyped, DoorStuckReported, PutBackAsked, TakenReported
from edge.domain.parcel import read_waybill
from edge.guard import Rule, rule
from edge.web.asks import AnswerBody, CodeAsk, PutBackAsk, ScanAsk, StuckAsk, WaybillAsk, answer
from edge.web.kiosk_screen import KioskView, kiosk_view
from edge.web.live import screens
from edge.web.ruled import Language, RuledRoute, TheFront
from edge.web.snapshot import look_at
from edge.web.tracking import TrackView, track_view

router = APIRouter(route_class=RuledRoute, tags=["kiosk"])


@router.get("/api/kiosk/screen")
@rule(Rule.LOCAL)
async def kiosk_screen(front: TheFront, language: Language) -> KioskView:
    """The kiosk's screen as it is now."""
    return kiosk_view(look_at(front), language)


@router.get("/events/kiosk", response_class=EventSourceResponse)
@rule(Rule.LOCAL)
async def kiosk_events(front: TheFront, language: Language) -> AsyncIterator[ServerSentEvent]:
    """The kiosk's screen, now and at each change."""
    async for event in screens(front, lambda: kiosk_view(look_at(front), language)):
        yield event


@router.post("/api/kiosk/code")
@rule(Rule.LOCAL)
async def type_code(ask: CodeAsk, front: TheFront, language: Language) -> AnswerBody:
    """A phone tail and eight typed digits. A wrong code is an answer, not an error."""
    code_mac = front.code_mac(ask.digits)
    reply = await front.tell(
        lambda at, fresh: CodeTyped(
            at=at, phone_tail=ask.phone_tail, code_mac=code_mac, fresh=fresh
        )
    )
    return answer(reply, language)


@router.post("/api/kiosk/scan")
@rule(Rule.LOCAL)
async def scan_code(ask: ScanAsk, front: TheFront, language: Language) -> AnswerBody:
    """A pickup QR or a proxy's pass as text. No waybill: checking in is the keeper's."""
    code = ask.text.strip().upper()
    if TOKEN.fullmatch(code) or PASS.fullmatch(code):
        return answer(await front.scanned(ask.text), language)
    waybill_no = read_waybill(ask.text)
    key = "unreadable" if waybill_no is None else "scan_not_expected"
    return answer(Reply(key=key, ok=False, waybill_no=waybill_no), language)


@router.post("/api/kiosk/track")
@rule(Rule.LOCAL)
async def track(ask: WaybillAsk, front: TheFront, language: Language) -> TrackView:
    """A parcel's way, for whoever knows its number: of all stations, or of this one alone."""
    county = await front.trace(ask.waybill_no)
    return track_view(look_at(front), front.station_id, ask.waybill_no, county, language)


@router.post("/api/kiosk/stuck")
@rule(Rule.LOCAL)
async def door_stuck(ask: StuckAsk, front: TheFront, language: Language) -> AnswerBody:
    """The door did not open: the one human retry."""
    reply = await front.tell(
        lambda at, fresh: DoorStuckReported(at=at, cell=ask.cell, auth=ask.auth, fresh=fresh)
    )
    return answer(reply, language)


@router.post("/api/kiosk/taken")
@rule(Rule.LOCAL)
async def taken(ask: StuckAsk, front: TheFront, language: Language) -> AnswerBody:
    """The door did open, though no sensor saw it, and the parcel is out."""
    reply = await front.tell(lambda at, _fresh: TakenReported(at=at, cell=ask.cell, auth=ask.auth))
    return answer(reply, language)


@router.post("/api/kiosk/put-back")
@rule(Rule.LOCAL)
async def put_back(ask: PutBackAsk, front: TheFront, language: Language) -> AnswerBody:
    """The same door once more, to put a parcel back."""
    reply = await front.tell(lambda at, fresh: PutBackAsked(at=at, auth=ask.auth, fresh=fresh))
    return answer(reply, language)
