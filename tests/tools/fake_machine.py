"""A machine in a folder: /dev, /sys and /proc as the kernel and udev lay them out."""

from collections.abc import Sequence
from pathlib import Path

from edge.tools.this_machine import Machine


class FakeMachine:
    """Plug things in, write files, then look at it as `machine`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.said: dict[str, str] = {}
        self.in_step: bool | None = True

    @property
    def machine(self) -> Machine:
        return Machine(root=self.root, hear=self._hear, clock_in_step=lambda: self.in_step)

    def file(self, path: str, text: str = "") -> Path:
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    def link(self, path: str, target: str) -> None:
        """A symbolic link as udev makes it: relative."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def usb(self, socket: str, **about: str) -> None:
        """A USB device in a socket; `about`: idVendor, idProduct, serial, product."""
        for name, text in about.items():
            self.file(f"/sys/devices/usb1/{socket}/{name}", f"{text}\n")

    def usb_tty(self, tty: str, socket: str, by_id: str = "", by_path: str = "") -> None:
        """A serial line of the USB device in this socket."""
        folder = f"/sys/devices/usb1/{socket}/{socket}:1.0/{tty}"
        self.file(f"{folder}/uevent")
        self.link(
            f"/sys/class/tty/{tty}/device", f"../../../devices/usb1/{socket}/{socket}:1.0/{tty}"
        )
        self.file(f"/dev/{tty}")
        for by, name in (("by-id", by_id), ("by-path", by_path)):
            if name:
                self.link(f"/dev/serial/{by}/{name}", f"../../{tty}")

    def usb_input(self, event: str, socket: str, by_id: str) -> None:
        """A keyboard or a scanner that types, in this socket."""
        folder = f"/sys/devices/usb1/{socket}/{socket}:1.0/0003/input/input5"
        self.file(f"{folder}/name", "A Keyboard\n")
        self.link(
            f"/sys/class/input/{event}/device",
            f"../../../devices/usb1/{socket}/{socket}:1.0/0003/input/input5",
        )
        self.file(f"/dev/input/{event}")
        self.link(f"/dev/input/by-id/{by_id}", f"../{event}")

    def mounts(self, *lines: str) -> None:
        self.file("/proc/self/mountinfo", "".join(f"{line}\n" for line in lines))

    def open_by(self, pid: int, program: str, device: Path) -> None:
        """A process that has a file open."""
        self.file(f"/proc/{pid}/comm", f"{program}\n")
        folder = self.root / f"proc/{pid}/fd"
        folder.mkdir(parents=True)
        (folder / "3").symlink_to(device)

    def _hear(self, command: Sequence[str]) -> str | None:
        return self.said.get(command[0])


def ext4(point: str, options: str = "rw,relatime", kind: str = "ext4", more: str = "rw") -> str:
    """A line of the mount table."""
    return f"27 1 179:2 / {point} {options} shared:1 - {kind} /dev/mmcblk0p2 {more}"
