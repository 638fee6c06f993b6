"""Look into a journal, whoever holds it: ask the running daemon, or else open the file."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from edge.daemon.local_socket import socket_address
from edge.kernel.errors import StoreError
from edge.store.connection import FolderHeldError
from edge.store.verify import VerifyReport
from edge.store.verify import export as export_file
from edge.store.verify import verify as verify_file

PATIENCE_S: Final = 120.0
"""A verify of a year's journal on a small machine takes about a minute."""


def verify(folder: Path) -> VerifyReport:
    """Check sequence, chain, canonical bytes and tables. Raises StoreError."""
    try:
        return verify_file(folder)
    except FolderHeldError as held:
        for answer in _ask(folder, "verify", held):
            if "report" in answer:
                report = answer["report"]
                return VerifyReport(**{**report, "problems": tuple(report["problems"])})
        raise _broken_off() from held


def export(folder: Path) -> Iterator[dict[str, Any]]:
    """Every fact as a readable mapping, oldest first. Raises StoreError."""
    try:
        yield from export_file(folder)
    except FolderHeldError as held:
        for answer in _ask(folder, "export", held):
            if "end" in answer:
                return
            yield answer["fact"]
        raise _broken_off() from held


def _ask(folder: Path, what: str, held: FolderHeldError) -> Iterator[dict[str, Any]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(PATIENCE_S)
        try:
            with socket_address(folder) as address:
                sock.connect(address)
        except OSError as cause:
            raise StoreError(
                f"{folder} is held by process {held.holder}, which does not answer on its local "
                f"socket ({cause.strerror}). Stop that one, then ask again"
            ) from cause
        try:
            sock.sendall(json.dumps({"ask": what}).encode() + b"\n")
            with sock.makefile("rb") as lines:
                for line in lines:
                    answer: dict[str, Any] = json.loads(line)
                    if "error" in answer:
                        raise StoreError(answer["error"])
                    yield answer
        except (OSError, ValueError) as cause:
            raise _broken_off() from cause


def _broken_off() -> StoreError:
    return StoreError("the daemon broke off its answer; ask again")
