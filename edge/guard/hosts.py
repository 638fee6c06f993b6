"""Which Host and which Origin may talk to us: what stops DNS rebinding and foreign pages."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "::1")
"""What a browser on this machine may call us, whichever of them we listen on."""
HOME: Final = "127.0.0.1"

_AUTHORITY: Final = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::[0-9]{1,5})?")


def read_host(values: Iterable[bytes]) -> str | None:
    """The one Host header in lower case, port included; None when missing, double or no host."""
    hosts = tuple(values)
    if len(hosts) != 1:
        return None
    host = hosts[0].decode("latin-1").lower()
    return host if _AUTHORITY.fullmatch(host) else None


def is_known(host: str, known: frozenset[str]) -> bool:
    """Whether a host as `read_host` gives it, whatever its port, is one of `known`."""
    found = _AUTHORITY.fullmatch(host)
    return found is not None and found["name"].strip("[]") in known


def is_loopback(host: str) -> bool:
    """Whether only this machine can come in where somebody listens on this host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def home_host(host: str) -> str:
    """How this machine calls its own pages in an address, wherever else they are served."""
    home = host if is_loopback(host) else HOME
    return f"[{home}]" if ":" in home else home


def is_local(client: tuple[str, int] | None) -> bool:
    """Whether a request comes from this machine; one from nobody knows where does not."""
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def known_hosts(names: Iterable[str]) -> frozenset[str]:
    """Names as a listener has them, with or without the brackets of an IPv6 address."""
    return frozenset(name.strip("[]").lower() for name in names)


def is_same_origin(values: Iterable[bytes], host: str, *, over_tls: bool = False) -> bool:
    """Whether there is exactly one Origin and it is ours. `null` and a missing one are not.

    Whoever can speak for this machine in clear is none of ours where we speak TLS.
    """
    origins = [value.decode("latin-1").lower() for value in values]
    ours = {f"https://{host}"} if over_tls else {f"http://{host}", f"https://{host}"}
    return len(origins) == 1 and origins[0] in ours
