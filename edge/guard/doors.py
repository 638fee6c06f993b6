"""The doors of a page server: in clear for this machine, over TLS for the local network.

A station's own screen and the health check come in by loopback, whatever else is open. A listener
that others can reach never speaks in clear.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import NamedTuple

from starlette.types import ASGIApp

from edge.guard.hosts import HOME, is_loopback
from edge.guard.serving import PageServer, PortInUseError, listen


class Door(NamedTuple):
    """A listening socket, and the TLS that is spoken there; None in clear."""

    sock: socket.socket
    tls: ssl.SSLContext | None


def open_doors(
    host: str, port: int, setting: str, tls: Callable[[], ssl.SSLContext]
) -> tuple[Door, ...]:
    """One door on loopback, and one more where `host` is an address that others can reach.

    Raises PortInUseError naming `setting`, and whatever `tls` raises where it cannot be had:
    then nothing is opened.
    """
    if is_loopback(host):
        return (_door_in_clear(host, port, setting),)
    context = tls()
    home = listen(HOME, port, setting)
    try:
        return (Door(home, None), Door(listen(host, port, setting), context))
    except BaseException:
        home.close()
        raise


def _door_in_clear(host: str, port: int, setting: str) -> Door:
    """Raises PortInUseError, also where a name that means this machine leads elsewhere."""
    sock = listen(host, port, setting)
    found = str(sock.getsockname()[0])
    if not is_loopback(found):
        sock.close()
        raise PortInUseError(
            f"{host} leads to {found}, which others can reach, and this door speaks in clear. "
            f"Write 127.0.0.1: {setting}"
        )
    return Door(sock, None)


def close_doors(doors: Sequence[Door]) -> None:
    """Listen no more."""
    for door in doors:
        door.sock.close()


class PageServers:
    """One app behind several doors; they stand or fall together."""

    def __init__(self, app: ASGIApp, doors: Sequence[Door]) -> None:
        self._doors = tuple(doors)
        self._servers = [PageServer(app, door.tls) for door in doors]

    async def serve(self) -> None:
        """Serve until `stop`. Raises ServerEndedError when one ends before."""
        async with asyncio.TaskGroup() as group:
            for server, door in zip(self._servers, self._doors, strict=True):
                group.create_task(server.serve_on(door.sock))

    async def stop(self) -> None:
        """End what is being served, and wait for that."""
        await asyncio.gather(*(server.stop() for server in self._servers))
