"""A county that starts again in mid-stream: its stations say no new HELLO, and nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.presence import Presence
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import Ack, Message, StateAck, StateItems, Welcome
from edge.kernel.ids import CountyId
from tests.county.stream_ends import PINGSHANG, Far, notice
from tests.county.village import NOON_MS, Village, open_county
from tests.support.plain import PlainCodec


@dataclass
class Running:
    """The real worker with the desk of the stream, without its thread, and what it has said."""

    worker: IngestWorker
    desk: StateDesk
    said: list[Message] = field(default_factory=list)

    def hear(self, message: Message) -> list[Message]:
        """Take a message of the station; what is said then."""
        self.worker.take(Address(CountyId("shangyou"), PINGSHANG, "up"), pack(message))
        return self.take_said()

    def put(self, *keys: str) -> list[Message]:
        for key in keys:
            self.desk.say(PINGSHANG, "notice", key, notice(key))
        self.worker.tick()
        return self.take_said()

    def take_said(self) -> list[Message]:
        said, self.said[:] = list(self.said), []
        return said


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    with open_county(folder) as county:
        presence = Presence(lambda: 1_000, lambda: NOON_MS)
        presence.load(county.database)
        desk = StateDesk(county.database, mono_ms=lambda: 1_000, wall_ms=lambda: NOON_MS)
        said: list[Message] = []
        worker = IngestWorker(
            database=county.database,
            ingest=county.ingest,
            presence=presence,
            metrics=county.metrics,
            codec=lambda _station: PlainCodec(),
            send=lambda _station, _lane, payload: said.append(unpack(payload)),
            on_change=lambda: None,
            on_failure=lambda _failure: None,
            desks=(desk,),
        )
        yield Running(worker, desk, said)


def greet(county: Running, village: Village, far: Far) -> Welcome:
    welcome, *rest = county.hear(village.hello())
    assert isinstance(welcome, Welcome)
    assert not rest
    far.talk.opened(welcome, lambda _lane, message: far.said.append(message))
    return welcome


def carry(county: Running, far: Far, said: list[Message]) -> None:
    """Deliver both ways until nobody has more to say."""
    while said:
        message = said.pop(0)
        if isinstance(message, StateItems):
            for answer in far.hear(message):
                said += county.hear(answer)


def test_a_stream_goes_on_after_a_restart_with_the_next_word_of_the_station(
    tmp_path: Path,
) -> None:
    village, far = Village(), Far(PINGSHANG)
    village.tell("station.started", version="0.1.0")
    with running(tmp_path) as county:
        session = greet(county, village, far).session
        first = county.put(*(f"n{number:03}" for number in range(120)))[0]
        assert isinstance(first, StateItems)
        (lost,) = far.hear(first)  # stored at the station; the county dies before it hears so
        assert isinstance(lost, StateAck)
    with running(tmp_path) as county:
        assert county.put("while nobody was heard") == []
        ack, again = county.hear(village.batch(session, 0, 0))  # an idle station's probe
        assert isinstance(ack, Ack)
        assert isinstance(again, StateItems)
        assert again.previous_seq == 0
        carry(county, far, [again])
        carry(county, far, county.put("after"))
    assert len(far.shelf.holds) == far.shelf.stored == 122


def test_a_late_ack_that_only_the_new_run_hears_counts(tmp_path: Path) -> None:
    village, far = Village(), Far(PINGSHANG)
    village.tell("station.started", version="0.1.0")
    with running(tmp_path) as county:
        greet(county, village, far)
        first = county.put(*(f"n{number:03}" for number in range(60)))[0]
        answers = far.hear(first)
    with running(tmp_path) as county:
        said = county.hear(answers[0])
        assert [len(one.items) for one in said if isinstance(one, StateItems)] == [10]
        carry(county, far, said)
    assert far.shelf.stored == 60


def test_a_station_that_is_not_in_order_with_us_is_told_nothing_after_a_restart(
    tmp_path: Path,
) -> None:
    village = Village()
    village.tell("station.started", version="0.1.0")
    with running(tmp_path) as county:
        county.hear(village.hello())
        county.hear(village.batch("nobody", 0))
    (tmp_path / "county.gen").write_text("0-" + "0" * 32)  # this run is of another generation
    with running(tmp_path) as county:
        county.put("n1")
        said = county.hear(village.batch("nobody", 0))
    assert [type(one) for one in said] == [Ack]
