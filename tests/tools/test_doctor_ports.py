"""Ports as `cunyi doctor` sees them: what each kind of port needs, and who has it."""

import os
from pathlib import Path

import pytest

from edge.settings import Settings, parse_settings
from edge.tools.doctor import Finding, Grade
from edge.tools.doctor.ports import is_there, look_at_ports
from tests.tools.fake_machine import FakeMachine

TEXT = """
[station]
id = "pingshang"
county = "shangyou"
name = "坪上村驿"
[link]
broker = "mqtt://127.0.0.1:1883"
[[cabinet.boards]]
driver = "8a80"
port = "/dev/ttyUSB0"
[[scanners]]
port = "socket://10.0.0.7:4001"
[printer]
port = "file:/dev/usb/lp0"
"""


@pytest.fixture
def fake(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "root")


@pytest.fixture
def settings() -> Settings:
    return parse_settings(TEXT, "test")


def seen(fake: FakeMachine, settings: Settings, daemon: str | None = None) -> dict[str, Finding]:
    return {one.id: one for one in look_at_ports(fake.machine, settings, daemon)}


def test_missing_and_remote_ports_are_told_apart(fake: FakeMachine, settings: Settings) -> None:
    findings = seen(fake, settings)
    assert (findings["port.lock-board-1"].grade, findings["port.lock-board-1"].case) == (
        Grade.WARN,
        "missing",
    )
    assert findings["port.scanner"].case == "remote"
    assert "cunyi devices scan" in findings["port.printer"].next_step()


def test_a_port_in_another_programs_hands_is_bad_and_names_it(
    fake: FakeMachine, settings: Settings
) -> None:
    line = fake.file("/dev/ttyUSB0")
    fake.file("/dev/usb/lp0")
    fake.open_by(4242, "minicom", line)
    findings = seen(fake, settings)
    assert findings["port.lock-board-1"].grade is Grade.BAD
    assert findings["port.lock-board-1"].found("zh") == "/dev/ttyUSB0 被 minicom（进程 4242）占用"
    assert findings["port.printer"].grade is Grade.OK


def test_the_running_daemon_may_have_its_ports(fake: FakeMachine, settings: Settings) -> None:
    line = fake.file("/dev/ttyUSB0")
    fake.open_by(4242, "cunyi", line)
    assert seen(fake, settings, daemon="4242")["port.lock-board-1"].grade is Grade.OK


def test_pins_sound_and_usb_are_there_when_the_kernel_says_so(fake: FakeMachine) -> None:
    ports = ("gpio", "alsa:default", "usb:0416:5011")
    assert [is_there(fake.machine, port) for port in ports] == [False, False, False]
    fake.file("/dev/gpiochip0")
    fake.file("/proc/asound/cards", " 0 [Headphones     ]: bcm2835\n")
    fake.file("/sys/bus/usb/devices/1-1/idVendor", "0416\n")
    fake.file("/sys/bus/usb/devices/1-1/idProduct", "5011\n")
    assert [is_there(fake.machine, port) for port in ports] == [True, True, True]


@pytest.mark.parametrize(
    ("port", "there"),
    [
        ("usb:0416:5011@1-1", True),
        ("usb:416:5011@1-1", True),  # the driver reads numbers
        ("usb:0416:5011@1-2", False),  # another device sits in that socket
        ("usb:0416:5011@1-1.3", False),
        ("usb:0416:5012@1-1", False),
        ("usb:printer", False),
    ],
)
def test_a_usb_printer_is_looked_for_in_its_socket(
    fake: FakeMachine, port: str, *, there: bool
) -> None:
    for socket, vendor in (("1-1", "0416"), ("1-2", "04b8")):
        fake.file(f"/sys/bus/usb/devices/{socket}/idVendor", f"{vendor}\n")
        fake.file(f"/sys/bus/usb/devices/{socket}/idProduct", "5011\n")
    assert is_there(fake.machine, port) is there


SCANNERS = """
[[scanners]]
driver = "camera"
port = "file:/run/camera/now.jpg"
[[scanners]]
driver = "hid"
port = "/dev/input/by-id/usb-Newland-event-kbd"
"""


def test_what_is_only_read_need_not_be_ours_to_write(
    fake: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanners = '[[scanners]]\nport = "socket://10.0.0.7:4001"\n'
    settings = parse_settings(TEXT.replace(scanners, SCANNERS), "test")
    for path in (
        *("/run/camera/now.jpg", "/dev/input/by-id/usb-Newland-event-kbd"),
        *("/dev/ttyUSB0", "/dev/usb/lp0"),
    ):
        fake.file(path)
    monkeypatch.setattr(os, "access", lambda _path, wanted: not wanted & os.W_OK)
    cases = {name: one.case for name, one in seen(fake, settings).items()}
    assert cases == {
        "port.lock-board-1": "no_permission",
        "port.scanner": "ok",
        "port.scanner-2": "ok",
        "port.printer": "no_permission",
    }
    monkeypatch.setattr(os, "access", lambda _path, wanted: not wanted & os.R_OK)
    findings = seen(fake, settings)
    assert findings["port.scanner"].grade is Grade.BAD
    assert findings["port.scanner"].next_step() == (
        "Let its camera program write it so that all may read it (umask 022)"
    )
    assert findings["port.printer"].grade is Grade.OK  # a plain file: written to, never read


def test_who_may_not_open_a_port_is_told_its_group(
    fake: FakeMachine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.file("/dev/ttyUSB0")
    fake.file("/dev/usb/lp0")
    monkeypatch.setattr(os, "access", lambda _path, _wanted: False)
    monkeypatch.setattr(Path, "group", lambda _path: "lp")
    findings = seen(fake, settings)
    assert "usermod -aG lp " in findings["port.lock-board-1"].next_step()


def test_a_device_is_called_what_the_keeper_calls_it() -> None:
    port = Finding(check="port", case="ok", grade=Grade.OK, about="lock-board-2")
    assert (port.name("zh"), port.name("en")) == ("接口 锁控板 2", "port lock board 2")
    reader = Finding(check="device", case="ok", grade=Grade.OK, about="card-reader")
    assert reader.name("en") == "device ID card reader"
    assert Finding(check="port", case="ok", grade=Grade.OK, about="x-ray").name() == "port x-ray"
