"""Serves an ASGI app on a free loopback port, in a thread, as a station's own server would."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, Final

import uvicorn

_PATIENCE_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.01


def free_socket(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A bound socket, for port 0 on a port that nobody else has."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # as guard.serving does
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    return sock


@contextlib.contextmanager
def serve(app: Any, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve until the block ends; gives the address, e.g. http://127.0.0.1:40123."""
    sock = free_socket(host, port)
    port = sock.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
            server_header=False,
            h11_max_incomplete_event_size=16_384,
            limit_concurrency=200,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="serve")
    thread.start()
    try:
        _wait_until_up(server, thread)
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_S)
        sock.close()
    assert not thread.is_alive(), "the server did not stop"


def _wait_until_up(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not server.started:
        assert thread.is_alive(), "the server ended while starting"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(_LOOK_EVERY_S)
