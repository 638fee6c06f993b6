"""A GRANT of the county: how this station's journal goes on where the county has it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import structlog

from cloud_sync.wire.envelope import Envelope, decode
from cloud_sync.wire.grant import unpack_grant
from cloud_sync.wire.messages import GrantBody, GrantGap, MessageError
from edge import wire_map
from edge.daemon.county.dock_tables import dock_tables
from edge.daemon.county.handover import Handover, read_handover
from edge.daemon.recovery import fold
from edge.domain.journal_facts import EpochStarted
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.state_codec import StateCodecError, decode_state, encode_state, fit_to
from edge.domain.station import initial_state
from edge.kernel.errors import CunyiError
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, Seq, StationId
from edge.store.database import Store
from edge.store.key import KEY_BYTES
from edge.store.new_epoch import (
    GRANT,
    KNOWN,
    REFUSED,
    Known,
    NewEpoch,
    begin_epoch,
    has_key,
    known_on_disk,
    meta_on_disk,
    write_durably,
)
from edge.store.snapshots import make_snapshot

log = structlog.get_logger(__name__)


class GrantError(CunyiError):
    """This GRANT cannot be taken; the station goes on as it is."""


def receive_grant(folder: Path, policy: Policy, store: Store, data: bytes) -> None:
    """Keep a GRANT for the next start, once it is known that it can be taken.

    Raises GrantError, and StoreError when it cannot be kept.
    """
    body = _read(data, store.station, store.epoch)
    known = Known(boot=store.boot, keepers=store.keepers(), couriers=store.couriers())
    _new_epoch(body, policy, store.county, known.boot)
    write_durably(folder, KNOWN, msgspec.json.encode(known))
    write_durably(folder, GRANT, data)
    log.warning("grant_received", epoch=body.epoch, parent=body.parent.seq, reason=body.reason)


def take_grant(folder: Path, policy: Policy, station: StationId, county: CountyId) -> None:
    """Before the journal is opened: begin the epoch of a GRANT that waits, if one does.

    The caller holds the folder. Whatever cannot be taken is set aside, and the journal stays.
    Raises StoreError.
    """
    waiting = folder / GRANT
    if not waiting.exists():
        return
    meta = meta_on_disk(folder)
    try:
        # An epoch that has begun is begun again, should the last time have been cut off.
        body = _read(waiting.read_bytes(), station, Epoch(int(meta.get("epoch", "1")) - 1))
        known = known_on_disk(folder)
        new = _new_epoch(body, policy, county, known.boot)
    except GrantError as cause:
        log.error("grant_refused", reason=str(cause))  # noqa: TRY400 - the reason says it all
        waiting.replace(folder / REFUSED)
        return
    if new.key is None or has_key(folder, new.key):
        # The same key: whoever had a PIN here still has it, unless the county knows a later one.
        new = replace(
            new,
            keepers={**known.keepers, **new.keepers},
            couriers={**known.couriers, **new.couriers},
        )
    begin_epoch(folder, new)
    log.warning("epoch_begun", epoch=new.epoch, grant=new.grant)


def epoch_to_tell(store: Store) -> EpochStarted | None:
    """How the journal began, while that is not yet its first fact. May raise StoreError."""
    if not store.grant or store.head()[0] != 0:
        return None
    snapshot = store.snapshots.read(Seq(0))
    began = store.meta()
    return EpochStarted(
        parent_epoch=int(began["parent_epoch"]),
        parent_seq=int(began["parent_seq"]),
        parent_hash=began["parent_hash"],
        grant=store.grant,
        reason=began["reason"],
        fence=int(began["fence"]),
        snapshot=snapshot.digest if snapshot is not None else "",
    )


def _read(data: bytes, station: StationId, epoch: Epoch) -> GrantBody:
    try:
        body = unpack_grant(data)
    except MessageError as cause:
        raise GrantError(str(cause)) from cause
    if body.station != station:
        raise GrantError(f"it is for {body.station}")
    if body.epoch <= epoch:
        raise GrantError(f"epoch {body.epoch} is not above {epoch}")
    return body


def _new_epoch(body: GrantBody, policy: Policy, county: str, boot: int) -> NewEpoch:
    handover = _handover(body)
    state = _state(body, policy, handover)
    boot = max(boot, state.boot, body.boot)
    seen = state.seen_at
    return NewEpoch(
        station=body.station,
        county=county,
        epoch=body.epoch,
        boot=boot,
        grant=body.grant,
        began={
            "parent_epoch": str(body.parent.epoch),
            "parent_seq": str(body.parent.seq),
            "parent_hash": body.parent.hash,
            "reason": body.reason[:200],
            "fence": str(body.fence),
        },
        snapshot=make_snapshot(
            encode_state(state),
            seq=Seq(0),
            digest=bytes.fromhex(body.parent.hash),
            ran_ms=state.ran_ms,
            wall_ms=max(body.made_ms, 0 if seen is None else seen.wall_lo_ms),
        ),
        tables=_tables(state),
        keepers={} if handover is None else handover.keepers,
        couriers={} if handover is None else handover.couriers,
        key=None if handover is None else _key(handover),
    )


def _key(handover: Handover) -> bytes:
    try:
        key = bytes.fromhex(handover.key)
    except ValueError as cause:
        raise GrantError("its snapshot has no key") from cause
    if len(key) != KEY_BYTES:
        raise GrantError("its snapshot has no key")
    return key


def _handover(body: GrantBody) -> Handover | None:
    if not body.snapshot:
        return None
    try:
        return read_handover(body.snapshot)
    except MessageError as cause:
        raise GrantError(str(cause)) from cause


def _state(body: GrantBody, policy: Policy, handover: Handover | None) -> State:
    """Snapshot and tail, each fact proven to follow the one before, up to the parent.

    Over a gap that the county tells of nothing is proven; the keeper's count finds what is amiss.
    """
    way = _Way(hash=GENESIS, epoch=0, seq=0)
    state = initial_state(policy)
    if handover is not None:
        at = handover.at
        way = _Way(hash=bytes.fromhex(at.hash), epoch=at.epoch, seq=at.seq)
        try:
            state = fit_to(policy, decode_state(bytes(handover.state)))
        except StateCodecError as cause:
            raise GrantError(str(cause)) from cause
    gaps = list(body.gaps)
    for fact in body.tail:
        envelope = _fact(fact)
        while gaps and (gaps[0].epoch, gaps[0].last) < (envelope.epoch, envelope.seq):
            way = way.over(gaps.pop(0))
        way = way.on(envelope, StationId(body.station), fact)
        try:
            state = fold(state, envelope)
        except (wire_map.WireMapError, KeyError) as cause:
            raise GrantError(f"fact {envelope.seq} cannot be read: {cause}") from cause
    for gap in gaps:
        way = way.over(gap)
    if way.hash.hex() != body.parent.hash:
        raise GrantError("its facts do not lead to its parent")
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How far a GRANT's facts have been followed."""

    hash: bytes
    epoch: int
    seq: int

    def on(self, envelope: Envelope, station: StationId, fact: bytes) -> "_Way":
        """By one fact; the chain goes on from one epoch into the next. Raises GrantError."""
        epoch, seq = self._next(envelope.epoch)
        if (envelope.epoch, envelope.seq) != (epoch, seq):
            raise GrantError(f"fact {seq} of epoch {epoch} is missing")
        digest = chain_hash(self.hash, station, Epoch(epoch), Seq(seq), fact)
        return _Way(hash=digest, epoch=epoch, seq=seq)

    def over(self, gap: GrantGap) -> "_Way":
        """Over facts that are gone. Raises GrantError for a gap that does not begin here."""
        epoch, seq = self._next(gap.epoch)
        if (gap.epoch, gap.first) != (epoch, seq) or gap.last < gap.first:
            raise GrantError(f"its gap at {gap.first} of epoch {gap.epoch} is not where facts end")
        try:
            return _Way(hash=bytes.fromhex(gap.hash), epoch=epoch, seq=gap.last)
        except ValueError as cause:
            raise GrantError("its gap has no hash") from cause

    def _next(self, epoch: int) -> tuple[int, int]:
        return (epoch, 1) if epoch > self.epoch else (self.epoch, self.seq + 1)


def _fact(fact: bytes) -> Envelope:
    try:
        return decode(fact)
    except msgspec.MsgspecError as cause:
        raise GrantError(f"a fact cannot be read: {cause}") from cause


def _tables(state: State) -> dict[str, list[tuple[Any, ...]]]:
    """The store's own tables as they follow from the state; no fact of this journal made them."""
    parcels = [
        (
            parcel.waybill_no,
            parcel.carrier,
            parcel.stage.value,
            parcel.cell,
            parcel.phone_tail,
            parcel.received_at.wall_lo_ms,
            None if parcel.stored_at is None else parcel.stored_at.wall_lo_ms,
            None if parcel.ended_at is None else parcel.ended_at.wall_lo_ms,
            0,
            parcel.slot,
            ",".join(parcel.flags),
            parcel.cash_due_fen,
        )
        for _no, parcel in sorted(state.parcels.items())
    ]
    cells = [
        (
            cell,
            held.occupancy.value,
            held.waybill_no,
            state.doors[cell].door.value,
            0,
            state.locked.get(cell, ""),
        )
        for cell, held in sorted(state.cells.items())
    ]
    return {"parcels": parcels, "cells": cells, **dock_tables(state.dock)}
