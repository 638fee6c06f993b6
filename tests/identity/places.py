"""Counties and stations in folders, for the tests of who belongs to whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, select

from cloud_sync.county.database import Database
from cloud_sync.county.identity.enrolling import Registry
from cloud_sync.county.identity.enrolment_office import EnrolmentOffice, writer_on
from cloud_sync.county.identity.keyring import KeyRing
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.tables import DEVICES
from cloud_sync.wire.trust.identity import Identity, KeyId
from edge.kernel.ids import CountyId, StationId
from edge.tools.children import free_ports
from edge.tools.new_station import NewStation, make_station
from tests.support.keys import NOW_MS

COUNTY = CountyId("shangyou")
STATION = StationId("pingshang")


@dataclass
class Clock:
    """The county's wall clock, turned by hand."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@dataclass
class Town:
    """A county's enrolment office on a folder, and what it ordered."""

    office: EnrolmentOffice
    ring: KeyRing
    clock: Clock
    grants: list[tuple[StationId, KeyId]] = field(default_factory=list)

    def states(self) -> dict[str, str]:
        """The state of every device by its key."""
        with self.office.database.read() as connection:
            rows = connection.execute(select(DEVICES.c.key_id, DEVICES.c.state))
            return {row.key_id: row.state for row in rows}


@contextmanager
def open_town(folder: Path, *, own_hosts: tuple[str, ...] = ()) -> Iterator[Town]:
    """A county in a folder, made when it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "county.db").exists():
        Database.create(folder, COUNTY)
        OwnKeys.create(folder, COUNTY, (), NOW_MS)
    database = Database.open(folder)
    grants: list[tuple[StationId, KeyId]] = []

    def order(_connection: Connection, station: StationId, key_id: KeyId, _reason: str) -> None:
        grants.append((station, key_id))

    try:
        ring = KeyRing(database, OwnKeys.read(folder, COUNTY))
        clock = Clock()
        office = EnrolmentOffice(
            county=COUNTY,
            database=database,
            ring=ring,
            registry=Registry(ring.own, own_hosts, order),
            write=writer_on(database),
            url="https://10.0.0.1:8602",
            wall_ms=clock,
        )
        yield Town(office, ring, clock, grants)
    finally:
        database.close()


def with_keys(town: Town, keys: OwnKeys) -> Town:
    """The same after the county's key has changed."""
    town.ring.reload(keys)
    registry = replace(town.office.registry, keys=keys)
    return replace(town, office=replace(town.office, registry=registry))


def station_in(folder: Path, station: str = STATION, broker: str | None = None) -> Path:
    """A new station's folder."""
    port, web = free_ports(2)
    wanted = NewStation(
        county=COUNTY,
        station=station,
        name="坪上村驿",
        broker=broker or f"mqtt://127.0.0.1:{port}",
        web_port=web,
        twins=None,
    )
    make_station(folder, wanted)
    return folder


def fresh(number: int = 0) -> Identity:
    """An identity of one's own."""
    return Identity.from_secret(bytes([7, number]) * 16)
