"""Which stations belong here and up to where each one's journal is committed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from cloud_sync.county.tables import FACTS, STATIONS
from cloud_sync.wire.messages import Position
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import StationId

FIRST_EPOCH: Final = 1
MAX_STATIONS: Final = 10_000
"""How many stations `accept_new` lets in before it must be somebody playing with names."""


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
    columns = STATIONS.c
    wanted = select(columns.epoch, columns.seq, columns.hash).where(columns.station == station)
    row = connection.execute(wanted).first()
    return None if row is None else Place(epoch=row.epoch, seq=row.seq, hash=bytes(row.hash))


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
    connection.execute(update(STATIONS).where(STATIONS.c.station == station).values(**columns))


def hashes_between(
    connection: Connection, station: StationId, epoch: int, first: int, last: int
) -> dict[int, bytes]:
    """Committed hashes by sequence, both ends included; 0 is GENESIS."""
    columns = FACTS.c
    wanted = select(columns.seq, columns.hash).where(
        columns.station == station, columns.epoch == epoch, columns.seq.between(first, last)
    )
    found = {row.seq: bytes(row.hash) for row in connection.execute(wanted)}
    return found | ({0: GENESIS} if first == 0 else {})
