"""Both real ends of the state stream: the county's desk on a database, a station's talk."""

import itertools
import shutil
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest

from cloud_sync.county.database import Database
from cloud_sync.county.desk import Letter
from cloud_sync.county.folder import GENERATION
from cloud_sync.county.ingest.ledger import register
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.county.tables import STATE_ITEMS
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.wire.framing.payload import pack, unpack
from cloud_sync.wire.messages import (
    Message,
    Position,
    StateItems,
    Welcome,
)
from edge.kernel.ids import CountyId, StationId
from tests.county.village import NOON_MS

PINGSHANG: Final = StationId("pingshang")
_SESSIONS = itertools.count(1)


@dataclass
class MemoryShelf:
    """What a station stores, with every item that it ever took."""

    stored: int = 0
    holds: dict[tuple[str, str], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    taken: dict[int, str] = field(default_factory=dict)

    async def seq(self) -> int:
        return self.stored

    async def keep(self, said: StateItems) -> None:
        assert said.previous_seq == self.stored
        for item in said.items:
            assert item.seq > self.stored
            assert self.taken.setdefault(item.seq, repr(item)) == repr(item), "a number twice"
            self.stored = item.seq
            if item.body is None:
                self.holds.pop((item.kind, item.key), None)
            else:
                self.holds[item.kind, item.key] = (item.seq, item.body)
        self.holds = {
            name: held
            for name, held in self.holds.items()
            if held[0] >= said.sweep or name[0] == "revocation"
        }

    def bodies(self) -> dict[str, dict[str, Any]]:
        return {f"{kind}/{key}": body for (kind, key), (_seq, body) in self.holds.items()}


def finish(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end what waits for nothing."""
    with pytest.raises(StopIteration):
        work.send(None)


class Far:
    """A station at the far end: the real talk on a shelf in memory."""

    county_gen: ClassVar[str] = ""
    """That of the county at the near end."""

    def __init__(self, station: StationId, shelf: MemoryShelf | None = None) -> None:
        self.station = station
        self.shelf = shelf or MemoryShelf()
        self.talk = StateTalk(self.shelf)
        self.said: list[Message] = []
        self.session = ""
        self.heard = ""
        """The generation of the county that spoke last."""

    def hello(self) -> tuple[StationId, str, int, str]:
        """A session opens; what the county needs for `welcomed`."""
        if self.session:
            self.talk.closed()
        self.session = f"s{next(_SESSIONS)}"
        start = Position(epoch=1, seq=0, hash="0" * 64)
        welcome = Welcome(
            nonce="n",
            session=self.session,
            county_gen=Far.county_gen,
            verdict="ok",
            applied=start,
            durable_seq=0,
            county_time_ms=NOON_MS,
        )
        self.talk.opened(welcome, lambda _lane, message: self.said.append(message))
        heard, self.heard = self.heard, Far.county_gen
        return self.station, self.session, self.shelf.stored, heard

    def hear(self, message: Message) -> list[Message]:
        """Take a message; what it is answered with."""
        finish(self.talk.hear(message))
        said, self.said = self.said, []
        return said


class Near:
    """The county's end on a real database in a folder, with a clock to turn."""

    def __init__(self, folder: Path, stations: Iterable[StationId] = (PINGSHANG,)) -> None:
        self.folder = folder
        self.now_ms = 1_000
        folder.mkdir(parents=True, exist_ok=True)
        Database.create(folder, CountyId("shangyou"))
        self.open()
        with self.database.write() as connection:
            for station in stations:
                register(connection, station, station)

    def open(self) -> None:
        self.database = Database.open(self.folder)
        Far.county_gen = self.database.generation
        self.desk = StateDesk(
            self.database, mono_ms=lambda: self.now_ms, wall_ms=lambda: NOON_MS + self.now_ms
        )

    def restart(self) -> None:
        self.database.close()
        self.open()

    def back_up(self) -> None:
        with self.database.read() as connection:
            connection.exec_driver_sql("SELECT 1")
        self.database.close()
        shutil.copy(self.folder / "county.db", self.folder / "backup")
        self.open()

    def restore(self) -> None:
        self.database.close()
        for rest in self.folder.glob("county.db*"):
            rest.unlink()
        shutil.copy(self.folder / "backup", self.folder / "county.db")
        (self.folder / GENERATION).unlink()  # whatever else tells of it: this counts as a restore
        self.open()

    def put(self, station: StationId | None, kind: str, key: str, body: Any) -> int:
        with self.database.write() as connection:
            return self.desk.put(connection, station, kind, key, body)

    def items(self) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            rows = connection.execute(STATE_ITEMS.select().order_by(STATE_ITEMS.c.seq))
            return [dict(row) for row in rows.mappings()]


def notice(title: str) -> dict[str, Any]:
    return {"title": title, "text": "请看", "until_ms": 0}


def only(letters: Iterable[Letter]) -> StateItems:
    (letter,) = letters
    assert isinstance(letter.message, StateItems)
    return letter.message


def exchange(near: Near, far: Far, letters: Iterable[Letter]) -> int:
    """Deliver both ways without loss until nobody has more to say; how many messages went down."""
    waiting, count = list(letters), 0
    while waiting:
        letter = waiting.pop(0)
        count += 1
        for answer in far.hear(unpack(pack(letter.message))):
            waiting += near.desk.hear(far.station, answer)
    return count
