"""A driver's end of a twin's cable, with nothing of our drivers in it."""

import os
import select
import time
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Self

PATIENCE_S = 5.0
QUIET_S = 0.25
"""A board that means to answer does so within a few ms; this long nothing is nothing."""


class Wire:
    """Raw bytes on a pty link. Reads are bounded in time."""

    def __init__(self, link: Path) -> None:
        self._file = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    def write(self, data: bytes) -> None:
        """Send all, however small the pieces that the kernel takes."""
        while data:
            select.select([], [self._file], [], PATIENCE_S)
            data = data[os.write(self._file, data[:1_024]) :]

    def read(self, size: int, within_s: float = PATIENCE_S) -> bytes:
        """Up to `size` bytes; fewer when no more come in time. OSError once unplugged."""
        until, got = time.monotonic() + within_s, b""
        while len(got) < size:
            left_s = until - time.monotonic()
            if left_s <= 0 or not select.select([self._file], [], [], left_s)[0]:
                break
            chunk = os.read(self._file, size - len(got))
            if not chunk:
                raise OSError("hung up")
            got += chunk
        return got

    def ask(self, frame_hex: str, size: int, within_s: float = PATIENCE_S) -> str:
        """Send a frame, read an answer of `size` bytes; both as hex."""
        self.write(bytes.fromhex(frame_hex))
        return self.read(size, within_s).hex(" ")


def eventually(look: Callable[[], bool]) -> bool:
    """Whether it becomes true in good time."""
    until = time.monotonic() + PATIENCE_S
    while not look():
        if time.monotonic() > until:
            return False
        select.select([], [], [], 0.005)
    return True
