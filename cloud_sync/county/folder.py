"""The county's data folder: one process in it at a time, and the generation beside the database.

The generation (`counter-random`) names one unbroken life of the database. It stands in the database
and in a file beside it: where the two differ, somebody put an older copy back, and a new
generation tells every station to send again what the old copy did not have. So does another mark,
of the run that was here last and of the file that it wrote to: it knows a copy of the same
generation, and a copy of the whole folder, which is a second county.
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
INSTANCE: Final = "county.instance"
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


def counter_of(generation: str) -> int:
    """How a generation compares with another; 0 for a text that is none."""
    match = _GENERATION.fullmatch(generation)
    return 0 if match is None else int(match[1])


def next_generation(*known: str) -> str:
    """A generation with a counter above every one that is known."""
    return f"{max(map(counter_of, known), default=0) + 1}-{secrets.token_hex(16)}"


def read_generation(folder: Path) -> str:
    """The generation in the file, or an empty text where there is none."""
    try:
        return (folder / GENERATION).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def write_generation(folder: Path, generation: str) -> None:
    """Put the generation beside the database, durably."""
    write_durably(folder / GENERATION, f"{generation}\n".encode("ascii"))


def read_instance(folder: Path) -> str:
    """The run and the file that were here last, or an empty text where nothing is known."""
    try:
        return (folder / INSTANCE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def write_instance(folder: Path, instance: str) -> None:
    """Put this run's mark beside the database, durably."""
    write_durably(folder / INSTANCE, f"{instance}\n".encode("ascii"))


def write_durably(file: Path, content: bytes) -> None:
    """Replace a small file: after a power cut it is the old one or the new one, whole."""
    fresh = file.with_name(f"{file.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's own list of files durable."""
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
