"""A barcode scanner that types lines: serial, USB CDC, or a twin's pty."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from firmware_bridge.scanner import HALF_S, BadCode, Code, CodeAssembler
from hardware.byte_channel import ByteChannel, PortGone, is_simulated
from hardware.drivers.port_keeper import PortKeeper
from hardware.options import ScannerOptions
from hardware.ports import DeviceHealth, Scanner

log = structlog.get_logger(__name__)

_IDLE_S: Final = 60.0
"""A read that waits longer would only save wake-ups; `stop` ends it at once anyway."""


class LineScanner:
    """Implements Scanner. What is scanned is never logged: it may be a pickup token."""

    def __init__(self, options: ScannerOptions) -> None:
        self._name = options.name
        self._port = options.port
        self._keeper = PortKeeper(options.name, options.port, options.baud)
        self._bad_codes = 0
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin reading; the driver's thread calls `on_code`."""
        self._thread = threading.Thread(
            target=self._run, args=(on_code,), name=self._name, daemon=True
        )
        self._thread.start()

    def health(self) -> DeviceHealth:
        """Present while the port is open; codes that had to be skipped count as bad frames."""
        port = self._keeper.condition
        return DeviceHealth(
            name=self._name,
            present=port.open,
            simulated=is_simulated(self._port),
            note="device.failed" if self._failure is not None else port.note,
            bad_frames=self._bad_codes,
            reconnects=port.reconnects,
            failure=self._failure,
        )

    async def aclose(self) -> None:
        """Stop reading and give the port back."""
        self._keeper.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join)

    def _run(self, on_code: Callable[[str], None]) -> None:
        try:
            self._keep_serving(on_code)
        except Exception as bug:
            log.exception("device_thread_failed", name=self._name)
            self._failure = bug
        self._keeper.close()

    def _keep_serving(self, on_code: Callable[[str], None]) -> None:
        while not self._keeper.stopping:
            channel = self._keeper.open()
            if channel is None:
                self._keeper.rest()
                continue
            try:
                self._serve(channel, on_code)
            except PortGone as cause:
                self._keeper.lost(cause)

    def _serve(self, channel: ByteChannel, on_code: Callable[[str], None]) -> None:
        codes = CodeAssembler()
        while not self._keeper.stopping:
            data = channel.read(HALF_S if codes.begun else _IDLE_S)
            now_s = time.monotonic()
            self._hand_on(codes.feed(data, now_s) if data else codes.quiet(now_s), on_code)

    def _hand_on(self, items: Iterable[Code | BadCode], on_code: Callable[[str], None]) -> None:
        for item in items:
            if isinstance(item, Code):
                on_code(item.text)
            else:
                self._bad_codes += 1
                log.info("scan_skipped", name=self._name, blemish=item.blemish)


def _conforms(driver: LineScanner) -> Scanner:
    return driver  # mypy stops here first if the port moves
