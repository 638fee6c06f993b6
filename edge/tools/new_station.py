"""Makes a station's data folder: a commented station.toml, the keys, an empty journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError
from edge.kernel.ids import STATION_ID, CountyId, StationId
from edge.settings import FILE_NAME, read_settings
from edge.store.database import Store

TEMPLATE: Final = """\
# A village station. Every key is checked at start; an unknown key stops it.

[station]
id = "{station}"
county = "{county}"
name = "{name}"

[web]
host = "127.0.0.1"      # pages are served on this machine only
port = {web_port}

[link]
broker = "{broker}"

[cabinet]
medium = [13, 14, 15, 16, 17, 18, 19, 20]
large = [21, 22, 23, 24]

[[cabinet.boards]]
driver = "8a80"
port = "{lock_board}"
baud = 9600
address = 1
channels = 24
first_cell = 1
pulse_ms = 300
closed_bit = 1          # vendors differ: 1 where a set bit means shut, else 0

[scanner]
driver = "line"
port = "{scanner}"
baud = 115200

[printer]
driver = "escpos"
port = "{printer}"
baud = 115200
dots = 384              # 384 for 58 mm paper, 576 for 80 mm
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """What must be known of a station before it can be set up."""

    county: str
    station: str
    name: str
    broker: str
    web_port: int
    twins: Path | None


def make_station(folder: Path, wanted: NewStation) -> Path:
    """Make the folder; returns the path of station.toml. Raises ConfigError, StoreError."""
    file = folder / FILE_NAME
    if file.exists():
        raise ConfigError(file, "", "there is a station here already", "Choose another folder")
    for key, value in (("--id", wanted.station), ("--county", wanted.county)):
        if not STATION_ID.fullmatch(value):
            fix = "Use 3 to 32 lower-case letters, digits and dashes"
            raise ConfigError("command line", key, f"{value!r} is no identifier", fix)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(_fill(wanted), encoding="utf-8")
    try:
        read_settings(folder)
        Store.create(folder, CountyId(wanted.county), StationId(wanted.station))
    except BaseException:
        file.unlink()
        raise
    return file


def _fill(wanted: NewStation) -> str:
    if wanted.twins is not None:
        bench = wanted.twins.resolve()
        ports = {n: f"twin:{bench}/{n.replace('_', '-')}" for n in _DEVICES}
    else:
        ports = dict(_DEVICES)
    return TEMPLATE.format(
        station=wanted.station,
        county=wanted.county,
        name=wanted.name.replace('"', ""),
        broker=wanted.broker,
        web_port=wanted.web_port,
        **ports,
    )


_DEVICES: Final = {
    "lock_board": "/dev/serial/by-id/REPLACE-WITH-YOUR-LOCK-BOARD",
    "scanner": "/dev/serial/by-id/REPLACE-WITH-YOUR-SCANNER",
    "printer": "/dev/serial/by-id/REPLACE-WITH-YOUR-PRINTER",
}
