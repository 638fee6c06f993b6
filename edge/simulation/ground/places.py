"""Folders of a world: in memory where there is such a place, and gone when the world ends."""

import contextlib
import functools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where the system has it: no card is worn out
_PREFIX: Final = "cunyi-world-"
_OWNED: Final = re.compile(rf"{_PREFIX}(\d+)-\w+")
"""The process whose world it is stands in the name, so that it is known from the first moment."""


@contextlib.contextmanager
def world_folder() -> Iterator[Path]:
    """A folder for one world."""
    parent = IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    _clear_once(parent)
    prefix = f"{_PREFIX}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as name:
        yield Path(name)


@functools.cache
def _clear_once(parent: Path) -> None:
    clear_abandoned(parent)


def clear_abandoned(parent: Path = IN_MEMORY) -> None:
    """Remove folders of worlds whose process was killed; those of a living one stay."""
    for folder in parent.glob(f"{_PREFIX}*"):
        owned = _OWNED.fullmatch(folder.name)
        if owned and not _lives(int(owned[1])):
            # Another process may be clearing it, or it is somebody else's.
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def copy_folder(source: Path, target: Path) -> Path:
    """The files as they are on disk now."""
    shutil.copytree(source, target)
    return target
