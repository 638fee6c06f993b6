"""The keeper's counter: who is signed in, and whether a scanned waybill is a check-in."""

from edge.domain.answers import Answer, Refusal
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.facts import CheckInBegun, CheckInEnded, Fact, KeeperSignedIn, KeeperSignedOut
from edge.domain.inputs import CheckInSwitched, KeeperEntered, KeeperLeft
from edge.domain.policy import Policy
from edge.domain.power import holds_check_in
from edge.domain.state import State
from edge.kernel.errors import Refused


def enter(state: State, told: KeeperEntered, _policy: Policy) -> Decision:
    """A keeper takes the desk; whoever was there is signed out."""
    reply = Reply(key=Answer.SIGNED_IN, ok=True)
    if state.desk.keeper == told.keeper:
        return Decision(reply=reply)
    return Decision(facts=(*_empty(state), KeeperSignedIn(keeper=told.keeper)), reply=reply)


def leave(state: State, told: KeeperLeft, _policy: Policy) -> Decision:
    """The keeper signs out; check-in ends with that."""
    facts = _empty(state) if state.desk.keeper == told.keeper else ()
    return Decision(facts=facts, reply=Reply(key=Answer.SIGNED_OUT, ok=True))


def switch_check_in(state: State, told: CheckInSwitched, policy: Policy) -> Decision:
    """Turn check-in on or off; to what it is already changes nothing."""
    reply = Reply(key=Answer.CHECK_IN_ON if told.on else Answer.CHECK_IN_OFF, ok=True)
    if state.desk.checking_in == told.on:
        return Decision(reply=reply)
    if told.on and state.dock.handover is not None:
        raise Refused(Refusal.HANDOVER_UNDER_WAY)
    if told.on and holds_check_in(state, told.at, policy):
        raise Refused(Refusal.ON_BATTERY)
    switched = CheckInBegun(keeper=told.keeper) if told.on else CheckInEnded(keeper=told.keeper)
    return Decision(facts=(switched,), reply=reply)


def _empty(state: State) -> tuple[Fact, ...]:
    keeper = state.desk.keeper
    if keeper is None:
        return ()
    signed_out = KeeperSignedOut(keeper=keeper)
    return (CheckInEnded(keeper=keeper), signed_out) if state.desk.checking_in else (signed_out,)
