"""`cunyi devices scan`: what is plugged in, what it probably is, and its lines of station.toml.

Names are those of the Linux kernel and of udev; nothing is opened. A serial adapter without a
number of its own (CH340) is named by its socket, because two such adapters share one by-id name.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from edge.tools.commissioning.known_devices import Known, Role, known
from edge.tools.doctor.ports import sound_cards
from edge.tools.this_machine import Machine

_NEAREST_PARENTS: Final = 8
"""A tty stands three folders below its USB device, an input six."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usb:
    """A USB device as the kernel tells it."""

    vendor: str
    product: str
    serial: str
    text: str

    @property
    def row(self) -> Known | None:
        """What our table knows of it."""
        return known(self.vendor, self.product)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugged:
    """One device. `port` is what station.toml should call it, `device` the file it has today.

    `by_socket`: the port is the name of a socket, not of the device; keep the cable where it is.
    """

    role: Role
    port: str
    device: str
    name: str = ""
    usb: str = ""
    serial: str = ""
    unverified: bool = False
    by_socket: bool = False

    def lines(self) -> tuple[str, ...]:
        """Its lines of station.toml; none where cunyi has no use for it."""
        heads = {
            Role.ADAPTER: ("[[cabinet.boards]]",),
            Role.SCANNER: ("[[scanners]]", f'driver = "{self._scanner_driver}"'),
            Role.KEYBOARD: ("[[scanners]]", 'driver = "hid"'),
            Role.PRINTER: ("[printer]",),
            Role.SOUND: ("[voice]",),
            Role.PINS: ("[signals]",),
        }
        head = heads.get(self.role)
        return () if head is None else (*head, f"port = {json.dumps(self.port)}")

    @property
    def _scanner_driver(self) -> str:
        return "hid" if "/input/" in self.port else "line"

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return asdict(self) | {"lines": list(self.lines())}


def scan(machine: Machine) -> list[Plugged]:
    """All that is plugged in, kind by kind."""
    looks = (_serial, _inputs, _usb_printers, _cameras, _sound, _pins)
    return [one for look in looks for one in look(machine)]


def _serial(machine: Machine) -> Iterator[Plugged]:
    for tty in machine.seen("/dev/tty[UA]*"):  # ttyUSB, ttyACM, ttyAMA
        usb = usb_of(machine, Path("/sys/class/tty") / tty.name / "device")
        port, by_socket = _stable_name(machine, "serial", tty, usb)
        row = usb.row if usb is not None else None
        yield Plugged(
            role=row.role if row is not None else Role.ADAPTER,
            port=port,
            device=f"/dev/{tty.name}",
            by_socket=by_socket,
            **_told(usb),
        )


def _inputs(machine: Machine) -> Iterator[Plugged]:
    for link in machine.seen("/dev/input/by-id/*-event-kbd"):
        event = link.resolve().name
        usb = usb_of(machine, Path("/sys/class/input") / event / "device")
        row = usb.row if usb is not None else None
        scans = row is not None and row.role is Role.SCANNER
        told = _told(usb)
        text = told["name"] or machine.text(f"/sys/class/input/{event}/device/name")
        yield Plugged(
            role=Role.SCANNER if scans else Role.KEYBOARD,
            port=f"/dev/input/by-id/{link.name}",
            device=f"/dev/input/{event}",
            **told | {"name": text},
        )


def _usb_printers(machine: Machine) -> Iterator[Plugged]:
    for printer in machine.seen("/dev/usb/lp[0-9]*"):
        usb = usb_of(machine, Path("/sys/class/usbmisc") / printer.name / "device")
        yield Plugged(
            role=Role.PRINTER,
            port=f"file:/dev/usb/{printer.name}",
            device=f"/dev/usb/{printer.name}",
            by_socket=True,
            **_told(usb),
        )


def _cameras(machine: Machine) -> Iterator[Plugged]:
    for video in machine.seen("/dev/video[0-9]*"):
        name = machine.text(f"/sys/class/video4linux/{video.name}/name")
        path = f"/dev/{video.name}"
        yield Plugged(role=Role.CAMERA, port=path, device=path, name=name)


def _sound(machine: Machine) -> Iterator[Plugged]:
    for card in sound_cards(machine):
        yield Plugged(role=Role.SOUND, port=f"alsa:{card}", device="/dev/snd", name=card)


def _pins(machine: Machine) -> Iterator[Plugged]:
    for chip in machine.seen("/dev/gpiochip[0-9]*"):
        label = machine.text(f"/sys/bus/gpio/devices/{chip.name}/label")
        yield Plugged(role=Role.PINS, port="gpio", device=f"/dev/{chip.name}", name=label)


def usb_of(machine: Machine, place: Path) -> Usb | None:
    """The USB device that a kernel device belongs to; None where it is on no USB."""
    folder = machine.at(place)
    if not folder.exists():
        return None
    folder = folder.resolve()
    for parent in (folder, *list(folder.parents)[:_NEAREST_PARENTS]):
        if (parent / "idVendor").exists():
            return Usb(
                vendor=_line(parent / "idVendor"),
                product=_line(parent / "idProduct"),
                serial=_line(parent / "serial"),
                text=f"{_line(parent / 'manufacturer')} {_line(parent / 'product')}".strip(),
            )
    return None


def _stable_name(machine: Machine, kind: str, device: Path, usb: Usb | None) -> tuple[str, bool]:
    """What this device is called tomorrow as well, and whether that is the name of its socket."""
    of_itself = usb is not None and usb.serial != ""
    for by in ("by-id", "by-path") if of_itself else ("by-path", "by-id"):
        for link in machine.seen(f"/dev/{kind}/{by}/*"):
            if link.resolve() == device.resolve():
                return f"/dev/{kind}/{by}/{link.name}", by == "by-path"
    return f"/dev/{device.name}", False


def _told(usb: Usb | None) -> dict[str, Any]:
    if usb is None:
        return {"name": ""}
    row = usb.row
    return {
        "name": row.name if row is not None else usb.text,
        "usb": f"{usb.vendor}:{usb.product}",
        "serial": usb.serial,
        "unverified": row is not None and row.unverified,
    }


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
