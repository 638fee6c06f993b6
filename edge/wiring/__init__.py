"""The composition root: the only room where concrete things meet."""

from edge.wiring.devices import Devices, make_devices
from edge.wiring.station import ChoreEndedError, run_station, software_version

__all__ = [
    "ChoreEndedError",
    "Devices",
    "make_devices",
    "run_station",
    "software_version",
]
