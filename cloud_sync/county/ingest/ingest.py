"""From a station's message to committed rows and an answer; nothing is answered before the commit.

Every message may be lost, repeated, late or forged. A place in a station's journal is known by
its hash, never by its number alone: the same number with another hash is a second history,
which is kept apart and told, never merged. All that is remembered of a talk lies in the database,
written with what it is about.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy import Connection, bindparam, select

from cloud_sync.county import alarms
from cloud_sync.county.database import Database, put_meta, read_meta
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.folder import counter_of
from cloud_sync.county.histories.forks import keep_apart
from cloud_sync.county.histories.grants import Granting
from cloud_sync.county.ingest import conversation, ledger
from cloud_sync.county.ingest.conversation import Conversation, conversation_with
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.ingest.pacing import Load
from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.ingest.reading import Link, chain, fact_rows, sane_hello
from cloud_sync.county.ingest.reception import Admits, Greeting, Reception
from cloud_sync.county.ingest.rows import add
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.tables import FACTS, SNAPSHOTS
from cloud_sync.wire.messages import Ack, Batch, Hello, Welcome
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

HEARD_GENERATION: Final = "heard_generation"
"""Under which name the newest generation is kept that another county told a station."""
_THE_COUNTY: Final = ""
_SNAPSHOT: Final = select(SNAPSHOTS.c.seq).where(
    SNAPSHOTS.c.station == bindparam("station"), SNAPSHOTS.c.epoch == bindparam("epoch")
)


def nobody(_connection: Connection, _station: StationId) -> bool:
    """Only whoever is in the ledger is one of ours."""
    return False


class Ingest:
    """See the module's docstring. Used from one thread at a time; StoreError ends it for good."""

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        database: Database,
        *,
        granting: Granting,
        durable: Durable,
        clock_ms: Callable[[], int],
        draw: Callable[[int], bytes],
        metrics: CountyMetrics,
        admits: Admits = nobody,
        load: Load | None = None,
    ) -> None:
        self._database, self._durable = database, durable
        self._clock_ms = clock_ms
        self._metrics = metrics
        self.load = load or Load()
        self._reception = Reception(
            granting, admits=admits, clock_ms=clock_ms, draw=draw, metrics=metrics
        )

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
        now_ms = self._clock_ms()
        with self._database.write() as connection:
            if self._is_older(connection, hello.county_gen, now_ms):
                self._metrics.dropped.labels("older_generation").inc()
                return None
            greeting = self._reception.greet(connection, station, hello)
            if greeting is None:
                self._metrics.dropped.labels("old_hello").inc()
                return None
            welcome = self._welcome(connection, station, hello, greeting, now_ms)
        log.info("station_hello", station=station, verdict=greeting.verdict, head=hello.head.seq)
        return welcome

    def _is_older(self, connection: Connection, told: str, now_ms: int) -> bool:
        """Whether a county with a newer generation has spoken to a station: then it leads."""
        if counter_of(told) <= counter_of(self._database.generation):
            return False
        if counter_of(read_meta(connection, HEARD_GENERATION)) < counter_of(told):
            put_meta(connection, HEARD_GENERATION, told)
        detail = f"a station heard generation {told[:40]}; ours is {self._database.generation}"
        kind = alarms.OLDER_GENERATION
        alarms.raise_alarm(connection, _THE_COUNTY, kind, detail, now_ms)
        log.error("older_generation", told=told[:64], ours=self._database.generation)
        return True

    def _welcome(
        self,
        connection: Connection,
        station: StationId,
        hello: Hello,
        greeting: Greeting,
        now_ms: int,
    ) -> Welcome:
        place = greeting.place
        more = greeting.verdict == "ok" and hello.head.seq > place.seq
        here = {"station": station, "epoch": place.epoch}
        known = greeting.verdict != "unknown_station"
        return Welcome(
            nonce=hello.nonce,
            session=greeting.session,
            county_gen=self._database.generation,
            verdict=greeting.verdict,
            applied=place.position(),
            durable_seq=self._durable.seq(connection, station, place) if known else 0,
            county_time_ms=now_ms,
            grant=greeting.grant,
            pace_ms=self.load.rest_ms(now_ms, more=more),
            max_facts=self.load.most_facts(now_ms),
            snapshot_seq=connection.execute(_SNAPSHOT, here).scalar() or 0 if known else 0,
        )

    # -- batch

    def _batch(self, station: StationId, batch: Batch) -> Ack | None:
        links = chain(station, batch)
        if links is None:
            self._metrics.dropped.labels("bad_batch").inc()
            return None
        began = time.perf_counter()
        more = False
        with self._database.write() as connection:
            place, note = ledger.place_of(connection, station), ""
            if place is None:
                place, note, durable = ledger.START, "unknown_station", 0
            else:
                talk = conversation_with(connection, station)
                if batch.previous.epoch < place.epoch:
                    note = self._sealed(connection, station, place, links)
                elif not talk.session or batch.session != talk.session:
                    note = "stale_session"
                else:
                    place, note = self._take(connection, station, place, batch, links, talk)
                more = not note and place.seq < talk.head_seq
                durable = self._durable.seq(connection, station, place)
        self.load.took(len(links), (time.perf_counter() - began) * 1_000)
        return Ack(
            session=batch.session,
            county_gen=self._database.generation,
            applied=place.position(),
            durable_seq=durable,
            note=note,
            pace_ms=self.load.rest_ms(self._clock_ms(), more=more),
        )

    def _sealed(
        self, connection: Connection, station: StationId, place: Place, links: list[Link]
    ) -> str:
        """Facts of an epoch that is over: what is not here already is kept apart."""
        if not links:
            return "stale_session"
        over = replace(place, epoch=links[0].epoch, seq=-1)
        known = ledger.hashes_between(connection, station, over, links[0].seq, links[-1].seq)
        late = [link for link in links if known.get(link.seq) != link.hash]
        if not late:
            return "stale_session"
        detail = f"facts from {late[0].seq} on of epoch {late[0].epoch}, which is over"
        return self._keep_apart(connection, station, late, detail)

    def _take(  # noqa: PLR0913, PLR0917 - a batch, and all that it is judged by
        self,
        connection: Connection,
        station: StationId,
        place: Place,
        batch: Batch,
        links: list[Link],
        talk: Conversation,
    ) -> tuple[Place, str]:
        """The station's place after this batch and a word for the station, empty if all is well."""
        now_ms = self._clock_ms()
        if links and batch.last and links[-1].hash.hex() != batch.last:
            return place, self._corrupt(connection, station, talk, now_ms)
        if batch.previous.epoch == place.epoch and batch.previous.seq > place.seq:
            return place, "gap"
        second = self._second_history(connection, station, place, batch, links)
        if second is not None:
            first = second[0].seq if second else batch.previous.seq
            detail = f"a second history from fact {first} on"
            return place, self._keep_apart(connection, station, second, detail)
        fresh = [link for link in links if link.seq > place.seq]
        if not fresh:
            return place, ""
        self._store(connection, station, fresh, now_ms)
        if talk.garbled:
            conversation.keep(connection, station, replace(talk, garbled=False))
            alarms.clear_alarm(connection, station, alarms.CORRUPT, now_ms)
        newest = fresh[-1]
        place = Place(epoch=newest.epoch, seq=newest.seq, hash=newest.hash)
        ledger.note(
            connection, station, seq=place.seq, hash=place.hash, seen_ms=now_ms, parted=False
        )
        return place, ""

    def _corrupt(
        self, connection: Connection, station: StationId, talk: Conversation, now_ms: int
    ) -> str:
        self._metrics.dropped.labels("corrupt").inc()
        detail = "a batch was changed on its way; the station sends it again"
        alarms.raise_alarm(connection, station, alarms.CORRUPT, detail, now_ms)
        conversation.keep(connection, station, replace(talk, garbled=True))
        return "corrupt"

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
        known = ledger.hashes_between(connection, station, place, first, last)
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
        self, connection: Connection, station: StationId, links: list[Link], detail: str
    ) -> str:
        keep_apart(
            connection, station, links, f"{detail}; kept apart, not merged", self._clock_ms()
        )
        self._metrics.forks.inc()
        return "fork"
