"""An open port with the silence that boards on a shared line need between frames."""

import time
from typing import Final

from hardware.byte_channel import ByteChannel

_BITS_A_CHARACTER: Final = 10
_LEAST_GAP_S: Final = 0.002_75
"""However fast the line: 1.75 ms and a margin of 1 ms (docs/devices/lock-boards.md)."""


class SerialLine:
    """8N1 at `baud`. Used by one thread."""

    def __init__(self, channel: ByteChannel, baud: int) -> None:
        self._channel = channel
        self._character_s = _BITS_A_CHARACTER / baud
        self._last_s = time.monotonic()

    def silent_s(self) -> float:
        """Seconds since the last byte in either direction."""
        return time.monotonic() - self._last_s

    def send(self, frame: bytes, gap_chars: float) -> None:
        """Write a frame after at least `gap_chars` characters of silence. Raises PortGone."""
        gap_s = max(gap_chars * self._character_s, _LEAST_GAP_S)
        if (wait_s := gap_s - self.silent_s()) > 0:
            time.sleep(wait_s)
        self._channel.write(frame)
        # The kernel has the bytes now; on the wire they end a little later.
        self._last_s = time.monotonic() + len(frame) * self._character_s

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting up to `timeout_s` for it. Raises PortGone."""
        data = self._channel.read(timeout_s)
        if data:
            self._last_s = time.monotonic()
        return data
