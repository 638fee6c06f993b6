"""What the kiosk shows to a proxy (K5), and what one may ask there."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter

from edge.domain.proxies import Standing, standing
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_code import ProxyCode
from edge.domain.proxy_inputs import ProxyOpenAsked
from edge.domain.state import live_proxies
from edge.guard import Rule, rule
from edge.kernel.ids import WaybillNo
from edge.web.asks import AnswerBody, Ask, Auth, answer
from edge.web.ruled import Language, RuledRoute, TheFront
from edge.web.snapshot import Snapshot
from edge.web.wording import cell_text, place_text
from edge.words import say

SHOWN_MS: Final = 300_000
"""Who waits for the keeper stands there for a while; the core opens doors for ten minutes."""

router = APIRouter(route_class=RuledRoute, tags=["kiosk"])


class ProxyOpenAsk(Ask):
    """The next door of this showing of a proxy's code."""

    visit: Auth


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyLine:
    """One parcel of the code: where it lies, and how it stands in a word."""

    place: str
    standing: Standing
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyView:
    """A proxy before the kiosk. `serial` grows when the code is scanned again; `opens` is the
    cell whose door the button opens, `waits`: the keeper has to say something.
    """

    visit: str
    serial: int
    since: int
    title: str
    count: str
    text: str
    lines: tuple[ProxyLine, ...]
    opens: str
    waits: bool


@router.post("/api/kiosk/proxy-open")
@rule(Rule.LOCAL)
async def open_next(ask: ProxyOpenAsk, front: TheFront, language: Language) -> AnswerBody:
    """The next door for a proxy, once the one before is shut."""
    reply = await front.tell(lambda at, fresh: ProxyOpenAsked(at=at, visit=ask.visit, fresh=fresh))
    return answer(reply, language)


def proxy_view(seen: Snapshot, language: str) -> ProxyView | None:
    """The last code that a proxy has shown here a while ago at most, unless it is used up."""
    ages = [
        (age_ms, code)
        for code in live_proxies(seen.state)
        if code.shown_at is not None
        and (age_ms := seen.now.since_ms(code.shown_at)) is not None
        and age_ms < SHOWN_MS
    ]
    if not ages:
        return None
    _age, code = min(ages, key=lambda one: one[0])
    lines = [_line(seen, code, waybill_no, language) for waybill_no in code.left]
    lines.sort(key=lambda line: line.standing is not Standing.READY)
    opens = _opens(seen, code)
    waits = any(line.standing is Standing.WAITS for line in lines)
    return ProxyView(
        visit=code.visit or "",
        serial=_serial(seen, code),
        since=0 if code.shown_at is None else code.shown_at.mono_ms,
        title=say("kiosk.proxy", language, owner=code.owner, tail=code.phone_tail),
        count=say("kiosk.proxy.count", language, count=len(code.left)),
        text=say(_what_now(opens, waits=waits), language),
        lines=tuple(lines),
        opens=opens,
        waits=waits and not opens,
    )


def _line(seen: Snapshot, code: ProxyCode, waybill_no: WaybillNo, language: str) -> ProxyLine:
    parcel = seen.state.parcels[waybill_no]
    stands = standing(seen.state, code, waybill_no, seen.now)
    return ProxyLine(
        place=place_text(parcel.cell, parcel.slot, language),
        standing=stands,
        word=say(f"kiosk.proxy.{stands.value}", language),
    )


def _opens(seen: Snapshot, code: ProxyCode) -> str:
    for waybill_no in code.left:
        if standing(seen.state, code, waybill_no, seen.now) is Standing.READY:
            return cell_text(seen.state.parcels[waybill_no].cell)
    return ""


def _what_now(opens: str, *, waits: bool) -> str:
    if opens:
        return "kiosk.proxy.text"
    return "kiosk.proxy.wait" if waits else "kiosk.proxy.see_keeper"


def _serial(seen: Snapshot, code: ProxyCode) -> int:
    last = seen.announcement
    mine = (
        last is not None and last.reply.key == ProxyAnswer.SHOWN and last.reply.auth == code.visit
    )
    return last.serial if last is not None and mine else 0
