"""The machine we run on as a tree of files, so that a test can build another one in a folder."""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ANSWER_WITHIN_S: Final = 5.0
_TIME_ERROR: Final = 5
"""What adjtimex(2) answers while the clock is not synchronised."""
_TIMEX_BYTES: Final = 512
"""More than struct timex has on any machine; all zero asks and sets nothing."""
_LIBC: Final = ctypes.CDLL(None)
_ESCAPES: Final = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def hear(command: Sequence[str]) -> str | None:
    """What a command prints; None where it is not there, fails or takes too long."""
    try:
        heard = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=ANSWER_WITHIN_S
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return heard.stdout


def kernel_clock_in_step() -> bool | None:
    """Whether some time service keeps the kernel's clock; None where nobody may ask."""
    state = _LIBC.adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else bool(state != _TIME_ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One line of the mount table."""

    point: Path
    kind: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """/dev, /sys and /proc below `root`, and the commands that tell the rest."""

    root: Path = Path("/")
    hear: Callable[[Sequence[str]], str | None] = hear
    clock_in_step: Callable[[], bool | None] = kernel_clock_in_step

    def at(self, path: str | Path) -> Path:
        """Where an absolute path lies on this machine."""
        return self.root / str(path).lstrip("/")

    def seen(self, pattern: str) -> list[Path]:
        """What matches below the root, in order."""
        return sorted(self.root.glob(pattern.lstrip("/")))

    def text(self, path: str | Path) -> str:
        """A small file's text without its line end; empty where it cannot be read."""
        try:
            return self.at(path).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""

    def mount_of(self, place: Path) -> Mount | None:
        """The mounted file system in which a path lies; None where there is no table."""
        best: Mount | None = None
        for mount in self._mounts():
            within = place.is_relative_to(mount.point)
            # A later mount on the same point covers an earlier one.
            if within and (best is None or len(mount.point.parts) >= len(best.point.parts)):
                best = mount
        return best

    def holders_of(self, device: Path) -> Iterator[tuple[int, str]]:
        """Number and name of each process that has this file open, as far as we may look."""
        real = os.path.realpath(device)
        for folder in self.seen("/proc/[0-9]*/fd"):
            if not folder.parent.name.isdigit():
                continue
            try:
                open_files = [str(entry.readlink()) for entry in folder.iterdir()]
            except OSError:  # another user's, or gone in the meantime
                continue
            if real in open_files:
                pid = int(folder.parent.name)
                yield pid, self.text(f"/proc/{pid}/comm")

    def _mounts(self) -> Iterator[Mount]:
        for line in self.text("/proc/self/mountinfo").splitlines():
            left, _, right = line.partition(" - ")
            mine, theirs = left.split(), right.split()
            if len(mine) > 5 and len(theirs) > 2:  # noqa: PLR2004 - the columns of proc(5)
                options = {*mine[5].split(","), *theirs[2].split(",")}
                yield Mount(point=Path(_plain(mine[4])), kind=theirs[0], options=frozenset(options))


def _plain(text: str) -> str:
    for escape, letter in _ESCAPES.items():
        text = text.replace(escape, letter)
    return text
