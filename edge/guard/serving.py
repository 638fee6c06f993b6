"""uvicorn on a socket that we opened, inside our own loop; open pages are told when it ends.

Imported by whoever serves, not by `edge.guard`: uvicorn takes a while to load.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import h11
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.kernel.errors import CunyiError

_QUEUE: Final = 128
_END_WITHIN_S: Final = 1
_MOST_HEADER_BYTES: Final = 16_384
_MOST_CONNECTIONS: Final = 200


class PortInUseError(CunyiError):
    """Somebody else listens where our pages should be."""


class ServerEndedError(RuntimeError):
    """Our bug: the page server ended although nobody stopped it."""


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A listening socket. Raises PortInUseError naming the `setting` that chooses the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP: else asyncio leaves Nagle's delay on, 40 ms for each answer on a kept connection.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as cause:
        sock.close()
        raise PortInUseError(
            f"{host}:{port} cannot be used ({cause.strerror}). "
            f"Stop the other program or choose another port: {setting}"
        ) from cause
    sock.listen(_QUEUE)
    return sock


class PageServer(uvicorn.Server):
    """Leaves signals alone; `stop` ends streams at once and other requests within a second."""

    def __init__(self, app: ASGIApp, tls: ssl.SSLContext | None = None) -> None:
        """With `tls` the pages are served over it, and over nothing else."""
        self._farewell = _Farewell(app)
        super().__init__(
            uvicorn.Config(
                self._farewell,
                http="h11",
                ws="none",
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=_END_WITHIN_S,
                server_header=False,
                h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
                limit_concurrency=_MOST_CONNECTIONS,
                ssl_context_factory=None if tls is None else lambda _config, _default: tls,
            )
        )
        self._finished = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the business of whoever runs us."""
        yield

    async def serve_on(self, sock: socket.socket) -> None:
        """Serve until `stop`. Raises ServerEndedError when it ends before."""
        try:
            await self.serve(sockets=[sock])
        finally:
            self._farewell.over.set()
            self._finished.set()
        if not self.should_exit:
            raise ServerEndedError("the page server ended by itself")

    async def stop(self) -> None:
        """End what is being served, and wait for that."""
        self._farewell.over.set()
        self.should_exit = True
        await self._finished.wait()


class _Farewell:
    """Tells a stream that its listener has left when it is we who leave.

    Cancelling would do too, but leaves a traceback in the log for each open page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.over = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        talk = _Talk(receive, send, self.over)
        try:
            await self._app(scope, talk.receive, talk.send)
            await talk.finish()
        except asyncio.CancelledError:
            # uvicorn's patience has run out, e.g. with a reader that does not read: no news.
            if not self.over.is_set():
                raise


class _Talk:
    """One request, which may be cut short once it has come in whole."""

    def __init__(self, receive: Receive, send: Send, over: asyncio.Event) -> None:
        self._receive, self._send, self._over = receive, send, over
        self._heard_out = False
        self._open = False

    async def receive(self) -> Message:
        """The next part of the request; behind the last one, the news that one side has left."""
        if self._heard_out:
            return await self._end_of_either()
        message = await self._receive()
        self._heard_out = not message.get("more_body", False)
        return message

    async def _end_of_either(self) -> Message:
        theirs = asyncio.ensure_future(self._receive())
        ours = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait((theirs, ours), return_when=asyncio.FIRST_COMPLETED)
        finally:
            theirs.cancel()
            ours.cancel()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass one part of the answer on."""
        self._open = message["type"] == "http.response.start" or message.get("more_body", False)
        try:
            await self._send(message)
        except h11.LocalProtocolError:
            # What came behind a good head was no HTTP: the server has told them and hangs up.
            if not await self._hung_up():
                raise

    async def _hung_up(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_WITHIN_S):
                while (await self._receive())["type"] != "http.disconnect":
                    pass
                return True
        return False

    async def finish(self) -> None:
        """End a stream that was cut short as one that has come to its end."""
        if self._open and self._over.is_set():
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
