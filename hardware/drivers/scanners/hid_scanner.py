"""A scanner that says it is a keyboard, read from /dev/input and taken away from everyone else.

Name the port by its stable path, /dev/input/by-id/...-event-kbd. Without the exclusive grab every
code, pickup tokens too, would also be typed into whatever page has the focus; so a keyboard that
cannot be grabbed is no scanner. Only a twin's FIFO, which has no grab, goes without.
"""

import time
from collections.abc import Callable
from typing import Final

from firmware_bridge.scanner.hid_keys import KeyAssembler
from firmware_bridge.scanner.line import HALF_S
from hardware.byte_channel import ByteChannel
from hardware.drivers.scanners.key_port import open_key_port
from hardware.drivers.scanners.scan_thread import ScanThread
from hardware.options import ScannerOptions
from hardware.ports import DeviceHealth, Scanner

_IDLE_S: Final = 60.0
"""A read that waits longer would only save wake-ups; `stop` ends it at once anyway."""


class HidScanner:
    """Implements Scanner."""

    def __init__(self, options: ScannerOptions) -> None:
        self._silence_ends = options.suffix == "none"
        self._thread = ScanThread(options, lambda: open_key_port(options.port))

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin reading; the driver's thread calls `on_code`."""
        self._thread.begin_scanning(on_code, self._serve)

    def health(self) -> DeviceHealth:
        """Present while the keyboard is grabbed; codes that had to be skipped are bad frames."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop reading and give the keyboard back."""
        await self._thread.end()

    def _serve(self, channel: ByteChannel) -> None:
        codes = KeyAssembler(silence_ends=self._silence_ends)
        while not self._thread.stopping:
            data = channel.read(HALF_S if codes.begun else _IDLE_S)
            now_s = time.monotonic()
            self._thread.hand_on(codes.feed(data, now_s) if data else codes.quiet(now_s), now_s)
            self._thread.answered("scanner.no_suffix" if codes.lacks_suffix else "")


def _conforms(driver: HidScanner) -> Scanner:
    return driver  # mypy stops here first if the port moves
