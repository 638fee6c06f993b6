"""A station's folder: who may read it, its key, its settings, its journal."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.kernel.errors import StoreError
from edge.store.connection import DATABASE
from edge.store.key import FILE_NAME, StationKey
from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.journal import verify

_FOR_OTHERS: Final = 0o077


def look_at_folder(folder: Path) -> Iterator[Finding]:
    """Whether the folder is there, is ours, and is nobody else's."""
    if not folder.is_dir():
        yield bad("folder", "missing", folder=str(folder))
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield bad("folder", "foreign", folder=str(folder))
        return
    open_files = [
        str(file)
        for file in (folder / FILE_NAME, folder / DATABASE)
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & _FOR_OTHERS
    ]
    if open_files:
        yield warn("folder", "readable", files=" ".join(open_files))
    else:
        yield ok("folder", folder=str(folder))
    yield _key(folder)


def _key(folder: Path) -> Finding:
    try:
        StationKey.read(folder)
    except StoreError as failure:
        return bad("key", "unusable", problem=str(failure))
    return ok("key")


def look_at_journal(folder: Path) -> Iterator[Finding]:
    """Every fact, the chain and the tables; the running daemon is asked."""
    try:
        report = verify(folder)
    except StoreError as failure:
        yield bad("journal", "closed", problem=str(failure))
        return
    for problem in report.problems:
        yield bad("journal", "damaged", problem=problem)
    if not report.problems:
        yield ok("journal", facts=report.facts, epoch=report.epoch)
