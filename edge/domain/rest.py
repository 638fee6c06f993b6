"""Why doors rest: the one place that keeps every lock from being fired, for whatever reason."""

from edge.domain import power
from edge.domain.decision import Decision
from edge.domain.effects import OpenDoor, Reply
from edge.domain.facts import RefusalReason
from edge.domain.state import State
from edge.kernel.time import Instant


def why_doors_rest(state: State, at: Instant) -> RefusalReason | None:
    """Why no door is opened now, the reason that may last longer first; None while they are."""
    if power.doors_rest(state, at):
        return RefusalReason.BATTERY_LOW
    return RefusalReason.JUST_RESTARTED if state.boots.safe else None


def let_doors_rest(state: State, at: Instant, decision: Decision) -> Decision:
    """A decision as it stands, or a refusal in its place if it would open a door that rests.

    Here, behind every decision, because whatever opens a door has to pass.
    """
    opens = [effect for effect in decision.effects if isinstance(effect, OpenDoor)]
    why = why_doors_rest(state, at)
    if not opens or why is None:
        return decision
    return Decision(reply=Reply(key=why, ok=False, cell=opens[0].cell))
