"""From a station's message to committed rows and an answer; nothing is answered before the commit.

Every message may be lost, repeated, late or forged. A place in a station's journal is known by
its hash, never by its number alone: the same number with another hash is a second history,
which is kept apart and told, never merged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection, insert, select

from cloud_sync.county import alarms, ledger
from cloud_sync.county.database import Database
from cloud_sync.county.ledger import Place
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.projections import Tables
from cloud_sync.county.reading import Link, chain, fact_rows, sane_hello
from cloud_sync.county.rows import add
from cloud_sync.county.tables import FACTS, FORK_STORE
from cloud_sync.wire.messages import Ack, Batch, Hello, Position, Welcome
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

MAX_FORKED: Final = 10_000
"""Rows kept of all second histories of one station; more are counted only."""
_NONCES: Final = 64


@dataclass(slots=True)
class _Session:
    """What a HELLO opened: batches must name it, so that one of an older talk changes nothing."""

    session: str
    nonces: list[str]
    agreed: bool = False
    """Whether its HELLO was judged ok: in a late copy an old head is no loss."""


class Ingest:
    """See the module's docstring. Used from one thread at a time; StoreError ends it for good."""

    def __init__(
        self,
        database: Database,
        *,
        accept_new: bool,
        clock_ms: Callable[[], int],
        draw: Callable[[int], bytes],
        metrics: CountyMetrics,
    ) -> None:
        self._database = database
        self._accept_new = accept_new
        self._clock_ms, self._draw = clock_ms, draw
        self._metrics = metrics
        self._sessions: dict[StationId, _Session] = {}
        self._garbled: set[StationId] = set()

    def handle(self, station: StationId, message: Hello | Batch) -> Welcome | Ack | None:
        """Commit what is new and return the answer; None where silence is the answer."""
        if isinstance(message, Hello):
            return self._hello(station, message)
        return self._batch(station, message)

    def alarm(self, station: StationId, kind: str, detail: str) -> None:
        """Note a trouble that somebody else saw."""
        with self._database.write() as connection:
            alarms.raise_alarm(connection, station, kind, detail, self._clock_ms())

    # -- hello

    def _hello(self, station: StationId, hello: Hello) -> Welcome | None:
        if not sane_hello(hello):
            self._metrics.dropped.labels("bad_hello").inc()
            return None
        if not self._fresh(station, hello.nonce):
            self._metrics.dropped.labels("old_hello").inc()
            return None
        now_ms = self._clock_ms()
        with self._database.write() as connection:
            place = self._admit(connection, station, now_ms)
            verdict = "unknown_station"
            if place is not None:
                verdict = self._verdict(connection, station, place, hello.head)
                self._introduce(connection, station, hello, verdict, now_ms)
        if place is None:
            self._sessions.pop(station, None)
        log.info("station_hello", station=station, verdict=verdict, head=hello.head.seq)
        return Welcome(
            nonce=hello.nonce,
            session=self._sessions[station].session if place is not None else "",
            county_gen=self._database.generation,
            verdict=verdict,
            applied=(place or ledger.START).position(),
            durable_seq=0,
            county_time_ms=now_ms,
        )

    def _fresh(self, station: StationId, nonce: str) -> bool:
        """Whether this HELLO opens or repeats the present talk; one of an earlier talk does not."""
        present = self._sessions.get(station)
        if present is None:
            present = self._sessions[station] = _Session("", [])
        if nonce in present.nonces:
            return nonce == present.nonces[-1]
        present.nonces = [*present.nonces[1 - _NONCES :], nonce]
        present.session, present.agreed = self._draw(16).hex(), False
        return True

    def _admit(self, connection: Connection, station: StationId, now_ms: int) -> Place | None:
        place = ledger.place_of(connection, station)
        if place is not None:
            return place
        if self._accept_new and ledger.has_room(connection):
            ledger.register(connection, station, station)
            alarms.clear_alarm(connection, station, alarms.UNKNOWN_STATION, now_ms)
            return ledger.START
        detail = "it said hello, but it is not on this county's list"
        alarms.raise_alarm(connection, station, alarms.UNKNOWN_STATION, detail, now_ms)
        return None

    def _verdict(
        self, connection: Connection, station: StationId, place: Place, head: Position
    ) -> str:
        session = self._sessions[station]
        verdict = self._judge(connection, station, place, head)
        if session.agreed and verdict == "rollback":
            return "ok"
        session.agreed = verdict == "ok"
        return verdict

    def _judge(
        self, connection: Connection, station: StationId, place: Place, head: Position
    ) -> str:
        if head.epoch != place.epoch:
            return "fork"
        if head.seq > place.seq:
            return "ok"  # the station compares our hash with its own before it sends
        known = ledger.hashes_between(connection, station, place.epoch, head.seq, head.seq)
        if known.get(head.seq, b"").hex() != head.hash:
            return "fork"
        return "ok" if head.seq == place.seq else "rollback"

    def _introduce(
        self, connection: Connection, station: StationId, hello: Hello, verdict: str, now_ms: int
    ) -> None:
        ledger.note(
            connection,
            station,
            software=hello.software,
            cells=hello.cells,
            boot=hello.boot,
            verdict=verdict,
            seen_ms=now_ms,
            parted=False,
        )
        if verdict == "ok":
            for kind in (alarms.ROLLBACK, alarms.UNKNOWN_STATION, alarms.CORRUPT):
                alarms.clear_alarm(connection, station, kind, now_ms)
        else:
            detail = f"its head is fact {hello.head.seq} of epoch {hello.head.epoch}"
            alarms.raise_alarm(connection, station, verdict, detail, now_ms)
            self._metrics.forks.inc(verdict == "fork")

    # -- batch

    def _batch(self, station: StationId, batch: Batch) -> Ack | None:
        links = chain(station, batch)
        if links is None:
            self._metrics.dropped.labels("bad_batch").inc()
            return None
        session = self._sessions.get(station)
        with self._database.write() as connection:
            place = ledger.place_of(connection, station)
            if place is None:
                place, note = ledger.START, "unknown_station"
            elif session is None or batch.session != session.session:
                note = "stale_session"
            else:
                place, note = self._take(connection, station, place, batch, links)
        return Ack(
            session=batch.session,
            county_gen=self._database.generation,
            applied=place.position(),
            durable_seq=0,
            note=note,
        )

    def _take(
        self,
        connection: Connection,
        station: StationId,
        place: Place,
        batch: Batch,
        links: list[Link],
    ) -> tuple[Place, str]:
        """The station's place after this batch and a word for the station, empty if all is well."""
        now_ms = self._clock_ms()
        if links and batch.last and links[-1].hash.hex() != batch.last:
            self._metrics.dropped.labels("corrupt").inc()
            detail = "a batch was changed on its way; the station sends it again"
            alarms.raise_alarm(connection, station, alarms.CORRUPT, detail, now_ms)
            self._garbled.add(station)
            return place, "corrupt"
        if batch.previous.epoch == place.epoch and batch.previous.seq > place.seq:
            return place, "gap"
        second = self._second_history(connection, station, place, batch, links)
        if second is not None:
            self._keep_apart(connection, station, second, now_ms)
            first = second[0].seq if second else batch.previous.seq
            detail = f"a second history from fact {first} on; kept apart, not merged"
            alarms.raise_alarm(connection, station, alarms.FORK, detail, now_ms)
            return place, "fork"
        fresh = [link for link in links if link.seq > place.seq]
        if not fresh:
            return place, ""
        self._store(connection, station, fresh, now_ms)
        if station in self._garbled:
            self._garbled.discard(station)
            alarms.clear_alarm(connection, station, alarms.CORRUPT, now_ms)
        newest = fresh[-1]
        place = Place(epoch=newest.epoch, seq=newest.seq, hash=newest.hash)
        ledger.note(
            connection, station, seq=place.seq, hash=place.hash, seen_ms=now_ms, parted=False
        )
        return place, ""

    def _second_history(
        self,
        connection: Connection,
        station: StationId,
        place: Place,
        batch: Batch,
        links: list[Link],
    ) -> list[Link] | None:
        """Where a batch leaves the history that is committed here; None where it does not."""
        first = batch.previous.seq
        if batch.previous.epoch != place.epoch:
            return links
        last = min(first + len(links), place.seq)
        known = ledger.hashes_between(connection, station, place.epoch, first, last)
        if known.get(first, b"").hex() != batch.previous.hash:
            return links
        for index, link in enumerate(links):
            if link.seq <= place.seq and known.get(link.seq) != link.hash:
                return links[index:]
        return None

    def _store(
        self, connection: Connection, station: StationId, links: list[Link], now_ms: int
    ) -> None:
        tables = Tables(station, connection)
        rows = fact_rows(station, links, tables, now_ms)
        add(connection, FACTS, rows)
        tables.save()
        parked = [row for row in rows if row["parked"]]
        if parked:
            newest = parked[-1]
            detail = f"fact {newest['seq']}: {newest['parked']}"
            alarms.raise_alarm(connection, station, alarms.PARKED, detail, now_ms)
            log.warning("facts_parked", station=station, count=len(parked), last=detail)
        self._metrics.facts.inc(len(rows))
        self._metrics.parked.inc(len(parked))

    def _keep_apart(
        self, connection: Connection, station: StationId, links: list[Link], now_ms: int
    ) -> None:
        columns = FORK_STORE.c
        kept = connection.execute(
            select(columns.epoch, columns.seq, columns.hash).where(columns.station == station)
        )
        known = {(row.epoch, row.seq, bytes(row.hash)) for row in kept}
        fresh = [link for link in links if (link.epoch, link.seq, link.hash) not in known]
        rows = [
            {
                "station": station,
                "epoch": link.epoch,
                "seq": link.seq,
                "hash": link.hash,
                "received_ms": now_ms,
                "fact": link.fact,
            }
            for link in fresh[: MAX_FORKED - len(known)]
        ]
        if rows:
            connection.execute(insert(FORK_STORE), rows)
        self._metrics.forks.inc()
        log.error("fork", station=station, facts=len(links), newly_kept=len(rows))
