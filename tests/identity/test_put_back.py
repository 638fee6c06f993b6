"""A database that was put back, and a disk that was lost: who was shut out stays out."""

import shutil
from pathlib import Path

import pytest

from cloud_sync.county.database import DATABASE
from cloud_sync.county.identity.opening import opened_office
from cloud_sync.county.settings import NewCounty, make_county
from cloud_sync.station.enrolment.identity import tls_files
from cloud_sync.wire.trust.certificates import read_certificate
from edge.tools.enrol_here import enrol_on_this_machine
from tests.identity.places import COUNTY, STATION, station_in


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with one station, which lies beside it."""
    folder = tmp_path / "county"
    broker = "mqtt://127.0.0.1:1883"
    make_county(folder, NewCounty(county=COUNTY, name="上犹县", broker=broker, web_port=8602))
    shutil.copy(folder / DATABASE, tmp_path / "empty.db")
    enrol_on_this_machine(station_in(tmp_path / "station"), folder)
    return folder


def states(county: Path) -> list[str]:
    with opened_office(county) as office:
        return [one.state for one in office.devices()]


def revoke(county: Path) -> None:
    with opened_office(county) as office:
        office.revoke(STATION, "stolen")


def test_a_device_that_was_revoked_after_the_backup_does_not_come_back_with_it(
    county: Path, tmp_path: Path
) -> None:
    assert states(county) == ["active"]
    shutil.copy(county / DATABASE, tmp_path / "backup.db")
    revoke(county)
    shutil.copy(tmp_path / "backup.db", county / DATABASE)
    assert states(county) == ["revoked"]


def test_the_list_of_ended_certificates_never_becomes_shorter(county: Path, tmp_path: Path) -> None:
    revoke(county)
    shown = read_certificate(tls_files(tmp_path / "station").certificate.read_bytes())
    shutil.copy(tmp_path / "empty.db", county / DATABASE)
    enrol_on_this_machine(station_in(tmp_path / "again"), county, replace=True)
    revoke(county)
    with opened_office(county) as office:
        serials = dict(office.ring.own.revoked())
    assert f"{shown.serial_number:x}" in serials
    assert len(serials) == 2
