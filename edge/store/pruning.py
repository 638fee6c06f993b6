"""Pruning: the oldest facts leave the card once the county has them for good and they are old.

Four things must hold of a fact: the county calls it durable, a snapshot that the chain proves
covers it, a newer one stands behind that, and it is old, both by the wall as far as that is known
and by the time that the station has run: a clock that jumps makes nothing old.
"""

from typing import Final

import msgspec

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import decode
from edge.kernel.ids import Epoch, Seq, StationId
from edge.kernel.time import Instant
from edge.store.foundation import Base, read_base
from edge.store.journal import damaged, rows_after
from edge.store.projections import project_base
from edge.store.snapshots import SnapshotShelf, pruned_to
from edge.store.statements import Statements

PORTION: Final = 50
"""Facts in one transaction: a door waits no longer for it than for a commit."""


class Pruning:
    """Every method may raise StoreError."""

    def __init__(
        self, statements: Statements, shelf: SnapshotShelf, station: StationId, epoch: Epoch
    ) -> None:
        self._statements, self._shelf = statements, shelf
        self._station, self._epoch = station, epoch

    def limit(self, cursor: Cursor, now: Instant, ran_ms: int, keep_ms: int) -> Seq:
        """Up to where facts may go, `ran_ms` being how long the station has run up to now."""
        known = min(cursor.durable_seq, cursor.applied_seq)
        proven = self._shelf.proven()
        old = [
            told.seq
            for told in proven[:-1]
            if told.seq <= known
            and told.ran_ms + keep_ms <= ran_ms
            and told.wall_ms + keep_ms <= now.wall_lo_ms
        ]
        return max(old, default=Seq(0))

    def prune(self, limit: Seq) -> bool:
        """One portion; says whether there is more."""
        if pruned_to(self._statements) >= limit:
            return False
        with self._statements.transaction("old facts could not be pruned") as connection:
            base = read_base(connection)
            count = min(PORTION, limit - base.seq)
            for row in rows_after(connection, self._epoch, base.seq, count):
                if not row.follows(base.hash, self._station, self._epoch, base.seq + 1):
                    raise damaged(f"at fact {row.seq}")
                try:
                    project_base(connection, decode(row.fact))
                except msgspec.MsgspecError as cause:
                    raise damaged(f"at fact {row.seq}") from cause
                base = Base(row.seq, row.hash)
            here = {"seq": base.seq}
            connection.execute("DELETE FROM journal WHERE seq <= :seq", here)
            connection.execute("DELETE FROM snapshots WHERE seq < :seq", here)
            connection.execute(
                "UPDATE journal_base SET seq = :seq, hash = :hash", here | {"hash": base.hash}
            )
            if base.seq >= limit:
                for statement in _FORGET_PARCELS:
                    connection.execute(statement, here)
        return base.seq < limit


_FORGET_PARCELS: Final = (
    "DELETE FROM parcels WHERE ended_ms IS NOT NULL AND seq <= :seq",
    """DELETE FROM base_parcels WHERE ended_ms IS NOT NULL AND seq <= :seq AND NOT EXISTS
        (SELECT 1 FROM parcels WHERE parcels.waybill_no = base_parcels.waybill_no)""",
)
"""Parcels that left before the base and that nothing was told of since."""
