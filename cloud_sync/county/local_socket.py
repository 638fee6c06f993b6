"""The running county answers whoever owns its folder, on FOLDER/county.sock.

One line of JSON asks, {"ask": NAME, ...}; lines of JSON answer, the last of them {"end": true} or
{"error": "a sentence"}. A subject adds its asks by name:

    def open_door(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        future = worker.call(lambda: ...)      # all writes go through the ingest thread
        yield {"command": future.result(timeout=10)}

    socket = LocalSocket(folder)
    socket.answers("open", open_door)          # before `start`
    socket.start()

Each ask runs in a thread of its own and may take its time; what it yields is sent at once. A
CunyiError that it raises becomes the error line. `ask_county` is the other end, for the command
line; NotRunningError says that there is no county to ask, so that the folder may be opened.
"""

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from edge.kernel.errors import CunyiError, StoreError

log = structlog.get_logger(__name__)

SOCKET: Final = "county.sock"
MOST_AT_ONCE: Final = 8
LONGEST_ASK: Final = 2_000_000
"""A day's manifest has some hundred thousand bytes."""
ASK_WITHIN_S: Final = 5.0
SEND_WITHIN_S: Final = 30.0
PATIENCE_S: Final = 120.0

Handler = Callable[[Mapping[str, Any]], Iterator[dict[str, Any]]]
"""Answers one ask, line by line; may raise CunyiError."""


class NotRunningError(CunyiError):
    """No county runs on this folder."""


class LocalSocket:
    """See the module's docstring. Without a socket the county runs all the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handlers: dict[str, Handler] = {}
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._sock: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def answers(self, name: str, handler: Handler) -> None:
        """Have a handler answer every ask of this name."""
        self._handlers[name] = handler

    def start(self) -> None:
        """Begin to listen."""
        try:
            self._sock = _listen(self._folder)
        except OSError as failure:
            log.warning("local_socket_failed", folder=str(self._folder), reason=str(failure))
            return
        self._thread = threading.Thread(
            target=self._accept, args=(self._sock,), name="county-socket", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Listen no more. An ask in hand goes with the process."""
        if self._sock is None or self._thread is None:
            return
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._thread.join()
        self._sock.close()
        (self._folder / SOCKET).unlink(missing_ok=True)

    def _accept(self, sock: socket.socket) -> None:
        while True:
            try:
                peer, _address = sock.accept()
            except OSError:
                return
            if not self._places.acquire(blocking=False):
                peer.close()
                continue
            threading.Thread(target=self._meet, args=(peer,), daemon=True).start()

    def _meet(self, peer: socket.socket) -> None:
        """Answer one connection. What goes wrong with it concerns nobody else."""
        try:
            with peer:
                peer.settimeout(ASK_WITHIN_S)
                asked = _read_ask(peer)
                peer.settimeout(SEND_WITHIN_S)
                for line in self._answer(asked):
                    peer.sendall(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except (OSError, ValueError, RecursionError) as failure:
            log.info("local_ask_broken_off", reason=str(failure) or type(failure).__name__)
        finally:
            self._places.release()

    def _answer(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        handler = self._handlers.get(str(asked.get("ask")))
        if handler is None:
            yield {"error": f"ask for one of: {', '.join(sorted(self._handlers))}"}
            return
        try:
            yield from handler(asked)
        except CunyiError as failure:
            yield {"error": str(failure)}
        except TimeoutError:
            yield {"error": "the county did not get to it in time; ask again"}
        except Exception:
            log.exception("local_ask_failed", ask=str(asked.get("ask")))
            yield {"error": "the county failed on this; its log says why"}
        else:
            yield {"end": True}


def ask_county(
    folder: Path, ask: str, patience_s: float = PATIENCE_S, **rest: Any
) -> Iterator[dict[str, Any]]:
    """Ask the county that runs on a folder. Raises NotRunningError, or StoreError for an error."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(patience_s)
        try:
            with _address(folder) as address:
                sock.connect(address)
        except OSError as cause:
            raise NotRunningError(f"no county runs on {folder} ({cause.strerror})") from cause
        try:
            sock.sendall(json.dumps({"ask": ask, **rest}).encode() + b"\n")
            with sock.makefile("rb") as lines:
                for text in lines:
                    line: dict[str, Any] = json.loads(text)
                    if "error" in line:
                        raise StoreError(line["error"])
                    if "end" in line:
                        return
                    yield line
        except (OSError, ValueError) as cause:
            raise StoreError("the county broke off its answer; ask again") from cause
    raise StoreError("the county broke off its answer; ask again")


def _listen(folder: Path) -> socket.socket:
    # We hold the folder, so a socket that lies there is a dead county's.
    (folder / SOCKET).unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _address(folder) as address:
            sock.bind(address)
        (folder / SOCKET).chmod(0o600)  # before anybody can connect
        sock.listen(MOST_AT_ONCE)
    except BaseException:
        sock.close()
        raise
    return sock


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    """A socket's address holds 107 bytes (unix(7)), a path 4,096: go by way of an open folder."""
    handle = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


def _read_ask(peer: socket.socket) -> Mapping[str, Any]:
    text = b""
    while not text.endswith(b"\n"):
        chunk = peer.recv(4_096)
        text += chunk
        if not chunk or len(text) > LONGEST_ASK:
            raise ValueError("not one line of JSON")
    asked = json.loads(text)
    if not isinstance(asked, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - it is a value, read from a line
    return asked
