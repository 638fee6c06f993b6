"""What all scanner drivers share: the thread that keeps a port open, and the way out for codes."""

import asyncio
import threading
from collections.abc import Callable, Iterable

import structlog

from firmware_bridge.scanner.codes import BadCode, Code
from firmware_bridge.scanner.repeats import RepeatWindow
from hardware.byte_channel import ByteChannel, PortGone, is_simulated
from hardware.drivers.port_keeper import PortKeeper
from hardware.options import ScannerOptions
from hardware.ports import DeviceHealth

log = structlog.get_logger(__name__)


class ScanThread:
    """`begin` starts it, `end` stops it; `health` may be asked by any thread.

    Its driver sets `note`, a word key for what is wrong behind an open port, and `answering`: a
    port without a scanner behind it is no scanner. What is scanned is never logged: it may be a
    pickup token.
    """

    def __init__(
        self, options: ScannerOptions, opener: Callable[[], ByteChannel] | None = None
    ) -> None:
        self._name = options.name
        self._port = options.port
        self._keeper = PortKeeper(options.name, options.port, options.baud, opener=opener)
        # It outlives an unplugged cable: a code before and after it is still one scan.
        self._repeats = RepeatWindow(options.repeat_ms / 1_000)
        self._on_code: Callable[[str], None] | None = None
        self._bad_codes = 0
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None
        self.note = ""
        self.answering = True

    @property
    def stopping(self) -> bool:
        """Whether the driver should come to its end."""
        return self._keeper.stopping

    def begin(self, on_code: Callable[[str], None], serve: Callable[[ByteChannel], None]) -> None:
        """Call `serve` with each freshly opened port until it raises PortGone or `stopping`."""
        self._on_code = on_code
        self._thread = threading.Thread(
            target=self._run, args=(serve,), name=self._name, daemon=True
        )
        self._thread.start()

    def hand_on(self, items: Iterable[Code | BadCode], now_s: float) -> int:
        """Give each new code to whoever asked for codes; count the others. How many codes came.

        To be called in the thread.
        """
        codes = 0
        for item in items:
            if isinstance(item, BadCode):
                self._bad_codes += 1
                log.info("scan_skipped", name=self._name, blemish=item.blemish)
                continue
            codes += 1
            if self._repeats.is_new(item.text, now_s) and self._on_code is not None:
                self._on_code(item.text)
        return codes

    def health(self) -> DeviceHealth:
        """Present while the port is open and the scanner behind it answers."""
        port = self._keeper.condition
        note = self.note if port.open else port.note
        return DeviceHealth(
            name=self._name,
            present=port.open and self.answering,
            simulated=is_simulated(self._port),
            note="device.failed" if self._failure is not None else note,
            bad_frames=self._bad_codes,
            reconnects=port.reconnects,
            failure=self._failure,
        )

    async def end(self) -> None:
        """Stop reading and give the port back."""
        self._keeper.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.join)

    def _run(self, serve: Callable[[ByteChannel], None]) -> None:
        try:
            self._keep_serving(serve)
        except Exception as bug:
            log.exception("device_thread_failed", name=self._name)
            self._failure = bug
        self._keeper.close()

    def _keep_serving(self, serve: Callable[[ByteChannel], None]) -> None:
        while not self.stopping:
            channel = self._keeper.open()
            if channel is None:
                self._keeper.rest()
                continue
            self.note, self.answering = "", True
            try:
                serve(channel)
            except PortGone as cause:
                self._keeper.lost(cause)
