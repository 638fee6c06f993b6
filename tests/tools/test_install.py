"""Installing into a folder tree: what systemd, udev and Chromium would find on a station."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import parse_settings, read_settings
from edge.tools.install import (
    DEPLOY,
    Plan,
    device_list,
    install,
    look_over,
    next_steps,
    out_of_reach,
    refuse_out_of_reach,
    remove,
)
from edge.tools.new_station import NewStation, make_station

CAMERA: Final = """
[[scanners]]
driver = "camera"
port = "file:/run/cunyi-camera/frame.jpg"
"""
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here"
)


def lines_of(unit: str) -> list[str]:
    return (DEPLOY / "systemd" / unit).read_text(encoding="utf-8").splitlines()


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


@needs_systemd
def test_systemd_finds_no_fault_with_the_units_and_little_exposed(tmp_path: Path) -> None:
    plan, root = plan_in(tmp_path, more=CAMERA), tmp_path / "root"
    install(plan, root)
    units = root / "etc/systemd/system"
    for name in ("kiosk", "camera"):
        unit, starter = units / f"cunyi-{name}.service", f"/usr/local/lib/cunyi/{name}"
        text = unit.read_text(encoding="utf-8")
        unit.write_text(text.replace(starter, f"{root}{starter}"), encoding="utf-8")
    for unit in units.glob("*.service"):
        verified = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (unit.name, verified.returncode, verified.stderr) == (unit.name, 0, "")
    told = look_over(root).splitlines()
    assert told[0] == "systemd-analyze verify: no fault in cunyi-station.service"
    assert told[-1].startswith("→ Overall exposure level for cunyi-station.service")
    assert float(told[-1].split(":")[1].split()[0]) <= 2.0


@needs_systemd
def test_what_the_station_lies_open_to_is_told_line_by_line(tmp_path: Path) -> None:
    root = tmp_path / "root"
    install(plan_in(tmp_path), root)
    told = look_over(root).splitlines()
    assert "  0.5  PrivateNetwork=  Service has access to the host's network" in told
    assert not any("NoNewPrivileges" in line for line in told)


@needs_systemd
def test_what_systemd_complains_of_is_told(tmp_path: Path) -> None:
    root = tmp_path / "root"
    install(plan_in(tmp_path), root)
    unit = root / "etc/systemd/system/cunyi-station.service"
    text = unit.read_text(encoding="utf-8").replace("NoNewPrivileges=", "NoNewPrivilegs=")
    unit.write_text(text, encoding="utf-8")
    told = look_over(root)
    assert told.startswith("systemd-analyze verify: faults in cunyi-station.service:\n")
    assert "NoNewPrivilegs' in section" in told
    assert "NoNewPrivileges=" in told.partition("Still open")[2]


def test_without_systemd_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert look_over(tmp_path) == "systemd-analyze is not here: the units were not checked"


@pytest.mark.parametrize("unit", ["station", "kiosk", "camera"])
def test_systemd_never_gives_up_what_the_station_counts_on(unit: str) -> None:
    # With a limit, systemd would give the station up in the very starts after which it lets its
    # doors rest (safe_after_boots, up to ten): then there is no keypad at all.
    lines = lines_of(f"cunyi-{unit}.service")
    assert "StartLimitIntervalSec=0" in lines
    assert not any(line.startswith("StartLimitBurst=") for line in lines)
    assert {"Restart=on-failure", "Restart=always"} & set(lines)
    assert "RestartSec=5" in lines


def test_starts_that_fail_come_fast_enough_for_doors_to_rest_soon(tmp_path: Path) -> None:
    settings = plan_in(tmp_path).settings
    lines = dict(line.split("=", 1) for line in lines_of("cunyi-station.service") if "=" in line)
    between_ms = int(lines["RestartSec"]) * 1_000
    # The whole row, with the waits between its starts, takes less than one boot that lasts.
    assert settings.rules.safe_after_boots * between_ms < settings.rules.steady_ms


def test_pins_find_a_folder_they_may_write_to() -> None:
    # lgpio makes .lgd-nfy* in its working directory at import, and / is read-only here.
    lines = lines_of("cunyi-station.service")
    assert "ProtectSystem=strict" in lines
    assert "RuntimeDirectory=cunyi-station" in lines
    assert "WorkingDirectory=%t/cunyi-station" in lines


@pytest.mark.parametrize(
    ("port", "netlink"), [("usb:0416:5011", True), ("file:/dev/usb/lp0", False)]
)
def test_only_a_printer_through_libusb_hears_what_is_plugged_in(
    tmp_path: Path, port: str, *, netlink: bool
) -> None:
    file = plan_in(tmp_path).folder / "station.toml"
    text = file.read_text(encoding="utf-8").replace(
        "/dev/serial/by-id/REPLACE-WITH-YOUR-PRINTER", port
    )
    made = device_list(parse_settings(text, file))
    assert ("RestrictAddressFamilies=AF_NETLINK" in made.splitlines()) is netlink
    assert f"DeviceAllow={'char-usb_device' if netlink else 'char-usb'} rw" in made.splitlines()
    assert "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX" in lines_of("cunyi-station.service")


def test_a_camera_has_a_program_that_renews_its_picture(tmp_path: Path) -> None:
    plan, root = plan_in(tmp_path, more=CAMERA), tmp_path / "root"
    wrote = install(plan, root)
    unit = (root / "etc/systemd/system/cunyi-camera.service").read_text(encoding="utf-8")
    lines = unit.splitlines()
    starter = root / "usr/local/lib/cunyi/camera"
    assert "ExecStart=/usr/local/lib/cunyi/camera /run/cunyi-camera/frame.jpg" in lines
    assert "RuntimeDirectory=cunyi-camera" in lines
    assert [line for line in lines if line.startswith("Device")] == [
        "DevicePolicy=closed",
        "DeviceAllow=char-video4linux rw",
        "DeviceAllow=char-media rw",
        "DeviceAllow=char-dma_heap rw",
    ]
    assert starter.stat().st_mode & 0o777 == 0o755
    assert any("cunyi-station cunyi-camera" in step for step in next_steps(plan))
    without = Plan(
        folder=plan.folder,
        settings=plan_in(tmp_path / "none").settings,
        program=plan.program,
    )
    assert set(remove(without, root)) == set(wrote)


@pytest.mark.parametrize("more", ["", CAMERA.replace("cunyi-camera", "mine")])
def test_no_camera_or_one_with_a_program_of_its_own_gets_none(tmp_path: Path, more: str) -> None:
    plan = plan_in(tmp_path, more=more)
    assert not any("camera" in file.name for file in install(plan, tmp_path / "root"))
    assert not any("cunyi-camera" in step for step in next_steps(plan))


@pytest.mark.parametrize(
    ("listed", "program", "asked"),
    [
        ("0 : imx708 [4608x2592 10-bit RGGB]", "rpicam-still", "-n -t 0 --timelapse 200"),
        ("No cameras available!", "ffmpeg", "-i /dev/v4l/by-id/usb-x"),
    ],
)
def test_the_camera_of_the_pi_comes_before_one_on_usb(
    tmp_path: Path, listed: str, program: str, asked: str
) -> None:
    for name in ("rpicam-still", "ffmpeg"):
        file = tmp_path / name
        lists = f'[ "$1" = --list-cameras ] && echo "{listed}" && exit 0\n'
        file.write_text(f'#!/bin/sh\n{lists}echo "$0 $*"\n', encoding="utf-8")
        file.chmod(0o755)
    started = subprocess.run(
        ["/bin/sh", DEPLOY / "camera" / "camera", "/run/cunyi-camera/frame.jpg"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "CUNYI_CAMERA": "/dev/v4l/by-id/usb-x"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout.startswith(f"{tmp_path / program} ")
    assert asked in started.stdout
    assert started.stdout.endswith(" /run/cunyi-camera/frame.jpg\n")


def test_a_scanner_that_types_is_out_of_reach_of_the_screen() -> None:
    (rules,) = (DEPLOY / "udev").iterdir()
    # Groups are given out by 50-udev-default, seats by 71-seat; what is known of a USB device by
    # its own rules (ENV{ID_VENDOR_ID} of 60-persistent-input) is not asked for.
    assert "60-persistent-input.rules" < rules.name < "71-seat.rules"
    scanner = [
        line
        for line in rules.read_text(encoding="utf-8").splitlines()
        if 'SUBSYSTEM=="input"' in line
    ]
    assert all('ATTRS{idVendor}=="0c2e|05e0|1eab"' in line for line in scanner)
    assert sum('GROUP="cunyi-scanner", MODE="0660"' in line for line in scanner) == 1
    assert sum('ENV{ID_SEAT}="seat-' in line for line in scanner) == 1


@pytest.mark.skipif(shutil.which("systemd-sysusers") is None, reason="systemd-sysusers not here")
def test_the_station_is_in_the_group_of_scanners_and_the_screen_is_not(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    made = subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", DEPLOY / "sysusers" / "cunyi.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    rows = (tmp_path / "etc/group").read_text(encoding="utf-8").splitlines()
    members = {row.split(":")[0]: row.split(":")[3].split(",") for row in rows}
    assert members["cunyi-scanner"] == ["cunyi"]
    assert members["input"] == ["cunyi"]
    assert "cunyi-camera" in members["video"]


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


@pytest.mark.parametrize("place", ["/root/station", "/home/li/cunyi/station"])
def test_what_the_unit_hides_from_the_service_is_refused(tmp_path: Path, place: str) -> None:
    plan = plan_in(tmp_path)
    hidden = Plan(folder=Path(place), settings=plan.settings, program=Path("/opt/cunyi/bin/cunyi"))
    assert out_of_reach(hidden) == (Path(place),)
    with pytest.raises(ConfigError, match="cannot reach homes") as refused:
        refuse_out_of_reach(hidden)
    assert "/var/lib/cunyi" in refused.value.fix


def test_what_lies_where_it_belongs_is_in_reach(tmp_path: Path) -> None:
    plan = Plan(
        folder=Path("/var/lib/cunyi/station"),
        settings=plan_in(tmp_path).settings,
        program=Path("/opt/cunyi/.venv/bin/cunyi"),
    )
    refuse_out_of_reach(plan)
    assert out_of_reach(plan) == ()
