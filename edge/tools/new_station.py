"""Makes a station's data folder: a commented station.toml, the keys, an empty journal."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cloud_sync.station.enrolment.identity import IDENTITY
from cloud_sync.wire.trust.private_files import draw_identity
from edge.kernel.errors import ConfigError
from edge.kernel.ids import CountyId, StationId
from edge.settings import FILE_NAME, parse_settings
from edge.store.database import Store

TEMPLATE: Final = """\
# A village station. Every key is checked at start; an unknown key stops it.

[station]
id = {station}
county = {county}
name = {name}
# county_phone = "0797-1234567"  # the county desk, in large digits on the kiosk
# hamlets = ["青山", "大塘"]     # natural villages, at most 9; nothing is asked where none is named

[web]
host = "127.0.0.1"      # or this machine's own address, once it is enrolled at a county
port = {web_port}

[link]
broker = {broker}

[cabinet]
medium = [13, 14, 15, 16, 17, 18, 19, 20]
large = [21, 22, 23, 24]

[shelves]               # places outside the steel; leave it out where there are none
per_layer = 30
floor = 6               # slots on the floor, 地1 to 地6

[shelves.layers]        # shelves by the letter on them, and how many layers each has
A = 4
B = 4

[[cabinet.boards]]
driver = "8a80"
port = {lock_board}
baud = 9600
address = 1
channels = 24
first_cell = 1
pulse_ms = 300
closed_bit = 1          # vendors differ: 1 where a set bit means shut, else 0

[[scanners]]
driver = "line"
port = {scanner}
baud = 115200

[printer]
driver = "escpos"
port = {printer}
baud = 115200
dots = 384              # 384 for 58 mm paper, 576 for 80 mm
"""
CHOICE: Final = """\

# What not every station has. Take the "# " away from the lines of what is here, and look over them.

"""
OPTIONAL: Final = """\
[label_printer]
driver = "tspl"
port = {label_printer}
baud = 9600
width_mm = 60
height_mm = 40
gap_mm = 2              # between two labels

[scale]
driver = "continuous"   # sends all the time; "toledo8217" answers when it is asked
port = {scale}
baud = 9600

[card_reader]
driver = "sdt"          # for identity cards
port = {card_reader}
baud = 115200

[power]
driver = "megatec"      # a UPS; "gpio" with mains_pin for a supply with a contact
port = {power}
baud = 2400
poweroff = false        # true only where the UPS starts this machine again by itself

[voice]
driver = "clips"        # the loudspeaker
port = {speaker}
volume = 100

[signals]
driver = "gpio"         # buzzer and lamps on pins; leave out the pins that nothing hangs on
port = {pins}
buzzer_pin = 18
cabinet_pin = 23        # lit while a door is open
alarm_pin = 24          # lit while a door was forced or left open
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """What must be known of a station before it can be set up.

    `everything`: it has one of each device that there is, as a whole workbench has.
    """

    county: str
    station: str
    name: str
    broker: str
    web_port: int
    twins: Path | None
    everything: bool = False


def make_station(folder: Path, wanted: NewStation) -> Path:
    """Make the folder; returns the path of station.toml. Raises ConfigError, StoreError.

    Nothing is left behind when it fails, but the folder itself.
    """
    file = folder / FILE_NAME
    if file.exists():
        raise ConfigError(file, "", "there is a station here already", "Choose another folder")
    text = _fill(wanted)
    try:
        parse_settings(text, "command line")
    except ConfigError as found:
        option = _OPTIONS.get(found.key, found.key)
        raise ConfigError("command line", option, found.problem, found.fix) from found
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text(text, encoding="utf-8")
    try:
        Store.create(folder, CountyId(wanted.county), StationId(wanted.station))
        draw_identity(folder / IDENTITY)
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
    texts = {
        "station": wanted.station,
        "county": wanted.county,
        "name": wanted.name,
        "broker": wanted.broker,
        **ports,
    }
    # A JSON string is a TOML string, but for DEL, which no name has.
    quoted = {key: json.dumps(text, ensure_ascii=False) for key, text in texts.items()}
    optional = OPTIONAL.format(**quoted)
    if not wanted.everything:
        lines = (f"# {line}".rstrip() for line in optional.splitlines())
        optional = CHOICE + "\n".join(lines) + "\n"
    else:
        optional = "\n" + optional
    return TEMPLATE.format(web_port=wanted.web_port, **quoted) + optional


_OPTIONS: Final = {
    "station.id": "--id",
    "station.county": "--county",
    "station.name": "--name",
    "link": "--broker",
    "link.broker": "--broker",
    "web.port": "--web-port",
}
"""Which option set a key of the file."""

_DEVICES: Final = {
    "lock_board": "/dev/serial/by-id/REPLACE-WITH-YOUR-LOCK-BOARD",
    "scanner": "/dev/serial/by-id/REPLACE-WITH-YOUR-SCANNER",
    "printer": "/dev/serial/by-id/REPLACE-WITH-YOUR-PRINTER",
    "label_printer": "/dev/serial/by-id/REPLACE-WITH-YOUR-LABEL-PRINTER",
    "scale": "/dev/serial/by-id/REPLACE-WITH-YOUR-SCALE",
    "card_reader": "/dev/serial/by-id/REPLACE-WITH-YOUR-CARD-READER",
    "power": "/dev/serial/by-id/REPLACE-WITH-YOUR-UPS",
    "speaker": "alsa:default",
    "pins": "gpio",
}
