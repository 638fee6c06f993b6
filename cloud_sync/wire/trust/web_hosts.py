"""What both ends' settings say of their pages: where they listen, and by what names.

`host` is one address of this machine. Anything but loopback is served over TLS alone, with a
certificate of the county that names `hosts` and this address.
"""

import ipaddress
from collections.abc import Iterable

from cloud_sync.wire.trust.certificates import MOST_HOSTS, CertificateError, checked_host
from edge.guard.hosts import LOOPBACK_HOSTS, is_loopback


def checked_listener(host: str) -> str:
    """Raises ValueError for what is not one address of a machine."""
    if host == "localhost":
        return host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise ValueError("write one address, e.g. 127.0.0.1 or this machine's own") from None
    if address.is_unspecified or address.is_multicast:
        raise ValueError(
            f"{host} would listen everywhere; write 127.0.0.1 or this machine's one address"
        )
    return host


def checked_names(hosts: Iterable[str]) -> tuple[str, ...]:
    """Raises ValueError for what is no host name, and for too many."""
    try:
        names = tuple(dict.fromkeys(checked_host(host) for host in hosts))
    except CertificateError as cause:
        raise ValueError(str(cause)) from cause
    if len(names) >= MOST_HOSTS:  # one place is for the listener's own address
        raise ValueError(f"at most {MOST_HOSTS - 1} hosts")
    return names


def certified_hosts(host: str, hosts: Iterable[str]) -> tuple[str, ...]:
    """What a certificate must name so that browsers take it for these pages."""
    listener = () if is_loopback(host) else (checked_host(host),)
    return tuple(dict.fromkeys((*listener, *(checked_host(one) for one in hosts))))


def answered_hosts(host: str, hosts: Iterable[str]) -> tuple[str, ...]:
    """What a browser may call these pages."""
    return (*LOOPBACK_HOSTS, *certified_hosts(host, hosts))


def page_url(host: str, port: int) -> str:
    """Where these pages are, from where they can be reached at all."""
    written = f"[{host}]" if ":" in host else host
    return f"{'http' if is_loopback(host) else 'https'}://{written}:{port}"
