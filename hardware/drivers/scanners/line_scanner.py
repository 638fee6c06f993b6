"""A barcode scanner that types lines: serial, USB CDC, or a twin's pty.

With `trigger` the scanner reads only when told, and it is told all the time: when the port opens,
after each code, and every AGAIN_S seconds, because it goes dark by itself after a while. When the
driver closes, it is told to stop.
"""

import time
from collections.abc import Callable
from typing import Final

from edge.kernel.errors import ConfigError
from firmware_bridge.scanner.line import HALF_S, CodeAssembler
from firmware_bridge.scanner.triggers import AGAIN_S, TRIGGERS, ReplyFilter, Trigger
from hardware.byte_channel import ByteChannel
from hardware.drivers.scanners.scan_thread import ScanThread
from hardware.options import ScannerOptions
from hardware.ports import DeviceHealth, Scanner

_IDLE_S: Final = 60.0
"""A read that waits longer would only save wake-ups; `stop` ends it at once anyway."""


class LineScanner:
    """Implements Scanner. Raises ConfigError when nobody's trigger commands have that name."""

    def __init__(self, options: ScannerOptions) -> None:
        if options.trigger and options.trigger not in TRIGGERS:
            known = ", ".join(sorted(TRIGGERS))
            problem = f"a line scanner has no trigger {options.trigger!r}"
            raise ConfigError("station.toml", "trigger", problem, f"Known: {known}")
        self._trigger = TRIGGERS.get(options.trigger)
        self._silence_ends = options.suffix == "none"
        self._thread = ScanThread(options)

    def start(self, on_code: Callable[[str], None]) -> None:
        """Begin reading; the driver's thread calls `on_code`."""
        self._thread.begin_scanning(on_code, self._serve)

    def health(self) -> DeviceHealth:
        """Present while the port is open; codes that had to be skipped count as bad frames."""
        return self._thread.health()

    async def aclose(self) -> None:
        """Stop reading and give the port back."""
        await self._thread.end()

    def _serve(self, channel: ByteChannel) -> None:
        codes = CodeAssembler(silence_ends=self._silence_ends)
        light = _Light(channel, self._trigger)
        while not self._thread.stopping:
            light.keep_on()
            heard = channel.read(HALF_S if codes.begun else light.wait_s())
            now_s = time.monotonic()
            data = light.filter(heard, now_s)
            items = codes.feed(data, now_s) if data else codes.quiet(now_s)
            if self._thread.hand_on(items, now_s):
                light.went_out()
            self._thread.answered("scanner.no_suffix" if codes.lacks_suffix else "")
        light.put_out()


class _Light:
    """The light of a scanner that reads only when told; without a trigger it is none of ours."""

    def __init__(self, channel: ByteChannel, trigger: Trigger | None) -> None:
        self._channel = channel
        self._trigger = trigger
        self._replies = ReplyFilter() if trigger is not None and trigger.replies else None
        self._due_s = time.monotonic()

    def keep_on(self) -> None:
        """Tell the scanner to read, when that is due. Raises PortGone."""
        if self._trigger is not None and time.monotonic() >= self._due_s:
            self._channel.write(self._trigger.on)
            self._due_s = time.monotonic() + AGAIN_S

    def went_out(self) -> None:
        """The scanner has read a code and stopped."""
        self._due_s = time.monotonic()

    def put_out(self) -> None:
        """Tell the scanner to stop. Raises PortGone."""
        if self._trigger is not None:
            self._channel.write(self._trigger.off)

    def wait_s(self) -> float:
        """Seconds until `keep_on` has something to do."""
        return _IDLE_S if self._trigger is None else max(0.0, self._due_s - time.monotonic())

    def filter(self, data: bytes, now_s: float) -> bytes:
        """What was scanned, without the scanner's replies to us."""
        return data if self._replies is None else self._replies.feed(data, now_s)


def _conforms(driver: LineScanner) -> Scanner:
    return driver  # mypy stops here first if the port moves
