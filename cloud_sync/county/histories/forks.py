"""Facts of a second history: kept apart for a person to judge, never merged."""

from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy import Connection, insert, select

from cloud_sync.county import alarms
from cloud_sync.county.ingest.reading import Link
from cloud_sync.county.tables import FORK_STORE
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

MAX_FORKED: Final = 10_000
"""Rows kept of all second histories of one station that come from outside; more are only told."""


def keep_apart(  # noqa: PLR0913 - what is kept, why and how much of it
    connection: Connection,
    station: StationId,
    links: Sequence[Link],
    detail: str,
    now_ms: int,
    *,
    most: int | None = MAX_FORKED,
) -> None:
    """Keep what is not kept yet, and raise the alarm."""
    columns = FORK_STORE.c
    kept = connection.execute(
        select(columns.epoch, columns.seq, columns.hash).where(columns.station == station)
    )
    known = {(row.epoch, row.seq, bytes(row.hash)) for row in kept}
    fresh = [link for link in links if (link.epoch, link.seq, link.hash) not in known]
    if most is not None:
        fresh = fresh[: max(0, most - len(known))]
    rows = [
        {
            "station": station,
            "epoch": link.epoch,
            "seq": link.seq,
            "hash": link.hash,
            "received_ms": now_ms,
            "fact": link.fact,
        }
        for link in fresh
    ]
    if rows:
        connection.execute(insert(FORK_STORE), rows)
    alarms.raise_alarm(connection, station, alarms.FORK, detail, now_ms)
    log.error("fork", station=station, facts=len(links), newly_kept=len(rows))
