"""What a station leaves with its county, so that another card can go on in its place.

Beside the state that is the key of its codes and the PINs of its keepers: a slip that was printed
before must open its door afterwards. All of it travels sealed, and only a device that the county
has granted the station's next epoch is given it.
"""

import hashlib

import msgspec
import structlog

from cloud_sync.station.ports import SnapshotToSend
from cloud_sync.wire.messages import MessageError, Position
from cloud_sync.wire.snapshot import SnapshotBody, pack_snapshot, unpack_snapshot
from edge.daemon.county.pictures import cell_pictures, parcel_pictures
from edge.domain.state_codec import StateCodecError, decode_state
from edge.store.database import Store
from edge.store.snapshots import SPACING, SPACING_MS, Snapshot, SnapshotDamagedError

log = structlog.get_logger(__name__)


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """The station's own part of a snapshot; `key` is in hex, people are PIN hashes by name."""

    at: Position
    key: str
    keepers: dict[str, str]
    state: msgspec.Raw
    couriers: dict[str, str] = {}


def snapshot_to_send(store: Store, snapshot: Snapshot) -> SnapshotToSend:
    """A snapshot as it travels. Raises StoreError, StateCodecError."""
    clear = snapshot.state()
    state = decode_state(clear)
    at = Position(epoch=store.epoch, seq=snapshot.seq, hash=snapshot.hash.hex())
    handover = Handover(
        at=at,
        key=store.key.secret.hex(),
        keepers=store.keepers(),
        state=msgspec.Raw(clear),
        couriers=store.couriers(),
    )
    body = SnapshotBody(
        state=msgspec.Raw(msgspec.json.encode(handover)),
        cells=cell_pictures(state),
        parcels=parcel_pictures(state),
    )
    data = pack_snapshot(body)
    return SnapshotToSend(at=at, digest=hashlib.sha256(data).hexdigest(), data=data)


def read_handover(data: bytes) -> Handover:
    """What a snapshot of our own says. Raises MessageError."""
    try:
        return msgspec.json.decode(unpack_snapshot(data).state, type=Handover)
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise MessageError(f"not a station's snapshot: {cause}") from cause


def oldest_to_send(store: Store) -> SnapshotToSend | None:
    """The first that the chain proves: all facts after it are kept."""
    for told in store.snapshots.proven():
        snapshot = store.snapshots.read(told.seq)
        if snapshot is not None and (found := _readable(store, snapshot)) is not None:
            return found
    return None


def newest_to_send(store: Store, held_seq: int) -> SnapshotToSend | None:
    """The newest that the chain proves, if the one that the county holds is old beside it."""
    proven = store.snapshots.proven()
    if not proven:
        return None
    newest = store.snapshots.read(proven[-1].seq)
    if newest is None or not _is_old(store, held_seq, newest):
        return None
    return _readable(store, newest)


def _readable(store: Store, snapshot: Snapshot) -> SnapshotToSend | None:
    try:
        return snapshot_to_send(store, snapshot)
    except (SnapshotDamagedError, StateCodecError) as cause:
        log.warning("snapshot_unreadable", seq=snapshot.seq, reason=str(cause))
        return None


def _is_old(store: Store, held_seq: int, newest: Snapshot) -> bool:
    if held_seq == newest.seq:
        return False
    # One above our newest is of an epoch before this one.
    if held_seq == 0 or held_seq > newest.seq or newest.seq - held_seq >= SPACING:
        return True
    held = next((told for told in store.snapshots.proven() if told.seq == held_seq), None)
    return held is None or newest.ran_ms - held.ran_ms >= SPACING_MS
