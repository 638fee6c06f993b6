"""`cunyi twin messages`: the simulated carrier of notices with its page, on loopback."""

import asyncio
import signal
from pathlib import Path
from typing import Final

import structlog

from cloud_sync.partners.notify.counterpart import Carrier, make_app
from edge.guard.serving import PageServer, listen

log = structlog.get_logger(__name__)
HOST: Final = "127.0.0.1"


def run_messages(folder: Path, port: int) -> None:
    """Run until SIGINT or SIGTERM. Raises PortInUseError."""
    asyncio.run(_until_signal(folder, port))


async def _until_signal(folder: Path, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    with listen(HOST, port, "--port") as sock:
        server = PageServer(make_app(Carrier(folder)))
        serving = asyncio.create_task(server.serve_on(sock))
        log.info("messages_up", address=f"http://{HOST}:{port}/", folder=str(folder))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        await server.stop()
        await serving
