"""Well-signed nonsense at the county: it is answered, parked or dropped, and nothing stumbles."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from cloud_sync.county import alarms
from cloud_sync.county.commands.desk import CommandDesk
from cloud_sync.county.histories.grants import GrantDesk
from cloud_sync.county.histories.snapshots import SnapshotDesk
from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.presence import Presence
from cloud_sync.county.questions.desk import ANSWERERS, QuestionDesk
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.county.tables import FACTS
from cloud_sync.wire.broker.topics import Address
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import Ack, Ask, Goodbye, Heartbeat, Message, Welcome
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, Seq, StationId
from tests.county.village import NOON_MS, County, Village, draw, open_county
from tests.fuzz.budget import spent
from tests.fuzz.conftest import Complaints
from tests.fuzz.good_messages import downward, senseless, spoilt_bytes, upward
from tests.fuzz.hunt import hunt
from tests.support.plain import PlainCodec

LANES: Final = ("up", "ask", "tel")
HOMES: Final = 40
"""One that has told two stories is parked for good: there must be others left."""


@dataclass
class Desk:
    """A whole county without a broker: what arrives is taken here and now."""

    county: County
    answers: list[tuple[StationId, Message]] = field(default_factory=list)

    def __post_init__(self) -> None:
        database = self.county.database
        presence = Presence(lambda: 1_000, lambda: NOON_MS)
        presence.load(database)
        self.worker = IngestWorker(
            database=database,
            ingest=self.county.ingest,
            presence=presence,
            metrics=self.county.metrics,
            codec=lambda _station: PlainCodec(),
            send=self._keep,
            on_change=lambda: None,
            on_failure=self._failed,
            desks=(
                SnapshotDesk(database, lambda: NOON_MS),
                GrantDesk(database, lambda: NOON_MS),
                CommandDesk(database, mono_ms=lambda: 1_000, wall_ms=lambda: NOON_MS, draw=draw),
                StateDesk(database, mono_ms=lambda: 1_000, wall_ms=lambda: NOON_MS),
                QuestionDesk(database, mono_ms=lambda: 1_000, answerers=ANSWERERS),
            ),
        )

    def _keep(self, station: StationId, _lane: str, payload: bytes) -> None:
        self.answers = [*self.answers[-8:], (station, unpack(payload))]

    def _failed(self, failure: Exception) -> None:
        raise failure

    def take(self, station: str, lane: str, payload: bytes) -> Message | None:
        """One message and everything that follows at once; the last answer to it."""
        self.answers = []
        self.worker.take(Address(CountyId("shangyou"), StationId(station), lane), payload)
        self.worker.tick()
        return self.answers[-1][1] if self.answers else None

    def greet(self, village: Village, nonce: str) -> Welcome:
        answer = self.take(village.station, "up", pack(village.hello(nonce)))
        welcome = next((m for _s, m in self.answers if isinstance(m, Welcome)), answer)
        assert isinstance(welcome, Welcome)
        return welcome

    def chain_holds(self) -> bool:
        """Whether each station's facts are one unbroken chain from the first on."""
        last: dict[tuple[str, int], tuple[int, bytes]] = {}
        for row in self.county.rows(FACTS):
            station, epoch, seq = row["station"], row["epoch"], row["seq"]
            before, digest = last.get((station, epoch), (0, GENESIS))
            fact = bytes(row["fact"])
            made = chain_hash(digest, StationId(station), Epoch(epoch), Seq(seq), fact)
            if seq != before + 1:
                return False
            last[station, epoch] = (seq, made)
        return True


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_county(tmp_path) as county:
        yield Desk(county)


def lane_of(message: Message) -> str:
    """Where it belongs."""
    if isinstance(message, Ask):
        return "ask"
    return "tel" if isinstance(message, Heartbeat | Goodbye) else "up"


def settled(desk: Desk, name: str) -> list[Message]:
    """A station that has said hello, and good messages of its session in both directions."""
    village = Village(name)
    village.tell("station.started", version="0.1.0")
    village.check_in("YT7700123456", 7)
    session = desk.greet(village, "n0").session
    batch = village.batch(session, 0)
    return [*upward(village.hello(), batch), *downward(village.hello(), session)]


def test_no_message_of_a_station_makes_the_county_stumble_or_forget(
    desk: Desk, complaints: Complaints
) -> None:
    homes = [settled(desk, f"village-{n}") for n in range(HOMES)]

    def make(chance: random.Random) -> bytes:
        spoiler = senseless if chance.random() < 0.9 else spoilt_bytes
        home = chance.randrange(HOMES)
        says = home if chance.random() < 0.9 else chance.randrange(HOMES)
        message = chance.choice(homes[says])
        lane = lane_of(message) if chance.random() < 0.9 else chance.choice(LANES)
        return bytes([home, LANES.index(lane)]) + spoiler(chance, message)

    def try_one(said: bytes) -> None:
        if len(said) < 2:
            return
        lane = LANES[said[1] % len(LANES)]
        complaints.clear()
        desk.take(f"village-{said[0] % HOMES}", lane, said[2:])
        assert not complaints, complaints[-1]

    hunt("senseless-up", make, try_one)
    assert desk.county.dropped("unreadable") < spent["senseless-up"] * 0.6, "these do not come far"
    assert desk.chain_holds()
    parked = {row["station"] for row in desk.county.rows(FACTS) if row["parked"]}
    assert parked, "no fact came so far that it had to be parked"
    assert {(station, alarms.PARKED) for station in parked} <= desk.county.open_alarms()
    newcomer = Village("meishui")
    newcomer.check_in("SF1234567890", 3)
    session = desk.greet(newcomer, "n1").session
    answer = desk.take(newcomer.station, "up", pack(newcomer.batch(session, 0)))
    assert isinstance(answer, Ack)
    assert answer.applied == newcomer.position(newcomer.seq)
