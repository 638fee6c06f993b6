"""What keeper and courier may ask while a van is at the door."""

import re
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from edge.daemon.front import Front
from edge.domain.trip_inputs import (
    BagDone,
    BagFoundDamaged,
    BagsTurned,
    BagUnscanned,
    CountDisputed,
    CourierArrived,
    HandoverAgreed,
    HandoverHeldUp,
)
from edge.guard import Rule, rule
from edge.kernel.errors import Refused
from edge.kernel.ids import NOWHERE, CourierId, SealNo, TripId
from edge.web.asks import AnswerBody, Ask, Pin, Reason
from edge.web.ruled import Language, RuledRoute, TheFront, TheKeeper
from edge.web.telling import tell

router = APIRouter(route_class=RuledRoute, tags=["handover"])

_TRIP: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_MOST_BAGS: Final = 10_000
Seal = Annotated[SealNo, Field(pattern=r"^[A-Z0-9-]{5,30}$")]
Courier = Annotated[CourierId, Field(min_length=1, max_length=20)]
Trip = Annotated[TripId, Field(min_length=1, max_length=64)]
Way = Annotated[str, Field(max_length=40)]


class CourierAsk(Ask):
    """A courier and a PIN."""

    courier: Courier
    pin: Pin


class ArriveAsk(CourierAsk):
    """... and the trip that they come with."""

    trip: Trip


class HoldUpAsk(ArriveAsk):
    """... and why they cannot hand over."""

    reason: Reason


class SealAsk(Ask):
    """One bag."""

    seal: Seal


class DamagedAsk(SealAsk):
    """One bag and what is wrong with it."""

    note: Reason


class TurnAsk(Ask):
    """Where scanned bags go; an empty direction takes them in."""

    network: Way
    direction: Way


class DisputeAsk(Ask):
    """How many bags the courier says."""

    count: Annotated[int, Field(ge=0, le=_MOST_BAGS)]


def _trip(text: TripId) -> TripId:
    trip = TripId(text.strip())
    if not _TRIP.fullmatch(trip):
        raise Refused("trip_unfit")
    return trip


@router.post("/api/keeper/handover/arrive")
@rule(Rule.KEEPER)
async def arrive(
    ask: ArriveAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The courier of a trip signs in with a PIN of their own."""
    trip, told = _trip(ask.trip), front.manifests()
    await front.check_courier(ask.courier, ask.pin)
    planned = {one.trip: one.operator for one in told.trips()} if told else {}
    return await tell(
        front,
        lambda at, _fresh: CourierArrived(
            at=at,
            keeper=keeper,
            courier=ask.courier,
            trip=trip,
            operator=planned.get(trip, ""),
        ),
        language,
    )


@router.post("/api/keeper/handover/sign")
@rule(Rule.KEEPER)
async def sign(
    ask: CourierAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Both sign: the keeper is signed in, the courier types the PIN again."""
    await front.check_courier(ask.courier, ask.pin)
    return await tell(
        front,
        lambda at, _fresh: HandoverAgreed(
            at=at, keeper=keeper, courier=ask.courier, expected=_expected(front)
        ),
        language,
    )


def _expected(front: Front) -> frozenset[SealNo]:
    told, now = front.manifests(), front.state.dock.handover
    if told is None or now is None:
        return frozenset()
    return frozenset(bag.seal for bag in told.listed(now.trip))


@router.post("/api/keeper/handover/undo")
@rule(Rule.KEEPER)
async def undo(ask: SealAsk, front: TheFront, keeper: TheKeeper, language: Language) -> AnswerBody:
    """Take a scan back."""
    return await tell(
        front, lambda at, _fresh: BagUnscanned(at=at, keeper=keeper, seal=ask.seal), language
    )


@router.post("/api/keeper/handover/damaged")
@rule(Rule.KEEPER)
async def damaged(
    ask: DamagedAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """A broken seal or a torn bag."""
    return await tell(
        front,
        lambda at, _fresh: BagFoundDamaged(
            at=at, keeper=keeper, seal=ask.seal, note=ask.note.strip()
        ),
        language,
    )


@router.post("/api/keeper/handover/turn")
@rule(Rule.KEEPER)
async def turn(ask: TurnAsk, front: TheFront, keeper: TheKeeper, language: Language) -> AnswerBody:
    """From here on scanned bags go out, or come in."""
    told = front.manifests()
    hop = told.next_hop(ask.direction, ask.network) if told and ask.direction else NOWHERE
    return await tell(
        front,
        lambda at, _fresh: BagsTurned(
            at=at, keeper=keeper, network=ask.network, direction=ask.direction, next_hop=hop
        ),
        language,
    )


@router.post("/api/keeper/handover/dispute")
@rule(Rule.KEEPER)
async def dispute(
    ask: DisputeAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """The courier counts differently."""
    return await tell(
        front,
        lambda at, _fresh: CountDisputed(at=at, keeper=keeper, courier_count=ask.count),
        language,
    )


@router.post("/api/keeper/bag-empty")
@rule(Rule.KEEPER)
async def bag_empty(
    ask: SealAsk, front: TheFront, keeper: TheKeeper, language: Language
) -> AnswerBody:
    """Everything that was in a bag is checked in."""
    told = front.manifests()
    advised = told.picture().waybills.get(ask.seal, frozenset()) if told else frozenset()
    return await tell(
        front,
        lambda at, _fresh: BagDone(at=at, keeper=keeper, seal=ask.seal, advised=advised),
        language,
    )


@router.post("/api/courier/hold-up")
@rule(Rule.ANYONE)
async def hold_up(ask: HoldUpAsk, front: TheFront, language: Language) -> AnswerBody:
    """A courier cannot hand over now, also with nobody at the desk; the PIN is asked for."""
    trip = _trip(ask.trip)
    await front.check_courier(ask.courier, ask.pin)
    return await tell(
        front,
        lambda at, _fresh: HandoverHeldUp(
            at=at, courier=ask.courier, trip=trip, reason=ask.reason.strip()
        ),
        language,
    )
