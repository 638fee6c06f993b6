"""What a person does about records: the same while the county runs and while only its folder is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cloud_sync.county import alarms
from cloud_sync.county.database import Database
from cloud_sync.county.identity.opening import make_granting, writer_of
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.ingest.ledger import register_listed
from cloud_sync.county.intake import make_sync_office
from cloud_sync.county.local_socket import LocalSocket
from cloud_sync.county.settings import NewCounty, make_county, read_county_settings
from cloud_sync.county.tables import ALARMS, BACKUPS, GRANTS
from edge.cli.app import app
from edge.kernel.errors import CunyiError
from tests.county.test_worker import Desk, at_work
from tests.county.village import NOON_MS, County, Village, open_county


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wanted = NewCounty(
        county="shangyou", name="上犹县", broker="mqtt://127.0.0.1:1883", web_port=8602
    )
    folder = tmp_path / "county"
    make_county(folder, wanted)
    with open_county(folder) as county, county.database.write() as connection:
        register_listed(connection, [("pingshang", "坪上村站")])
        detail = "facts 3 to 5 of epoch 1 exist nowhere any more"
        alarms.raise_alarm(connection, "pingshang", alarms.GAP, detail, NOON_MS)
    return folder


@contextmanager
def at_the_socket(county: County, desk: Desk) -> Iterator[None]:
    """The county's socket, as the running county has it."""
    settings = read_county_settings(county.folder)
    granting = make_granting(settings, OwnKeys.read(county.folder, settings.county_id))
    write = writer_of(desk.worker, county.database)
    socket = LocalSocket(county.folder)
    office = make_sync_office(settings, county.database, granting, write)
    for name, handler in office.asks().items():
        socket.answers(name, handler)
    socket.start()
    try:
        yield
    finally:
        socket.stop()


@contextmanager
def nobody() -> Iterator[None]:
    """No county runs."""
    yield


@contextmanager
def running(folder: Path) -> Iterator[None]:
    with open_county(folder) as county, at_work(county) as desk, at_the_socket(county, desk):
        yield


def cunyi(*words: object) -> None:
    """The command, as typed; an error rises as it is."""
    app(["county", *map(str, words)], standalone_mode=False)


@pytest.mark.parametrize("runs", [True, False], ids=["running", "stopped"])
def test_whether_it_runs_or_not_a_person_can_do_the_same(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, runs: bool
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with running(folder) if runs else nobody():
        cunyi("backup", folder, "--to", stick)
        cunyi("grant", "pingshang", folder, "--reason", "换卡")
        said = ("--who", "王工", "--note", "数过了")
        cunyi("acknowledge", "gap", folder, "--station", "pingshang", *said)
        cunyi("lead", folder)
        with pytest.raises(CunyiError, match="no gap is open"):
            cunyi("acknowledge", "gap", folder, "--station", "pingshang", *said)
        with pytest.raises(CunyiError, match="no station of this county"):
            cunyi("grant", "nowhere", folder, "--reason", "换卡")
        with pytest.raises(CunyiError, match="no folder"):
            cunyi("backup", folder, "--to", tmp_path / "pulled")

    (backup,) = stick.glob("*.db")
    assert str(backup) in capsys.readouterr().out
    with open_county(folder) as county:
        assert not county.database.restored
        assert county.database.generation.startswith("2-")
        (grant,) = county.rows(GRANTS)
        assert (grant["station"], grant["epoch"], grant["reason"]) == ("pingshang", 2, "换卡")
        assert [row["file"] for row in county.rows(BACKUPS)] == [backup.name]
        assert county.open_alarms() == set()


def test_a_backup_is_put_back_by_one_command_and_only_while_nothing_runs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    cunyi("backup", folder, "--to", stick)
    (backup,) = stick.glob("*.db")
    with running(folder), pytest.raises(CunyiError, match="held by another"):
        cunyi("restore", folder, "--from", backup)

    cunyi("restore", folder, "--from", backup)

    assert "county.aside-1.db" in capsys.readouterr().out
    database = Database.open(folder)
    assert database.restored
    with database.read() as connection:
        assert [row.kind for row in connection.execute(ALARMS.select())] == ["gap"]
    database.close()


def test_a_county_that_leads_again_is_above_whatever_it_heard_of(folder: Path) -> None:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.county_gen = "41-" + "0" * 32
    with open_county(folder) as county:
        assert county.ingest.handle(village.station, village.hello()) is None
    cunyi("lead", folder)
    with open_county(folder) as county:
        assert county.database.generation.startswith("42-")
        assert county.welcome(village, "n2").verdict == "ok"
        assert ("", "older_generation") not in county.open_alarms()
