"""Every kind of broker that a county may have, as a real process on loopback, for tests."""

import getpass
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, TypeVar

import pytest

from edge.tools.broker import Broker, broker_binary
from edge.tools.children import Child, free_ports

UP_WITHIN_S: Final = 60.0
"""RabbitMQ takes ten seconds on a calm machine."""
RABBITMQ: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Not the one on PATH, which would change to the user rabbitmq."""
CLEAR_MOSQUITTO: Final = "listener {port} 127.0.0.1\nallow_anonymous true\n"
CLEAR_RABBITMQ: Final = """\
listeners.tcp = none
mqtt.listeners.tcp.default = 127.0.0.1:{port}
mqtt.allow_anonymous = true
mqtt.default_user = guest
mqtt.default_pass = guest
"""


_Kind = TypeVar("_Kind", bound="AnyBroker")


class AnyBroker(Protocol):
    """What a test may do to a broker."""

    port: int

    @property
    def address(self) -> str:
        """What stations and the county connect to."""

    @property
    def pid(self) -> int:
        """The number of its process."""

    def start(self) -> None:
        """Start it and wait until it takes connections."""

    def kill(self) -> None:
        """End it as a power cut would."""

    def wipe(self) -> None:
        """Delete everything that it kept; only while it does not run."""

    def close(self) -> None:
        """End it."""


class ForeignBroker:
    """A broker that the system brought, in the folder of a test."""

    def __init__(self, folder: Path, port: int, child: Child, *, tls: bool = False) -> None:
        self.port, self.folder = port, folder
        self._child, self._scheme = child, "mqtts" if tls else "mqtt"

    @property
    def address(self) -> str:
        """What stations and the county connect to."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._child.pid

    def reload(self) -> None:
        """Let it read its configuration again."""
        os.kill(self.pid, signal.SIGHUP)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        (self.folder / "data").mkdir(exist_ok=True)
        self._child.start()
        self._child.wait_until(self._takes_connections, UP_WITHIN_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._child.kill()

    def wipe(self) -> None:
        """Delete everything that it kept."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def close(self) -> None:
        """End it."""
        self._child.end()

    def _takes_connections(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=0.5).close()
        except OSError:
            return False
        return True


def binary(name: str) -> str:
    """A program of the system; skips the test where it is missing."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is missing: make system installs it where root or sudo is there")
    return found


@contextmanager
def embedded(folder: Path) -> Iterator[Broker]:
    """The broker that comes with us."""
    yield from _run(Broker(folder / "nats", free_ports(1)[0]))


@contextmanager
def nats(folder: Path, text: str) -> Iterator[ForeignBroker]:
    """nats-server with a configuration that has a {port}."""
    port = free_ports(1)[0]
    (folder / "run.conf").write_text(text.replace("{port}", str(port)), encoding="utf-8")
    program = str(broker_binary())
    child = Child("nats-server", [program, "--config", f"{folder}/run.conf"], folder / "nats.log")
    yield from _run(ForeignBroker(folder, port, child, tls=True))


@contextmanager
def mosquitto(folder: Path, text: str = CLEAR_MOSQUITTO) -> Iterator[ForeignBroker]:
    """Debian's mosquitto with a configuration that has a {port}."""
    program, port = binary("mosquitto"), free_ports(1)[0]
    folder.mkdir(parents=True, exist_ok=True)
    # Started by root it would become the user mosquitto, to whom a test's folder is closed.
    whole = text.replace("{port}", str(port)) + f"user {getpass.getuser()}\n"
    (folder / "run.conf").write_text(whole, encoding="utf-8")
    child = Child(
        "mosquitto", [program, "--config-file", f"{folder}/run.conf"], folder / "mosquitto.log"
    )
    yield from _run(ForeignBroker(folder, port, child, tls="cafile" in text))


@contextmanager
def rabbitmq(folder: Path, text: str = CLEAR_RABBITMQ) -> Iterator[ForeignBroker]:
    """Debian's RabbitMQ as the user who runs the test; `text` has a {port}.

    The folder may have enabled_plugins and rabbitmq-env.conf of its own.
    """
    if not RABBITMQ.exists():
        pytest.skip("rabbitmq-server is missing: make system installs it where root is there")
    port, names, distribution = free_ports(3)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.conf").write_text(text.replace("{port}", str(port)), encoding="utf-8")
    plugins, environment = folder / "enabled_plugins", folder / "rabbitmq-env.conf"
    if not plugins.exists():
        plugins.write_text("[rabbitmq_mqtt].\n", encoding="utf-8")
        environment.write_text("", encoding="utf-8")
    settings = {
        "HOME": str(folder),  # for the cookie of Erlang
        "RABBITMQ_NODENAME": "cunyi@localhost",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": str(folder / "run.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(environment),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        "RABBITMQ_DIST_PORT": str(distribution),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "detached": "1",  # its script becomes the server, and so it is ours to kill
    }
    # Erlang would leave a daemon behind for its names; ours ends with us.
    register = Child(
        "epmd", [binary("epmd"), "-port", str(names), "-address", "127.0.0.1"], folder / "epmd.log"
    )
    register.start()
    child = Child("RabbitMQ", [str(RABBITMQ)], folder / "rabbitmq.log", settings)
    try:
        yield from _run(ForeignBroker(folder, port, child, tls="listeners.ssl.default" in text))
    finally:
        register.end()


@contextmanager
def frozen(broker: AnyBroker) -> Iterator[None]:
    """The broker's sockets stay open, and nothing answers any more."""
    os.kill(broker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


def _run(broker: _Kind) -> Iterator[_Kind]:
    try:
        broker.start()
        yield broker
    finally:
        broker.close()


def _conform(ours: Broker, foreign: ForeignBroker) -> tuple[AnyBroker, AnyBroker]:
    return ours, foreign
