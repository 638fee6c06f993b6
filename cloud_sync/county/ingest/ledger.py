"""Which stations belong here and up to where each one's journal is committed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from cloud_sync.county.compiled import Asked, Changed
from cloud_sync.county.statements import changing
from cloud_sync.county.tables import EPOCHS, FACTS, GAPS, STATIONS
from cloud_sync.wire.messages import Position
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import StationId

FIRST_EPOCH: Final = 1
MAX_STATIONS: Final = 10_000
"""How many stations come in by themselves before it must be somebody playing with names."""

_PLACE: Final = Asked(
    select(STATIONS.c.epoch, STATIONS.c.seq, STATIONS.c.hash).where(
        STATIONS.c.station == bindparam("station")
    )
)
_HASHES: Final = Asked(
    select(FACTS.c.seq, FACTS.c.hash).where(
        FACTS.c.station == bindparam("station"),
        FACTS.c.epoch == bindparam("epoch"),
        FACTS.c.seq.between(bindparam("first"), bindparam("last")),
    )
)
_GAP_ENDS: Final = Asked(
    select(GAPS.c.last, GAPS.c.hash).where(
        GAPS.c.station == bindparam("station"),
        GAPS.c.epoch == bindparam("epoch"),
        GAPS.c.last.between(bindparam("first"), bindparam("last")),
    )
)

_SEEN: Final = Changed(
    update(STATIONS)
    .where(STATIONS.c.station == bindparam("of"))
    .values({name: bindparam(name) for name in ("seen_ms", "parted", "simulated")})
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Everything up to here is committed."""

    epoch: int
    seq: int
    hash: bytes

    def position(self) -> Position:
        """The same in the words of the wire."""
        return Position(epoch=self.epoch, seq=self.seq, hash=self.hash.hex())


START: Final = Place(epoch=FIRST_EPOCH, seq=0, hash=GENESIS)


def place_of(connection: Connection, station: StationId) -> Place | None:
    """A station's committed place, None for a stranger."""
    row = _PLACE.first(connection, station=station)
    return None if row is None else Place(epoch=row[0], seq=row[1], hash=row[2])


def register(connection: Connection, station: str, name: str) -> None:
    """Take a station in; its journal begins at the beginning."""
    connection.execute(
        insert(STATIONS),
        {
            "station": station,
            "name": name,
            "epoch": START.epoch,
            "seq": START.seq,
            "hash": START.hash,
            "software": "",
            "cells": 0,
            "boot": 0,
            "verdict": "",
            "simulated": False,
            "seen_ms": None,
            "parted": False,
        },
    )


def register_listed(connection: Connection, listed: Iterable[tuple[str, str]]) -> None:
    """Take in the stations that the settings name, and keep their names up to date."""
    for station, name in listed:
        mine = STATIONS.c.station == station
        changed = connection.execute(update(STATIONS).where(mine).values(name=name))
        if changed.rowcount == 0:
            register(connection, station, name)


def has_room(connection: Connection) -> bool:
    """Whether one more station may register itself."""
    known = connection.execute(select(func.count()).select_from(STATIONS)).scalar_one()
    return int(known) < MAX_STATIONS


def note(connection: Connection, station: StationId, **columns: Any) -> None:
    """Change columns of a station's row."""
    changing(STATIONS, ("station",), tuple(columns)).by(connection, its_station=station, **columns)


def note_seen(connection: Connection, sights: Sequence[Mapping[str, Any]]) -> None:
    """When each of these stations was last heard; `of` says which, the rest are columns."""
    _SEEN.by_each(connection, sights)


def move(connection: Connection, station: StationId, place: Place) -> None:
    """Everything up to here is committed."""
    note(connection, station, epoch=place.epoch, seq=place.seq, hash=place.hash)


def begin_epoch(  # noqa: PLR0913, PLR0917 - a row's columns
    connection: Connection, station: StationId, epoch: int, parent: Place, grant: str, now_ms: int
) -> Place:
    """Go on in a new epoch after its parent, and return the place before its first fact."""
    connection.execute(
        insert(EPOCHS),
        {
            "station": station,
            "epoch": epoch,
            "parent_epoch": parent.epoch,
            "parent_seq": parent.seq,
            "parent_hash": parent.hash,
            "grant_id": grant,
            "begun_ms": now_ms,
        },
    )
    begun = Place(epoch=epoch, seq=0, hash=parent.hash)
    move(connection, station, begun)
    return begun


def hashes_between(
    connection: Connection, station: StationId, place: Place, first: int, last: int
) -> dict[int, bytes]:
    """Hashes of the place's epoch that are known here, by sequence, both ends included.

    Beside those of facts: that before the epoch's first, those after each gap, and the place's.
    """
    if first == last == place.seq:
        return {place.seq: place.hash}  # what a station that has told all asks about
    asked = {"station": station, "epoch": place.epoch, "first": first, "last": last}
    found = dict(_HASHES.rows(connection, **asked))
    if first <= 0 <= last:
        found[0] = _start_of(connection, station, place.epoch)
    if first <= place.seq <= last:
        found[place.seq] = place.hash
    if len(found) < last - first + 1:
        found |= dict(_GAP_ENDS.rows(connection, **asked))
    return found


def hash_at(connection: Connection, station: StationId, place: Place, seq: int) -> bytes | None:
    """The hash at one sequence of the place's epoch, None where it is not known here."""
    return hashes_between(connection, station, place, seq, seq).get(seq)


def _start_of(connection: Connection, station: StationId, epoch: int) -> bytes:
    wanted = select(EPOCHS.c.parent_hash).where(
        EPOCHS.c.station == station, EPOCHS.c.epoch == epoch
    )
    parent = connection.execute(wanted).scalar()
    return GENESIS if parent is None else bytes(parent)
