"""Folders of a world: in memory where there is such a place, and gone when the world ends."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where the system has it: no card is worn out


@contextlib.contextmanager
def world_folder() -> Iterator[Path]:
    """A folder for one world."""
    parent = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="cunyi-world-", dir=parent) as name:
        yield Path(name)


def copy_folder(source: Path, target: Path) -> Path:
    """The files as they are on disk now."""
    shutil.copytree(source, target)
    return target
