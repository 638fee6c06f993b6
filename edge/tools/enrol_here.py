"""Enrols a station at a county whose folder is on the same machine, without a code: demo, tests."""

import time
from pathlib import Path

from cloud_sync.county.database import Database
from cloud_sync.county.identity.enrolling import Applicant, Registry
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.station.enrolment.enrolment_files import Enrolment, keep_enrolment
from cloud_sync.station.enrolment.identity import IDENTITY
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem, request_pem
from cloud_sync.wire.trust.private_files import read_identity
from edge.kernel.ids import StationId
from edge.settings import read_settings


def enrol_on_this_machine(
    station_folder: Path, county_folder: Path, *, machine: str = "", replace: bool = False
) -> None:
    """Enrol a station while its county does not run. Raises CunyiError."""
    settings = read_settings(station_folder)
    database = Database.open(county_folder)
    try:
        keys = OwnKeys.read(county_folder, database.county)
        enrolment = enrol_with(
            database,
            keys,
            settings.station_id,
            station_folder,
            machine=machine,
            replace=replace,
        )
    finally:
        database.close()
    keep_enrolment(station_folder, enrolment)


def enrol_with(  # noqa: PLR0913 - who, where and how, each by name
    database: Database,
    keys: OwnKeys,
    station: StationId,
    station_folder: Path,
    *,
    machine: str = "",
    replace: bool = False,
) -> Enrolment:
    """The same with an open database; what it returns must be kept. Raises CunyiError."""
    tls_key = draw_tls_key()
    applicant = Applicant(
        station=station,
        public=read_identity(station_folder / IDENTITY).public,
        csr=request_pem(tls_key, station),
        machine=machine,
        hosts=(),
    )
    now_ms = time.time_ns() // 1_000_000
    with database.write() as connection:
        registry = Registry(keys, ())
        issued = registry.enrol(connection, applicant, replace=replace, now_ms=now_ms)
    return Enrolment(card=keys.issued_card, certificate=issued.pem.encode(), key=key_pem(tls_key))
