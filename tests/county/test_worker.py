"""The ingest thread: bad messages change nothing, bugs end nothing, a failed disk ends it all."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import zstandard

from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.ingest.worker import MAX_WAITING, IngestWorker
from cloud_sync.county.presence import ONLINE_MS, Presence
from cloud_sync.county.tables import ALARMS, FACTS, STATIONS
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import (
    Ack,
    Batch,
    Goodbye,
    Heartbeat,
    Hello,
    Message,
    Welcome,
)
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId, StationId
from tests.county.test_database import fail_at
from tests.county.village import NOON_MS, ON_COMMIT, County, Village, open_county, until
from tests.support.plain import PlainCodec

PATIENCE_S = 10.0
WAYBILL = "YT7700123456"


class Desk:
    """A running worker, what it answered, and why it ended."""

    def __init__(self, county: County, ingest: Ingest | None = None) -> None:
        self.answers: queue.Queue[tuple[StationId, Message]] = queue.Queue()
        self.failures: queue.Queue[Exception] = queue.Queue()
        self.changes = 0
        self.presence = Presence(lambda: 1_000, lambda: NOON_MS)
        self.presence.load(county.database)
        self.worker = IngestWorker(
            database=county.database,
            ingest=ingest or county.ingest,
            presence=self.presence,
            metrics=county.metrics,
            codec=lambda _station: PlainCodec(),
            send=lambda station, _lane, payload: self.answers.put((station, unpack(payload))),
            on_change=self._changed,
            on_failure=self.failures.put,
        )

    def _changed(self) -> None:
        self.changes += 1

    def offer(self, payload: bytes, lane: str = "up", station: str = "pingshang") -> None:
        self.worker.offer(Address(CountyId("shangyou"), StationId(station), lane), payload)

    def say(self, message: Message, lane: str = "up", station: str = "pingshang") -> None:
        self.offer(pack(message), lane, station)

    def greet_here(self, village: Village) -> Welcome:
        """The same in this thread, for a worker that was not started."""
        address = Address(CountyId("shangyou"), village.station, "up")
        self.worker.take(address, pack(village.hello()))
        welcome = self.answer()
        assert isinstance(welcome, Welcome)
        return welcome

    def answer(self) -> Message:
        return self.answers.get(timeout=PATIENCE_S)[1]

    def greet(self, village: Village) -> Welcome:
        self.say(village.hello(), station=village.station)
        welcome = self.answer()
        assert isinstance(welcome, Welcome)
        return welcome


@contextmanager
def at_work(county: County, ingest: Ingest | None = None) -> Iterator[Desk]:
    desk = Desk(county, ingest)
    desk.worker.start()
    try:
        yield desk
    finally:
        desk.worker.stop()


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path) as opened:
        yield opened


@pytest.fixture
def village() -> Village:
    village = Village()
    village.check_in(WAYBILL, 7)
    return village


def test_hello_and_batch_are_answered_in_turn_and_the_page_hears_of_it(
    county: County, village: Village
) -> None:
    with at_work(county) as desk:
        welcome = desk.greet(village)
        desk.say(village.batch(welcome.session, 0))
        ack = desk.answer()
        assert isinstance(ack, Ack)
        assert ack.applied == village.position(6)
        assert desk.changes >= 1
        assert desk.presence.counts() == (1, 1)


def test_only_the_hello_of_a_station_that_is_not_known_reads_the_ledger(
    county: County, village: Village
) -> None:
    desk = Desk(county)
    desk.greet_here(village)
    with county.database.write() as connection:
        ledger.register(connection, "lindai", "林岱")
    village.boot += 1
    desk.greet_here(village)
    assert not desk.presence.knows(StationId("lindai"))
    desk.greet_here(Village(station="lindai"))
    assert desk.presence.knows(StationId("lindai"))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x00",
        b"\x02" + zstandard.compress(b"{}"),
        b"\x01not zstandard",
        b"\x01" + zstandard.compress(b'{"type":"hello"}'),
        b"\x01" + zstandard.compress(b'{"type":"batch","session":"a","previous":null,"facts":[]}'),
        b"\x01" + zstandard.compress(b"[" * 100_000),
        b"\x01" + zstandard.compress(b" " * 5_000_000),
        bytes(range(256)) * 300,
    ],
    ids=["empty", "zero", "version", "garbage", "half", "null", "deep", "bomb", "large"],
)
def test_bytes_that_are_no_message_change_nothing_and_the_next_is_taken(
    county: County, village: Village, payload: bytes
) -> None:
    with at_work(county) as desk:
        desk.offer(payload)
        desk.greet(village)
    assert county.dropped("unreadable") == 1
    assert county.rows(FACTS) == []


def test_a_message_on_the_wrong_lane_or_of_the_county_itself_is_dropped(
    county: County, village: Village
) -> None:
    beat = Heartbeat(boot=1, up_ms=1, head_seq=0, waiting=0, devices={}, simulated=False)
    mad = Heartbeat(boot=1, up_ms=1, head_seq=-1, waiting=0, devices={}, simulated=False)
    with at_work(county) as desk:
        welcome = desk.greet(village)
        desk.say(welcome)
        desk.say(beat)
        desk.say(village.hello("n9"), "tel")
        desk.say(mad, "tel")
        desk.say(village.batch(welcome.session, 0))
        desk.answer()
    assert county.dropped("misplaced") == 4


def test_heartbeat_and_goodbye_move_the_presence(county: County, village: Village) -> None:
    beat = Heartbeat(boot=1, up_ms=1, head_seq=6, waiting=6, devices={}, simulated=True)
    with at_work(county) as desk:
        welcome = desk.greet(village)
        desk.say(beat, "tel")
        desk.say(Goodbye(clean=False), "tel")
        desk.say(village.batch(welcome.session, 0, 0))
        desk.answer()
        sight, online = desk.presence.sights()[village.station]
        assert (sight.waiting(0), sight.simulated, online) == (6, True, True)
        desk.say(Goodbye(clean=True), "tel")
        assert until(lambda: desk.presence.counts() == (0, 1))
    assert county.rows(STATIONS)[0]["parted"]


class Stumbling(Ingest):
    """Falls over every batch: a bug that only shows in production."""

    def handle(self, station: StationId, message: Hello | Batch) -> Welcome | Ack | None:
        if isinstance(message, Batch):
            raise ZeroDivisionError("a bug of ours")
        return super().handle(station, message)


def test_a_bug_in_one_message_is_alarmed_and_the_county_lives_on(
    county: County, village: Village
) -> None:
    ingest = Stumbling(
        county.database,
        granting=county.granting,
        durable=ON_COMMIT,
        clock_ms=lambda: NOON_MS,
        draw=bytes,
        admits=lambda _connection, _station: True,
        metrics=county.metrics,
    )
    with at_work(county, ingest) as desk:
        welcome = desk.greet(village)
        desk.say(village.batch(welcome.session, 0))
        assert desk.greet(village).verdict == "ok"
    assert county.dropped("error") == 1
    assert [row["kind"] for row in county.rows(ALARMS)] == ["ingest_error"]


def test_a_disk_that_fails_ends_the_thread_and_says_why(county: County, village: Village) -> None:
    with at_work(county) as desk:
        welcome = desk.greet(village)
        with fail_at(county.database, 3):
            desk.say(village.batch(welcome.session, 0))
            failure = desk.failures.get(timeout=PATIENCE_S)
        assert isinstance(failure, StoreError)
        assert desk.answers.empty()
    assert county.rows(FACTS) == []


def test_a_flood_is_dropped_where_it_does_not_fit_and_the_end_still_comes(
    county: County, village: Village
) -> None:
    desk = Desk(county)
    for _ in range(MAX_WAITING + 5):
        desk.say(village.hello())
    assert county.dropped("overflow") == 5

    desk.worker.start()
    desk.worker.stop()
    assert desk.answers.qsize() < MAX_WAITING


def test_messages_that_somebody_left_for_a_station_are_alarmed_once_and_when_they_grow(
    county: County, village: Village
) -> None:
    beat = Heartbeat(boot=1, up_ms=1, head_seq=6, waiting=6, devices={}, simulated=True)
    with at_work(county) as desk:
        desk.greet(village)
        for retained, times in ((0, []), (2, [1]), (2, [1]), (3, [2])):
            desk.say(msgspec.structs.replace(beat, retained=retained), "tel")
            desk.greet(village)
            told = [row for row in county.rows(ALARMS) if row["kind"] == "retained"]
            assert [row["times"] for row in told] == times


def test_a_broker_that_says_everything_again_keeps_nobody_online(
    tmp_path: Path, village: Village
) -> None:
    beat = Heartbeat(boot=1, up_ms=9, head_seq=6, waiting=6, devices={}, simulated=True)
    now = [1_000]
    with open_county(tmp_path / "again") as county:
        desk = Desk(county)
        desk.worker.presence = Presence(lambda: now[0], lambda: NOON_MS)
        welcome = desk.greet_here(village)
        batch = village.batch(welcome.session, 0)
        said: list[tuple[Message, str]] = [(village.hello(), "up"), (batch, "up"), (beat, "tel")]
        for later_ms in (0, ONLINE_MS + 1):
            now[0] += later_ms
            for message, lane in said:
                address = Address(CountyId("shangyou"), village.station, lane)
                desk.worker.take(address, pack(message))
        assert desk.worker.presence.counts() == (0, 1)
        assert county.dropped("replayed") == 1
