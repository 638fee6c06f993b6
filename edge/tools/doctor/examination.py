"""The whole examination: which checks there are, and in which order."""

from collections.abc import Iterator
from pathlib import Path

from edge.kernel.errors import ConfigError
from edge.settings import read_settings
from edge.tools.doctor.body import look_at_body
from edge.tools.doctor.devices import look_at_devices
from edge.tools.doctor.disk import look_at_disk
from edge.tools.doctor.finding import Finding, bad, ok
from edge.tools.doctor.folder import look_at_folder, look_at_journal
from edge.tools.doctor.ports import look_at_ports, look_at_serial_group, look_at_sound
from edge.tools.doctor.software import look_at_software
from edge.tools.doctor.station import ask_daemon, holder_of, look_at_broker, look_at_station
from edge.tools.this_machine import Machine


def examine(folder: Path | None, machine: Machine | None = None) -> Iterator[Finding]:
    """Findings of this machine and, where a folder is given, of the station in it."""
    machine = machine or Machine()
    yield from look_at_software(machine)
    yield from look_at_body(machine)
    yield from look_at_disk(machine, folder or Path.cwd())
    if folder is None:
        yield look_at_serial_group()
        yield look_at_sound(machine)
        return
    yield from look_at_folder(folder)
    try:
        settings = read_settings(folder)
    except ConfigError as failure:
        place = f"{failure.file}: {failure.key} {failure.problem}"
        yield bad("settings", "wrong", problem=place, fix=failure.fix)
        return
    yield ok("settings", station=settings.station.id, county=settings.station.county)
    holder = holder_of(folder)
    yield from look_at_ports(machine, settings, holder)
    if settings.voice is not None and settings.voice.port.startswith("alsa:"):
        yield look_at_sound(machine)
    # A daemon that holds the folder and does not answer is told below; its ports are its own.
    told = ask_daemon(settings) if holder is not None else None
    if holder is None or told is not None:
        yield from look_at_devices(machine, folder, settings, told)
    yield from look_at_journal(folder)
    yield from look_at_station(settings, holder)
    yield look_at_broker(settings)
