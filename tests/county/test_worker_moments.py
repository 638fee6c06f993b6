"""The ingest thread when it is too busy, when nobody waits any more, and when nobody may answer."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from cloud_sync.county.desk import Letter
from cloud_sync.county.ingest.worker import MAX_WAITING, IngestWorker
from cloud_sync.county.presence import Presence
from cloud_sync.county.tables import ALARMS
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.framing.frame import Codec, StrangerError
from cloud_sync.wire.framing.payload import pack
from cloud_sync.wire.messages import Answer, Ask, Hello, Message, MessageError
from edge.kernel.errors import StoreError
from edge.kernel.ids import CountyId, StationId
from tests.county.village import NOON_MS, County, Village, open_county, until
from tests.support.plain import PlainCodec

ASK = Ask(question="q", kind="of.nobody", body={})


class Curious:
    """A desk that answers each question, and may be of a bug's mind."""

    hears: tuple[type[Message], ...] = (Ask,)
    bug: Exception | None = None

    def __init__(self) -> None:
        self.welcomes: list[StationId] = []
        self.ticks = 0

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """One answer."""
        if self.bug is not None:
            raise self.bug
        assert isinstance(message, Ask)
        return [Letter(station, "ans", Answer(question=message.question, known=False, body={}))]

    def welcomed(
        self, station: StationId, _session: str, _state_seq: int, _heard: str
    ) -> Iterable[Letter]:
        """Remember it."""
        self.welcomes.append(station)
        return []

    def committed(self, _station: StationId) -> Iterable[Letter]:
        """Nothing."""
        return []

    def tick(self) -> Iterable[Letter]:
        """Count it."""
        self.ticks += 1
        return []


class Revoked(PlainCodec):
    """Reads, and packs nothing: the key was taken away in between."""

    def pack(self, _lane: str, _message: Message) -> bytes:
        """Nobody to seal for."""
        raise MessageError("no key speaks for this station")


class Unknown(PlainCodec):
    """Knows nobody."""

    def unpack(self, _lane: str, _wire: bytes) -> Message:
        """A stranger."""
        raise StrangerError("a key that nobody knows")


class Office:
    """A worker with one desk, and what it sent."""

    def __init__(self, county: County, codec: Callable[[], Codec] = PlainCodec) -> None:
        self.county, self.desk = county, Curious()
        self.sent: list[tuple[StationId, str]] = []
        self.failures: list[Exception] = []
        self.changes = 0
        self.worker = IngestWorker(
            database=county.database,
            ingest=county.ingest,
            presence=Presence(lambda: 1_000, lambda: NOON_MS),
            metrics=county.metrics,
            codec=lambda _station: codec(),
            send=lambda station, lane, _wire: self.sent.append((station, lane)),
            on_change=self._changed,
            on_failure=self.failures.append,
            desks=(self.desk,),
        )

    def _changed(self) -> None:
        self.changes += 1

    def take(self, message: Message, lane: str = "up", station: str = "pingshang") -> None:
        self.worker.take(Address(CountyId("shangyou"), StationId(station), lane), pack(message))


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path) as opened:
        yield opened


def test_who_asks_a_worker_that_is_full_is_told_so_and_a_nudge_is_let_go(county: County) -> None:
    office = Office(county)
    waiting = [office.worker.call(lambda: 7) for _place in range(MAX_WAITING)]
    office.worker.nudge()
    with pytest.raises(StoreError, match="too busy"):
        office.worker.call(lambda: 7).result(0)
    office.worker.start()
    assert waiting[-1].result(15) == 7
    office.worker.stop()
    assert office.failures == []


def test_what_nobody_waits_for_any_more_is_not_done_and_a_bug_is_its_askers(
    county: County,
) -> None:
    office, done = Office(county), list[int]()
    given_up = office.worker.call(lambda: done.append(1))
    assert given_up.cancel()
    with_a_bug = office.worker.call(lambda: 1 // 0)
    after = office.worker.call(lambda: 7)
    office.worker.start()
    assert after.result(15) == 7
    assert done == []
    with pytest.raises(ZeroDivisionError):
        with_a_bug.result(0)
    before = office.desk.ticks
    office.worker.nudge()
    assert until(lambda: office.desk.ticks > before)
    office.worker.stop()
    assert office.failures == []


def test_a_failed_disk_under_somebodys_wish_ends_the_thread(county: County) -> None:
    office = Office(county)

    def write() -> None:
        raise StoreError("the disk is ill")

    asked = office.worker.call(write)
    office.worker.start()
    with pytest.raises(StoreError):
        asked.result(15)
    assert until(lambda: [str(failure) for failure in office.failures] == ["the disk is ill"])
    office.worker.stop()


def test_a_bug_of_a_desk_is_alarmed_only_at_a_station_of_ours(county: County) -> None:
    office = Office(county)
    office.desk.bug = ZeroDivisionError("of ours")
    office.take(ASK, "ask", "nobody")
    assert (county.dropped("error"), county.rows(ALARMS)) == (1, [])
    office.take(Village().hello())
    office.take(ASK, "ask")
    assert {row["kind"] for row in county.rows(ALARMS)} == {"ingest_error"}


def test_a_letter_that_cannot_be_sealed_any_more_is_dropped(county: County) -> None:
    office = Office(county, Revoked)
    office.take(ASK, "ask")
    assert (office.sent, county.dropped("unsendable")) == ([], 1)


def test_a_stranger_is_noted_where_nobody_may_answer(county: County) -> None:
    office = Office(county, Unknown)
    office.take(ASK, "ask")
    office.take(ASK, "ask")  # within the same second: counted, and not written down again
    assert county.dropped("stranger") == 2
    assert (office.sent, office.changes) == ([], 1)
    assert county.open_alarms() == {("pingshang", "unknown_station")}


def test_only_a_station_that_is_well_is_welcomed_by_the_desks(county: County) -> None:
    office, village = Office(county), Village()
    village.tell("station.started", version="0.1.0")
    county.deliver(village)
    old: Hello = village.cut(0).hello("n2")
    office.take(old)
    assert (office.sent, office.desk.welcomes) == ([("pingshang", "dn")], [])
    newer = village.hello("n3")
    office.take(newer)
    assert office.desk.welcomes == ["pingshang"]
    village.county_gen = f"9-{'ab' * 16}"
    office.take(village.hello("n4"))
    assert len(office.sent) == 2, "to whom a newer county has spoken we say nothing"
