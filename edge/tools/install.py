"""`cunyi station install`: puts units, rules and the kiosk of deploy/ in place on this machine.

Files are written below a root folder, which is / on a real station and any folder for a look at
what would be written. What is installed twice is the same as once; `remove` takes it all back.
The station's data is never touched.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.guard.hosts import home_host
from edge.kernel.errors import ConfigError
from edge.settings import FILE_NAME, Settings

_SHIPPED: Final = Path(__file__).with_name("deploy")
DEPLOY: Final = _SHIPPED if _SHIPPED.is_dir() else Path(__file__).parents[2] / "deploy"
"""Beside this file in an installed wheel, at the top of a checkout."""
_UNITS: Final = Path("etc/systemd/system")
_SHIPPED_PROGRAM: Final = "/opt/cunyi/.venv/bin/cunyi"
_SHIPPED_FOLDER: Final = "/var/lib/cunyi/station"
_SHIPPED_ADDRESS: Final = "127.0.0.1:8601"
_UNFIT: Final = frozenset(" \t\n%\"'\\$")
_SHELL_MODE: Final = 0o755
_HIDDEN: Final = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - none is written
_CAMERA_PORTS: Final = ("file:/run/cunyi-camera", "file:/run/cunyi-camera/frame.jpg")
"""Where cunyi-camera.service puts its picture; behind any other port is a program of your own."""

_DEVICES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("/dev/input/", ("char-input",)),
    ("/dev/usb/lp", ("char-usb",)),
    ("/dev/video", ("char-video4linux",)),
    ("/dev/", ("char-ttyUSB", "char-ttyACM", "char-ttyAMA", "char-ttyS")),
    ("usb:", ("char-usb_device",)),
    ("alsa:", ("char-alsa",)),
    ("gpio", ("char-gpiochip",)),
    ("file:/dev/usb/lp", ("char-usb",)),
)
"""What a port needs, by how it begins; the first row that fits counts. Names: /proc/devices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be installed for whom."""

    folder: Path
    settings: Settings
    program: Path
    kiosk: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file: where below the root, what is in it, may it be run."""

    place: Path
    text: str
    mode: int = 0o644


def pieces(plan: Plan) -> tuple[Piece, ...]:
    """All files of this plan. Raises ConfigError for a path that a unit file cannot hold."""
    for path in (plan.folder, plan.program):
        if _UNFIT & set(str(path)):
            fix = "Choose a folder whose name has no blanks, quotes, percent or dollar signs"
            raise ConfigError(path, "", "this path cannot stand in a unit file", fix)
    return tuple(_pieces(plan, camera=_has_camera(plan.settings)))


def _pieces(plan: Plan, *, camera: bool) -> Iterator[Piece]:
    fit = _fitter(plan)

    def shipped(name: str, place: Path | str, mode: int = 0o644) -> Piece:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        return Piece(place=Path(place), text=fit(text), mode=mode)

    yield shipped("systemd/cunyi-station.service", _UNITS / "cunyi-station.service")
    allowed = Path("cunyi-station.service.d/devices.conf")
    yield Piece(place=_UNITS / allowed, text=device_list(plan.settings))
    yield shipped("systemd/cunyi-watchdog.conf", "etc/systemd/system.conf.d/cunyi-watchdog.conf")
    yield shipped("systemd/cunyi-journald.conf", "etc/systemd/journald.conf.d/cunyi.conf")
    yield shipped("sysusers/cunyi.conf", "etc/sysusers.d/cunyi.conf")
    yield shipped("udev/70-cunyi.rules", "etc/udev/rules.d/70-cunyi.rules")
    yield shipped("polkit/50-cunyi-poweroff.rules", "etc/polkit-1/rules.d/50-cunyi-poweroff.rules")
    if camera:
        yield shipped("systemd/cunyi-camera.service", _UNITS / "cunyi-camera.service")
        yield shipped("camera/camera", "usr/local/lib/cunyi/camera", _SHELL_MODE)
    if plan.kiosk:
        yield shipped("systemd/cunyi-kiosk.service", _UNITS / "cunyi-kiosk.service")
        yield shipped("kiosk/kiosk", "usr/local/lib/cunyi/kiosk", _SHELL_MODE)
        policies = "etc/chromium/policies/managed/cunyi-kiosk.json"
        yield shipped("chromium/cunyi-kiosk.json", policies)


def _has_camera(settings: Settings) -> bool:
    return any(one.driver == "camera" and one.port in _CAMERA_PORTS for one in settings.scanners)


def _fitter(plan: Plan) -> Callable[[str], str]:
    web = plan.settings.web
    host = home_host(web.host)

    def fit(text: str) -> str:
        text = text.replace(_SHIPPED_PROGRAM, str(plan.program))
        text = text.replace(_SHIPPED_FOLDER, str(plan.folder))
        return text.replace(_SHIPPED_ADDRESS, f"{host}:{web.port}")

    return fit


def device_list(settings: Settings) -> str:
    """The drop-in that lets the station open the kinds of devices of its station.toml, no more."""
    needed: dict[str, None] = {}
    ports = settings.ports().values()
    for port in ports:
        row = next((kinds for start, kinds in _DEVICES if port.startswith(start)), ())
        needed |= dict.fromkeys(row)
    lines = [f"DeviceAllow={kind} rw" for kind in sorted(needed)]
    if any(port.startswith("usb:") for port in ports):
        # libusb does not start without the kernel's news of what is plugged in.
        lines.append("RestrictAddressFamilies=AF_NETLINK")
    about = f"# Made from {FILE_NAME} by `cunyi station install`; run it again after a change."
    return "\n".join([about, "[Service]", *lines, ""])


def out_of_reach(plan: Plan) -> tuple[Path, ...]:
    """Which of program and data folder the station could not reach: its unit hides homes and /tmp,
    and the service's user may enter no other user's home anyway.
    """
    return tuple(
        path
        for path in (plan.program, plan.folder)
        if any(path.is_relative_to(hidden) for hidden in _HIDDEN)
    )


def refuse_out_of_reach(plan: Plan) -> None:
    """Raises ConfigError naming the first that is out of reach, and where it belongs."""
    for path in out_of_reach(plan):
        fix = "Put cunyi into /opt/cunyi and the data folder below /var/lib/cunyi, then try again"
        raise ConfigError(path, "", "the service cannot reach homes and temporary folders", fix)


def install(plan: Plan, root: Path) -> tuple[Path, ...]:
    """Write all files below `root`; returns where. Raises OSError naming the file."""
    written = []
    for piece in pieces(plan):
        file = root / piece.place
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f".{file.name}.new")
        made.write_text(piece.text, encoding="utf-8")
        made.chmod(piece.mode)
        made.replace(file)
        written.append(file)
    return tuple(written)


def remove(plan: Plan, root: Path) -> tuple[Path, ...]:
    """Take back what `install` wrote below `root`; returns what was there."""
    gone = []
    for piece in _pieces(plan, camera=True):  # its scanner may have left the file since
        file = root / piece.place
        if file.exists():
            file.unlink()
            gone.append(file)
    drop_ins = root / _UNITS / "cunyi-station.service.d"
    if drop_ins.is_dir() and not any(drop_ins.iterdir()):
        drop_ins.rmdir()
    return tuple(gone)


def look_over(root: Path) -> str:
    """What systemd itself says of the units: faults, then what the station still lies open to.

    Below another root the programs of screen and camera are not where their units say: there only
    the station's unit is looked at.
    """
    if (analyze := shutil.which("systemd-analyze")) is None:
        return "systemd-analyze is not here: the units were not checked"
    station = root / _UNITS / "cunyi-station.service"
    units = sorted((root / _UNITS).glob("cunyi-*.service")) if root == Path("/") else [station]
    verify = [analyze, "verify", "--man=no", "--recursive-errors=no", *map(str, units)]
    verified = _ask(verify)
    complaints = verified.stderr.strip() or f"exit status {verified.returncode}"
    checked = ", ".join(unit.name for unit in units)
    fine = verified.returncode == 0 and not verified.stderr.strip()
    told = f"no fault in {checked}" if fine else f"faults in {checked}:\n{complaints}"
    return f"systemd-analyze verify: {told}\n{_exposure(analyze, station)}"


def _exposure(analyze: str, unit: Path) -> str:
    said = _ask([analyze, "security", "--offline=true", "--no-pager", str(unit)])
    rows = [line.split(maxsplit=2) for line in said.stdout.splitlines() if line.startswith("✗")]
    lines = []
    for _, setting, rest in rows:
        about, _, points = rest.rpartition(" ")
        lines.append(f"  {points}  {setting}  {about.strip()}")
    overall = [line for line in said.stdout.splitlines() if "Overall exposure" in line]
    if not overall:
        return f"systemd-analyze security: {said.stderr.strip()}"
    return "\n".join(["Still open, with the weight that systemd gives it:", *lines, *overall])


def _ask(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run it where its marks are written in UTF-8, whatever the language of the terminal."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, env=env
    )


def next_steps(plan: Plan) -> tuple[str, ...]:
    """The commands that bring it to life, for whoever has the rights."""
    packages = "apt-get install --no-install-recommends cage chromium fonts-noto-cjk"
    screen = " cunyi-kiosk" if plan.kiosk else ""
    camera = " cunyi-camera" if _has_camera(plan.settings) else ""
    return (
        "systemd-sysusers",
        f"chown -R cunyi:cunyi {plan.folder}",
        "udevadm control --reload && udevadm trigger",
        *([packages] if plan.kiosk else []),
        *(["apt-get install rpicam-apps-lite  # for a USB camera: ffmpeg"] if camera else []),
        "systemctl daemon-reload",
        f"systemctl enable --now cunyi-station{camera}{screen}",
    )


def own_program() -> Path:
    """The `cunyi` of this very installation."""
    return Path(sys.executable).with_name("cunyi")
