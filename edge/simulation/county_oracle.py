"""Judges the county from outside: its journal against what stations really committed."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from cloud_sync.county.database import Database
from cloud_sync.county.projections import Tables
from cloud_sync.county.reading import Link, fact_rows
from cloud_sync.county.tables import CELLS, FACTS, FORK_STORE, PARCELS, RESTARTS, SUPPLIES
from cloud_sync.wire.messages import Ack, Message, Position, Welcome
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import CountyId, StationId
from edge.simulation.recorder import Recorder

_FOLDED: Final = (CELLS, PARCELS, SUPPLIES, RESTARTS)


class CountyOracle:
    """Looks at committed rows, and hears whatever the county says."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._read_to = 0
        self._heads: dict[StationId, tuple[int, int, bytes]] = {}
        self._told: dict[tuple[StationId, str], tuple[int, int]] = {}
        self.forks_told: set[StationId] = set()
        self.held: set[bytes] = set()
        """Chain hashes of every fact that the county has, in its journal or kept apart."""

    # -- what it says (S7)

    def heard(self, station: StationId, generation: str, message: Message) -> None:
        """The county says something to a station."""
        self._recorder.trace.note("county", f"says {type(message).__name__} to {station}")
        if isinstance(message, Welcome) and message.verdict != "unknown_station":
            self._place(station, generation, message.applied)
        if isinstance(message, Ack) and message.note != "unknown_station":
            self._place(station, generation, message.applied)

    def _place(self, station: StationId, generation: str, applied: Position) -> None:
        now = (applied.epoch, applied.seq)
        before = self._told.get((station, generation), (0, 0))
        if now < before:
            self._recorder.trouble(f"S7: acknowledged {before}, then {now}, to {station}")
        self._told[station, generation] = max(before, now)

    # -- what it holds (S1)

    def look(self, database: Database, *, anew: bool) -> None:
        """Read what was committed since the last look, or everything `anew` after a restore."""
        with database.read() as connection:
            there = connection.execute(select(func.count()).select_from(FACTS)).scalar_one()
        if anew or there < len(self.held):  # put back, or cut short where a GRANT says so
            self._read_to = 0
            self._heads.clear()
            self.held.clear()
        columns = FACTS.c
        wanted = (
            select(columns.number, columns.station, columns.epoch, columns.seq, columns.hash)
            .where(columns.number > self._read_to)
            .order_by(columns.number)
        )
        with database.read() as connection:
            rows = connection.execute(wanted).all()
        for row in rows:
            self._read_to = row.number
            self._judge(StationId(row.station), row.epoch, row.seq, bytes(row.hash))

    def _judge(self, station: StationId, epoch: int, seq: int, digest: bytes) -> None:
        recorder = self._recorder
        known = recorder.facts.get(digest)
        if known is None or (known.station, known.epoch, known.seq) != (station, epoch, seq):
            recorder.trouble(f"S1: the county has {epoch}/{seq} of {station}, which nobody made")
            return
        before = self._heads.get(station, (epoch, 0, GENESIS))
        if known.before != before[2]:
            recorder.trouble(f"S1: {epoch}/{seq} of {station} does not follow {before[:2]}")
        self._heads[station] = (epoch, seq, digest)
        self.held.add(digest)

    def head(self, station: StationId) -> tuple[int, int, bytes]:
        """The newest fact of a station at the county."""
        return self._heads.get(station, (1, 0, GENESIS))

    def kept_apart(self, database: Database) -> set[bytes]:
        """Facts of second histories."""
        with database.read() as connection:
            return {bytes(row.hash) for row in connection.execute(select(FORK_STORE.c.hash))}

    # -- what it makes of it (S2)

    def refold(self, database: Database, county: CountyId, folder: Path) -> None:
        """Fold every committed fact once into fresh tables, and compare."""
        Database.create(folder, county)
        fresh = Database.open(folder)
        try:
            with database.read() as connection:
                columns = FACTS.c
                order = select(FACTS).order_by(columns.station, columns.number)
                facts = connection.execute(order).all()
            with fresh.write() as connection:
                for station in sorted({row.station for row in facts}):
                    tables = Tables(station, connection)
                    links = [
                        Link(epoch=row.epoch, seq=row.seq, hash=row.hash, fact=bytes(row.fact))
                        for row in facts
                        if row.station == station
                    ]
                    fact_rows(StationId(station), links, tables, 0)
                    tables.save()
            for table in _FOLDED:
                if _rows(database, table) != _rows(fresh, table):
                    self._recorder.trouble(f"S2: table {table.name} is not the fold of its facts")
        finally:
            fresh.close()


def _rows(database: Database, table: Any) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
