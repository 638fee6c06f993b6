"""Frames of keys that nobody knows: dropped, noted, and answered at most once a second."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.histories.grants import Granting
from cloud_sync.county.identity.opening import writer_of
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.presence import Presence
from cloud_sync.county.tables import ALARMS
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.messages import NotEnrolled, Welcome
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.errors import Refused
from edge.kernel.ids import StationId
from tests.county.village import Village
from tests.identity.places import COUNTY, STATION, Town, fresh, open_town
from tests.support.keys import NOW_MS, applicant, station_codec

PATIENCE_S = 10.0


class Room:
    """A worker that reads sealed frames, and what it sends."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.sent: queue.Queue[tuple[StationId, str, bytes]] = queue.Queue()
        self.metrics = CountyMetrics()
        database = town.office.database
        granting = Granting(
            Epochs(town.ring.own.folder), (b"s" * 32,), clock_ms=town.clock, draw=bytes
        )
        ingest = Ingest(
            database,
            granting=granting,
            durable=Durable(rule="commit", copies=1),
            clock_ms=town.clock,
            draw=lambda count: b"d" * count,
            metrics=self.metrics,
        )
        self.worker = IngestWorker(
            database=database,
            ingest=ingest,
            presence=Presence(lambda: 1_000, town.clock),
            metrics=self.metrics,
            codec=town.ring.codec,
            send=lambda *sent: self.sent.put(sent),
            on_change=lambda: None,
            on_failure=lambda _failure: None,
            answer_stranger=town.ring.answer_stranger,
        )

    def enrol(self, station: str, identity: Identity) -> None:
        office, wanted = self.town.office, applicant(station, identity)
        writer_of(self.worker, office.database)(
            lambda connection: office.registry.enrol(
                connection, wanted, replace=False, now_ms=NOW_MS
            )
        )
        self.town.ring.reload()

    def offer(self, station: str, lane: str, wire: bytes) -> None:
        self.worker.offer(Address(COUNTY, StationId(station), lane), wire)

    def settle(self) -> None:
        """Wait until all that was offered is done."""
        self.worker.call(lambda: None).result(PATIENCE_S)

    def dropped(self, why: str) -> float:
        labels = {"why": why}
        return self.metrics.registry.get_sample_value("cunyi_county_dropped_total", labels) or 0

    def alarmed(self) -> list[tuple[str, str]]:
        with self.town.office.database.read() as connection:
            rows = connection.execute(select(ALARMS.c.station, ALARMS.c.kind))
            return [(row.station, row.kind) for row in rows]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with open_town(tmp_path / "county") as town, working(Room(town)) as room:
        yield room


@contextmanager
def working(room: Room) -> Iterator[Room]:
    room.worker.start()
    try:
        yield room
    finally:
        room.worker.stop()


def test_a_flood_of_strangers_is_answered_once_and_alarmed_once(room: Room) -> None:
    card = room.town.ring.own.card
    codec = station_codec(fresh(), card, STATION)
    wire = codec.pack("up", Village().hello())
    for _time in range(50):
        room.offer(STATION, "up", wire)
    room.settle()
    assert room.dropped("stranger") == 50
    station, lane, answer = room.sent.get_nowait()
    assert (station, lane) == (STATION, "dn")
    assert isinstance(codec.unpack("dn", answer), NotEnrolled)
    assert room.sent.empty()
    assert room.alarmed() == [(STATION, "unknown_station")]


def test_an_enrolled_station_is_welcomed_and_its_alarm_is_over(room: Room) -> None:
    mine = fresh()
    codec = station_codec(mine, room.town.ring.own.card, STATION)
    room.offer(STATION, "up", codec.pack("up", Village().hello("n1")))
    room.settle()
    room.sent.get_nowait()

    room.enrol(STATION, mine)
    room.offer(STATION, "up", codec.pack("up", Village().hello("n2")))
    _station, lane, answer = room.sent.get(timeout=PATIENCE_S)
    welcome = codec.unpack(lane, answer)
    assert isinstance(welcome, Welcome)
    assert (welcome.verdict, welcome.nonce) == ("ok", "n2")


def test_a_key_speaks_on_the_topics_of_its_own_station_alone(room: Room) -> None:
    mine = fresh()
    room.enrol(STATION, mine)
    room.enrol("meishui", fresh(1))
    stolen = station_codec(mine, room.town.ring.own.card, "meishui")
    room.offer("meishui", "up", stolen.pack("up", Village("meishui").hello()))
    carried = station_codec(mine, room.town.ring.own.card, STATION)
    room.offer("meishui", "up", carried.pack("up", Village().hello()))
    room.settle()
    assert room.dropped("stranger") == 2
    assert room.alarmed() == [("meishui", "unknown_station")]


def test_what_another_thread_asks_fails_for_him_alone(room: Room) -> None:
    def refuse() -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        room.worker.call(refuse).result(PATIENCE_S)
    with pytest.raises(ZeroDivisionError):
        room.worker.call(lambda: 1 // 0).result(PATIENCE_S)
    assert room.worker.call(lambda: 7).result(PATIENCE_S) == 7
