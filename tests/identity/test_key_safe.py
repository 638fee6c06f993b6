"""The county's keys in a safe: a lost disk costs no enrolment, a found file costs nothing."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud_sync.county.database import Database
from cloud_sync.county.durability.backups import make_backup, restore_backup
from cloud_sync.county.identity.key_safe import KeySafeError, lock_keys, put_back, unlock_keys
from cloud_sync.county.identity.keyring import KeyRing
from cloud_sync.county.identity.opening import opened_office
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.settings import NewCounty, make_county
from cloud_sync.station.enrolment.identity import StationIdentity
from cloud_sync.wire.framing.frame import SealedCodec, StrangerError
from cloud_sync.wire.messages import Goodbye
from edge.cli import app
from edge.tools.enrol_here import enrol_on_this_machine
from tests.identity.places import COUNTY, STATION, station_in
from tests.support.keys import NOW_MS

PASSPHRASE = "correct horse 村驿"
BYE = Goodbye(clean=True)


def make(folder: Path) -> Path:
    broker = "mqtt://127.0.0.1:1883"
    make_county(folder, NewCounty(county=COUNTY, name="上犹县", broker=broker, web_port=8602))
    return folder


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with one station, which lies beside it."""
    folder = make(tmp_path / "county")
    enrol_on_this_machine(station_in(tmp_path / "station"), folder)
    return folder


def hears(county: Path, station: Path) -> bool:
    """Whether the county reads the station, and the station its answer."""
    it = StationIdentity.read(station, COUNTY)
    there = SealedCodec(it.mine, it.county_key, it.lookup, county=COUNTY, station=STATION)
    database = Database.open(county)
    try:
        here = KeyRing(database, OwnKeys.read(county, COUNTY)).codec(STATION)
        here.unpack("tel", there.pack("tel", BYE))
        return there.unpack("dn", here.pack("dn", BYE)) == BYE
    except StrangerError:
        return False
    finally:
        database.close()


def run(*words: str, typed: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["county", *words], input=typed)
    return done.exit_code, done.output + str(done.exception or "")


def test_after_a_lost_disk_backup_and_keys_together_bring_every_station_back(
    county: Path, tmp_path: Path
) -> None:
    station, safe = tmp_path / "station", tmp_path / "keys"
    (tmp_path / "stick").mkdir()
    backup = make_backup(county, tmp_path / "stick", NOW_MS)
    code, said = run("export-keys", str(county), "--to", str(safe), typed=f"{PASSPHRASE}\n" * 2)
    assert code == 0, said
    assert safe.stat().st_mode & 0o777 == 0o600
    assert PASSPHRASE not in said

    shutil.rmtree(county)
    restore_backup(make(county), backup.path)
    assert not hears(county, station)
    code, said = run("import-keys", str(county), "--from", str(safe), typed=f"{PASSPHRASE}\n")
    assert code == 0, said
    assert hears(county, station)
    with opened_office(county) as office:  # and who is shut out from now on is on the list
        office.revoke(STATION, "stolen")
        assert len(office.ring.own.revoked()) == 1
    assert not hears(county, station)


def test_the_file_shows_no_secret_and_opens_for_no_other_passphrase(county: Path) -> None:
    locked = lock_keys(county, COUNTY, PASSPHRASE)
    assert (county / "identity.key").read_bytes() not in locked
    assert b"PRIVATE KEY" not in locked
    assert lock_keys(county, COUNTY, PASSPHRASE) != locked
    with pytest.raises(KeySafeError, match="the passphrase is another"):
        unlock_keys(locked, COUNTY, PASSPHRASE + "!")
    with pytest.raises(KeySafeError, match="not of ganxian"):
        unlock_keys(locked, type(COUNTY)("ganxian"), PASSPHRASE)
    with pytest.raises(KeySafeError, match="no file of"):
        unlock_keys(b"PK\x03\x04", COUNTY, PASSPHRASE)
    with pytest.raises(KeySafeError, match="at least 12"):
        lock_keys(county, COUNTY, "short")


def test_two_passphrases_that_differ_or_a_file_that_is_there_write_nothing(
    county: Path, tmp_path: Path
) -> None:
    safe = tmp_path / "keys"
    where = ("export-keys", str(county), "--to", str(safe))
    code, _said = run(*where, typed=f"{PASSPHRASE}\nanother passphrase\n")
    assert (code != 0, safe.exists()) == (True, False)
    safe.write_text("mine")
    code, said = run(*where, typed=f"{PASSPHRASE}\n" * 2)
    assert (code != 0, safe.read_text()) == (True, "mine"), said


def test_keys_from_before_the_last_change_are_not_put_over_newer_ones(county: Path) -> None:
    old = unlock_keys(lock_keys(county, COUNTY, PASSPHRASE), COUNTY, PASSPHRASE)
    newer = OwnKeys.read(county, COUNTY).change_identity()
    with pytest.raises(KeySafeError, match="the keys here are newer"):
        put_back(county, COUNTY, old, NOW_MS)
    assert OwnKeys.read(county, COUNTY).card == newer.card


def test_who_was_shut_out_after_the_export_stays_so(county: Path) -> None:
    files = unlock_keys(lock_keys(county, COUNTY, PASSPHRASE), COUNTY, PASSPHRASE)
    with opened_office(county) as office:
        office.revoke(STATION, "stolen")
    assert len(put_back(county, COUNTY, files, NOW_MS).revoked()) == 1
