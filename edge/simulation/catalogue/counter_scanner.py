"""A scanner on virtual time: bytes come in, real framing and the real pump make scans of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from edge.daemon.devices.pumps import pump_scanner
from edge.daemon.devices.scans import ScanReader
from edge.simulation.catalogue.bench import Bench
from edge.simulation.ground.virtual_loop import VirtualLoop
from firmware_bridge.scanner.codes import BadCode, Code
from firmware_bridge.scanner.line import CodeAssembler
from firmware_bridge.scanner.repeats import RepeatWindow
from hardware.ports import DeviceHealth

SUFFIX: Final = b"\r\n"
LOOK_S: Final = 0.1
"""How often silence on the line is looked at."""


class LineScanner:
    """Fits Scanner. `window_s` is for how long the same code is the same scan."""

    def __init__(self, loop: VirtualLoop, window_s: float) -> None:
        self._loop = loop
        self._codes = CodeAssembler()
        self._repeats = RepeatWindow(window_s)
        self._hears: Callable[[str], None] | None = None
        self.present = True
        self.bad_frames = 0

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin to listen."""
        self._hears = on_code

    def send(self, data: bytes) -> None:
        """Bytes on the line, unless it is unplugged."""
        if self.present:
            self._take(list(self._codes.feed(data, self._loop.time())))

    def scan(self, text: str) -> None:
        """One reading, whole."""
        self.send(text.encode() + SUFFIX)

    async def listen(self) -> None:
        """Notice silence, for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self._take(list(self._codes.quiet(self._loop.time())))

    def health(self) -> DeviceHealth:
        """Whether it is plugged in, and what is to be set on it."""
        note = "" if self.present else "device.missing"
        if self.present and self._codes.lacks_suffix:
            note = "scanner.no_suffix"
        return DeviceHealth(
            name="scanner",
            present=self.present,
            simulated=True,
            note=note,
            bad_frames=self.bad_frames,
        )

    async def aclose(self) -> None:
        """Nothing is held."""

    def _take(self, read: list[Code | BadCode]) -> None:
        for one in read:
            if isinstance(one, BadCode):
                self.bad_frames += 1
            elif self._hears is not None and self._repeats.is_new(one.text, self._loop.time()):
                self._hears(one.text)


@contextlib.asynccontextmanager
async def scanner_at(bench: Bench, window_s: float = 2.0) -> AsyncIterator[LineScanner]:
    """A scanner at the running daemon, for a while."""
    scanner = LineScanner(bench.loop, window_s)
    daemon = bench.daemon
    reader = ScanReader(daemon.store.key, lambda: daemon.station.state)
    pump_scanner(daemon.station, scanner, reader)
    listening = asyncio.create_task(scanner.listen())
    try:
        yield scanner
    finally:
        scanner.present = False
        listening.cancel()
