"""Look into a journal, whoever holds it: ask the running daemon, or else open the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edge.store.connection import FolderHeldError
from edge.store.verify import VerifyReport
from edge.store.verify import export as export_file
from edge.store.verify import verify as verify_file
from edge.tools.asking_daemon import ask_daemon, broken_off


def verify(folder: Path) -> VerifyReport:
    """Check sequence, chain, canonical bytes and tables. Raises StoreError."""
    try:
        return verify_file(folder)
    except FolderHeldError as held:
        for answer in ask_daemon(folder, "verify", held):
            if "report" in answer:
                report = answer["report"]
                return VerifyReport(**{**report, "problems": tuple(report["problems"])})
        raise broken_off() from held


def export(folder: Path) -> Iterator[dict[str, Any]]:
    """Every fact as a readable mapping, oldest first. Raises StoreError."""
    try:
        yield from export_file(folder)
    except FolderHeldError as held:
        for answer in ask_daemon(folder, "export", held):
            if "end" in answer:
                return
            yield answer["fact"]
        raise broken_off() from held
