"""The ports of station.toml: there, ours to open, and not in another program's hands."""

import grp
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from edge.settings import Settings, scanner_name
from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.this_machine import Machine

_ONLY_READ: Final = frozenset({"camera", "hid"})
"""Scanners that are never written to: a picture, and the keys of a keyboard."""


def look_at_ports(machine: Machine, settings: Settings, daemon: str | None) -> Iterator[Finding]:
    """Each device's port. `daemon`: the process of the running station, which may hold them."""
    drivers = {scanner_name(n): one.driver for n, one in enumerate(settings.scanners, 1)}
    for name, port in settings.ports().items():
        yield _port(machine, name, port, daemon, drivers.get(name, ""))


def path_of(machine: Machine, port: str) -> Path | None:
    """The file behind a port; None where there is none to look at."""
    if port.startswith("twin:"):
        return Path(port.removeprefix("twin:"))
    path = port.removeprefix("file:")
    return machine.at(path) if path.startswith("/") else None


def is_there(machine: Machine, port: str) -> bool:
    """Whether something is plugged in at this port, as far as this machine can see."""
    if port == "gpio":
        return bool(machine.seen("/dev/gpiochip*"))
    if port.startswith("alsa:"):
        return bool(sound_cards(machine))
    if port.startswith("usb:"):
        return _usb_is_there(machine, port)
    path = path_of(machine, port)
    return path is None or path.exists()


def sound_cards(machine: Machine) -> list[str]:
    """Short names of the sound cards."""
    lines = machine.text("/proc/asound/cards").splitlines()
    return [line.partition("[")[2].partition("]")[0].strip() for line in lines if "[" in line]


def _usb_is_there(machine: Machine, port: str) -> bool:
    """Whether a device with these ids is plugged in, and in the socket behind an @."""
    ids, _, socket = port.removeprefix("usb:").partition("@")
    for file in machine.seen("/sys/bus/usb/devices/*/idVendor"):
        place = f"/sys/bus/usb/devices/{file.parent.name}"
        there = f"{machine.text(f'{place}/idVendor')}:{machine.text(f'{place}/idProduct')}"
        if socket in {"", file.parent.name} and _numbers(ids) == _numbers(there) != ():
            return True
    return False


def _numbers(ids: str) -> tuple[int, ...]:
    """Both numbers of a USB device, () where these are none."""
    try:
        return tuple(int(part, 16) for part in ids.split(":"))
    except ValueError:
        return ()


def _port(machine: Machine, name: str, port: str, daemon: str | None, driver: str) -> Finding:
    path = path_of(machine, port)
    if port.startswith("socket://"):
        return ok("port", "remote", about=name, port=port)
    if not is_there(machine, port):
        case = "no_twin" if port.startswith("twin:") else "missing"
        return warn("port", case, about=name, port=port)
    if path is None:
        return ok("port", about=name, port=port)
    if not os.access(path, _needed(path, driver)):
        case = "no_picture" if driver == "camera" else "no_permission"
        return bad("port", case, about=name, port=port, group=_group_of(path))
    others = [
        (pid, program)
        for pid, program in machine.holders_of(path)
        if str(pid) not in {daemon, str(os.getpid())}
    ]
    if others and not port.startswith("twin:"):
        pid, program = others[0]
        return bad("port", "held", about=name, port=port, program=program, pid=str(pid))
    return ok("port", "twin" if port.startswith("twin:") else "ok", about=name, port=port)


def _needed(path: Path, driver: str) -> int:
    """The rights without which a driver cannot use this file."""
    if driver in _ONLY_READ:
        return os.R_OK | os.X_OK if path.is_dir() else os.R_OK
    return os.W_OK if path.is_file() else os.R_OK | os.W_OK  # a plain file only takes what is sent


def _group_of(path: Path) -> str:
    """The group whose members may use this device; that of serial lines where none is told."""
    with suppress(OSError, KeyError):
        if (group := path.group()) != "root":
            return group
    return "dialout"


def look_at_serial_group() -> Finding:
    """Whether this user may open serial ports at all."""
    try:
        members = grp.getgrnam("dialout")
    except KeyError:
        return ok("serial-ports", "no_group")
    if os.geteuid() == 0 or members.gr_gid in {os.getegid(), *os.getgroups()}:
        return ok("serial-ports")
    return warn("serial-ports", "not_in_group")


def look_at_sound(machine: Machine) -> Finding:
    """Whether anything can speak."""
    cards = sound_cards(machine)
    return ok("sound", cards=", ".join(cards)) if cards else warn("sound", "missing")
