"""The devices themselves: the running daemon is asked, or else each one is opened and asked."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from edge.kernel.errors import CunyiError
from edge.settings import Settings
from edge.store.connection import FolderLock
from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.doctor.ports import is_there
from edge.tools.this_machine import Machine
from edge.wiring import Devices, make_devices
from hardware.ports import DeviceHealth, DoorChange, DoorReading, PaperState

PATIENCE_S: Final = 4.0
"""Three polls without an answer make a board dead; a healthy one answers within 0.1 s."""
_LOOK_EVERY_S: Final = 0.05
_BAD_NOTES: Final = frozenset({"device.failed", "device.no_permission", "device.jammed"})
_TROUBLE_WITH_PAPER: Final = {
    PaperState.OUT: "printer.paper_out",
    PaperState.LOW: "printer.paper_low",
    PaperState.COVER_OPEN: "printer.cover_open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """How one device is doing; `note` is a word key."""

    name: str
    present: bool
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Look:
    """What was seen: the devices, and how many doors are in which state."""

    devices: list[Device] = field(default_factory=list)
    doors: Counter[str] = field(default_factory=Counter)


def look_at_devices(
    machine: Machine, folder: Path, settings: Settings, told: Look | None
) -> Iterator[Finding]:
    """Each device of station.toml. `told`: what the running daemon says, None when it is down."""
    if told is not None:
        look = told
    elif any(is_there(machine, port) for port in settings.ports().values()):
        try:
            look = _open_and_look(folder, settings)
        except (CunyiError, OSError, ImportError) as failure:  # e.g. no library for pins
            yield bad("devices", "closed", problem=str(failure))
            return
    else:
        look = Look(devices=[Device(name=n, present=False) for n in settings.ports()])
    for device in look.devices:
        yield _device(device)
    yield from _doors(look.doors)


def _device(device: Device) -> Finding:
    if device.present and not device.note:
        return ok("device", about=device.name)
    note = device.note or "device.missing"
    grade = bad if note in _BAD_NOTES else warn
    return grade("device", "trouble", about=device.name, note=note)


def _doors(doors: Mapping[str, int]) -> Iterator[Finding]:
    if not sum(doors.values()):
        return
    lost, loose = doors.get("unknown", 0), doors.get("open", 0) + doors.get("forced", 0)
    if lost:
        yield warn("doors", "unknown", doors=lost)
    if loose:
        yield warn("doors", "open", doors=loose)
    if not lost and not loose:
        yield ok("doors", doors=sum(doors.values()))


def _open_and_look(folder: Path, settings: Settings) -> Look:
    lock = FolderLock.take(folder)  # so that no daemon starts in between
    try:
        return asyncio.run(_ask_all(folder, settings))
    finally:
        lock.release()


async def _ask_all(folder: Path, settings: Settings) -> Look:
    devices = make_devices(folder, settings)
    readings: dict[tuple[int, int], DoorReading] = {}
    try:
        for number, bank in enumerate(devices.banks):
            bank.start(_noting(readings, number))
        for device in devices.all()[len(devices.banks) :]:
            _start(device)
        await _until_all_answer(devices)
        look = Look(devices=[_seen(device.health()) for device in devices.all()])
        look.doors.update(reading.value for reading in readings.values())
        paper = await devices.printer.paper()
        if (trouble := _TROUBLE_WITH_PAPER.get(paper)) is not None:
            name = devices.printer.health().name
            look.devices = [one for one in look.devices if one.name != name]
            look.devices.append(Device(name=name, present=True, note=trouble))
        return look
    finally:
        await devices.aclose()


def _noting(
    readings: dict[tuple[int, int], DoorReading], board: int
) -> Callable[[DoorChange], None]:
    def note(change: DoorChange) -> None:
        readings[board, change.channel] = change.reading

    return note


def _start(device: Any) -> None:
    """Whatever tells of itself is started; what it tells is not looked at."""
    if (start := getattr(device, "start", None)) is not None:
        start(lambda _told: None)


async def _until_all_answer(devices: Devices) -> None:
    for _ in range(round(PATIENCE_S / _LOOK_EVERY_S)):
        if all(device.health().present for device in devices.all()):
            return
        await asyncio.sleep(_LOOK_EVERY_S)


def _seen(health: DeviceHealth) -> Device:
    return Device(name=health.name, present=health.present, note=health.note)
