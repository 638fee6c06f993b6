"""Judges the county from outside: its journal against what stations really committed."""

from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select

from cloud_sync.county.compiled import Asked
from cloud_sync.county.database import Database
from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.ingest.reading import Link, fact_rows
from cloud_sync.county.tables import (
    ALARMS,
    CELLS,
    EPOCHS,
    FACTS,
    FORK_STORE,
    GAPS,
    PARCELS,
    RESTARTS,
    SUPPLIES,
)
from cloud_sync.wire.messages import Ack, Message, Position, Welcome
from edge.kernel.hashing import GENESIS
from edge.kernel.ids import CountyId, StationId
from edge.simulation.oracles.book import Book
from edge.simulation.oracles.county_pages import cells_unlike, parcels_unlike
from edge.simulation.oracles.recorder import Recorder

_FOLDED: Final = (CELLS, PARCELS, SUPPLIES, RESTARTS)
_FALSE: Final = frozenset({"fork", "ingest_error", "parked"})
"""Alarms that no card which is in order may leave behind. Old HELLOs may look like a clone."""


# Built once: they are asked after every mishap.
_GAPS: Final = Asked(
    select(*(GAPS.c[name] for name in ("station", "epoch", "first", "last", "hash", "settled_ms")))
)
_TURNS: Final = tuple(Asked(select(func.count()).select_from(table)) for table in (EPOCHS, GAPS))
_HAS: Final = tuple(
    Asked(
        select(table.c.station).where(
            table.c.station == bindparam("station"), table.c.hash == bindparam("hash")
        )
    )
    for table in (FACTS, GAPS)
)
_NEW_FACTS: Final = Asked(
    select(FACTS.c.number, FACTS.c.station, FACTS.c.epoch, FACTS.c.seq, FACTS.c.hash)
    .where(FACTS.c.number > bindparam("read_to"))
    .order_by(FACTS.c.number)
)


class Gap(NamedTuple):
    """Facts of which the county has told that they exist nowhere."""

    station: str
    epoch: int
    first: int
    last: int
    hash: bytes
    settled: bool


class CountyOracle:
    """Looks at committed rows, and hears whatever the county says."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._read_to = 0
        self._heads: dict[StationId, tuple[int, int, bytes]] = {}
        self._told: dict[tuple[StationId, str], tuple[int, int]] = {}
        self.forks_told: set[StationId] = set()
        self.held: set[bytes] = set()
        """Chain hashes of every fact that the county has in its journal."""
        self.gaps: list[Gap] = []
        self._turns: tuple[int, ...] = ()

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
            self.gaps = [_gap(row) for row in _GAPS.rows(connection)]
            turns = tuple(count.rows(connection)[0][0] for count in _TURNS)
        if anew or turns != self._turns:  # put back, or cut short where a GRANT says so
            self._turns = turns
            self._read_to = 0
            self._heads.clear()
            self.held.clear()
        with database.read() as connection:
            rows = _NEW_FACTS.rows(connection, read_to=self._read_to)
        for number, station, epoch, seq, digest in rows:
            self._read_to = number
            self._judge(StationId(station), epoch, seq, digest)

    def _judge(self, station: StationId, epoch: int, seq: int, digest: bytes) -> None:
        recorder = self._recorder
        known = recorder.facts.get(digest)
        if known is None or (known.station, known.epoch, known.seq) != (station, epoch, seq):
            recorder.trouble(f"S1: the county has {epoch}/{seq} of {station}, which nobody made")
            return
        before = self._heads.get(station, (epoch, 0, GENESIS))
        if known.before != before[2] and not self._told_gap(station, known.before, before):
            recorder.trouble(f"S1: {epoch}/{seq} of {station} does not follow {before[:2]}")
        self._heads[station] = (epoch, seq, digest)
        self.held.add(digest)

    def _told_gap(self, station: StationId, to: bytes, head: tuple[int, int, bytes]) -> bool:
        """Whether gaps are noted that lead from the head to here, one or some in a row.

        A county that is put back twice notes two: the second begins where the first has ended.
        """
        epoch, seq, _hash = head
        return any(
            gap.hash == to or self._told_gap(station, to, (gap.epoch, gap.last, gap.hash))
            for gap in self.gaps
            if gap.station == station
            if (gap.epoch, gap.first) == (epoch, seq + 1) or (gap.epoch > epoch and gap.first == 1)
        )

    def head(self, station: StationId) -> tuple[int, int, bytes]:
        """The newest fact of a station at the county."""
        ends = [gap for gap in self.gaps if gap.station == station]
        at = self._heads.get(station, (1, 0, GENESIS))
        return max([at, *((gap.epoch, gap.last, gap.hash) for gap in ends)], key=itemgetter(0, 1))

    def has(self, database: Database, station: StationId, digest: bytes) -> bool:
        """Whether this fact, or a gap that ends with it, is in the county's tables now."""
        with database.read() as connection:
            return any(has.first(connection, station=station, hash=digest) for has in _HAS)

    def kept_apart(self, database: Database) -> set[bytes]:
        """Facts of second histories."""
        columns = FORK_STORE.c
        with database.read() as connection:
            rows = connection.execute(select(columns.station, columns.hash)).all()
        for row in rows:
            known = self._recorder.facts.get(bytes(row.hash))
            if known is None or known.station != row.station:
                self._recorder.trouble(f"S6: kept apart for {row.station}, and it never made it")
        return {bytes(row.hash) for row in rows}

    def judge_peace(self, database: Database, station: StationId) -> None:
        """S6: of a card that was never copied nor put back no second history is told."""
        alarms = ALARMS.c
        with database.read() as connection:
            open_now = select(alarms.kind, alarms.detail).where(
                alarms.station == station, alarms.cleared_ms.is_(None)
            )
            told = [row for row in connection.execute(open_now) if row.kind in _FALSE]
        for row in told:
            self._recorder.trouble(
                f"S6: {station} is in order and told as {row.kind}: {row.detail}"
            )

    # -- what it makes of it (S2)

    def refold(self, database: Database, county: CountyId, folder: Path) -> None:
        """Compare with a judge's own book of every fact that leads to each head.

        And with fresh tables into which the county's own rules fold each of them once: those tell
        of what came twice, or not at all, in columns that no book has.
        """
        Database.create(folder, county)
        fresh = Database.open(folder)
        try:
            with fresh.write() as connection:
                for station in sorted(self._heads):
                    tables = Tables(station, connection)
                    fact_rows(station, self._links(station), tables, 0)
                    tables.save()
            for station in sorted(self._heads):
                self._compare(database, fresh, station)
        finally:
            fresh.close()

    def _links(self, station: StationId) -> list[Link]:
        return [
            Link(epoch=known.epoch, seq=known.seq, hash=digest, fact=known.fact)
            for digest, known in self._recorder.way_to(self.head(station)[2])
        ]

    def _compare(self, database: Database, fresh: Database, station: StationId) -> None:
        gaps = [gap for gap in self.gaps if gap.station == station]
        if any(not gap.settled for gap in gaps):
            return  # told as a case for a person: what is behind the doors is not known
        pictured = bool(gaps) or self._heads[station][0] > 1
        book = Book.of(self._recorder.way_to(self.head(station)[2]))
        cells, parcels = (_rows(database, table, station) for table in (CELLS, PARCELS))
        for what in (
            *cells_unlike(book, cells),
            *parcels_unlike(book, parcels, whole=not pictured),
        ):
            self._recorder.trouble(f"S2: {what}, to the county of {station}")
        for table in (CELLS, PARCELS) if pictured else _FOLDED:
            there, folded = (_rows(one, table, station) for one in (database, fresh))
            if pictured:  # put up from a snapshot, which tells what holds but not by which fact
                there, folded = (_gist(there), _gist(folded))
            if there != folded:
                self._recorder.trouble(
                    f"S2: table {table.name} of {station} is not the fold of its facts"
                )


def _gap(row: tuple[Any, ...]) -> Gap:
    station, epoch, first, last, digest, settled_ms = row
    return Gap(station, epoch, first, last, digest, settled=settled_ms is not None)


def _rows(database: Database, table: Any, station: StationId) -> list[dict[str, Any]]:
    with database.read() as connection:
        wanted = select(table).where(table.c.station == station)
        rows = [dict(row) for row in connection.execute(wanted).mappings()]
    return sorted(rows, key=repr)


def _gist(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What rows say of the present: of cells, and of parcels that are here."""
    names = ("cell", "occupancy", "waybill_no", "door", "stage")
    here = [row for row in rows if row.get("ended_ms") is None]
    return sorted(({name: row[name] for name in names if name in row} for row in here), key=repr)
