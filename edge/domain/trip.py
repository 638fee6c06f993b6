"""A van at the door: its courier arrives, bags are scanned in and out, and both sign.

A scan is never refused: whatever came off the van is told apart and counted once. What a manifest
says comes along with each input; without one every bag counts as over, and nothing stops.
"""

from dataclasses import replace

from edge.domain import labels, loading
from edge.domain.answers import Answer, Refusal
from edge.domain.decision import Decision
from edge.domain.dock import Bag, Handover, HeldBag, Turned, Verdict
from edge.domain.effects import QueueBagLabel, QueueHandoverSlip, Reply
from edge.domain.facts import CheckInEnded, Fact
from edge.domain.handover import require_handover
from edge.domain.labels import GoingOn
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.trip_facts import (
    BagDamaged,
    BagHandedOut,
    BagScanned,
    BagScanUndone,
    HandoverDisputed,
    HandoverSigned,
    HandoverSuspended,
    HandoverTurned,
    TripArrived,
)
from edge.domain.trip_inputs import (
    BagFoundDamaged,
    BagsTurned,
    BagUnscanned,
    CountDisputed,
    CourierArrived,
    HandoverAgreed,
    HandoverHeldUp,
    SealScanned,
)
from edge.kernel.errors import Refused
from edge.kernel.ids import NOWHERE, Place, SealNo

TAKEN = (Verdict.EXPECTED, Verdict.OVER)
"""Bags that stay with the keeper of a station; a hub also keeps those of its runs."""
_ANSWERS = {
    Verdict.EXPECTED: Answer.BAG_IN,
    Verdict.OVER: Answer.BAG_OVER,
    Verdict.MISROUTED: Answer.BAG_MISROUTED,
    Verdict.CROSS_DOCK: Answer.BAG_CROSS_DOCK,
}


def arrive(state: State, told: CourierArrived, _policy: Policy) -> Decision:
    """A handover begins; check-in rests meanwhile, so that nobody doubts what a scan is."""
    if state.doubted:  # what is written now does not go on in the next epoch
        return Decision(reply=Reply(key=Answer.JOURNAL_DOUBTED, ok=False))
    under_way = state.dock.handover
    reply = Reply(key=Answer.COURIER_HERE, ok=True)
    if under_way is not None:
        if (under_way.trip, under_way.courier) != (told.trip, told.courier):
            raise Refused(Refusal.HANDOVER_UNDER_WAY)
        return Decision(reply=reply)
    arrived = TripArrived(
        trip=told.trip, operator=told.operator, courier=told.courier, keeper=told.keeper
    )
    rest = (CheckInEnded(keeper=told.keeper),) if state.desk.checking_in else ()
    return Decision(facts=(*rest, arrived), reply=reply)


def scan(state: State, told: SealScanned, policy: Policy) -> Decision:
    """A bag, in or out; the same one twice counts once."""
    handover = state.dock.handover
    if handover is None or state.desk.keeper is None:
        return _no(Answer.SCAN_NOT_EXPECTED, told.seal)
    if returned := loading.scanned(state, handover, told.seal, state.desk.keeper):
        return returned
    if told.is_waybill:
        return _no(Answer.SEAL_WANTED, told.seal)
    if handover.turned is not None:
        return _hand_out(state, handover, handover.turned, told, policy)
    return _scan_in(state, handover, told, policy)


def unscan(state: State, told: BagUnscanned, _policy: Policy) -> Decision:
    """A scan by mistake is taken back, in or out."""
    handover = require_handover(state)
    if parcel := loading.unloaded(handover, told):
        return _yes(Answer.SCAN_TAKEN_BACK, parcel, seal=told.seal)
    if told.seal not in handover.scanned and told.seal not in handover.out:
        raise Refused(Refusal.BAG_NOT_SCANNED)
    undone = BagScanUndone(trip=handover.trip, seal=told.seal, keeper=told.keeper)
    return _yes(Answer.SCAN_TAKEN_BACK, undone, seal=told.seal)


def damage(state: State, told: BagFoundDamaged, _policy: Policy) -> Decision:
    """What is broken is said before anybody signs."""
    handover = require_handover(state)
    if told.seal not in handover.scanned:
        raise Refused(Refusal.BAG_NOT_SCANNED)
    if not told.note:
        raise Refused(Refusal.REASON_MISSING)
    if handover.scanned[told.seal].note == told.note:
        return Decision(reply=Reply(key=Answer.DAMAGE_NOTED, ok=True, seal=told.seal))
    damaged = BagDamaged(trip=handover.trip, seal=told.seal, note=told.note, keeper=told.keeper)
    return _yes(Answer.DAMAGE_NOTED, damaged, seal=told.seal)


def turn(state: State, told: BagsTurned, _policy: Policy) -> Decision:
    """From here on scans go out, or come in again. Refused where the route table says nothing."""
    handover = require_handover(state)
    wanted = (
        Turned(network=told.network, direction=told.direction, next_hop=told.next_hop)
        if told.direction
        else None
    )
    if wanted is not None and not wanted.next_hop:
        raise Refused(Refusal.NO_ROUTE)
    key = Answer.BAGS_IN if wanted is None else Answer.BAGS_OUT
    if handover.turned == wanted:
        return Decision(reply=Reply(key=key, ok=True, next_hop=told.next_hop))
    turned = HandoverTurned(
        trip=handover.trip,
        network=told.network if wanted else "",
        direction=told.direction,
        next_hop=told.next_hop if wanted else NOWHERE,
    )
    return _yes(key, turned, next_hop=turned.next_hop)


def dispute(state: State, told: CountDisputed, _policy: Policy) -> Decision:
    """Both counts are kept; neither overrules the other."""
    handover = require_handover(state)
    disputed = HandoverDisputed(
        trip=handover.trip,
        courier=handover.courier,
        keeper=told.keeper,
        courier_count=told.courier_count,
        keeper_count=len(taken_of(handover)),
    )
    return _yes(Answer.BOTH_COUNTS_KEPT, disputed)


def hold_up(state: State, told: HandoverHeldUp, _policy: Policy) -> Decision:
    """The courier goes on without a signature, and says why. What was scanned is not lost."""
    if not told.reason:
        raise Refused(Refusal.REASON_MISSING)
    under_way = state.dock.handover
    if under_way is not None and (under_way.trip, under_way.courier) != (told.trip, told.courier):
        raise Refused(Refusal.HANDOVER_UNDER_WAY)
    held = HandoverSuspended(trip=told.trip, courier=told.courier, reason=told.reason)
    return _yes(Answer.HANDOVER_HELD_UP, held)


def agree(state: State, told: HandoverAgreed, _policy: Policy) -> Decision:
    """Both sign what was scanned; a slip for each. Refused while there is nothing to sign."""
    handover = require_handover(state)
    if handover.courier != told.courier:
        raise Refused(Refusal.OTHER_COURIER)
    returns = loading.leave(state, handover, told)
    if not handover.scanned and not handover.out and not returns:
        raise Refused(Refusal.NOTHING_SCANNED)
    due = frozenset(seal for seal in told.expected if not _here_before(state, seal))
    signed = _signed(handover, told, due)
    slip = QueueHandoverSlip(
        signed=signed,
        operator=handover.operator,
        next_hops=tuple((seal, out.next_hop) for seal, out in sorted(handover.out.items())),
        misrouted=tuple(
            (seal, bag.to, bag.next_hop)
            for seal, bag in sorted(handover.scanned.items())
            if bag.verdict is Verdict.MISROUTED
        ),
        disputed=handover.disputed,
        at=told.at,
        returns=tuple(parcel.waybill_no for parcel in loading.going(state, handover)),
    )
    reply = Reply(key=Answer.HANDOVER_SIGNED, ok=True)
    return Decision(facts=(signed, *returns), effects=(slip,), reply=reply)


def taken_of(handover: Handover) -> tuple[SealNo, ...]:
    """Bags that stay here: all but those that belong elsewhere."""
    return _seals(handover, *TAKEN, Verdict.CROSS_DOCK)


def bags_of(handover: Handover) -> dict[SealNo, Bag]:
    """What the keeper has in hand after signing, to be emptied."""
    return {
        seal: Bag(trip=handover.trip, at=handover.scanned[seal].at)
        for seal in _seals(handover, *TAKEN)
    }


def held_of(handover: Handover) -> dict[SealNo, HeldBag]:
    """What a hub holds for its runs after signing."""
    return {
        seal: HeldBag(trip=handover.trip, to=bag.to, next_hop=bag.next_hop, at=bag.at)
        for seal, bag in handover.scanned.items()
        if bag.verdict is Verdict.CROSS_DOCK
    }


def _scan_in(state: State, handover: Handover, told: SealScanned, policy: Policy) -> Decision:
    if told.seal in handover.out:
        return _no(Answer.BAG_IS_OUT, told.seal)
    if told.seal in handover.scanned or _here_before(state, told.seal):
        return _no(Answer.BAG_ALREADY, told.seal)
    return _take_in(handover, told, policy)


def _take_in(handover: Handover, told: SealScanned, policy: Policy) -> Decision:
    verdict = _judge(handover, told, policy)
    elsewhere = told.advice if verdict in {Verdict.MISROUTED, Verdict.CROSS_DOCK} else None
    scanned = BagScanned(
        trip=handover.trip,
        seal=told.seal,
        verdict=verdict,
        to=elsewhere.to if elsewhere else NOWHERE,
        next_hop=elsewhere.next_hop if elsewhere else NOWHERE,
    )
    reply = Reply(
        key=_ANSWERS[verdict],
        ok=verdict is not Verdict.MISROUTED,
        seal=told.seal,
        to=scanned.to,
        next_hop=scanned.next_hop,
    )
    going = verdict is Verdict.CROSS_DOCK
    label = _label(handover, told, scanned.to, scanned.next_hop, policy) if going else ()
    return Decision(facts=(scanned,), effects=label, reply=reply)


def _label(
    handover: Handover, told: SealScanned, to: Place, next_hop: Place, policy: Policy
) -> tuple[QueueBagLabel, ...]:
    bag = GoingOn(seal=told.seal, trip=handover.trip, to=to, next_hop=next_hop)
    return labels.of_bag(bag, told.advice, told.at, policy)


def _judge(handover: Handover, told: SealScanned, policy: Policy) -> Verdict:
    advice = told.advice
    if advice is None:
        return Verdict.OVER
    if advice.to == policy.place:
        return Verdict.EXPECTED if advice.trip == handover.trip else Verdict.OVER
    return Verdict.CROSS_DOCK if policy.hub and advice.run else Verdict.MISROUTED


def _hand_out(
    state: State, handover: Handover, turned: Turned, told: SealScanned, policy: Policy
) -> Decision:
    if told.seal in handover.out:
        return _no(Answer.BAG_ALREADY, told.seal)
    if told.seal in handover.scanned:
        return _no(Answer.BAG_JUST_CAME, told.seal)
    bag = state.dock.bags.get(told.seal)
    if bag is not None and not bag.emptied:
        return _no(Answer.BAG_NOT_EMPTIED, told.seal)
    held = state.dock.held.get(told.seal)
    if held is not None and held.next_hop != turned.next_hop:
        wrong = Reply(
            key=Answer.BAG_OF_OTHER_RUN,
            ok=False,
            seal=told.seal,
            to=held.to,
            next_hop=held.next_hop,
        )
        return Decision(reply=wrong)
    out = BagHandedOut(
        trip=handover.trip,
        seal=told.seal,
        network=turned.network,
        direction=turned.direction,
        next_hop=turned.next_hop,
    )
    # A bag of a hub's runs has had its label since it came in.
    label = _label(handover, told, NOWHERE, turned.next_hop, policy) if held is None else ()
    yes = _yes(Answer.BAG_OUT, out, seal=told.seal, next_hop=turned.next_hop)
    return replace(yes, effects=label)


def _here_before(state: State, seal: SealNo) -> bool:
    """Whether an earlier handover brought this bag."""
    return seal in state.dock.bags or seal in state.dock.held


def _signed(handover: Handover, told: HandoverAgreed, due: frozenset[SealNo]) -> HandoverSigned:
    return HandoverSigned(
        trip=handover.trip,
        courier=handover.courier,
        keeper=told.keeper,
        expected=len(due),
        taken=len(taken_of(handover)),
        short=tuple(sorted(due - set(handover.scanned))),
        over=_seals(handover, Verdict.OVER),
        damaged=tuple(sorted(s for s, bag in handover.scanned.items() if bag.note)),
        misrouted=_seals(handover, Verdict.MISROUTED),
        out=tuple(sorted(handover.out)),
    )


def _seals(handover: Handover, *verdicts: Verdict) -> tuple[SealNo, ...]:
    return tuple(sorted(s for s, bag in handover.scanned.items() if bag.verdict in verdicts))


def _yes(
    key: Answer, fact: Fact, *, seal: SealNo | None = None, next_hop: Place = NOWHERE
) -> Decision:
    return Decision(facts=(fact,), reply=Reply(key=key, ok=True, seal=seal, next_hop=next_hop))


def _no(key: Answer, seal: SealNo) -> Decision:
    return Decision(reply=Reply(key=key, ok=False, seal=seal))
