"""The far end of a pty for driver tests: a script that answers bytes, and patience to wait."""

import os
import select
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from firmware_bridge.checksum import bcc

PATIENCE_S: Final = 10.0
BACK_WITHIN_S: Final = 5.0
"""A device that was plugged in again serves after so long, without a restart."""
QUIET_S: Final = 0.005
UNLOCK_HEAD: Final = 0x8A


def wait_until(what: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait for something to become true; fails when it does not."""
    until = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.002)


class Peer:
    """A device whose answers are a function; `link` leads to it like a by-id path to a tty.

    A quiet of 5 ms ends what `answer` gets, so one frame is one call.
    """

    def __init__(self, link: Path, answer: Callable[[bytes], bytes]) -> None:
        self.link = link
        self.port = f"twin:{link}"
        self.answer = answer
        self.heard: list[tuple[float, bytes]] = []
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="peer")

    def __enter__(self) -> Self:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.link.symlink_to(os.ttyname(self._slave))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()

    def unplug(self) -> None:
        """The cable is pulled: the device file goes and whoever has it open notices."""
        if not self._ending:
            self._ending = True
            self._thread.join()
            self.link.unlink()
            os.close(self._master)
            os.close(self._slave)

    def say(self, data: bytes) -> None:
        """Send without being asked."""
        os.write(self._master, data)

    def frames(self, head: int) -> list[bytes]:
        """What was heard and starts with this byte."""
        return [data for _, data in tuple(self.heard) if data[0] == head]

    def _run(self) -> None:
        while not self._ending:
            data = self._read()
            if data:
                at = time.monotonic()
                if reply := self.answer(data):
                    with suppress(BlockingIOError):
                        os.write(self._master, reply)
                self.heard.append((at, data))  # what is heard has been answered

    def _read(self) -> bytes:
        data, wait_s = b"", 0.02
        while select.select([self._master], [], [], wait_s)[0]:
            data, wait_s = data + os.read(self._master, 4_096), QUIET_S
        return data


def framed(*body: int) -> bytes:
    """A frame of the 8A/80 board."""
    return bytes([*body, bcc(bytes(body))])


class ScriptedBoard:
    """Answers like an 8A/80 board with 24 locks; every part of it can be changed in a test."""

    def __init__(self, address: int = 1) -> None:
        self.address = address
        self.bits = 0xFFFFFF
        self.echoes = False
        self.unlock_mark: int | None = 0x00
        self.silent = False
        self.before_reply = b""

    def __call__(self, frame: bytes) -> bytes:
        """What comes back for one request."""
        echo = frame if self.echoes else b""
        if self.silent or frame[1] != self.address:
            return echo
        return echo + self.before_reply + self._reply(frame)

    def _reply(self, frame: bytes) -> bytes:
        if frame[0] == UNLOCK_HEAD:
            mark = self.unlock_mark
            return b"" if mark is None else framed(UNLOCK_HEAD, self.address, frame[2], mark)
        return framed(0x80, self.address, *self.bits.to_bytes(3, "little"), 0x33)
