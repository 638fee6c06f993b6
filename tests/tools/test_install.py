"""Installing into a folder tree: what systemd, udev and Chromium would find on a station."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import read_settings
from edge.tools.install import Plan, device_list, install, look_over, next_steps, remove
from edge.tools.new_station import NewStation, make_station


def plan_in(tmp_path: Path, *, kiosk: bool = True, more: str = "") -> Plan:
    folder = tmp_path / "station"
    wanted = NewStation(
        county="shangyou",
        station="pingshang",
        name="坪上村驿",
        broker="mqtt://127.0.0.1:1883",
        web_port=8777,
        twins=None,
    )
    file = make_station(folder, wanted)
    if more:
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    program = tmp_path / "venv" / "bin" / "cunyi"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    return Plan(folder=folder, settings=read_settings(folder), program=program, kiosk=kiosk)


def test_the_units_run_this_program_on_this_folder_and_show_this_address(tmp_path: Path) -> None:
    plan, root = plan_in(tmp_path), tmp_path / "root"
    install(plan, root)
    unit = (root / "etc/systemd/system/cunyi-station.service").read_text(encoding="utf-8")
    assert f"ExecStart={plan.program} station run {plan.folder}\n" in unit
    assert f"ReadWritePaths={plan.folder}\n" in unit
    kiosk = (root / "etc/systemd/system/cunyi-kiosk.service").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8777/kiosk" in kiosk
    policy = root / "etc/chromium/policies/managed/cunyi-kiosk.json"
    rules = json.loads(policy.read_text(encoding="utf-8"))
    assert (rules["URLBlocklist"], rules["URLAllowlist"]) == (["*"], ["http://127.0.0.1:8777"])
    starter = root / "usr/local/lib/cunyi/kiosk"
    assert starter.stat().st_mode & 0o777 == 0o755
    assert subprocess.run(["sh", "-n", starter], check=False).returncode == 0


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_finds_no_fault_with_the_units_and_little_exposed(tmp_path: Path) -> None:
    plan, root = plan_in(tmp_path), tmp_path / "root"
    install(plan, root)
    units = root / "etc/systemd/system"
    kiosk = units / "cunyi-kiosk.service"
    starter = "/usr/local/lib/cunyi/kiosk"
    text = kiosk.read_text(encoding="utf-8")
    kiosk.write_text(text.replace(starter, f"{root}{starter}"), encoding="utf-8")
    for unit in ("cunyi-station.service", "cunyi-kiosk.service"):
        verified = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", units / unit],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (verified.returncode, verified.stderr) == (0, "")
    exposure = look_over(root)
    assert "Overall exposure level for cunyi-station.service" in exposure
    assert float(exposure.split(":")[1].split()[0]) <= 2.0


def test_only_the_devices_of_this_station_may_be_opened(tmp_path: Path) -> None:
    more = """
[voice]
port = "alsa:default"
"""
    text = device_list(plan_in(tmp_path, more=more).settings)
    allowed = [line for line in text.splitlines() if line.startswith("DeviceAllow=")]
    assert allowed == [
        f"DeviceAllow={kind} rw"
        for kind in ("char-alsa", "char-ttyACM", "char-ttyAMA", "char-ttyS", "char-ttyUSB")
    ]


def test_installing_twice_is_as_once_and_removing_leaves_the_data(tmp_path: Path) -> None:
    plan, root = plan_in(tmp_path), tmp_path / "root"
    first = install(plan, root)
    before = {file: file.read_bytes() for file in first}
    assert install(plan, root) == first
    assert {file: file.read_bytes() for file in first} == before
    assert set(remove(plan, root)) == set(first)
    assert [file for file in root.rglob("*") if file.is_file()] == []
    assert (plan.folder / "journal.db").exists()
    assert remove(plan, root) == ()


def test_a_station_without_a_screen_gets_no_browser(tmp_path: Path) -> None:
    plan, root = plan_in(tmp_path, kiosk=False), tmp_path / "root"
    assert not any("kiosk" in str(file.relative_to(root)) for file in install(plan, root))
    assert not any("chromium" in step or "kiosk" in step for step in next_steps(plan))


def test_a_path_that_a_unit_file_would_misread_is_refused(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    odd = Plan(folder=Path("/srv/my stations/%i"), settings=plan.settings, program=plan.program)
    with pytest.raises(ConfigError, match="cannot stand in a unit file"):
        install(odd, tmp_path / "root")
    assert not (tmp_path / "root").exists()
