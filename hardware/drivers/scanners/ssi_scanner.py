"""A scanner that speaks Zebra's SSI on a serial line: each code comes in a packet that we answer.

When the port opens the scanner is told to send packets and to scan. An idle one is asked every few
seconds whether it is still there. With `trigger = "zebra"` it is told to read when the port opens,
after each code and every two seconds, and to stop when the driver closes.
"""

import time
from collections.abc import Callable, Iterable, Iterator

from firmware_bridge.scanner.codes import BadCode, Code
from firmware_bridge.scanner.ssi_session import Event, Say, SsiSession
from hardware.byte_channel import ByteChannel
from hardware.drivers.scanners.scan_thread import ScanThread
from hardware.options import ScannerOptions
from hardware.ports import DeviceHealth, Scanner


class SsiScanner:
    """Implements Scanner."""

    def __init__(self, options: ScannerOptions) -> None:
        self._pulled = options.trigger == "zebra"
        self._thread = ScanThread(options)

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin reading; the driver's thread calls `on_code`."""
        self._thread.begin_scanning(on_code, self._serve)

    def health(self) -> DeviceHealth:
        """Present while the scanner answers; broken packets count as bad frames."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop reading and give the port back."""
        await self._thread.end()

    def _serve(self, channel: ByteChannel) -> None:
        session = SsiSession(time.monotonic(), pulled=self._pulled)
        while not self._thread.stopping:
            self._carry_out(channel, session.tick(time.monotonic()))
            if session.silent:
                self._thread.silent(noisy=False)
            else:
                self._thread.answered()
            data = channel.read(session.wait_s(time.monotonic()))
            if data:
                self._carry_out(channel, session.feed(data, time.monotonic()))
        if farewell := session.farewell():
            channel.write(farewell)

    def _carry_out(self, channel: ByteChannel, events: Iterable[Event]) -> None:
        # An answer leaves before its code goes on: a scanner waits for it, and beeps.
        self._thread.hand_on(_codes(channel, events), time.monotonic())


def _codes(channel: ByteChannel, events: Iterable[Event]) -> Iterator[Code | BadCode]:
    """Says what is to be said; the rest comes back. Raises PortGone."""
    for event in events:
        if isinstance(event, Say):
            channel.write(event.frame)
        else:
            yield event


def _conforms(driver: SsiScanner) -> Scanner:
    return driver  # mypy stops here first if the port moves
