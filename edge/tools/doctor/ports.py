"""The ports of station.toml: there, ours to open, and not in another program's hands."""

import grp
import os
from collections.abc import Iterator
from pathlib import Path

from edge.settings import Settings
from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.this_machine import Machine


def look_at_ports(machine: Machine, settings: Settings, daemon: str | None) -> Iterator[Finding]:
    """Each device's port. `daemon`: the process of the running station, which may hold them."""
    for name, port in settings.ports().items():
        yield _port(machine, name, port, daemon)


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
        return port.removeprefix("usb:").lower() in _usb_ids(machine)
    path = path_of(machine, port)
    return path is None or path.exists()


def sound_cards(machine: Machine) -> list[str]:
    """Short names of the sound cards."""
    lines = machine.text("/proc/asound/cards").splitlines()
    return [line.partition("[")[2].partition("]")[0].strip() for line in lines if "[" in line]


def _usb_ids(machine: Machine) -> set[str]:
    return {
        f"{machine.text(f'/sys/bus/usb/devices/{one.parent.name}/idVendor')}:"
        f"{machine.text(f'/sys/bus/usb/devices/{one.parent.name}/idProduct')}"
        for one in machine.seen("/sys/bus/usb/devices/*/idVendor")
    }


def _port(machine: Machine, name: str, port: str, daemon: str | None) -> Finding:
    path = path_of(machine, port)
    if port.startswith("socket://"):
        return ok("port", "remote", about=name, port=port)
    if not is_there(machine, port):
        case = "no_twin" if port.startswith("twin:") else "missing"
        return warn("port", case, about=name, port=port)
    if path is None:
        return ok("port", about=name, port=port)
    if not os.access(path, os.R_OK | os.W_OK):
        return bad("port", "no_permission", about=name, port=port)
    others = [
        (pid, program)
        for pid, program in machine.holders_of(path)
        if str(pid) not in {daemon, str(os.getpid())}
    ]
    if others and not port.startswith("twin:"):
        pid, program = others[0]
        return bad("port", "held", about=name, port=port, program=program, pid=str(pid))
    return ok("port", "twin" if port.startswith("twin:") else "ok", about=name, port=port)


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
