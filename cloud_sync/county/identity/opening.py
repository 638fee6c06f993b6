"""Puts the enrolment office together: for a running county, or on a folder that nobody holds."""

import contextlib
import getpass
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection

from cloud_sync.county.broker_config.record import read_record
from cloud_sync.county.database import Database
from cloud_sync.county.histories.epochs import Epochs
from cloud_sync.county.histories.grants import Granting, grant_secrets
from cloud_sync.county.identity.devices import all_devices, device_of, end_revoked
from cloud_sync.county.identity.enrolling import OrderGrant, Registry
from cloud_sync.county.identity.enrolment_office import EnrolmentOffice, Writer, writer_on
from cloud_sync.county.identity.keyring import KeyRing
from cloud_sync.county.identity.own_keys import CA, CARD, IDENTITY, OwnKeys
from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.settings import CountySettings, read_county_settings
from cloud_sync.wire.broker.broker_address import read_broker_address
from cloud_sync.wire.trust.enrolment import EnrolmentCode
from cloud_sync.wire.trust.identity import KeyId
from cloud_sync.wire.trust.web_hosts import certified_hosts, page_url
from edge.guard.hosts import is_loopback
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

WRITE_WITHIN_S: Final = 20.0
_MINUTE_MS: Final = 60_000
_Result = TypeVar("_Result")


def make_enrolment_office(
    settings: CountySettings, database: Database, ring: KeyRing, granting: Granting, write: Writer
) -> EnrolmentOffice:
    """The office of a county with these settings."""
    web = settings.web
    address = read_broker_address(settings.link.broker, settings.folder).host.lower()
    written = read_record(settings.folder)
    brokers = (address, *(written.hosts if written is not None else ()))
    own = certified_hosts(web.host, web.hosts)
    return EnrolmentOffice(
        county=settings.county_id,
        database=database,
        ring=ring,
        registry=Registry(
            ring.own,
            (*own, *(one.lower() for one in brokers if not is_loopback(one))),
            _orders(granting),
        ),
        write=write,
        url=page_url(web.host, web.port),
        wall_ms=_wall_ms,
    )


def open_keys(settings: CountySettings, database: Database) -> OwnKeys:
    """The county's own keys. A folder from before there were any is given them. Raises StoreError.

    Where devices are enrolled, keys were there: they are missed, and never made anew in silence.
    A device that was revoked stays so, also where the database was put back to before.
    """
    folder = settings.folder
    with database.read() as connection:
        enrolled = bool(all_devices(connection))
    if not enrolled and not any((folder / file).exists() for file in (IDENTITY, CARD, CA)):
        hosts = certified_hosts(settings.web.host, settings.web.hosts)
        return OwnKeys.create(folder, database.county, hosts, _wall_ms())
    keys = OwnKeys.read(folder, database.county)
    revoked = {serial for serial, _ended_ms in keys.revoked()}
    with database.write() as connection:
        for station in end_revoked(connection, revoked, _wall_ms()):
            log.warning("device_stays_revoked", station=station)
    return keys


def writer_of(worker: IngestWorker, database: Database) -> Writer:
    """Writes in the ingest thread of a running county, from any other thread."""

    def write(work: Callable[[Connection], _Result]) -> _Result:
        def inside() -> _Result:
            with database.write() as connection:
                return work(connection)

        return worker.call(inside).result(timeout=WRITE_WITHIN_S)

    return write


def make_granting(settings: CountySettings, keys: OwnKeys) -> Granting:
    """Orders new epochs, for the devices that are enrolled."""
    return Granting(
        Epochs(settings.folder),
        grant_secrets(keys.identities),
        card_of=device_of,
        clock_ms=_wall_ms,
        draw=secrets.token_bytes,
    )


@contextlib.contextmanager
def opened_office(folder: Path) -> Iterator[EnrolmentOffice]:
    """The office of a county that does not run. Raises ConfigError, StoreError."""
    settings = read_county_settings(folder)
    database = Database.open(folder)
    try:
        keys = open_keys(settings, database)
        ring = KeyRing(database, keys)
        granting = make_granting(settings, keys)
        yield make_enrolment_office(settings, database, ring, granting, writer_on(database))
    finally:
        database.close()


# -- what the command line asks, of either


def identity_asks(office: EnrolmentOffice) -> Mapping[str, Handler]:
    """Asks by name, for the local socket."""

    def expect(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        typed = str(asked.get("code", ""))
        code = office.expect(
            StationId(str(asked.get("station", ""))),
            code=EnrolmentCode.read(typed) if typed else None,
            replace=bool(asked.get("replace")),
            life_ms=int(asked.get("minutes", 15)) * _MINUTE_MS,
            made_by=str(asked.get("made_by", "")),
        )
        yield {"code": code.text, "url": office.url}

    def enrol(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"answer": office.enrol(str(asked.get("request", "")).encode()).decode()}

    def revoke(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        station = StationId(str(asked.get("station", "")))
        office.revoke(station, str(asked.get("reason", "")))
        yield {"revoked": station}

    def devices(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for one in office.devices():
            yield {
                "station": one.station,
                "key": one.key_id,
                "state": one.state,
                "enrolled_ms": one.enrolled_ms,
                "not_after_ms": one.not_after_ms,
                "hosts": list(one.hosts),
            }

    return {"expect": expect, "enrol": enrol, "revoke": revoke, "devices": devices}


def _orders(granting: Granting) -> OrderGrant:
    def order(connection: Connection, station: StationId, key_id: KeyId, reason: str) -> None:
        granting.order(connection, station, reason, key_id)

    return order


def login_name() -> str:
    """Who sits at this machine, for the record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
