"""A station's journal on paper, and a county that reads it: what the county tests start from."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Table, select

from cloud_sync.county.database import Database
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.histories.grants import CardOf, Granting, no_card
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.tables import ALARMS, FACTS
from cloud_sync.wire.envelope import Envelope, encode
from cloud_sync.wire.grant import grant_parent
from cloud_sync.wire.messages import Ack, Batch, Hello, Position, Welcome
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, Seq, StationId, WaybillNo

NOON_MS = 1_795_492_800_000
"""2026-11-24 12:00:00 at +08:00."""
SECRET = b"s" * 32
ON_COMMIT = Durable(rule="commit", copies=2)
_DRAWS = itertools.count(1)  # no two runs of a county ever draw the same


def draw(size: int) -> bytes:
    return next(_DRAWS).to_bytes(size, "big")


class Village:
    """One station's facts and their hashes; nothing of the station's own code."""

    def __init__(self, station: str = "pingshang", *, epoch: int = 1) -> None:
        self.station = StationId(station)
        self.epoch = Epoch(epoch)
        self.facts: list[bytes] = []
        self.hashes: list[bytes] = [GENESIS]
        self.boot, self.boot_id, self.machine = 1, "", ""
        self.grant = self.county_gen = ""

    @property
    def seq(self) -> int:
        return len(self.facts)

    def tell(self, kind: str, *, schema: int = 1, **body: Any) -> None:
        """Add one fact, a second after the one before."""
        seq = self.seq + 1
        envelope = Envelope(
            epoch=self.epoch,
            seq=seq,
            boot=1,
            mono_ms=seq * 1_000,
            wall_lo=NOON_MS + seq * 1_000,
            wall_hi=None,
            kind=kind,
            schema=schema,
            actor="li",
            body=body,
        )
        self.tell_bytes(encode(envelope))

    def tell_bytes(self, fact: bytes) -> None:
        """Add bytes that may be no fact at all."""
        seq = Seq(self.seq + 1)
        self.hashes.append(chain_hash(self.hashes[-1], self.station, self.epoch, seq, fact))
        self.facts.append(fact)

    def check_in(self, waybill_no: str, cell: int) -> None:
        """Everything from the scan to the shut door."""
        self.tell("parcel.received", waybill_no=waybill_no, carrier="中通", keeper="li")
        self.tell("cell.reserved", cell=cell, waybill_no=waybill_no)
        self.door(cell, "check_in")
        self.tell("parcel.stored", waybill_no=waybill_no, cell=cell)

    def pick_up(self, waybill_no: str, cell: int) -> None:
        """Everything from the accepted code to the free cell."""
        self.tell(
            "pickup.accepted",
            credential="c1",
            waybill_no=waybill_no,
            cell=cell,
            auth="a1",
            proof="token",
        )
        self.door(cell, "pickup")
        self.tell(
            "parcel.picked_up",
            waybill_no=waybill_no,
            cell=cell,
            auth="a1",
            proof="token",
            actor="",
        )
        self.tell("cell.freed", cell=cell)

    def door(self, cell: int, purpose: str) -> None:
        """Asked, opened, shut."""
        self.tell(
            "door.asked", cell=cell, auth="a1", attempt=1, purpose=purpose, actor="li", reason=""
        )
        self.tell("door.opened", cell=cell, auth="a1")
        self.tell("door.shut", cell=cell, open_ms=4_000)

    def position(self, seq: int) -> Position:
        return Position(epoch=self.epoch, seq=seq, hash=self.hashes[seq].hex())

    def hello(self, nonce: str = "n1", *, head: int | None = None) -> Hello:
        return Hello(
            nonce=nonce,
            head=self.position(self.seq if head is None else head),
            oldest_seq=1,
            boot=self.boot,
            software="0.1.0",
            cells=24,
            boot_id=self.boot_id,
            machine=self.machine,
            grant=self.grant,
            county_gen=self.county_gen,
        )

    def batch(self, session: str, after: int, upto: int | None = None) -> Batch:
        upto = self.seq if upto is None else upto
        return Batch(
            session=session,
            previous=self.position(after),
            facts=[msgspec.Raw(fact) for fact in self.facts[after:upto]],
            last=self.hashes[upto].hex(),
        )

    def copy(self) -> "Village":
        """The same journal on another card: a clone, or an older image when cut short."""
        other = Village(self.station, epoch=self.epoch)
        other.facts, other.hashes = list(self.facts), list(self.hashes)
        other.boot, other.boot_id, other.machine = self.boot, self.boot_id, self.machine
        other.grant, other.county_gen = self.grant, self.county_gen
        return other

    def granted(self, grant: str, epoch: int) -> "Village":
        """The journal of the epoch that a GRANT begins, still without a fact."""
        parent = grant_parent(grant)
        assert parent is not None
        other = Village(self.station, epoch=epoch)
        other.hashes = [bytes.fromhex(parent.hash)]
        other.grant = grant
        return other

    def cut(self, seq: int) -> "Village":
        """A copy that has forgotten everything after a place."""
        other = self.copy()
        del other.facts[seq:]
        del other.hashes[seq + 1 :]
        return other


@dataclass
class County:
    """Ingest on a database in a folder, with its own clock."""

    folder: Path
    database: Database
    granting: Granting
    metrics: CountyMetrics = field(default_factory=CountyMetrics)
    ingest: Ingest = field(init=False)

    def __post_init__(self) -> None:
        self.ingest = self.another_ingest()

    def another_ingest(self, *, accept_new: bool = True, durable: Durable = ON_COMMIT) -> Ingest:
        """One more worker on the same database."""
        return Ingest(
            self.database,
            granting=self.granting,
            durable=durable,
            clock_ms=lambda: NOON_MS,
            draw=draw,
            metrics=self.metrics,
            admits=lambda _connection, _station: accept_new,
        )

    def welcome(self, village: Village, nonce: str = "n1", *, head: int | None = None) -> Welcome:
        answer = self.ingest.handle(village.station, village.hello(nonce, head=head))
        assert isinstance(answer, Welcome)
        return answer

    def send(self, village: Village, batch: Batch) -> Ack:
        answer = self.ingest.handle(village.station, batch)
        assert isinstance(answer, Ack)
        return answer

    def deliver(self, village: Village, nonce: str = "n1") -> Ack:
        """Say hello and send everything that the county lacks."""
        welcome = self.welcome(village, nonce)
        assert welcome.verdict == "ok"
        return self.send(village, village.batch(welcome.session, welcome.applied.seq))

    def grant(self, village: Village, reason: str = "a new card", key_id: str = "") -> str:
        """A person lets a station begin a new epoch."""
        with self.database.write() as connection:
            return self.granting.order(connection, village.station, reason, key_id)

    def rows(self, table: Table, *leave_out: str) -> list[dict[str, Any]]:
        """Every row of a table in order of its key, without some columns."""
        columns = [column for column in table.c if column.name not in leave_out]
        wanted = select(*columns).order_by(*table.primary_key.columns)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def open_alarms(self) -> set[tuple[str, str]]:
        """Station and kind of every alarm that is not over."""
        rows = self.rows(ALARMS)
        return {(row["station"], row["kind"]) for row in rows if row["cleared_ms"] is None}

    def trace(self, waybill_no: WaybillNo) -> list[int]:
        """Which facts belong to a parcel."""
        return [row["seq"] for row in self.rows(FACTS) if row["waybill_no"] == waybill_no]

    def dropped(self, why: str) -> float:
        value = self.metrics.registry.get_sample_value("cunyi_county_dropped_total", {"why": why})
        return value or 0.0


@contextmanager
def open_county(
    folder: Path,
    *,
    accept_new: bool = True,
    durable: Durable = ON_COMMIT,
    card_of: CardOf = no_card,
) -> Iterator[County]:
    """A county in a folder, made when it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "county.db").exists():
        Database.create(folder, CountyId("shangyou"))
    database = Database.open(folder)
    metrics = CountyMetrics()
    granting = Granting(
        Epochs(folder), (SECRET,), card_of=card_of, clock_ms=lambda: NOON_MS, draw=draw
    )
    county = County(folder=folder, database=database, granting=granting, metrics=metrics)
    county.ingest = county.another_ingest(accept_new=accept_new, durable=durable)
    try:
        yield county
    finally:
        database.close()


def until(condition: Callable[[], bool], within_s: float = 15.0) -> bool:
    """Whether a condition comes true in time; asked again and again."""
    ends = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)
    return True
