"""What the firmware of a lock board is to its twin: bytes in, bytes out, terminals to drive.

Written from the vendors' sheets and apart from our own codecs, so that the two cannot share a
mistake. A made-up board is one class more.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:  # the terminals know the make, and the make its firmware
    from hardware.twins.boards.terminals import Terminals


class Firmware(ABC):
    """One board's program. A reboot makes a new one, so what it remembers is lost then.

    CHECKED: its frames carry a check that shows a wrong byte. TICKS: `tick` does something.
    """

    CHECKED: ClassVar[bool] = True
    TICKS: ClassVar[bool] = False

    def __init__(self, board: "Terminals") -> None:
        self.board = board

    @abstractmethod
    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Take what the wire brings, obey, and yield each answer. Never raises for bad bytes."""

    def pause(self) -> None:
        """The wire was still for a while: what is incomplete will never be completed."""
        return

    def tick(self) -> Iterator[bytes]:
        """About every 10 ms: do what is due, and yield what is to be said."""
        return iter(())

    def report(self, channel: int) -> bytes | None:
        """What tells unasked that this channel's door moved; None where it never does."""
        del channel
        return None


class Ear:
    """Cuts frames out of bytes. What starts no frame is skipped, one byte at a time.

    `size` looks at what is pending: the length of the sound frame at its front, None to wait
    for more, 0 where no frame starts here. It must not wait without bound.
    """

    def __init__(self, size: Callable[[bytes], int | None]) -> None:
        self._size = size
        self._pending = bytearray()

    def forget(self) -> None:
        """Drop what is incomplete."""
        self._pending.clear()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Each complete frame, in order."""
        self._pending += chunk
        while self._pending:
            size = self._size(bytes(self._pending))
            if size is None:
                return
            frame = bytes(self._pending[:size])
            del self._pending[: size or 1]
            if size:
                yield frame


def exclusive_or(data: bytes) -> int:
    """XOR of all bytes."""
    return reduce(xor, data, 0)


def bit_map(bits: list[int], size: int) -> bytes:
    """So many bytes; the first bit is bit 0 of the first byte."""
    return sum(bit << place for place, bit in enumerate(bits)).to_bytes(size, "little")
