"""How many inputs each door gets in one run of the tests, and what was spent of it.

One input is one try: a whole connection of a broker, a driver's whole life on a line or a sheet of
paper counts as one, however much is said in it.
"""

from collections import Counter
from typing import Final

LEAST: Final = 100_000
"""So many does the short run promise."""

SERIAL: Final = {
    "lock-board-8a80": 5_000,
    "lock-board-cu16": 5_000,
    "lock-board-wkly": 5_000,
    "lock-board-dongcheng": 5_000,
    "lock-board-winnsen": 5_000,
    "line-scanner": 5_000,
    "hid-scanner": 5_000,
    "ssi-scanner": 5_000,
    "triggers": 5_000,
    "scales": 5_000,
    "card-reader": 2_000,
    "ups": 2_500,
    "ups-twice": 5_000,
}
DRIVERS: Final = {
    "driver-line": 150,
    "driver-ssi": 150,
    "driver-continuous": 150,
    "driver-toledo8217": 150,
    "driver-sdt": 150,
    "driver-megatec": 150,
    "driver-escpos": 75,
    "driver-tspl": 75,
    "driver-8a80": 150,
    "driver-cu16": 150,
    "driver-wkly": 150,
    "driver-dongcheng": 150,
    "driver-winnsen": 150,
    "driver-modbus_coils": 150,
    "driver-modbus_flash": 150,
}
WIRE: Final = {
    "frames-up": 8_000,
    "frames-down": 8_000,
    "payload-spoilt_bytes": 15_000,
    "payload-senseless": 15_000,
    "bombs": 600,
    "senseless-up": 8_000,
    "senseless-down": 300,
}
MQTT: Final = {  # a county waits for its own echo: each connection takes a fifth of a second
    "mqtt-station-3.1.1": 60,
    "mqtt-station-5": 60,
    "mqtt-county-3.1.1": 20,
    "mqtt-county-5": 20,
    "mqtt-welcome": 120,
}
HTTP: Final = {
    "http-raw": 1_500,
    "http-bodies": 1_500,
    "http-addresses": 1_500,
    "daemon-socket": 400,
    "county-socket": 400,
}
CODES: Final = {"scans": 12_000, "typed": 6_000, "page-scans": 6_000}
PAPER: Final = {"receipt-384": 120, "receipt-576": 60, "letters": 300, "label": 60}
FILES: Final = {
    "station-toml": 2_000,
    "county-toml": 2_000,
    "enrolment": 2_500,
    "county-card": 1_250,
    "key-safe": 1_250,
    "state": 2_500,
    "snapshot": 2_500,
    "grant": 1_250,
    "backup": 150,
}
BUDGET: Final[dict[str, int]] = SERIAL | DRIVERS | WIRE | MQTT | HTTP | CODES | PAPER | FILES
"""By the name of the hunt."""
OPENAPI: Final = ("openapi-visitors", "openapi-keeper", "openapi-county")
"""Requests made from the descriptions come on top: how many depends on the routes."""

spent: Final[Counter[str]] = Counter()
"""Inputs that were tried in the test that runs now, by the name of the hunt."""
