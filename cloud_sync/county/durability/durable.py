"""Up to where a station may ever forget its facts: what lies in enough verified backups."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, bindparam, select

from cloud_sync.county.compiled import Asked
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.tables import BACKUP_MARKS, BACKUPS
from edge.kernel.ids import StationId

_MARKS: Final = Asked(
    select(BACKUPS.c.place, BACKUP_MARKS.c.seq, BACKUP_MARKS.c.epoch)
    .join(BACKUPS, BACKUPS.c.backup == BACKUP_MARKS.c.backup)
    .where(BACKUP_MARKS.c.station == bindparam("station"))
    .order_by(BACKUPS.c.made_ms, BACKUPS.c.backup)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Durable:
    """`commit` trusts the one disk of the database, `backups` so many places beside it."""

    rule: Literal["commit", "backups"]
    copies: int

    def seq(self, connection: Connection, station: StationId, place: Place) -> int:
        """The last fact of the present epoch that is durable by this rule."""
        if self.rule == "commit":
            return place.seq
        # A later row of a place replaces the earlier one: the newest backup there counts.
        newest = {
            where: seq if epoch == place.epoch else 0
            for where, seq, epoch in _MARKS.rows(connection, station=station)
        }
        held = sorted(newest.values(), reverse=True)
        return min(place.seq, held[self.copies - 1]) if len(held) >= self.copies else 0
