"""Tell systemd that we are up, alive and going, and mean it: the store must answer first."""

import asyncio
import os
import socket

import structlog

from edge.daemon.store_thread import StoreThread

log = structlog.get_logger(__name__)


def sd_notify(message: str) -> None:
    """Send one line to systemd's notify socket; without systemd nothing happens.

    A word that does not get through stops no door: systemd draws its own conclusion from silence.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        # Non-blocking: a systemd that does not read must not hold us up.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
            sock.connect(address)
            sock.sendall(message.encode())
    except OSError as failure:
        log.warning("notify_failed", message=message, reason=str(failure))


async def feed_watchdog(store_thread: StoreThread) -> None:
    """Feed WATCHDOG_USEC's dog while loop and store both turn over; a hung card starves it."""
    limit_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    if limit_us <= 0:
        await asyncio.Event().wait()  # no dog here
    while True:
        await store_thread.run(_turn_over)
        sd_notify("WATCHDOG=1")
        await asyncio.sleep(limit_us / 3_000_000)


def _turn_over() -> None:
    """Does nothing, in the store's thread: that it ran is the news."""
