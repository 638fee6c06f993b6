"""`cunyi doctor` and the devices: it asks them itself, or the daemon that has them."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.settings import read_settings
from edge.tools.doctor import Grade, examine
from edge.tools.doctor.devices import Device, Look, look_at_devices
from hardware.twins.bench import Bench
from hardware.twins.faults import Fault
from tests.hardware.driver_peer import wait_until
from tests.support.station import pingshang
from tests.tools.fake_machine import FakeMachine


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path / "bench") as bench:
        yield bench


@pytest.fixture
def folder(tmp_path: Path, bench: Bench) -> Path:
    pingshang(tmp_path / "station", twins=bench.folder)
    return tmp_path / "station"


def found(folder: Path) -> dict[str, tuple[Grade, str]]:
    return {finding.id: (finding.grade, finding.found()) for finding in examine(folder)}


def test_all_devices_are_asked_and_no_door_is_opened(folder: Path, bench: Bench) -> None:
    findings = found(folder)
    assert findings["device.lock-board-1"] == (Grade.OK, "it answers")
    assert findings["device.scanner"] == (Grade.OK, "it answers")
    assert findings["device.printer"] == (Grade.OK, "it answers")
    assert findings["doors"] == (Grade.OK, "all 24 are shut")
    assert bench.cabinet.pulses == ()


def test_a_door_that_stands_open_is_told(folder: Path, bench: Bench) -> None:
    bench.cabinet.force_open(7)
    wait_until(lambda: bench.cabinet.is_open(7))
    assert found(folder)["doors"] == (Grade.WARN, "1 stand open")


def test_a_printer_without_paper_and_a_silent_board_are_told(folder: Path, bench: Bench) -> None:
    bench.faults.switch(Fault.PAPER_OUT, on=True)
    bench.faults.switch(Fault.BOARD_SILENT, on=True)
    findings = {finding.id: finding for finding in examine(folder)}
    assert findings["device.printer"].next_step() == (
        "Out of paper. Put in a new roll and the slips will follow."
    )
    assert findings["device.lock-board-1"].grade is Grade.WARN
    assert "Check power" in findings["device.lock-board-1"].next_step()
    assert "doors" not in findings or findings["doors"].grade is Grade.WARN


def test_one_device_that_is_away_hides_none_of_the_others(folder: Path, bench: Bench) -> None:
    bench.faults.switch(Fault.PRINTER_UNPLUGGED, on=True)
    findings = {finding.id: finding for finding in examine(folder)}
    assert findings["device.printer"].grade is Grade.WARN
    assert findings["device.lock-board-1"].grade is Grade.OK
    assert findings["doors"].found() == "all 24 are shut"


def test_what_the_daemon_says_is_believed(folder: Path, tmp_path: Path) -> None:
    told = Look(devices=[Device(name="lock-board-1", present=False, note="device.failed")])
    told.doors.update({"shut": 20, "open": 1, "forced": 1, "unknown": 2})
    machine = FakeMachine(tmp_path / "root").machine
    findings = list(look_at_devices(machine, folder, read_settings(folder), told))
    assert [(f.id, f.grade, f.case) for f in findings] == [
        ("device.lock-board-1", Grade.BAD, "trouble"),
        ("doors", Grade.WARN, "unknown"),
        ("doors", Grade.WARN, "open"),
    ]
    assert findings[-1].found() == "2 stand open"


def test_a_port_in_another_programs_hands_is_named(tmp_path: Path) -> None:
    fake = FakeMachine(tmp_path / "root")
    line = fake.file("/dev/ttyUSB0")
    fake.open_by(4242, "minicom", line)
    assert list(fake.machine.holders_of(line)) == [(4242, "minicom")]


def test_the_command_speaks_json_chinese_and_writes_a_bundle(folder: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "help.zip"
    command = [sys.executable, "-m", "edge.cli", "doctor", str(folder)]
    said = subprocess.run(
        [*command, "--json", "--language", "zh", "--bundle", str(bundle)],
        capture_output=True,
        text=True,
        check=True,
    )
    checks = {check["id"]: check for check in json.loads(said.stdout)["checks"]}
    assert checks["doors"] == {
        "id": "doors",
        "grade": "ok",
        "finding": "24 扇都关着",
        "next_step": "",
    }
    with zipfile.ZipFile(bundle) as parts:
        assert json.loads(parts.read("doctor.json"))["checks"] == json.loads(said.stdout)["checks"]
