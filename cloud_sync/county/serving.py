"""uvicorn on a socket that we opened, inside our own loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from edge.kernel.errors import CunyiError


class PortInUseError(CunyiError):
    """Somebody else listens where our page should be."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortInUseError with what to do about it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as cause:
        sock.close()
        raise PortInUseError(
            f"{host}:{port} cannot be used ({cause.strerror}). "
            "Stop the other program or choose another port"
        ) from cause
    sock.listen(128)
    return sock


class PageServer(uvicorn.Server):
    """Leaves signals alone; `stop` ends running requests within a second."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
                server_header=False,
                h11_max_incomplete_event_size=16_384,
                limit_concurrency=200,
            )
        )
        self._finished = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the county's business."""
        yield

    async def serve_on(self, sock: socket.socket) -> None:
        """Serve until `stop`."""
        try:
            await self.serve(sockets=[sock])
        finally:
            self._finished.set()

    async def stop(self) -> None:
        """End running requests within a second."""
        self.should_exit = True
        await self._finished.wait()
