"""Whether a courier is here."""

from edge.domain.answers import Refusal
from edge.domain.dock import Handover
from edge.domain.state import State
from edge.kernel.errors import Refused


def require_handover(state: State) -> Handover:
    """The handover under way. Raises Refused when there is none."""
    if state.dock.handover is None:
        raise Refused(Refusal.NO_HANDOVER)
    return state.dock.handover
