"""Facts that exist nowhere any more, and those that come after an epoch's end: noted and told."""

import structlog
from sqlalchemy import Connection, delete, insert, select, update

from cloud_sync.county import alarms
from cloud_sync.county.histories import pictures
from cloud_sync.county.histories.forks import keep_apart
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.ingest.reading import Link
from cloud_sync.county.tables import FACTS, GAPS, SNAPSHOTS
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)


def note_gap(  # noqa: PLR0913 - a row's columns
    connection: Connection,
    station: StationId,
    first: int,
    end: Place,
    now_ms: int,
    *,
    settled: bool,
) -> None:
    """Facts `first` up to `end` are missing: a case for a person."""
    connection.execute(
        insert(GAPS),
        {
            "station": station,
            "epoch": end.epoch,
            "first": first,
            "last": end.seq,
            "hash": end.hash,
            "made_ms": now_ms,
            "settled_ms": now_ms if settled else None,
        },
    )
    detail = f"facts {first} to {end.seq} of epoch {end.epoch} exist nowhere any more"
    alarms.raise_alarm(connection, station, alarms.GAP, detail, now_ms)
    log.error("gap", station=station, epoch=end.epoch, first=first, last=end.seq)


def unsettled(connection: Connection, station: StationId) -> bool:
    """Whether cells and parcels still stand as they were before a gap."""
    wanted = select(GAPS.c.first).where(GAPS.c.station == station, GAPS.c.settled_ms.is_(None))
    return connection.execute(wanted).first() is not None


def settle(connection: Connection, station: StationId, now_ms: int) -> None:
    """A snapshot has told what the missing facts led to."""
    mine = (GAPS.c.station == station) & GAPS.c.settled_ms.is_(None)
    connection.execute(update(GAPS).where(mine).values(settled_ms=now_ms))


def reach(
    connection: Connection, station: StationId, place: Place, parent: Place, now_ms: int
) -> bool:
    """Make a GRANT's parent the end of what is committed; False where it is not our history.

    A county that was put back may lack facts before the parent, which leaves a gap, or may have
    taken facts after it from the card that the GRANT had replaced, which go where forks go.
    """
    if parent == place:
        return True
    if parent.epoch < place.epoch:
        return False
    if parent.epoch > place.epoch or parent.seq > place.seq:
        first = place.seq + 1 if parent.epoch == place.epoch else 1
        if parent.seq >= first:
            note_gap(connection, station, first, parent, now_ms, settled=False)
        return True
    if ledger.hash_at(connection, station, place, parent.seq) != parent.hash:
        return False
    _seal(connection, station, parent, now_ms)
    return True


def _seal(connection: Connection, station: StationId, end: Place, now_ms: int) -> None:
    """Keep apart what is stored after the end of an epoch."""
    columns = FACTS.c
    late = (columns.station == station) & (columns.epoch == end.epoch) & (columns.seq > end.seq)
    wanted = select(columns.epoch, columns.seq, columns.hash, columns.fact).where(late)
    links = [
        Link(epoch=row.epoch, seq=row.seq, hash=bytes(row.hash), fact=bytes(row.fact))
        for row in connection.execute(wanted)
    ]
    detail = f"facts after {end.seq} of epoch {end.epoch} came after its end; kept apart"
    keep_apart(connection, station, links, detail, now_ms, most=None)
    connection.execute(delete(FACTS).where(late))
    newer = (SNAPSHOTS.c.epoch == end.epoch) & (SNAPSHOTS.c.seq > end.seq)
    connection.execute(delete(SNAPSHOTS).where(newer & (SNAPSHOTS.c.station == station)))
    pictures.rebuild(connection, station, end, now_ms)
