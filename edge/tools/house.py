"""A whole house on one machine: broker, county, workbench and station, each its own process."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from cloud_sync.county.settings import NewCounty, make_county
from edge.kernel.errors import ConfigError, CunyiError
from edge.tools.broker import Broker
from edge.tools.children import Child, answers, cunyi, free_ports, port_is_free
from edge.tools.enrol_here import enrol_on_this_machine
from edge.tools.new_station import NewStation, make_station

COUNTY_ID: Final = "shangyou"
STATION_ID: Final = "pingshang"
STATION_NAME: Final = "坪上村服务站"
CELLS: Final = 24
PORTS: Final = "ports.json"
"""What the settings in a kept folder name, so that it can be opened again."""
_PORT_NAMES: Final = ("broker", "station", "county", "workbench", "messages")
DEFAULT_PORT: Final = 8600
UP_WITHIN_S: Final = 20.0


class PortTakenError(CunyiError):
    """Somebody else listens on a port that the house needs."""


def is_kept(folder: Path) -> bool:
    """Whether a house has stood in this folder before."""
    return (folder / PORTS).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the processes listen, all on loopback; `messages` is 0 in an older folder."""

    broker: int
    station: int
    county: int
    workbench: int
    messages: int = 0

    @classmethod
    def choose(cls, folder: Path, first: int | None) -> Self:
        """The ports that a kept folder has, else five in a row from `first`, or free ones for 0.

        Raises PortTakenError naming the port, ConfigError where a kept folder has other ports.
        """
        if is_kept(folder):
            ports = cls(**json.loads((folder / PORTS).read_text(encoding="utf-8")))
            if first not in (None, 0, ports.broker):
                problem = f"the demo in {folder} has its ports from {ports.broker} on"
                raise ConfigError("command line", "--port", problem, "Leave --port out")
            fix = f"or begin anew without {folder}"
        else:
            first = DEFAULT_PORT if first is None else first
            numbers = free_ports(5) if first == 0 else range(first, first + 5)
            ports = cls(**dict(zip(_PORT_NAMES, numbers, strict=True)))
            fix = f"or choose other ports: make demo ARGS='--port {first + 100}'"
        for number in asdict(ports).values():
            if number and not port_is_free(number):
                raise PortTakenError(f"port {number} is in use. Stop the other program, {fix}")
        return ports


class House:
    """Starts and ends the processes; `folder` keeps all their data and logs.

    `messages`: with a simulated carrier of notices, quick and at all hours.
    """

    def __init__(self, folder: Path, ports: Ports, *, messages: bool = False) -> None:
        self.folder = folder
        self.messages_address = f"http://127.0.0.1:{ports.messages}"
        self.station_folder = folder / "station"
        self.station_address = f"http://127.0.0.1:{ports.station}"
        self.county_address = f"http://127.0.0.1:{ports.county}"
        self.workbench_address = f"http://127.0.0.1:{ports.workbench}"
        self._ports = ports
        self.broker = Broker(folder / "broker", ports.broker)
        self.county = self._child("county", "county", "run", str(folder / "county"))
        bench = str(folder / "bench")
        self.workbench = self._child(
            "workbench", "twin", "bench", bench, "--port", f"{ports.workbench}", "--cells", "24"
        )
        self.messages = None
        if messages and ports.messages:
            sent, port = str(folder / "messages"), f"{ports.messages}"
            self.messages = self._child("messages", "twin", "messages", sent, "--port", port)
        self.station = self._child("station", "station", "run", str(self.station_folder))

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Set up what is not there yet, start all, wait until all answer. Raises CunyiError."""
        self._furnish()
        self.broker.start()
        for child in self._children():
            child.start()
        if self.messages is not None:
            self.wait_until_up(self.messages, self.messages_address)
        self.wait_until_up(self.workbench, self.workbench_address)
        self.wait_until_up(self.county, self.county_address)
        self.wait_until_up(self.station, self.station_address)

    def start_station(self) -> None:
        """Start the station again after it was killed."""
        self.station.start()
        self.wait_until_up(self.station, self.station_address)

    def start_county(self) -> None:
        """Start the county again after it was killed."""
        self.county.start()
        self.wait_until_up(self.county, self.county_address)

    @staticmethod
    def wait_until_up(child: Child, address: str) -> None:
        """Wait until a process answers at its address. Raises ChildError."""
        child.wait_until(lambda: answers(f"{address}/healthz"), UP_WITHIN_S)

    def ended(self) -> Child | None:
        """A process that ended by itself, or None while all is well."""
        for child in self._children():
            if not child.running:
                return child
        return None

    def close(self) -> None:
        """End all, the station first, so that its goodbye is still heard."""
        for process in reversed(self._children()):
            process.end()
        self.broker.close()

    def _children(self) -> tuple[Child, ...]:
        more = () if self.messages is None else (self.messages,)
        return (*more, self.county, self.workbench, self.station)

    def _child(self, name: str, *arguments: str) -> Child:
        return Child(f"the {name}", cunyi(*arguments), self.folder / f"{name}.log")

    def _notices(self) -> str:
        """A person who tries it out waits for no ten minutes, and may do so at night."""
        if self.messages is None:
            return ""
        gateway = f'gateway = "{self.messages_address}"'
        return f'{gateway}\npages = ""\ngather_s = 5\nquiet = ["00:00", "00:00"]'

    def _furnish(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / PORTS).write_text(json.dumps(asdict(self._ports)), encoding="utf-8")
        county = NewCounty(
            county=COUNTY_ID,
            name="上犹县",
            broker=self.broker.address,
            web_port=self._ports.county,
            durable_rule="commit",
            notices=self._notices(),
        )
        if not (self.folder / "county").exists():
            file = make_county(self.folder / "county", county)
            with file.open("a", encoding="utf-8") as more:
                more.write(f'\n[[stations]]\nid = "{STATION_ID}"\nname = "{STATION_NAME}"\n')
        station = NewStation(
            county=COUNTY_ID,
            station=STATION_ID,
            name=STATION_NAME,
            broker=self.broker.address,
            web_port=self._ports.station,
            twins=self.folder / "bench",
            everything=True,
        )
        if not self.station_folder.exists():
            make_station(self.station_folder, station)
            enrol_on_this_machine(self.station_folder, self.folder / "county")
