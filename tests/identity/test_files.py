"""What lies in the folders, who may read it, and that no two stations share a secret."""

import hashlib
import os
from pathlib import Path

import pytest

from cloud_sync.station.enrolment.enrolment_files import keep_enrolment
from cloud_sync.station.enrolment.identity import IDENTITY, StationIdentity
from cloud_sync.wire.trust.private_files import draw_identity
from edge.daemon.machine_id import machine_id
from edge.kernel.errors import StoreError
from edge.kernel.ids import StationId
from edge.store.key import FILE_NAME, StationKey
from edge.tools.enrol_here import enrol_on_this_machine, enrol_with
from tests.identity.places import COUNTY, STATION, open_town, station_in

SECRET = ("identity.key", "ca.key", "county.key", "station.key", "identity.old.key")


def modes(folder: Path) -> dict[str, int]:
    """What others than the owner may do with each file."""
    return {
        str(file.relative_to(folder)): file.stat().st_mode & 0o077
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_only_the_owner_can_read_what_is_secret(tmp_path: Path) -> None:
    os.umask(0)
    try:
        with open_town(tmp_path / "county") as town:
            town.ring.own.change_identity()
        station_in(tmp_path / "station")
        enrol_on_this_machine(tmp_path / "station", tmp_path / "county")
    finally:
        os.umask(0o022)
    seen = modes(tmp_path)
    secret = {name: mode for name, mode in seen.items() if Path(name).name in SECRET}
    assert len(secret) == 7  # three of the county's and its old one, three of the station's
    assert set(secret.values()) == {0}
    assert (tmp_path / "station/tls").stat().st_mode & 0o077 == 0
    assert (tmp_path / "county/ca").stat().st_mode & 0o077 == 0


def test_a_thousand_enrolled_stations_share_no_secret(tmp_path: Path) -> None:
    seen: dict[str, set[str]] = {"identity": set(), "tls": set(), "codes": set(), "box": set()}
    with open_town(tmp_path / "county") as town:
        for number in range(1_000):
            folder = tmp_path / f"s{number}"
            folder.mkdir()
            mine = draw_identity(folder / IDENTITY)
            StationKey.create(folder)
            station = StationId(f"station-{number}")
            enrolment = enrol_with(town.office.database, town.ring.own, station, folder)
            seen["identity"].add((folder / IDENTITY).read_bytes().hex())
            seen["codes"].add((folder / FILE_NAME).read_bytes().hex())
            seen["tls"].add(hashlib.sha256(enrolment.key).hexdigest())
            box = mine.box_with(town.ring.own.identities[0].public)
            seen["box"].add(box.encrypt(bytes(12), b"", None).hex())
        town.ring.reload()
        assert len(town.states()) == 1_000
    assert {name: len(secrets) for name, secrets in seen.items()} == dict.fromkeys(seen, 1_000)
    assert len(set().union(*seen.values())) == 4_000


def test_a_key_is_never_drawn_over_another(tmp_path: Path) -> None:
    draw_identity(tmp_path / IDENTITY)
    before = (tmp_path / IDENTITY).read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        draw_identity(tmp_path / IDENTITY)
    assert (tmp_path / IDENTITY).read_bytes() == before


def test_a_running_station_sees_at_once_that_it_was_enrolled(tmp_path: Path) -> None:
    folder = station_in(tmp_path / "station")
    identity = StationIdentity.read(folder, COUNTY)
    assert identity.card is None
    with open_town(tmp_path / "county") as town:
        keep_enrolment(folder, enrol_with(town.office.database, town.ring.own, STATION, folder))
        assert identity.county_key() == town.ring.own.identities[0].public
    (folder / "county.card").write_bytes(b"no card")
    assert StationIdentity.read(folder, COUNTY).card is None
    assert not identity.enrolled


def test_a_folder_from_before_there_were_keys_is_given_one(tmp_path: Path) -> None:
    folder = station_in(tmp_path / "station")
    (folder / IDENTITY).unlink()
    first = StationIdentity.read(folder, COUNTY).mine.public
    assert StationIdentity.read(folder, COUNTY).mine.public == first
    assert (folder / IDENTITY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("proc/device-tree/serial-number", b"10000000a1b2c3d4\0"),
        ("sys/class/dmi/id/product_uuid", b"4c4c4544-0042-3510-8053-b4c04f4e3132\n"),
    ],
)
def test_a_board_is_known_by_its_number(tmp_path: Path, file: str, content: bytes) -> None:
    assert machine_id(tmp_path) == ""
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_bytes(content)
    whole = hashlib.sha256(content.strip(b"\0\n")).hexdigest()
    assert machine_id(tmp_path) == whole[:32]
    (tmp_path / file).write_bytes(b"\0")
    assert machine_id(tmp_path) == ""
