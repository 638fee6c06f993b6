"""Tell systemd that we are up, alive and going, and mean it: the store must answer first."""

import asyncio
import os
import socket

from edge.daemon.store_thread import StoreThread


def sd_notify(message: str) -> None:
    """Send one line to systemd's notify socket; without systemd nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.sendall(message.encode())


async def feed_watchdog(store_thread: StoreThread) -> None:
    """Feed WATCHDOG_USEC's dog while loop and store both turn over; a hung card starves it."""
    limit_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    if limit_us <= 0:
        return
    while True:
        await store_thread.run(_turn_over)
        sd_notify("WATCHDOG=1")
        await asyncio.sleep(limit_us / 3_000_000)


def _turn_over() -> None:
    """Does nothing, in the store's thread: that it ran is the news."""
