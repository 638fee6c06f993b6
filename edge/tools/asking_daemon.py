"""Ask the daemon that holds a station's folder, over its local socket."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from edge.daemon.local_socket import socket_address
from edge.kernel.errors import StoreError
from edge.store.connection import FolderHeldError

PATIENCE_S: Final = 120.0
"""A verify of a year's journal on a small machine takes about a minute."""


def ask_daemon(
    folder: Path,
    what: str,
    held: FolderHeldError,
    patience_s: float = PATIENCE_S,
    **more: str,
) -> Iterator[dict[str, Any]]:
    """Its lines, one after another, none later than `patience_s`. Raises StoreError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(patience_s)
        try:
            with socket_address(folder) as address:
                sock.connect(address)
        except OSError as cause:
            raise StoreError(
                f"{folder} is held by process {held.holder}, which does not answer on its local "
                f"socket ({cause.strerror}). Stop that one, then ask again"
            ) from cause
        try:
            sock.sendall(json.dumps({"ask": what, **more}).encode() + b"\n")
            with sock.makefile("rb") as lines:
                for line in lines:
                    answer: dict[str, Any] = json.loads(line)
                    if "error" in answer:
                        raise StoreError(answer["error"])
                    yield answer
        except TimeoutError as cause:
            raise StoreError(
                f"the daemon (process {held.holder}) has not answered for {patience_s:.0f} s. "
                "Look at its log; if it hangs, restart it"
            ) from cause
        except (OSError, ValueError) as cause:
            raise broken_off() from cause


def broken_off() -> StoreError:
    """The daemon ended before its answer did."""
    return StoreError("the daemon broke off its answer; ask again")
