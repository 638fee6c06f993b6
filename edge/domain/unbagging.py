"""What comes out of a bag, against its manifest: known, over, misrouted, and in the end short."""

from edge.domain.advice import ParcelAdvice
from edge.domain.answers import Answer, Refusal
from edge.domain.decision import Decision
from edge.domain.dock import Bag, Dock
from edge.domain.effects import Reply
from edge.domain.facts import Fact, PhoneTailNoted
from edge.domain.hamlet_facts import HamletNoted
from edge.domain.inputs import WaybillScanned
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.trip_facts import (
    BagEmptied,
    ParcelMisrouted,
    ParcelOver,
    ParcelPreadvised,
    ParcelShort,
)
from edge.domain.trip_inputs import BagDone
from edge.kernel.errors import Refused
from edge.kernel.ids import KeeperId, WaybillNo


def turned_away(
    state: State, told: WaybillScanned, keeper: KeeperId, policy: Policy
) -> Decision | None:
    """The answer to a code that gets no cell here: a bag's seal, or a parcel of another place."""
    if told.is_seal:
        wanted = Reply(key=Answer.WAYBILL_WANTED, ok=False, waybill_no=told.waybill_no)
        return Decision(reply=wanted)
    advice = told.advice
    if advice is None or advice.to == policy.place:
        return None
    reply = Reply(
        key=Answer.PARCEL_MISROUTED,
        ok=False,
        waybill_no=told.waybill_no,
        to=advice.to,
        next_hop=advice.next_hop,
    )
    if told.waybill_no in state.dock.aside:
        return Decision(reply=reply)
    misrouted = ParcelMisrouted(
        waybill_no=told.waybill_no,
        trip=advice.trip,
        seal=advice.seal,
        to=advice.to,
        next_hop=advice.next_hop,
        keeper=keeper,
    )
    return Decision(facts=(misrouted,), reply=reply)


def beside(state: State, told: WaybillScanned, keeper: KeeperId) -> tuple[Fact, ...]:
    """What is told of a parcel that is taken in, beside that it is: it comes after ParcelReceived.

    A parcel that no manifest names is over only while a van's bags are being emptied.
    """
    advice = told.advice
    if advice is None:
        if not _emptying(state.dock):
            return ()
        return (ParcelOver(waybill_no=told.waybill_no, keeper=keeper),)
    known = ParcelPreadvised(
        waybill_no=told.waybill_no,
        trip=advice.trip,
        seal=advice.seal,
        piece=advice.piece,
        pieces=advice.pieces,
        consent=advice.consent,
    )
    of_whom = (*_tail(told.waybill_no, advice), *_hamlet(told.waybill_no, advice))
    return (known, *of_whom, *_last_one(state, told.waybill_no, advice))


def done(state: State, told: BagDone, _policy: Policy) -> Decision:
    """The bag is empty: whatever its manifest names and nobody scanned is short."""
    bag = state.dock.bags.get(told.seal)
    if bag is None or bag.emptied:
        raise Refused(Refusal.BAG_NOT_SCANNED)
    missing = sorted(told.advised - bag.found)
    short = [ParcelShort(waybill_no=one, trip=bag.trip, seal=told.seal) for one in missing]
    emptied = BagEmptied(
        trip=bag.trip,
        seal=told.seal,
        expected=len(told.advised),
        found=len(told.advised) - len(missing),
    )
    key = Answer.BAG_SHORT if missing else Answer.BAG_DONE
    reply = Reply(key=key, ok=not missing, seal=told.seal, count=len(missing))
    return Decision(facts=(*short, emptied), reply=reply)


def _tail(waybill_no: WaybillNo, advice: ParcelAdvice) -> tuple[Fact, ...]:
    if advice.phone_tail is None:
        return ()
    return (PhoneTailNoted(waybill_no=waybill_no, phone_tail=advice.phone_tail),)


def _hamlet(waybill_no: WaybillNo, advice: ParcelAdvice) -> tuple[Fact, ...]:
    return (HamletNoted(waybill_no=waybill_no, hamlet=advice.hamlet),) if advice.hamlet else ()


def _last_one(state: State, waybill_no: WaybillNo, advice: ParcelAdvice) -> tuple[Fact, ...]:
    """With the last parcel of its manifest a bag is empty by itself."""
    bag = state.dock.bags.get(advice.seal)
    if bag is None or bag.emptied or advice.bag - bag.found != {waybill_no}:
        return ()
    whole = len(advice.bag)
    return (BagEmptied(trip=bag.trip, seal=advice.seal, expected=whole, found=whole),)


def _emptying(dock: Dock) -> bool:
    return any(_open(bag) for bag in dock.bags.values())


def _open(bag: Bag) -> bool:
    return not bag.emptied
