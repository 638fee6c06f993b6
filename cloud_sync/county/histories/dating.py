"""Dates what a station wrote while it did not know the time; the facts themselves stay.

A `clock.synced` of the same boot tells when everything in that boot was: time since the start of
the boot is exact. A boot that never learnt the time is only known to lie between its own lower
bound and the next boot that did.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import Connection, Row, delete, select

from cloud_sync.county.ingest.rows import add
from cloud_sync.county.tables import CLOCK_SYNCS
from cloud_sync.wire.envelope import Envelope, decode

if TYPE_CHECKING:
    from cloud_sync.county.ingest.projections import Tables

_BIGGEST: Final = 2**63 - 1
_DRIFT: Final = 5_000
"""A quartz is wrong by less than one part of these: 200 ppm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When a fact was: `at_ms`, give or take `error_ms`.

    While `error_ms` is None it was at `at_ms` or later, and not after `by_ms`, if that is known.
    """

    at_ms: int
    error_ms: int | None
    by_ms: int | None = None

    @property
    def sure(self) -> bool:
        """Whether the moment is known to a minute."""
        return self.error_ms is not None and self.error_ms <= 60_000  # noqa: PLR2004 - a minute


Key = tuple[str, int, int]
"""Station, epoch and seq."""


@dataclass(frozen=True, slots=True)
class _Sync:
    epoch: int
    boot: int
    mono_ms: int
    county_ms: int
    error_ms: int


def note_sync(tables: "Tables", fact: Envelope) -> None:
    """A fold: keep what this fact says of its boot."""
    if not (0 <= fact.boot <= _BIGGEST and 0 <= fact.mono_ms <= _BIGGEST):
        return
    tables.note_sync(
        epoch=fact.epoch,
        seq=fact.seq,
        boot=fact.boot,
        mono_ms=fact.mono_ms,
        county_ms=fact.body["county_ms"],
        error_ms=fact.body["error_ms"],
    )


def save_syncs(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write what was noted, in the transaction of the facts, or once more as it was.

    After a gap and at a new epoch, facts that are long stored are folded anew.
    """
    columns = CLOCK_SYNCS.c
    for row in rows:
        same = (columns.epoch == row["epoch"]) & (columns.seq == row["seq"])
        connection.execute(delete(CLOCK_SYNCS).where(columns.station == row["station"], same))
    if rows:
        add(connection, CLOCK_SYNCS, rows)


def date(connection: Connection, rows: Iterable[Any]) -> Mapping[Key, Dated]:
    """When each of these rows of the facts table was, as well as anybody knows by now."""
    facts = [(row.station, row.epoch, row.seq, row.wall_ms, _envelope(row.fact)) for row in rows]
    syncs = _syncs(connection, {station for station, *_rest in facts})
    return {
        (station, epoch, seq): _date(wall_ms, envelope, syncs.get(station, []))
        for station, epoch, seq, wall_ms, envelope in facts
    }


def _date(wall_ms: int, fact: Envelope | None, syncs: list[_Sync]) -> Dated:
    if fact is None:
        return Dated(at_ms=wall_ms, error_ms=None)
    if fact.wall_hi is not None:
        return Dated(
            at_ms=(fact.wall_lo + fact.wall_hi) // 2, error_ms=(fact.wall_hi - fact.wall_lo) // 2
        )
    same_boot = [one for one in syncs if (one.epoch, one.boot) == (fact.epoch, fact.boot)]
    if same_boot:
        nearest = min(same_boot, key=lambda one: abs(one.mono_ms - fact.mono_ms))
        apart_ms = fact.mono_ms - nearest.mono_ms
        error_ms = nearest.error_ms + abs(apart_ms) // _DRIFT
        return Dated(at_ms=nearest.county_ms + apart_ms, error_ms=error_ms)
    return Dated(at_ms=fact.wall_lo, error_ms=None, by_ms=_next_known(fact, syncs))


def _next_known(fact: Envelope, syncs: list[_Sync]) -> int | None:
    """When the first later boot that learnt the time began: this fact was before it."""
    later = [one for one in syncs if (one.epoch, one.boot) > (fact.epoch, fact.boot)]
    if not later:
        return None
    first = min(later, key=lambda one: (one.epoch, one.boot, one.mono_ms))
    return first.county_ms - first.mono_ms + first.error_ms + first.mono_ms // _DRIFT


def _syncs(connection: Connection, stations: set[str]) -> dict[str, list[_Sync]]:
    found: dict[str, list[_Sync]] = {}
    wanted = select(CLOCK_SYNCS).where(CLOCK_SYNCS.c.station.in_(sorted(stations)))
    for row in connection.execute(wanted):
        sync = _Sync(row.epoch, row.boot, row.mono_ms, row.county_ms, row.error_ms)
        found.setdefault(row.station, []).append(sync)
    return found


def _envelope(fact: bytes) -> Envelope | None:
    try:
        return decode(bytes(fact))
    except (ValueError, msgspec.MsgspecError):
        return None


def in_order(rows: list[Row[Any]], dated: Mapping[Key, Dated]) -> list[Row[Any]]:
    """Each station's facts in its own order, which no clock changes; between stations by time."""
    lanes: dict[str, list[tuple[int, Row[Any]]]] = {}
    for row in sorted(rows, key=lambda row: (row.station, row.epoch, row.seq)):
        lane = lanes.setdefault(row.station, [])
        at_ms = dated[row.station, row.epoch, row.seq].at_ms
        lane.append((max(at_ms, lane[-1][0]) if lane else at_ms, row))
    return [row for _at_ms, row in heapq.merge(*lanes.values(), key=lambda one: one[0])]
