"""What a signed-in keeper may ask."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.sse import EventSourceResponse, ServerSentEvent

from edge.domain.answers import Refusal
from edge.domain.inputs import (
    CellInspected,
    CellOpenAsked,
    CheckInCancelled,
    CheckInSwitched,
    CountSigned,
    DoorStuckReported,
    PhoneTailGiven,
    ReleaseAsked,
    ReprintAsked,
    Stand,
    TakenReported,
)
from edge.domain.parcel import read_waybill
from edge.domain.place_facts import Seen
from edge.domain.proxy_facts import Relation
from edge.domain.waybill import has_wrong_check_digit
from edge.guard import Rule, rule
from edge.kernel.errors import Refused
from edge.kernel.masking import masked_name
from edge.web.asks import (
    AnswerBody,
    Cell,
    CheckInAsk,
    InspectedAsk,
    OpenCellAsk,
    PhoneTailAsk,
    ReleaseAsk,
    ScanAsk,
    StandAsk,
    StuckAsk,
    WaybillAsk,
    answer,
)
from edge.web.keeper_screen import KeeperView, keeper_view
from edge.web.live import screens
from edge.web.ruled import (
    Language,
    RuledRoute,
    TheFront,
    TheKeeper,
    TheSession,
    TheSessions,
)
from edge.web.snapshot import look_at
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["keeper"])
CellPath = Annotated[Cell, Path()]


@router.get("/api/keeper/screen")
@rule(Rule.KEEPER)
async def keeper_screen(front: TheFront, keeper: TheKeeper, language: Language) -> KeeperView:
    """The keeper's screen as it is now."""
    return keeper_view(look_at(front), keeper, language)


@router.get("/events/keeper", response_class=EventSourceResponse)
@rule(Rule.KEEPER)
async def keeper_events(
    front: TheFront, sessions: TheSessions, session: TheSession, language: Language
) -> AsyncIterator[ServerSentEvent]:
    """The keeper's screen, now and at each change, for as long as the session lives."""

    def draw() -> KeeperView | None:
        keeper = sessions.keeper(session)
        return None if keeper is None else keeper_view(look_at(front), keeper, language)

    async for event in screens(front, draw):
        yield event


@router.post("/api/keeper/check-in")
@rule(Rule.KEEPER)
async def switch_check_in(
    ask: CheckInAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Turn check-in on or off."""
    return await tell(
        front, lambda at, _fresh: CheckInSwitched(at=at, keeper=keeper, on=ask.on), language
    )


@router.post("/api/keeper/scan")
@rule(Rule.KEEPER)
async def scan(ask: ScanAsk, front: TheFront, language: Language) -> AnswerBody:
    """A code typed by hand where the scanner would be used."""
    typed = read_waybill(ask.text)
    if typed is not None and has_wrong_check_digit(typed) and not ask.sure:
        raise Refused(Refusal.CHECK_DIGIT)
    return answer(await front.scanned(ask.text), language)


@router.post("/api/keeper/phone-tail")
@rule(Rule.KEEPER)
async def note_phone_tail(
    ask: PhoneTailAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The last four digits of the recipient's phone: then the slip can be printed."""
    return await tell(
        front,
        lambda at, fresh: PhoneTailGiven(
            at=at,
            keeper=keeper,
            waybill_no=ask.waybill_no,
            phone_tail=ask.phone_tail,
            fresh=fresh,
        ),
        language,
    )


@router.post("/api/keeper/release")
@rule(Rule.KEEPER)
async def release(
    ask: ReleaseAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Hand a parcel out after looking at the person's papers."""
    return await tell(
        front,
        lambda at, fresh: ReleaseAsked(
            at=at,
            keeper=keeper,
            waybill_no=ask.waybill_no,
            fresh=fresh,
            seen=frozenset(map(Seen, ask.seen)),
            proxy=None if ask.proxy is None else _stand(ask.proxy),
        ),
        language,
    )


def _stand(ask: StandAsk) -> Stand:
    """Who came for whom, masked."""
    return Stand(
        name=masked_name(ask.name),
        relation=Relation(ask.relation),
        owner=masked_name(ask.owner),
        phone_tail=ask.phone_tail,
    )


@router.post("/api/keeper/reprint")
@rule(Rule.KEEPER)
async def reprint(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A new slip with a new code; the old code dies."""
    return await tell(
        front,
        lambda at, fresh: ReprintAsked(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, fresh=fresh
        ),
        language,
    )


@router.post("/api/keeper/undo")
@rule(Rule.KEEPER)
async def undo(
    ask: WaybillAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Take a check-in back."""
    return await tell(
        front,
        lambda at, fresh: CheckInCancelled(
            at=at, keeper=keeper, waybill_no=ask.waybill_no, fresh=fresh
        ),
        language,
    )


@router.post("/api/keeper/count")
@rule(Rule.KEEPER)
async def sign_count(front: TheFront, keeper: TheKeeper, language: Language) -> AnswerBody:
    """What lies in the cells has been counted since the journal went on by a GRANT."""
    return await tell(front, lambda at, _fresh: CountSigned(at=at, keeper=keeper), language)


@router.post("/api/keeper/stuck")
@rule(Rule.KEEPER)
async def door_stuck(ask: StuckAsk, front: TheFront, language: Language) -> AnswerBody:
    """The door did not open: the one human retry."""
    return await tell(
        front,
        lambda at, fresh: DoorStuckReported(at=at, cell=ask.cell, auth=ask.auth, fresh=fresh),
        language,
    )


@router.post("/api/keeper/taken")
@rule(Rule.KEEPER)
async def taken(ask: StuckAsk, front: TheFront, language: Language) -> AnswerBody:
    """The door did open, though no sensor saw it, and the parcel is handed out."""
    return await tell(
        front,
        lambda at, _fresh: TakenReported(at=at, cell=ask.cell, auth=ask.auth),
        language,
    )


@router.post("/api/keeper/cells/{cell}/open")
@rule(Rule.KEEPER)
async def open_cell(
    cell: CellPath, ask: OpenCellAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Open a cell by hand, with a reason."""
    return await tell(
        front,
        lambda at, fresh: CellOpenAsked(
            at=at, keeper=keeper, cell=cell, reason=ask.reason.strip(), fresh=fresh
        ),
        language,
    )


@router.post("/api/keeper/cells/{cell}/inspected")
@rule(Rule.KEEPER)
async def inspected(
    cell: CellPath, ask: InspectedAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """What is inside a cell that needed a look."""
    return await tell(
        front,
        lambda at, fresh: CellInspected(
            at=at, keeper=keeper, cell=cell, holds=ask.holds, fresh=fresh
        ),
        language,
    )
