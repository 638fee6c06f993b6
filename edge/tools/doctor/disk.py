"""The disk under the data folder: room, wear, and file systems that lose what they were given."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from edge.tools.doctor.finding import Finding, bad, ok, warn
from edge.tools.this_machine import Machine, Mount

LITTLE_SPACE: Final = 500 * 2**20
TOO_LITTLE_SPACE: Final = 50 * 2**20
"""A busy station writes some 30 MB a day before the county has it all."""
GONE_AT_POWER_CUT: Final = frozenset({"tmpfs", "ramfs", "zram"})
WITHOUT_LOCKS: Final = frozenset(
    {"vfat", "exfat", "msdos", "ntfs", "ntfs3", "fuseblk", "hfsplus"}
    | {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "virtiofs"}
)
"""No owner-only files, or locks and syncs that another machine may take back."""
CARELESS: Final = frozenset({"nobarrier", "barrier=0", "data=writeback"})
"""With these a power cut reorders or loses what a program was told is safe (ext4(5))."""
WORN: Final = 0x09
WORN_OUT: Final = 0x0B
"""eMMC 5.0: steps of a tenth of its life; 0x0B is beyond what the maker promises."""


def look_at_disk(machine: Machine, folder: Path) -> Iterator[Finding]:
    """What happens to a station's data in this folder."""
    while not folder.exists():
        folder = folder.parent
    folder = folder.resolve()
    yield _space(folder)
    yield from _file_system(machine, folder)
    yield from _wear(machine)


def _space(place: Path) -> Finding:
    free = shutil.disk_usage(place).free
    told: dict[str, Any] = {"free": free // 2**20, "place": str(place)}
    if free < TOO_LITTLE_SPACE:
        return bad("disk", "full", **told)
    return warn("disk", "little", **told) if free < LITTLE_SPACE else ok("disk", **told)


def _file_system(machine: Machine, folder: Path) -> Iterator[Finding]:
    mount = machine.mount_of(folder)
    if mount is None:
        return
    traps = list(_traps(machine, mount))
    yield from traps
    if not traps:
        yield ok("file-system", kind=mount.kind, place=str(mount.point))


def _traps(machine: Machine, mount: Mount) -> Iterator[Finding]:
    told = {"kind": mount.kind, "place": str(mount.point)}
    if mount.kind in GONE_AT_POWER_CUT:
        yield bad("file-system", "memory", **told)
    elif mount.kind in WITHOUT_LOCKS:
        yield bad("file-system", "unsafe", **told)
    elif mount.kind in {"overlay", "aufs"}:
        upper = _upper_kind(machine, mount)
        case = "overlay_in_memory" if upper in GONE_AT_POWER_CUT else "overlay"
        yield (bad if upper in GONE_AT_POWER_CUT else warn)("file-system", case, **told)
    if careless := sorted(mount.options & CARELESS):
        yield bad("file-system", "careless", options=",".join(careless), **told)
    if "ro" in mount.options:
        yield bad("file-system", "read_only", **told)


def _upper_kind(machine: Machine, mount: Mount) -> str:
    """The kind of file system that takes what is written to an overlay, as far as it is seen."""
    for option in mount.options:
        name, _, value = option.partition("=")
        if name == "upperdir":
            below = machine.mount_of(Path(value))
            return below.kind if below is not None and below.point != mount.point else ""
    return ""


def _wear(machine: Machine) -> Iterator[Finding]:
    for disk in machine.seen("/sys/block/mmcblk*"):
        if not disk.name.removeprefix("mmcblk").isdigit():
            continue  # a boot partition of the same chip
        device = f"/sys/block/{disk.name}/device"
        used = [int(part, 16) for part in machine.text(f"{device}/life_time").split()]
        if not any(used):
            kind = machine.text(f"{device}/type") or "MMC"
            yield ok("disk-wear", "untold", about=disk.name, kind=kind)
            continue
        worst = max(used)
        urgent = machine.text(f"{device}/pre_eol_info") in {"0x03", "0x3"}
        percent = min(worst * 10, 100)
        if urgent or worst >= WORN_OUT:
            yield bad("disk-wear", "worn_out", about=disk.name, percent=percent)
        elif worst >= WORN:
            yield warn("disk-wear", "worn", about=disk.name, percent=percent)
        else:
            yield ok("disk-wear", about=disk.name, percent=percent)
