"""After a start: fold the journal into the state. Nothing here can reach a lock."""

from edge import wire_map
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.station import evolve, initial_state
from edge.kernel.time import Instant
from edge.store.database import Store


def recover_state(store: Store, policy: Policy) -> State:
    """The state after every stored fact. Raises StoreError or WireMapError on a damaged journal."""
    state = initial_state(policy)
    for envelope, _digest in store.replay():
        at = Instant(
            boot=envelope.boot,
            mono_ms=envelope.mono_ms,
            wall_lo_ms=envelope.wall_lo,
            wall_hi_ms=envelope.wall_hi,
        )
        state = evolve(state, wire_map.to_fact(envelope), at)
    return state
