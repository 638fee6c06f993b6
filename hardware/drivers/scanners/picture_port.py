"""Pictures that a camera program keeps renewing, as a channel: each read is one new picture."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardware.byte_channel import TWIN, ByteChannel, PortGone

FILE: Final = "file:"
LOOK_EVERY_S: Final = 0.1
LARGEST: Final = 20 * 2**20
"""Bytes of a picture that is still read: a camera's JPEG has 0.1 to 5 MB."""
ENDINGS: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".pgm", ".ppm"})

_Stamp = tuple[int, str]
"""When a file was last written, and its name: what is not above the last one has been read."""


class PicturePort:
    """Implements ByteChannel. `path` is one picture or a folder of them; it is never written to.

    From a folder the newest picture is read: a camera that is faster than we are is not followed
    into the past.
    """

    def __init__(self, port: str) -> None:
        self._port = port
        self._path = Path(port.removeprefix(TWIN).removeprefix(FILE))
        self._awake = threading.Event()
        # What lies there from before is not what the camera sees now.
        self._last = max(self._stamps(), default=(0, ""))

    def read(self, timeout_s: float) -> bytes:
        """The bytes of the next picture; waits for one. Raises PortGone when the place is gone."""
        until_s = time.monotonic() + timeout_s
        while True:
            newest = max(self._stamps(), default=(0, ""))
            if newest > self._last:
                self._last = newest
                return self._picture(newest[1])
            wait_s = min(LOOK_EVERY_S, until_s - time.monotonic())
            if wait_s <= 0 or self._awake.wait(wait_s):
                self._awake.clear()
                return b""

    def write(self, data: bytes, timeout_s: float = 0.0) -> None:
        """Raises PortGone: a camera program takes no orders."""
        raise PortGone(f"{self._port}: {len(data)} bytes for a camera, within {timeout_s} s")

    def write_some(self, data: bytes | memoryview, timeout_s: float) -> int:
        """Raises PortGone, as `write`."""
        raise PortGone(f"{self._port}: {len(data)} bytes for a camera, within {timeout_s} s")

    def wake(self) -> None:
        """End a `read`."""
        self._awake.set()

    def close(self) -> None:
        """Nothing is held."""

    def _stamps(self) -> Iterator[_Stamp]:
        try:
            if not self._path.is_dir():
                yield self._path.stat().st_mtime_ns, str(self._path)
                return
            with os.scandir(self._path) as entries:
                for entry in entries:
                    if Path(entry.name).suffix.lower() in ENDINGS:
                        yield entry.stat().st_mtime_ns, entry.path
        except OSError as cause:
            raise PortGone(f"{self._port}: {cause.strerror or cause}") from cause

    def _picture(self, path: str) -> bytes:
        """What is in the file; b"" when it is too large or was taken away this moment."""
        try:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError:
            return b""
        return data if len(data) <= LARGEST else b""


def open_picture_port(port: str) -> ByteChannel:
    """Look at a picture or a folder. Raises PortGone when there is none."""
    return PicturePort(port)
