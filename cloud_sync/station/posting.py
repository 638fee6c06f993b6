"""What the uplink wants sent of the journal: batches of facts, and the snapshot before a gap."""

from typing import Final

import msgspec
import structlog

from cloud_sync.station.ports import JournalSource, Link, SnapshotToSend
from cloud_sync.station.sync_events import SyncEvents
from cloud_sync.station.uplink import SendBatch, SendPiece, Told
from cloud_sync.wire.framing.frame import Codec
from cloud_sync.wire.messages import (
    Batch,
    MessageError,
    Position,
    SnapshotPiece,
    SnapshotTaken,
)
from cloud_sync.wire.snapshot import cut

log = structlog.get_logger(__name__)

MAX_FACTS: Final = 1_000
MAX_BYTES: Final = 600_000
"""Canonical bytes in a batch before compression; what then does not fit is halved."""


class Posting:
    """Reads the journal and sends it. Every method may raise StoreError."""

    def __init__(
        self, link: Link, codec: Codec, journal: JournalSource, events: SyncEvents
    ) -> None:
        self._link, self._codec, self._journal, self._events = link, codec, journal, events
        self._filling: SnapshotToSend | None = None
        self.most_bytes: int | None = None
        """The largest message that the broker takes, None where it told no limit."""

    async def place(self, seq: int) -> Position | None:
        """Our own position at a place, None where nothing is kept."""
        digest = await self._journal.hash_at(seq)
        if digest is None:
            return None
        return Position(epoch=(await self._journal.head()).epoch, seq=seq, hash=digest.hex())

    async def send_batch(self, action: SendBatch) -> None:
        """Facts after a place, as many as fit."""
        after = action.after_seq
        previous = await self.place(after)
        if previous is None:
            log.error("journal_place_missing", seq=after)
            return
        facts: list[bytes] = []
        if not action.empty:
            most = min(MAX_FACTS, action.max_facts)
            facts = await self._journal.facts_after(after, most, MAX_BYTES)
        while (wire := await self._packed(action.session, previous, facts)) is None:
            facts = facts[: (len(facts) + 1) // 2]
        self._link.send("up", wire)
        self._events.note("batch", after=after, facts=len(facts), bytes=len(wire))

    async def _packed(self, session: str, previous: Position, facts: list[bytes]) -> bytes | None:
        """A batch as bytes, None when it is too large. Raises MessageError if one fact is.

        One fact that is too large for the broker alone is sent: the pipe says what is wrong.
        """
        last = await self.place(previous.seq + len(facts)) if facts else None
        batch = Batch(
            session=session,
            previous=previous,
            facts=[msgspec.Raw(fact) for fact in facts],
            last=last.hash if last is not None else "",
        )
        try:
            wire = self._codec.pack("up", batch)
        except MessageError:
            if len(facts) <= 1:
                raise  # the bodies' own bounds keep a fact far below the limit
            return None
        most = self.most_bytes
        return None if most is not None and len(wire) > most and len(facts) > 1 else wire

    async def send_piece(self, action: SendPiece) -> None:
        """A piece of the snapshot that our first kept facts follow; the first piece reads it."""
        if self._filling is None or action.index == 0:
            self._filling = await self._journal.oldest_snapshot()
        filling = self._filling
        if filling is None:
            log.error("no_snapshot_for_the_gap", gap_from=action.gap_from)
            return
        pieces = cut(filling.data)
        index = min(action.index, len(pieces) - 1)
        piece = SnapshotPiece(
            session=action.session,
            at=filling.at,
            gap_from=action.gap_from,
            digest=filling.digest,
            index=index,
            count=len(pieces),
            data=pieces[index],
        )
        self._link.send("up", self._codec.pack("up", piece))
        self._events.note("gap", first=action.gap_from, last=filling.at.seq, piece=index)

    def told(self, taken: SnapshotTaken) -> Told:
        """The county's word about the snapshot that is being sent, or about none of ours."""
        sent = self._filling
        if sent is None or (taken.at_seq, taken.digest) != (sent.at.seq, sent.digest):
            return Told(taken, None, 0)
        return Told(taken, sent.at, len(cut(sent.data)))
