"""The county's data folder: one process in it at a time, and the generation beside the database.

The generation (`counter-random`) names one unbroken life of the database. It stands in the database
and in a file beside it: where the two differ, somebody put an older copy back, and a new
generation tells every station to send again what the old copy did not have.
"""

import fcntl
import os
import re
import secrets
from pathlib import Path
from typing import Final, Self

from edge.kernel.errors import StoreError

LOCK: Final = "county.lock"
GENERATION: Final = "county.gen"
_GENERATION: Final = re.compile(r"([0-9]{1,9})-[0-9a-f]{32}")


class FolderLock:
    """Holds a data folder; the lock goes with the process, however it ends."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path) -> Self:
        """Take the folder. Raises StoreError naming the process that holds it."""
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            raise StoreError(
                f"{folder} is held by another cunyi county (process {holder or 'unknown'}). "
                "Stop that one first; two counties on one folder are never allowed"
            ) from cause
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        return cls(handle)

    def release(self) -> None:
        """Give the folder back."""
        os.close(self._handle)


def next_generation(*known: str) -> str:
    """A generation with a counter above every one that is known."""
    counters = [int(match[1]) for one in known if (match := _GENERATION.fullmatch(one))]
    return f"{max(counters, default=0) + 1}-{secrets.token_hex(16)}"


def read_generation(folder: Path) -> str:
    """The generation in the file, or an empty text where there is none."""
    try:
        return (folder / GENERATION).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def write_generation(folder: Path, generation: str) -> None:
    """Put the generation beside the database, durably."""
    fresh = folder / f"{GENERATION}.new"
    with fresh.open("w", encoding="ascii") as handle:
        handle.write(generation + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(folder / GENERATION)
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
