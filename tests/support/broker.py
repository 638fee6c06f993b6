"""The real embedded broker for tests, on a free port."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.tools.broker import Broker
from edge.tools.children import free_ports


@contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """A broker that is up and takes connections, ended afterwards."""
    broker = Broker(folder / "broker", free_ports(1)[0])
    broker.start()
    try:
        yield broker
    finally:
        broker.close()
