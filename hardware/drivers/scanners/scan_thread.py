"""What all scanner drivers share: the thread that keeps a port open, and the way out for codes."""

from collections.abc import Callable, Iterable

import structlog

from firmware_bridge.scanner.codes import BadCode, Code
from firmware_bridge.scanner.repeats import RepeatWindow
from hardware.byte_channel import ByteChannel, open_channel
from hardware.drivers.port_thread import PortThread
from hardware.options import ScannerOptions

log = structlog.get_logger(__name__)


class ScanThread(PortThread):
    """A device thread that hands on codes. Begin it with `begin_scanning`.

    What is scanned is never logged: it may be a pickup token.
    """

    def __init__(
        self, options: ScannerOptions, opener: Callable[[], ByteChannel] | None = None
    ) -> None:
        super().__init__(options, opener=opener or self._open_line)
        self._baud = options.baud
        self._tried = False
        # It outlives an unplugged cable: a code before and after it is still one scan.
        self._repeats = RepeatWindow(options.repeat_ms / 1_000)
        self._on_code: Callable[[str], None] | None = None

    def begin_scanning(
        self, on_code: Callable[[str], None], serve: Callable[[ByteChannel], None]
    ) -> None:
        """`begin` with `serve`, whose codes `hand_on` gives to `on_code`."""
        self._on_code = on_code
        self.begin(serve)

    def hand_on(self, items: Iterable[Code | BadCode], now_s: float) -> int:
        """Give each new code to whoever asked for codes; count the others. How many codes came.

        To be called in the thread.
        """
        codes = 0
        for item in items:
            if isinstance(item, BadCode):
                self.bad_frames += 1
                log.info("scan_skipped", name=self._name, blemish=item.blemish)
                continue
            codes += 1
            if self._repeats.is_new(item.text, now_s) and self._on_code is not None:
                self._on_code(item.text)
        return codes

    def _open_line(self) -> ByteChannel:
        # What waits on a line when the station starts was scanned for nobody, perhaps long ago;
        # later on it was scanned since the plug went in, by somebody who stands there.
        keep_input, self._tried = self._tried, True
        return open_channel(self._port, self._baud, keep_input=keep_input)
