"""After a start: fold the journal into the state. Nothing here can reach a lock."""

import structlog

from cloud_sync.wire.envelope import Envelope
from edge import wire_map
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.state_codec import StateCodecError, decode_state, fit_to
from edge.domain.station import evolve, initial_state
from edge.kernel.errors import StoreError
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import Seq
from edge.kernel.time import Instant
from edge.store.database import Store
from edge.store.journal import BEGINNING
from edge.store.snapshots import SnapshotDamagedError

log = structlog.get_logger(__name__)


def recover_state(store: Store, policy: Policy) -> State:
    """The state after every stored fact. Raises StoreError or WireMapError on a damaged journal.

    It starts from the newest snapshot that the chain proves and that can be read, and from the
    very first fact where there is none and nothing has been pruned.
    """
    after, state = _start(store, policy)
    for envelope, _digest in store.replay(after):
        state = fold(state, envelope)
    return state


def fold(state: State, envelope: Envelope) -> State:
    """The state after one stored fact. Raises WireMapError."""
    at = Instant(
        boot=envelope.boot,
        mono_ms=envelope.mono_ms,
        wall_lo_ms=envelope.wall_lo,
        wall_hi_ms=envelope.wall_hi,
    )
    return evolve(state, wire_map.to_fact(envelope), at)


def _start(store: Store, policy: Policy) -> tuple[Seq, State]:
    for told in reversed(store.snapshots.proven()):
        snapshot = store.snapshots.read(told.seq)
        if snapshot is None or snapshot.hash != store.hash_at(told.seq):
            log.error("snapshot_of_another_journal", seq=told.seq)
            continue
        try:
            return told.seq, fit_to(policy, decode_state(snapshot.state()))
        except (SnapshotDamagedError, StateCodecError) as cause:
            log.warning("snapshot_unreadable", seq=told.seq, reason=str(cause))
    if store.base() != (BEGINNING, GENESIS):
        raise StoreError(
            "no snapshot of this journal can be read, and its oldest facts are pruned. Install "
            "the newest version of cunyi; if it says the same, have the county grant a new epoch"
        )
    return BEGINNING, initial_state(policy)
