"""`cunyi doctor`: sees what is wrong, says how to mend it, and touches nothing."""

import socket
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

from edge.settings import read_settings
from edge.store.database import Store
from edge.tools.doctor import Finding, Grade, examine
from edge.tools.this_machine import Machine
from edge.words import LANGUAGES
from tests.support.station import pingshang


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """A station's folder whose devices are not there and whose broker is not up."""
    pingshang(tmp_path)
    return tmp_path


class DiskUsage(NamedTuple):
    """As shutil tells it."""

    total: int
    used: int
    free: int


def finding(folder: Path | None, name: str, machine: Machine | None = None) -> Finding:
    found = [finding for finding in examine(folder, machine) if finding.id == name]
    assert found, f"nothing about {name}"
    return found[0]


def test_a_machine_is_looked_over_without_a_station() -> None:
    looked_at = [finding.id for finding in examine(None)]
    assert looked_at[:3] == ["cunyi", "python", "sqlite"]
    assert {"demo-broker", "clock", "disk", "serial-ports", "sound", "units"} <= set(looked_at)


def test_a_new_station_has_nothing_bad_and_its_missing_devices_are_warned_of(
    station: Path,
) -> None:
    findings = list(examine(station))
    assert [f.line() for f in findings if f.grade is Grade.BAD] == []
    warned = {f.id for f in findings if f.grade is Grade.WARN}
    assert {"port.lock-board-1", "port.scanner", "port.printer", "broker"} <= warned
    assert {"device.lock-board-1", "device.scanner", "device.printer"} <= warned
    for language in LANGUAGES:
        assert all(f.next_step(language) for f in findings if f.grade is not Grade.OK)


def test_a_finding_is_one_line_with_its_next_step() -> None:
    full = Finding(
        check="disk", case="full", grade=Grade.BAD, blanks={"free": 3, "place": "/var/lib/cunyi"}
    )
    assert full.line() == (
        "bad   disk: 3 MB free at /var/lib/cunyi. Make room: without it no door opens"
    )
    assert full.line("zh") == (
        "故障  磁盘空间：/var/lib/cunyi 只剩 3 MB。马上腾出空间：没有空间就开不了门"
    )
    assert full.exit_code == 1
    time = {"time": "2026-11-24 19:07 UTC"}
    well = Finding(check="clock", case="ok", grade=Grade.OK, blanks=time)
    assert well.line() == "ok    clock: 2026-11-24 19:07 UTC"
    assert well.exit_code == 0


def test_a_finding_for_other_programs_has_a_name_that_no_language_changes() -> None:
    gone = Finding(
        check="device",
        case="trouble",
        grade=Grade.WARN,
        about="printer",
        blanks={"note": "device.missing"},
    )
    assert gone.as_json("zh") == {
        "id": "device.printer",
        "grade": "warn",
        "finding": "有问题",
        "next_step": "没接上。请看线插好没有。",
    }
    assert gone.as_json("en")["id"] == "device.printer"


def test_a_folder_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    found = finding(tmp_path / "nowhere", "folder")
    assert (found.grade, found.next_step()) == (
        Grade.BAD,
        f"Run: cunyi station init {tmp_path}/nowhere",
    )


def test_a_typo_in_the_settings_is_named(station: Path) -> None:
    file = station / "station.toml"
    file.write_text(file.read_text(encoding="utf-8") + "colour = 1\n", encoding="utf-8")
    found = finding(station, "settings")
    assert found.grade is Grade.BAD
    assert "printer.colour unknown key" in found.found()


def test_a_damaged_journal_is_bad(station: Path) -> None:
    connection = sqlite3.connect(station / "journal.db")
    connection.execute("INSERT INTO cells VALUES (1, 'free', NULL, 'shut', 1, '')")
    connection.commit()
    connection.close()
    found = finding(station, "journal")
    assert (found.grade, found.found()) == (
        Grade.BAD,
        "table cells is not what the journal says",
    )


def test_files_that_others_can_read_are_warned_of(station: Path) -> None:
    (station / "station.key").chmod(0o644)
    found = finding(station, "folder")
    assert found.grade is Grade.WARN
    assert found.next_step() == f"Run: chmod 600 {station / 'station.key'}"


def test_a_port_taken_by_another_program_is_bad(station: Path) -> None:
    assert finding(station, "station").grade is Grade.OK
    port = read_settings(station).web.port
    with socket.create_server(("127.0.0.1", port)):
        found = finding(station, "station")
    assert found.grade is Grade.BAD
    assert "taken" in found.found()


def test_a_holder_that_does_not_answer_is_bad_and_named(station: Path) -> None:
    store = Store.open(station)
    findings = {f.id: f for f in examine(station)}
    store.close()
    assert findings["journal"].grade is Grade.BAD
    assert "does not answer on its local socket" in findings["journal"].found()
    assert "runs but 127.0.0.1" in findings["station"].found()


def test_a_broker_that_takes_connections_is_well(station: Path) -> None:
    address = read_settings(station).link.broker
    with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))):
        assert finding(station, "broker").grade is Grade.OK


def test_a_device_that_is_there_is_well(station: Path) -> None:
    device = station / "scanner"
    device.touch()
    file = station / "station.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("/dev/serial/by-id/REPLACE-WITH-YOUR-SCANNER", f"twin:{device}"),
        encoding="utf-8",
    )
    found = finding(station, "port.scanner")
    assert (found.grade, found.found()) == (Grade.OK, f"twin:{device} (simulated)")


@pytest.mark.parametrize(
    ("free_mb", "grade"), [(40, Grade.BAD), (400, Grade.WARN), (4_000, Grade.OK)]
)
def test_little_room_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_mb: int, grade: Grade
) -> None:
    usage = DiskUsage(0, 0, free_mb * 2**20)
    monkeypatch.setattr("edge.tools.doctor.disk.shutil.disk_usage", lambda _place: usage)
    assert finding(tmp_path, "disk").grade is grade


def test_a_clock_from_before_the_station_was_built_is_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("edge.tools.doctor.body.time.time_ns", lambda: 0)
    found = finding(None, "clock")
    assert (found.grade, found.found()) == (Grade.WARN, "1970-01-01 00:00 UTC cannot be")
