"""A small real disk that can be filled, break and be mended: ext4 on a loop device, on a tmpfs.

It is mounted in a mount namespace of its own. With the last process in there everything is gone,
mounts and loop device too, however the tests end.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from edge.tools.children import Child, ChildError

_TOOLS: Final = ("unshare", "nsenter", "losetup", "findmnt", "mkfs.ext4", "e2fsck", "mount")
_TMPFS: Final = "64m"
_DISK: Final = "16m"
_MAKE: Final = """
set -eu
mkdir -p "$2"
mount -t tmpfs -o size=$3 tmpfs "$2"
truncate -s $4 "$2/disk"
mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 "$2/disk"
cp -a "$1" "$2/furniture"
mount -o loop,errors=remount-ro "$2/disk" "$1"
cp -a "$2/furniture/." "$1"
rm -r "$2/furniture"
sync -f "$1"
"""
_BREAK: Final = {
    "the disk is full": 'cat /dev/zero >"$1/ballast" 2>/dev/null || sync -f "$1"',
    "the file system turns read-only": (
        'device=$(findmnt -no SOURCE "$1"); echo 1 >/sys/fs/ext4/${device#/dev/}/trigger_fs_error'
    ),
    "what lies under the disk takes no more": 'cat /dev/zero >"$2/ballast" 2>/dev/null || true',
}
"""The last makes the kernel itself fail writes and syncs: blocks of a loop device find no room."""
_MEND: Final = """
set -eu
rm -f "$2/ballast"
umount "$1"
e2fsck -p "$2/disk" >&2 || [ $? = 1 ]
mount -o loop,errors=remount-ro "$2/disk" "$1"
rm -f "$1/ballast"
"""
TROUBLES: Final = tuple(_BREAK)


class SmallDisk:
    """Mounted over a folder for whoever is let in; to all others the old folder lies there."""

    def __init__(self, folder: Path, under: Path, holder: Child) -> None:
        self._folder, self._under, self._holder = folder, under, holder

    def inside(self) -> list[str]:
        """The head of a command line that is let in."""
        return ["nsenter", f"--target={self._holder.pid}", "--mount", "--"]

    def make(self) -> None:
        """Mount it, with all that lies in the folder. Skips where that cannot be."""
        made = self._do(_MAKE, _TMPFS, _DISK)
        if made.returncode != 0:
            pytest.skip(f"no disk can be mounted here: {made.stderr.strip()}")

    def bring(self, trouble: str) -> None:
        """Have one of TROUBLES."""
        done = self._do(_BREAK[trouble])
        assert done.returncode == 0, done.stderr

    def mend(self) -> None:
        """Take the trouble away, let the file system be repaired, mount it again."""
        done = self._do(_MEND)
        assert done.returncode == 0, done.stderr

    def copy_out(self, to: Path) -> None:
        """What lies on it, for everybody to see."""
        done = self._do('cp -a "$1" "$3"', str(to))
        assert done.returncode == 0, done.stderr

    def _do(self, script: str, *more: str) -> subprocess.CompletedProcess[str]:
        words = ["sh", "-c", script, "sh", str(self._folder), str(self._under), *more]
        return subprocess.run(
            [*self.inside(), *words], check=False, capture_output=True, text=True, timeout=60
        )


@contextmanager
def small_disk(folder: Path, under: Path) -> Iterator[SmallDisk]:
    """A disk over the folder; `under` is where what it lies on is mounted. Skips without root."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing:
        pytest.skip(f"a disk of our own needs root and {', '.join(missing or _TOOLS)}")
    holder = Child(
        "the disk", ["unshare", "--mount", "sleep", "infinity"], under.parent / "disk.log"
    )
    holder.start()
    try:
        _wait_until_apart(holder)
        disk = SmallDisk(folder, under, holder)
        disk.make()
        yield disk
    finally:
        holder.kill()


def _wait_until_apart(holder: Child) -> None:
    """Until it has mounts of its own: before that, ours would be mounted for everybody."""

    def apart() -> bool:
        theirs = Path(f"/proc/{holder.pid}/ns/mnt").readlink()
        return theirs != Path("/proc/self/ns/mnt").readlink()

    try:
        holder.wait_until(apart, 10)
    except (ChildError, OSError) as cause:
        pytest.skip(f"this machine lets nobody have mounts of their own: {cause}")
