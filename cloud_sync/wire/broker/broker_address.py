"""A broker's address as the settings of either end name it: in clear only on this machine."""

import ipaddress
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from edge.kernel.errors import ConfigError

KEY: Final = "link.broker"


class BrokerAddress(NamedTuple):
    """A broker's address, taken apart."""

    host: str
    port: int
    tls: bool


def read_broker_address(url: str, file: Path | str) -> BrokerAddress:
    """Take an address apart that stands in `file`.

    Raises ConfigError where it is none, or where everything would travel in clear.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in {"mqtt", "mqtts"} or "@" in parts.netloc:
        fix = "Write mqtts://HOST:8883, or mqtt://127.0.0.1:PORT on this machine"
        raise ConfigError(file, KEY, "this is no broker's address", fix)
    if parts.scheme == "mqtt" and not _is_loopback(host):
        problem = f"mqtt:// would send everything in clear to {host}"
        fix = f"Use mqtts://{host}:8883; mqtt:// is for 127.0.0.1 and localhost alone"
        raise ConfigError(file, KEY, problem, fix)
    return BrokerAddress(host, port, tls=parts.scheme == "mqtts")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
